// Attacks by people whom the relay makes up. In the lobby, whose secret everybody knows, they are people like others,
// and only their keys tell; in an invitation's room the attacker lacks the room key and seals cards under one of its
// own.
#pragma once

#include <map>

#include "hostile/attack.h"
#include "hostile/double.h"
#include "hostile/look.h"
#include "hostile/seeded_random.h"

namespace parley::hostile {

class Impostor : public OneAttack {
protected:
    Impostor(std::string_view name, std::string_view deed, std::uint64_t seed);

    /// Learns from Joins and cards who sits where, and reads the cards where it can.
    void watch(const Passing& frame) override;
    std::string_view deed_at(const Passing& frame) const override;

    /// A client and the seat at which it sees one of ours.
    using Facing = std::pair<std::size_t, SeatId>;
    /// A Post to one of ours, or a card that shows one of ours whom it faces.
    bool is_for_a_double(const Passing& frame) const;
    /// Makes one, or shows the one that is there.
    Double& double_at(const Facing& facing, const std::string& name);
    /// The Seat frame of one, and what it says at once.
    std::vector<Passing> appear(const Facing& facing, const std::string& name);
    /// A card is read and goes on; a Post to one of ours is answered here and never reaches the relay.
    std::vector<Passing> take(Passing frame, Time now);
    /// What one of ours has read.
    virtual std::vector<Passing> on_said(const Facing&, ByteView) { return {}; }

    std::vector<Passing> meet(const Facing& facing);
    /// What one of ours is to say as soon as it can: nothing that was read is dropped.
    std::vector<Passing> say(const Facing& facing, ByteView content);
    std::vector<Passing> deliver(const Facing& facing, const std::vector<Bytes>& bodies);
    Double* find(const Facing& facing);
    /// What its true card says; nothing where it cannot be read.
    std::optional<std::string> name_at(const SeatId& seat) const;
    const identity::Place* place_of(std::size_t client) const;
    std::optional<std::size_t> client_at(const SeatId& seat) const;
    Random& random() { return random_; }

private:
    std::vector<Passing> answer(const Passing& post, Time now);
    std::vector<Passing> say_what_waits(const Facing& facing);
    const identity::RoomKey& key_of(const RoomId& room);

    SeededRandom random_;
    RoomId lobby_;
    identity::RoomKey lobby_key_;
    identity::RoomKey own_key_;
    std::map<std::size_t, identity::Place> places_;
    std::map<SeatId, Bytes> cards_;  ///< plaintexts, where they can be read
    std::map<Facing, Double> doubles_;
    std::map<Facing, std::vector<SecretBytes>> unsaid_;  ///< until there is a session
};

/// Every person is shown another one in the other's place, and in the lobby the attacker hands on what it reads.
class SwapCard final : public Impostor {
public:
    explicit SwapCard(std::uint64_t seed) : Impostor("swap-card", "its card is the attacker's now", seed) {}

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing frame, Time now) override;
    std::vector<Passing> on_said(const Facing& by, ByteView content) override;
};

/// One more person in everybody's room.
class GhostSeat final : public Impostor {
public:
    explicit GhostSeat(std::uint64_t seed);

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    SeatId ghost_;
};

}  // namespace parley::hostile
