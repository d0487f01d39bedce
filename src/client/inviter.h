// Who made the code: waits in the nameplate's room, answers the first share and no other.
#pragma once

#include "client/pairing_side.h"

namespace parley::client {

class Inviter {
public:
    struct Config {
        identity::Link link;
        identity::PublicIdentity self;
        crypto::PasswordCost cost = crypto::production_cost;
    };
    Inviter(Config config, Random& random) : random_(random), config_(std::move(config)) {}

    PairingStep start();
    PairingStep on(const Meeting::Entered& event, Time now);
    PairingStep on(const Meeting::Heard& event, Time now);
    PairingStep on(const Meeting::Gone& event, Time now);
    PairingStep on(const Meeting::Lost& event, Time now);
    PairingStep on_time(Time now);
    std::optional<Time> next_deadline() const;

private:
    /// On the way into a room that may be in use.
    struct Entering {
        identity::SpokenCode code;
    };
    struct Waiting {
        Time deadline;
        InviterReady ready;
    };
    struct Answered {
        SeatId seat;
        Time deadline;
        InviterAnswered answered;
    };
    struct Proven {
        SeatId seat;
        Time deadline;
        InviterProven proven;
    };
    struct Ended {};

    PairingStep draw();
    PairingStep on_first(const Meeting::Heard& event, Time now);
    PairingStep on_proof(Answered state, const PairingMessage& message, Time now);
    PairingStep on_receipt(Proven state, const PairingMessage& message);
    PairingStep end_with(PairingStep step);
    std::optional<SeatId> other() const;

    Random& random_;
    Config config_;
    int draws_ = 0;
    std::variant<Ended, Entering, Waiting, Answered, Proven> state_;
};

}  // namespace parley::client
