// Each primitive through our types, beside the same work written straight on EVP with everything prepared.
#include <benchmark/benchmark.h>
#include <openssl/ec.h>

#include <memory>
#include <stdexcept>

#include "crypto/box.h"
#include "crypto/ecdsa.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/mlkem768.h"
#include "crypto/random.h"
#include "floor.h"
#include "identity/fingerprint.h"

namespace parley::bench {
namespace {

using Key = Secret<struct BenchKeyTag, 32>;

const Bytes aad(64, 1);
const Bytes message(4096, 2);  // the smallest body, PROTOCOL 4.1
const Bytes info(64, 3);
const crypto::Salt salt{};

crypto::SystemRandom& system_random() {
    static crypto::SystemRandom random;
    return random;
}

template <class Work>
void repeat(benchmark::State& state, Work work) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(work());
}

void hmac_ours(benchmark::State& state) {
    const auto key = system_random().secret<Key>();
    FixedBytes<32> out;
    repeat(state, [&] {
        crypto::hmac_sha256(key.reveal(), {info}, out);
        return out[0];
    });
}

void hmac_floor(benchmark::State& state) {
    Floor floor;
    const auto key = system_random().secret<Key>();
    FixedBytes<32> out;
    repeat(state, [&] {
        floor.hmac(key.reveal(), info, out.data());
        return out[0];
    });
}

void hkdf_ours(benchmark::State& state) {
    const auto key = system_random().secret<Key>();
    repeat(state, [&] { return crypto::hkdf<64>(salt, key.reveal(), {info}).reveal()[0]; });
}

void hkdf_floor(benchmark::State& state) {
    Floor floor;
    const auto key = system_random().secret<Key>();
    FixedBytes<64> out;
    repeat(state, [&] {
        floor.hkdf(salt, key.reveal(), info, out);
        return out[0];
    });
}

void gcm_seal_ours(benchmark::State& state) {
    const auto key = system_random().secret<Key>();
    Bytes out(message.size() + crypto::tag_size);
    repeat(state, [&] {
        crypto::seal(key.reveal(), crypto::Nonce{}, aad, message, out);
        return out[0];
    });
}

void gcm_seal_floor(benchmark::State& state) {
    Floor floor;
    const auto key = system_random().secret<Key>();
    const crypto::Nonce nonce{};
    Bytes out(message.size() + crypto::tag_size);
    repeat(state, [&] {
        floor.seal(key.reveal(), nonce, aad, message, out.data());
        return out[0];
    });
}

/// Salt, keys and GCM: what the commitment and the salt cost above bare GCM.
void box_seal_ours(benchmark::State& state) {
    const auto key = system_random().secret<Key>();
    Bytes out(message.size() + crypto::box_overhead);
    repeat(state, [&] {
        const auto fresh = crypto::box_salt(key.reveal(), crypto::labels::card_box, message, system_random());
        crypto::seal_box(key.reveal(), crypto::labels::card_box, fresh, aad, message, out);
        return out[0];
    });
}

void box_open_ours(benchmark::State& state) {
    const auto key = system_random().secret<Key>();
    Bytes boxed(message.size() + crypto::box_overhead);
    Bytes out(message.size());
    crypto::seal_box(key.reveal(), crypto::labels::card_box, salt, aad, message, boxed);
    repeat(state,
           [&] { return crypto::open_box(key.reveal(), crypto::labels::card_box, salt, aad, boxed, out).has_value(); });
}

void p256_generate_ours(benchmark::State& state) {
    repeat(state, [] { return crypto::P256PrivateKey::generate(system_random()).public_key().view()[1]; });
}

void p256_parse_ours(benchmark::State& state) {
    const auto key = crypto::P256PrivateKey::generate(system_random());
    repeat(state, [&] { return crypto::P256PublicKey::parse(key.public_key().view()).has_value(); });
}

void p256_agree_ours(benchmark::State& state) {
    const auto ours = crypto::P256PrivateKey::generate(system_random());
    const auto theirs = crypto::P256PrivateKey::generate(system_random()).public_key();
    repeat(state, [&] { return crypto::agree(ours, theirs).has_value(); });
}

void ecdsa_sign_ours(benchmark::State& state) {
    const auto key = crypto::SigningKey::generate(system_random());
    repeat(state, [&] { return key.sign({info})[0]; });
}

void ecdsa_verify_ours(benchmark::State& state) {
    const auto key = crypto::SigningKey::generate(system_random());
    const auto signature = key.sign({info});
    repeat(state, [&] { return key.verifying_key().verify({info}, signature).has_value(); });
}

void kem_generate_ours(benchmark::State& state) {
    repeat(state, [] { return crypto::DecapsulationKey::generate(system_random()).encapsulation_key().view()[0]; });
}

void kem_encapsulate_ours(benchmark::State& state) {
    const auto key = crypto::DecapsulationKey::generate(system_random());
    repeat(state, [&] { return crypto::encapsulate(key.encapsulation_key(), system_random()).ciphertext[0]; });
}

void kem_decapsulate_ours(benchmark::State& state) {
    const auto key = crypto::DecapsulationKey::generate(system_random());
    const auto made = crypto::encapsulate(key.encapsulation_key(), system_random());
    repeat(state, [&] { return crypto::decapsulate(key, made.ciphertext).has_value(); });
}

void safety_number_ours(benchmark::State& state) {
    const auto ours = identity::Identity::generate(system_random());
    const auto theirs = identity::Identity::generate(system_random());
    repeat(state, [&] { return identity::safety_number(ours.public_identity(), theirs.public_identity())[0]; });
}

using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL");
}

