// Debian's libolm as a peer: a session that it began towards keys of ours. Its base64 stays in here.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/random.h"

struct OlmAccount;
struct OlmSession;

namespace parley::ratchet::testing {

class LibolmPeer {
public:
    /// Begins a session towards an identity key and a one-time key.
    LibolmPeer(const FixedBytes<32>& identity, const FixedBytes<32>& one_time, Random& random);

    struct Message {
        bool is_first_flight;  ///< a pre-key message: until it has heard of us
        Bytes bytes;
    };
    Message seal(std::string_view content);
    /// Empty with `failed` set when libolm refuses.
    struct Opened {
        bool failed;
        std::string content;
    };
    Opened open(const Bytes& message);

private:
    Bytes fill(std::size_t size);

    Random& random_;
    Bytes account_memory_;
    Bytes session_memory_;
    OlmAccount* account_;
    OlmSession* session_;
};

}  // namespace parley::ratchet::testing
