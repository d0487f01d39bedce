// Olm's parameters for the core: X25519, AES-256-CBC with a truncated HMAC, headers in clear, no
// lattice. Written from Olm's specification (docs/olm.md of libolm); for tests only.
#pragma once

#include "ratchet/chain.h"
#include "ratchet/double_ratchet.h"

struct evp_pkey_st;

namespace parley::ratchet::testing {

struct OlmSuite {
    using Types = OlmSuite;
    using RatchetKey = FixedBytes<32>;
    using Secret32 = Secret<struct OlmSharedTag, 32>;

    static constexpr bool encrypts_headers = false;
    static constexpr std::size_t max_content = 60000;

    struct HeaderKeys {
        HeaderKeys duplicate() const { return {}; }
    };
    struct Announcement {
        RatchetKey key;
        friend bool operator==(const Announcement&, const Announcement&) = default;
    };
    struct Header {
        Announcement announcement;
        std::uint32_t pn;
        std::uint32_t n;
        struct {
        } salt;
    };
    struct OwnKeys {
        Secret32 key;
        RatchetKey public_key;
    };
    struct TheirKeys {
        RatchetKey key;
    };
    using StepInput = Secret32;
    struct SendHalf {
        OwnKeys ours;
        Announcement announcement;
        StepInput input;
    };
    struct RootStep {
        RootKey root;
        ChainKey chain;
        HeaderKeys next_header;
    };
    struct Sealed {
        Header header;
        ByteView ciphertext;
        ByteView authenticated;
        ByteView mac;
    };

    static OwnKeys generate(Random& random);
    static Secret32 agree(const OwnKeys& ours, const RatchetKey& theirs);

    static RatchetKey ratchet_key(const Announcement& announcement) { return announcement.key; }
    static RatchetKey ratchet_key(const TheirKeys& theirs) { return theirs.key; }
    static Result<TheirKeys> parse(const Announcement& announcement) { return TheirKeys{announcement.key}; }
    static SendHalf send_half(const TheirKeys& theirs, Random& random);
    static Result<StepInput> receive_half(const OwnKeys& ours, const TheirKeys& theirs, const Announcement&);
    static RootStep root_step(const RootKey& root, const StepInput& input);
    static ChainStep advance(const ChainKey& key);

    /// Olm does not say how long a chain was: we keep keys for as many as may be on their way.
    static std::uint32_t chain_end(const Header&, std::uint32_t received) { return received + 16; }

    static Bytes seal(const HeaderKeys&, const Header& header, const MessageKey& key, const TranscriptHash&,
                      ByteView content, Random&);
    static Result<Sealed> take_apart(ByteView message);
    static Result<SecretBytes> open_content(const MessageKey& key, const Header&, const TranscriptHash&,
                                            const Sealed& sealed);
    static FixedBytes<16> header_hash(const Sealed& sealed);
};

}  // namespace parley::ratchet::testing