Pkey p256_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }
Pkey kem_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "ML-KEM-768"), EVP_PKEY_free}; }
PkeyContext context_of(const Pkey& key) {
    return {EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), EVP_PKEY_CTX_free};
}

void p256_generate_floor(benchmark::State& state) {
    repeat(state, [] { return p256_key() != nullptr; });
}

void p256_agree_floor(benchmark::State& state) {
    const auto ours = p256_key();
    const auto theirs = p256_key();
    const auto context = context_of(ours);
    require(EVP_PKEY_derive_init(context.get()) == 1);
    require(EVP_PKEY_derive_set_peer_ex(context.get(), theirs.get(), 0) == 1);
    FixedBytes<32> secret;
    repeat(state, [&] {
        auto size = secret.size();
        return EVP_PKEY_derive(context.get(), secret.data(), &size);
    });
}

void ecdsa_verify_floor(benchmark::State& state) {
    const auto key = p256_key();
    const FixedBytes<32> digest{1};
    FixedBytes<80> signature;
    auto size = signature.size();
    const auto signer = context_of(key);
    require(EVP_PKEY_sign_init(signer.get()) == 1);
    require(EVP_PKEY_sign(signer.get(), signature.data(), &size, digest.data(), digest.size()) == 1);
    const auto verifier = context_of(key);
    require(EVP_PKEY_verify_init(verifier.get()) == 1);
    repeat(state,
           [&] { return EVP_PKEY_verify(verifier.get(), signature.data(), size, digest.data(), digest.size()); });
}

void kem_generate_floor(benchmark::State& state) {
    repeat(state, [] { return kem_key() != nullptr; });
}

void kem_decapsulate_floor(benchmark::State& state) {
    const auto key = kem_key();
    const auto context = context_of(key);
    crypto::KemCiphertext ciphertext;
    FixedBytes<32> secret;
    auto ciphertext_size = ciphertext.size();
    auto size = secret.size();
    require(EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
    require(EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &ciphertext_size, secret.data(), &size) == 1);
    require(EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
    repeat(state, [&] {
        return EVP_PKEY_decapsulate(context.get(), secret.data(), &size, ciphertext.data(), ciphertext.size());
    });
}

BENCHMARK(hmac_ours);
BENCHMARK(hmac_floor);
BENCHMARK(hkdf_ours);
BENCHMARK(hkdf_floor);
BENCHMARK(gcm_seal_ours);
BENCHMARK(gcm_seal_floor);
BENCHMARK(box_seal_ours);
BENCHMARK(box_open_ours);
BENCHMARK(p256_generate_ours);
BENCHMARK(p256_generate_floor);
BENCHMARK(p256_parse_ours);
BENCHMARK(p256_agree_ours);
BENCHMARK(p256_agree_floor);
BENCHMARK(ecdsa_sign_ours);
BENCHMARK(ecdsa_verify_ours);
BENCHMARK(ecdsa_verify_floor);
BENCHMARK(kem_generate_ours);
BENCHMARK(kem_generate_floor);
BENCHMARK(kem_encapsulate_ours);
BENCHMARK(kem_decapsulate_ours);
BENCHMARK(kem_decapsulate_floor);
BENCHMARK(safety_number_ours);

}  // namespace
}  // namespace parley::bench
