// A passphrase, from a terminal without showing it, or from a descriptor.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace parley::ui {

/// Asks at the terminal, whatever standard input is. Error: bad_input, where there is none or it ended.
Result<SecretBytes> ask_passphrase(const std::string& prompt);
/// The first line of a descriptor. Errors: bad_input, too_large above 1 MiB.
Result<SecretBytes> read_passphrase(int descriptor);

/// One passphrase may be typed in several ways (FAULTS H04): Unicode's NFC. What is no UTF-8 stays as it is.
SecretBytes normalized(SecretBytes passphrase);

}  // namespace parley::ui
