// Messages, turns and handshakes, each beside what it is made of and beside libolm.
#include <benchmark/benchmark.h>
#include <olm/olm.h>

#include <optional>
#include <stdexcept>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "floor.h"
#include "identity/card.h"
#include "ratchet/handshake.h"

namespace parley::bench {
namespace {

using namespace ratchet;

constexpr Time now{};

/// Two people with real cards in one room.
struct People {
    struct Person {
        explicit Person(Random& random)
            : identity(identity::Identity::generate(random)),
              card(identity::encode(
                  {1, identity.public_identity(), identity.certificate(), random.bytes<32>(), "name"})) {}
        identity::Identity identity;
        Bytes card;
    };

    People() {
        if (!initiates(one.identity.public_identity(), two.identity.public_identity())) std::swap(one, two);
    }
    Context from(const Person& us, const Person& them) const {
        return {room, us.identity, them.identity.public_identity(), us.card, them.card};
    }

    crypto::SystemRandom random;
    Person one{random};
    Person two{random};
    RoomId room;
};

struct Sessions {
    Session initiator;
    Session responder;
};

/// From the peer's card, on both sides, to the opened confirmation.
Sessions shake_hands(People& people) {
    const auto their_card = identity::decode_card(people.two.card);
    const auto our_card = identity::decode_card(people.one.card);
    if (!their_card || !our_card) throw std::runtime_error("cards");
    const auto ours = people.from(people.one, people.two);
    const auto theirs = people.from(people.two, people.one);
    auto first = Initiator::start(ours, people.random);
    auto response = respond(theirs, first.init(), people.random).value();
    auto finished = first.finish(ours, response.answer, people.random).value();
    (void)response.session.open(finished.confirmation, now).value();
    return {std::move(finished.session), std::move(response.session)};
}

void ratchet_seal_4k(benchmark::State& state) {
    People people;
    auto both = shake_hands(people);
    const Bytes content(1024, 'x');
    for (auto _ : state) benchmark::DoNotOptimize(both.initiator.seal(content, people.random).value());
}
BENCHMARK(ratchet_seal_4k);

void floor_seal_4k(benchmark::State& state) {
    Floor floor;
    std::vector<std::uint8_t> body(4096);
    for (auto _ : state) {
        seal_message(floor, body);
        benchmark::DoNotOptimize(body.data());
    }
}
BENCHMARK(floor_seal_4k);

void ratchet_open_4k(benchmark::State& state) {
    People people;
    auto both = shake_hands(people);
    const Bytes content(1024, 'x');
    std::vector<Bytes> bodies;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next == bodies.size()) {
            state.PauseTiming();
            bodies.clear();
            next = 0;
            for (int i = 0; i < 5000; ++i) bodies.push_back(both.initiator.seal(content, people.random).value());
            state.ResumeTiming();
        }
        benchmark::DoNotOptimize(both.responder.open(bodies[next++], now).value());
    }
}
BENCHMARK(ratchet_open_4k);

void floor_open_4k(benchmark::State& state) {
    Floor floor;
    std::vector<std::uint8_t> body(4096);
    for (auto _ : state) benchmark::DoNotOptimize(open_message(floor, body));
}
BENCHMARK(floor_open_4k);

/// A libolm account or session in memory of its own.
template <class Kind>
struct OlmObject {
    OlmObject(std::size_t size, Kind* (*make)(void*)) : memory(size), it(make(memory.data())) {}
    std::vector<std::uint8_t> memory;
    Kind* it;
};
struct OlmAccountBox : OlmObject<OlmAccount> {
    OlmAccountBox() : OlmObject(olm_account_size(), olm_account) {}
};
struct OlmSessionBox : OlmObject<OlmSession> {
    OlmSessionBox() : OlmObject(olm_session_size(), olm_session) {}
};

std::vector<std::uint8_t> randomness(std::size_t size) {
    crypto::SystemRandom random;
    std::vector<std::uint8_t> out(size);
    random.fill(out);
    return out;
}

