// Two people and a spoken code in the world's virtual time: who made it, who was told it, and whoever
// else sits in the nameplate's room.
#pragma once

#include <map>

#include "client/pairing.h"
#include "world/world.h"

namespace parley::test {

/// The bodies of a pairing by their first byte (PROTOCOL 2.6).
enum class PairingKind : std::uint8_t { share = 0x10, answer, proof, invitation, receipt, burned };

/// Argon2id at its cheapest: tests are about who learns what, not about how long a guess takes.
inline constexpr crypto::PasswordCost cheap_code{.memory_kib = 64, .passes = 1};

/// Somebody in the room who is no part of it, and may say anything.
class Bystander final : public client::Core {
public:
    Bystander(const RoomId& room, Random& random) : room_(room), meeting_(random, std::nullopt) {}

    void say(ByteView body) { meeting_.post(std::nullopt, body); }

    void start(Time now) override { meeting_.enter(room_, now); }
    void on_connected(Time now) override { meeting_.on_connected(now); }
    void on_disconnected(Error why, Time) override { (void)meeting_.on_disconnected(why); }
    void on_frame(const wire::RelayFrame& frame, Time now) override { (void)meeting_.on_frame(frame, now); }
    void on_time(Time now) override { (void)meeting_.on_time(now); }
    std::optional<Time> next_deadline() const override { return meeting_.next_deadline(); }
    std::vector<client::Action> take_actions(Time) override { return meeting_.take_actions(); }

private:
    RoomId room_;
    client::Meeting meeting_;
};

class PairingWorld : public World {
public:
    explicit PairingWorld(std::uint64_t seed = 1) : World(seed) { record_wire(true); }

    static identity::Link link() { return {{"relay.example.org", 5555}, identity::RoomSecret(FixedBytes<32>{7}), {}}; }

    /// Makes a code and waits with it.
    std::size_t invite() {
        const auto who = add([](client::Persona& persona, Random& random) {
            return client::Pairing::invite({link(), persona.identity.public_identity(), cheap_code}, random);
        });
        start(who);
        settle();
        return who;
    }
    std::string code_of(std::size_t who) const { return shown<client::CodeReady>(who).back().code; }
    RoomId room_of(std::size_t who) const { return room_of_code(code_of(who)); }
    static RoomId room_of_code(std::string_view code) {
        return nameplate_room(identity::SpokenCode::parse(code)->nameplate());
    }

    /// Begins; nothing has happened yet.
    std::size_t join(std::string_view code) {
        const auto who = add([&](client::Persona& persona, Random& random) {
            return client::Pairing::join(
                {identity::SpokenCode::parse(code).value(), persona.identity.public_identity(), cheap_code}, random);
        });
        start(who);
        return who;
    }
    std::size_t stand_by(const RoomId& room) {
        const auto who =
            add([&](client::Persona&, Random& random) { return std::make_unique<Bystander>(room, random); });
        start(who);
        settle();
        return who;
    }
    void say(std::size_t bystander, ByteView body) {
        core<Bystander>(bystander).say(body);
        run_actions(bystander);
    }

    /// What a pairing came to; nullptr while it goes on.
    const Result<client::Met>* result(std::size_t who) {
        if (auto taken = core<client::Pairing>(who).take_result()) results_.emplace(who, std::move(*taken));
        const auto found = results_.find(who);
        return found == results_.end() ? nullptr : &found->second;
    }
    bool met(std::size_t who, std::size_t other) {
        const auto* ended = result(who);
        return ended != nullptr && *ended && (*ended)->peer == identity(other);
    }
    /// It ended, and the person reads why.
    bool was_told(std::size_t who) {
        const auto* ended = result(who);
        return ended != nullptr && !*ended && stopped(who) && stopped(who)->why;
    }

    /// Bodies of a kind that somebody really posted.
    std::size_t posted(PairingKind kind, std::size_t who) const {
        return static_cast<std::size_t>(std::ranges::count_if(wire(), [&](const hostile::Passing& passing) {
            return passing.client == who && hostile::post_of_kind(static_cast<std::uint8_t>(kind))(passing);
        }));
    }

private:
    std::map<std::size_t, Result<client::Met>> results_;
};

}  // namespace parley::test
