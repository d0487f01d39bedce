// The policy of Parley: what the Double Ratchet of double_ratchet.h is made of here (PROTOCOL 3.10).
// Its static functions are all that the core calls, so that a test can run the same core on Olm's
// parameters, or with one flaw built in.
#pragma once

#include "base/error.h"
#include "base/random.h"
#include "ratchet/chain.h"
#include "ratchet/header.h"

namespace parley::ratchet {

struct Suite {
    using Types = Suite;  ///< what its state is made of
    using HeaderKeys = ratchet::HeaderKeys;
    using Header = ratchet::Header;
    using Announcement = ratchet::Announcement;
    using RatchetKey = FixedBytes<crypto::P256PublicKey::size>;

    /// True: a header is found by trial, and says nothing to who holds no key of the chain.
    static constexpr bool encrypts_headers = true;
    static constexpr std::size_t max_content = 63096;

    struct OwnKeys {
        crypto::P256PrivateKey key;
        crypto::DecapsulationKey decapsulation;
    };
    struct TheirKeys {
        crypto::P256PublicKey key;
        crypto::EncapsulationKey encapsulation;
    };

    /// What one half of a ratchet step mixes into the root key: x(DH) || ss, and the hash of all
    /// public values that led to it.
    struct StepInput {
        Secret<struct StepSecretTag, 64> secret;
        FixedBytes<32> context;
    };
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

    /// A posted body, taken apart and still sealed.
    struct Sealed {
        SealedHeader header;
        ByteView box;
    };

    static OwnKeys generate(Random& random);
    static RatchetKey ratchet_key(const Announcement& announcement) { return announcement.ratchet_key; }
    static RatchetKey ratchet_key(const crypto::P256PublicKey& key);
    static RatchetKey ratchet_key(const TheirKeys& theirs) { return ratchet_key(theirs.key); }
    static Result<TheirKeys> parse(const Announcement& announcement);
    static SendHalf send_half(const TheirKeys& theirs, Random& random);
    static Result<StepInput> receive_half(const OwnKeys& ours, const TheirKeys& theirs,
                                          const Announcement& announcement);
    static RootStep root_step(const RootKey& root, const StepInput& input);
    static ChainStep advance(const ChainKey& key);

    /// Messages in the peer's chain before the one this header begins.
    static std::uint32_t chain_end(const Header& header, std::uint32_t /*received*/) { return header.pn; }

    static Bytes seal(const HeaderKeys& keys, Header header, const MessageKey& key, const TranscriptHash& transcript,
                      ByteView content, Random& random);
    static Result<Sealed> take_apart(ByteView body);
    static std::optional<Header> open_header(const HeaderKeys& keys, const TranscriptHash& transcript,
                                             const Sealed& sealed);
    static Result<SecretBytes> open_content(const MessageKey& key, const Header& header,
                                            const TranscriptHash& transcript, const Sealed& sealed);
    /// Tells a body that came again from another one under the same number (PROTOCOL 3.9).
    static FixedBytes<16> header_hash(const Sealed& sealed);
};

}  // namespace parley::ratchet