std::string between(const std::string& json, const std::string& name) {
    const auto at = json.find('"' + name + "\":\"") + name.size() + 4;
    return json.substr(at, json.find('"', at) - at);
}

/// libolm's two ends after one message each way.
struct OlmPair {
    OlmPair() {
        for (auto* account : {&ours, &theirs}) {
            auto random = randomness(olm_create_account_random_length(account->it));
            olm_create_account(account->it, random.data(), random.size());
        }
        auto random = randomness(olm_account_generate_one_time_keys_random_length(theirs.it, 1));
        olm_account_generate_one_time_keys(theirs.it, 1, random.data(), random.size());
        std::string identity(olm_account_identity_keys_length(theirs.it), '\0');
        olm_account_identity_keys(theirs.it, identity.data(), identity.size());
        std::string one_time(olm_account_one_time_keys_length(theirs.it), '\0');
        olm_account_one_time_keys(theirs.it, one_time.data(), one_time.size());
        const auto curve = between(identity, "curve25519");
        const auto once = one_time.substr(one_time.rfind(":\"") + 2, 43);
        random = randomness(olm_create_outbound_session_random_length(sending.it));
        olm_create_outbound_session(sending.it, ours.it, curve.data(), curve.size(), once.data(), once.size(),
                                    random.data(), random.size());
        auto first = encrypt(sending.it, "hello");
        auto copy = first;
        olm_create_inbound_session(receiving.it, theirs.it, copy.data(), copy.size());
        decrypt(receiving.it, 0, first);
        decrypt(sending.it, 1, encrypt(receiving.it, "hello"));
    }

    static std::string encrypt(OlmSession* session, const std::string& text) {
        std::string out(olm_encrypt_message_length(session, text.size()), '\0');
        auto random = randomness(olm_encrypt_random_length(session));
        olm_encrypt(session, text.data(), text.size(), random.data(), random.size(), out.data(), out.size());
        return out;
    }
    static std::string decrypt(OlmSession* session, std::size_t type, std::string message) {
        auto copy = message;
        std::string out(olm_decrypt_max_plaintext_length(session, type, copy.data(), copy.size()), '\0');
        out.resize(olm_decrypt(session, type, message.data(), message.size(), out.data(), out.size()));
        return out;
    }

    OlmAccountBox ours;
    OlmAccountBox theirs;
    OlmSessionBox sending;
    OlmSessionBox receiving;
};

void libolm_encrypt_1k(benchmark::State& state) {
    OlmPair pair;
    const std::string content(1024, 'x');
    for (auto _ : state) benchmark::DoNotOptimize(OlmPair::encrypt(pair.sending.it, content));
}
BENCHMARK(libolm_encrypt_1k);

void libolm_decrypt_1k(benchmark::State& state) {
    OlmPair pair;
    const std::string content(1024, 'x');
    std::vector<std::string> messages;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next == messages.size()) {
            state.PauseTiming();
            messages.clear();
            next = 0;
            for (int i = 0; i < 2000; ++i) messages.push_back(OlmPair::encrypt(pair.sending.it, content));
            state.ResumeTiming();
        }
        benchmark::DoNotOptimize(OlmPair::decrypt(pair.receiving.it, 1, messages[next++]));
    }
}
BENCHMARK(libolm_decrypt_1k);

/// Open a message that begins a step, and seal one that begins the next.
void ratchet_turn(benchmark::State& state) {
    People people;
    auto both = shake_hands(people);
    const Bytes content(1024, 'x');
    auto* us = &both.responder;
    auto* them = &both.initiator;
    auto body = them->seal(content, people.random).value();
    for (auto _ : state) {
        (void)us->open(body, now).value();
        body = us->seal(content, people.random).value();
        std::swap(us, them);
    }
}
BENCHMARK(ratchet_turn);

