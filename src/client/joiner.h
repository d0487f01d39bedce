// Who was told the code: finds the one other seat in the nameplate's room and begins.
#pragma once

#include "client/pairing_side.h"

namespace parley::client {

class Joiner {
public:
    struct Config {
        identity::SpokenCode code;
        identity::PublicIdentity self;
        crypto::PasswordCost cost = crypto::production_cost;
    };
    Joiner(Config config, Random& random) : random_(random), state_(Entering{std::move(config)}) {}

    PairingStep start();
    PairingStep on(const Meeting::Entered& event, Time now);
    PairingStep on(const Meeting::Heard& event, Time now);
    PairingStep on(const Meeting::Gone& event, Time now);
    PairingStep on(const Meeting::Lost& event, Time now);
    PairingStep on_time(Time now);
    std::optional<Time> next_deadline() const;

private:
    struct Entering {
        Config config;
    };
    struct Begun {
        SeatId seat;
        Time deadline;
        JoinerBegun begun;
    };
    struct Proven {
        SeatId seat;
        Time deadline;
        JoinerProven proven;
    };
    /// It has everything; the inviter's leave says that the inviter knows it.
    struct Leaving {
        SeatId seat;
        Time deadline;
        Met met;
    };
    struct Ended {};

    PairingStep begin(const SeatId& seat, Time now);
    PairingStep on_answer(Begun state, const PairingMessage& message, Time now);
    PairingStep on_invitation(Proven state, const PairingMessage& message, Time now);
    PairingStep end_with(PairingStep step);
    PairingStep finish();
    std::optional<SeatId> other() const;

    Random& random_;
    std::variant<Ended, Entering, Begun, Proven, Leaving> state_;
};

}  // namespace parley::client
