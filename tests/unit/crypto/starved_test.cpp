// OpenSSL is refused one allocation after the other. Whatever it was for, a wrapper throws or gives the
// result that it always gives: never another one, and never a key or a tag of what was not done.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <functional>
#include <thread>

#include "crypto/aead.h"
#include "crypto/ecdsa.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/mlkem768.h"
#include "crypto/password.h"
#include "crypto/spake2.h"
#include "support/scripted_random.h"

namespace parley::crypto {
namespace {

/// Of this thread: allocations until the one that is refused; none: all are granted.
thread_local std::optional<std::size_t> until_refused;
thread_local bool refused = false;

bool is_refused() {
    if (!until_refused || (*until_refused)-- > 0) return false;
    until_refused.reset();
    return refused = true;
}
void* grant(std::size_t size, const char*, int) { return is_refused() ? nullptr : std::malloc(size); }
void* grant_more(void* old, std::size_t size, const char*, int) {
    return is_refused() ? nullptr : std::realloc(old, size);
}
void take_back(void* memory, const char*, int) { std::free(memory); }

/// Before main: OpenSSL takes it only before its first allocation.
const bool in_place = CRYPTO_set_mem_functions(grant, grant_more, take_back) == 1;

using Operation = std::function<Bytes()>;

struct Outcome {
    std::optional<Bytes> result;  ///< none: it threw
    bool was_refused = false;
};

/// In a thread of its own: what threads keep for the next use is made anew.
Outcome starved(const Operation& operation, std::size_t granted) {
    Outcome outcome;
    std::thread([&] {
        until_refused = granted;
        try {
            outcome.result = operation();
        } catch (const std::exception&) {
        }
        outcome.was_refused = refused;
        until_refused.reset();
    }).join();
    return outcome;
}

void expect_result_or_exception(const Operation& operation) {
    ASSERT_TRUE(in_place);
    const auto expected = operation();
    std::size_t threw = 0;
    for (std::size_t granted = 0;; ++granted) {
        const auto outcome = starved(operation, granted);
        if (!outcome.was_refused) break;
        if (!outcome.result) ++threw;
        else EXPECT_EQ(*outcome.result, expected) << "after " << granted << " allocations";
    }
    EXPECT_GT(threw, 0U) << "nothing was refused that it needs";
}

const Bytes some(48, 7);
const Bytes others(32, 9);
FixedView<32> key() { return ByteView(some).first<32>(); }
FixedView<32> other_key() { return ByteView(others).first<32>(); }

/// What a key is refused for that cannot be read: the caller stops, as for a bad one.
template <class Value>
Value or_throw(Result<Value> result) {
    if (!result) throw std::runtime_error("refused");
    return std::move(*result);
}

// FAULTS O03
TEST(Starved, a_digest_is_right_or_none) {
    expect_result_or_exception([] { return to_bytes(sha256({some}).view()); });
    expect_result_or_exception([] { return to_bytes(sha512({some})); });
    expect_result_or_exception([] {
        Sha256 digest;
        digest.add(some);
        return to_bytes(digest.finish().view());
    });
}

TEST(Starved, a_derived_key_is_right_or_none) {
    expect_result_or_exception([] { return to_bytes(hkdf<64>(some, some, {some}).reveal()); });
}

// FAULTS O03: OpenSSL's Argon2 goes on with what it did not hash.
TEST(Starved, a_hash_of_a_passphrase_is_right_or_none) {
    expect_result_or_exception([] {
        Bytes out(32);
        argon2id({some, some}, {.memory_kib = 64, .passes = 1}, out);
        return out;
    });
}

TEST(Starved, a_ciphertext_is_right_or_none_and_what_is_opened_too) {
    const auto sealed = [] {
        Bytes out(some.size() + tag_size);
        seal(key(), Nonce{}, some, some, out);
        return out;
    };
    expect_result_or_exception(sealed);
    expect_result_or_exception([ciphertext = sealed()] {
        Bytes out(some.size());
        if (!open(key(), Nonce{}, some, ciphertext, out)) throw std::runtime_error("refused");
        return out;
    });
}

TEST(Starved, an_agreement_is_right_or_none) {
    expect_result_or_exception([] {
        const auto ours = or_throw(P256PrivateKey::restore(key()));
        const auto other = or_throw(P256PrivateKey::restore(other_key()));
        const auto theirs = or_throw(P256PublicKey::parse(other.public_key().view()));
        return to_bytes(or_throw(agree(ours, theirs)).reveal());
    });
    expect_result_or_exception([] {
        const auto ours = DecapsulationKey::restore(DecapsulationKey::Seed(FixedView<64>(FixedBytes<64>{9})));
        return to_bytes(or_throw(decapsulate(ours, Bytes(kem_ciphertext_size, 1))).reveal());
    });
}

TEST(Starved, a_signature_is_right_or_none) {
    expect_result_or_exception([] { return to_bytes(or_throw(SigningKey::restore(key())).sign({some})); });
}

// FAULTS O03: OpenSSL's curves go on to another point.
TEST(Starved, a_share_of_a_spoken_code_is_right_or_none) {
    expect_result_or_exception([] {
        test::ScriptedRandom random(some);
        const Spake2PartyA party(Spake2Password(ByteView(some).first<48>()), {}, random);
        return to_bytes(party.share());
    });
}

}  // namespace
}  // namespace parley::crypto