/// The primitives of an open and a seal that both step, with the message around them.
struct Primitives {
    void follow() {
        const auto key = crypto::P256PublicKey::parse(their_key.view());
        auto ek = crypto::EncapsulationKey::parse(their_decapsulation.encapsulation_key().view());
        benchmark::DoNotOptimize(crypto::agree(ours, *key));
        benchmark::DoNotOptimize(crypto::decapsulate(our_decapsulation, sealed.ciphertext));
        derive();
        benchmark::DoNotOptimize(ek);
    }
    void step() {
        make_keys();
        benchmark::DoNotOptimize(crypto::agree(ours, their_key));
        encapsulate();
        derive();
    }
    void make_keys() {
        benchmark::DoNotOptimize(crypto::P256PrivateKey::generate(random));
        benchmark::DoNotOptimize(crypto::DecapsulationKey::generate(random));
    }
    void encapsulate() {
        benchmark::DoNotOptimize(crypto::encapsulate(their_decapsulation.encapsulation_key(), random));
    }
    void derive() {
        std::uint8_t keys[96];
        const std::vector<std::uint8_t> input(64, 1);
        floor.hkdf(input, input, input, keys);
        floor.hkdf(input, input, input, std::span(keys).first(64));
        benchmark::DoNotOptimize(
            crypto::sha256({their_key.view(), their_key.view(), sealed.ciphertext, sealed.ciphertext}));
    }
    void agree() { benchmark::DoNotOptimize(crypto::agree(ours, their_key)); }
    void parse() {
        benchmark::DoNotOptimize(crypto::P256PublicKey::parse(their_key.view()));
        benchmark::DoNotOptimize(crypto::EncapsulationKey::parse(their_decapsulation.encapsulation_key().view()));
    }

    Floor floor;
    crypto::SystemRandom random;
    crypto::P256PrivateKey ours = crypto::P256PrivateKey::generate(random);
    crypto::P256PrivateKey theirs = crypto::P256PrivateKey::generate(random);
    crypto::P256PublicKey their_key = theirs.public_key();
    crypto::DecapsulationKey our_decapsulation = crypto::DecapsulationKey::generate(random);
    crypto::DecapsulationKey their_decapsulation = crypto::DecapsulationKey::generate(random);
    crypto::Encapsulated sealed = crypto::encapsulate(our_decapsulation.encapsulation_key(), random);
    std::vector<std::uint8_t> body = std::vector<std::uint8_t>(4096);
};

void sum_of_a_turn(benchmark::State& state) {
    Primitives primitives;
    for (auto _ : state) {
        primitives.follow();
        benchmark::DoNotOptimize(open_message(primitives.floor, primitives.body));
        primitives.step();
        seal_message(primitives.floor, primitives.body);
    }
}
BENCHMARK(sum_of_a_turn);

void ratchet_handshake(benchmark::State& state) {
    People people;
    for (auto _ : state) benchmark::DoNotOptimize(shake_hands(people));
}
BENCHMARK(ratchet_handshake);

void sum_of_a_handshake(benchmark::State& state) {
    Primitives primitives;
    People people;
    for (auto _ : state) {
        benchmark::DoNotOptimize(identity::decode_card(people.one.card));
        benchmark::DoNotOptimize(identity::decode_card(people.two.card));
        primitives.make_keys();  // start
        primitives.parse();      // respond
        primitives.make_keys();
        primitives.encapsulate();
        for (int i = 0; i < 3; ++i) primitives.agree();
        primitives.derive();
        primitives.parse();  // finish
        for (int i = 0; i < 3; ++i) primitives.agree();
        benchmark::DoNotOptimize(crypto::decapsulate(primitives.our_decapsulation, primitives.sealed.ciphertext));
        primitives.derive();
        primitives.step();  // the confirmation
        seal_message(primitives.floor, primitives.body);
        primitives.follow();
        benchmark::DoNotOptimize(open_message(primitives.floor, primitives.body));
    }
}
BENCHMARK(sum_of_a_handshake);

void save_session(benchmark::State& state) {
    People people;
    auto both = shake_hands(people);
    for (auto _ : state) benchmark::DoNotOptimize(both.initiator.save(now));
}
BENCHMARK(save_session);

}  // namespace
}  // namespace parley::bench
