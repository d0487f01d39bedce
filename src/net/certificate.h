// A relay's key and certificate: read from files, or made here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "net/openssl.h"
#include "net/pin.h"

namespace parley::net {

struct Credentials {
    KeyPtr key;
    CertificatePtr certificate;
    std::vector<CertificatePtr> chain{};  ///< of those who signed it, nearest first
};

/// A P-256 key, and a certificate that it signs itself. Clients know it by its pin; it says nothing else.
Credentials make_credentials();
/// The same with the key in a file, so that the pin stays: read, or made and written when there is no such file.
/// Errors: storage, damaged.
Result<Credentials> kept_credentials(const std::string& key_file);
/// The same, and a file that is not there is an error.
Result<Credentials> read_own_credentials(const std::string& key_file);
/// PEM files. Errors: storage, damaged, bad_input (key and certificate do not belong together, expired, readable
/// by others).
Result<Credentials> load_credentials(const std::string& certificate_file, const std::string& key_file);

Pin pin_of(const X509& certificate);
/// Nobody vouches for it, so clients need the pin.
bool is_self_signed(const X509& certificate);

}  // namespace parley::net
