// Policies for tests: one that counts, one that watches every key, and twins with one flaw each.
#pragma once

#include <set>

#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/labels.h"
#include "unit/ratchet/cores.h"

namespace parley::ratchet::testing {

/// Counts what a message makes us derive.
struct CountingSuite : Suite {
    static inline std::size_t chain_steps = 0;
    static inline std::size_t root_steps = 0;

    static ChainStep advance(const ChainKey& key) {
        ++chain_steps;
        return Suite::advance(key);
    }
    static RootStep root_step(const RootKey& root, const StepInput& input) {
        ++root_steps;
        return Suite::root_step(root, input);
    }
};

/// Notes every (key, nonce) that seals: HE with its nonce, and K by its commitment, since both
/// come out of one HKDF and the box's nonce is always zero.
template <class Base>
struct Watched : Base {
    static inline std::set<Bytes> used;
    static inline std::size_t repeats = 0;

    static void note(ByteView key, ByteView nonce, ByteView of_what) {
        auto use = to_bytes(key);
        append(use, nonce);
        append(use, of_what);
        if (!used.insert(std::move(use)).second) ++repeats;
    }
    static void forget() {
        used.clear();
        repeats = 0;
    }
    static Bytes seal(const HeaderKeys& keys, Header header, const MessageKey& key, const TranscriptHash& transcript,
                      ByteView content, Random& random) {
        auto body = Base::seal(keys, header, key, transcript, content, random);
        note(keys.seal.reveal(), ByteView(body).subspan(1, 12), {});
        note(ByteView(body).subspan(1 + sealed_header_size, 32), {}, {});
        return body;
    }
};

/// The box as others build it: key straight from MK, so a restored state repeats it.
struct NoSaltSuite : Suite {
    static Bytes seal(const HeaderKeys& keys, Header header, const MessageKey& key, const TranscriptHash& transcript,
                      ByteView content, Random& random) {
        auto body = Suite::seal(keys, header, key, transcript, content, random);
        const auto fixed = crypto::hkdf<32>({}, key.reveal(), {crypto::labels::ratchet_box});
        std::ranges::copy(fixed.reveal(), body.begin() + 1 + sealed_header_size);
        return body;
    }
};

/// The message key never moves on.
struct StuckChainSuite : Suite {
    static ChainStep advance(const ChainKey& key) {
        auto step = Suite::advance(key);
        return {std::move(step.message_key), key.duplicate()};
    }
};

/// Both flaws in one: a chain that stands still under a box without salt.
struct FrozenSuite : NoSaltSuite {
    static ChainStep advance(const ChainKey& key) { return StuckChainSuite::advance(key); }
};

/// Takes whatever the content's box holds, verified or not: state moves for a forgery.
struct TagBlindSuite : Suite {
    static Result<SecretBytes> open_content(const MessageKey& key, const Header& header,
                                            const TranscriptHash& transcript, const Sealed& sealed) {
        auto content = Suite::open_content(key, header, transcript, sealed);
        return content ? std::move(content) : SecretBytes{};
    }
};

/// Tells no header from another.
struct HashlessSuite : Suite {
    static FixedBytes<16> header_hash(const Sealed&) { return {}; }
};

/// Lets a peer begin a chain with any key.
struct AnyKeySuite : Suite {
    static RatchetKey ratchet_key(const Announcement& announcement) {
        auto key = announcement.ratchet_key;
        std::ranges::copy(FixedView<32>(announcement.ciphertext.data(), 32), key.begin() + 1);
        return key;  // each announcement has another ciphertext, so no key ever seems used
    }
    static RatchetKey ratchet_key(const TheirKeys& theirs) { return Suite::ratchet_key(theirs); }
};

using StepSecret = decltype(Suite::StepInput::secret);

/// Steps without any secret: a ratchet that only hashes on.
struct NoStepSecretSuite : Suite {
    static RootStep root_step(const RootKey& root, const StepInput&) {
        return Suite::root_step(root, {secret_of<StepSecret>(0), {}});
    }
};

/// Steps whose 32 bytes at `Known`, and whose transcript, are no news to an attacker.
template <std::size_t Known>
struct HalfKnownSuite : Suite {
    static RootStep root_step(const RootKey& root, const StepInput& input) {
        auto rest = StepSecret::filled([&](auto out) {
            std::ranges::copy(input.secret.reveal(), out.begin());
            std::ranges::fill(out.subspan(Known, 32), std::uint8_t{0});
        });
        return Suite::root_step(root, {std::move(rest), {}});
    }
};
using KnownCurveSuite = HalfKnownSuite<0>;
using KnownLatticeSuite = HalfKnownSuite<32>;

}  // namespace parley::ratchet::testing
