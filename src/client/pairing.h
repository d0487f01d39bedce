// Brings two people from a spoken code to a link and to each other's identity (PROTOCOL 2.6). Pure, like
// Client: events and the time go in, actions come out; it stops when the two have met or the code is spent.
#pragma once

#include "client/core.h"
#include "client/inviter.h"
#include "client/joiner.h"

namespace parley::client {

class Pairing final : public Core {
public:
    static std::unique_ptr<Pairing> invite(Inviter::Config config, Random& random);
    /// `token`: for a relay that asks newcomers for one; who invites has it in the link.
    static std::unique_ptr<Pairing> join(Joiner::Config config, Random& random,
                                         std::optional<FixedBytes<16>> token = {});

    void start(Time now) override;
    void on_connected(Time now) override;
    void on_disconnected(Error why, Time now) override;
    void on_frame(const wire::RelayFrame& frame, Time now) override;
    void on_time(Time now) override;
    std::optional<Time> next_deadline() const override;
    std::vector<Action> take_actions(Time now) override;

    /// After the Stop: what it came to, once. Errors: code_spent, nobody_there, or why the relay could not
    /// be used.
    std::optional<Result<Met>> take_result() { return std::exchange(result_, std::nullopt); }

private:
    using Side = std::variant<Inviter, Joiner>;
    Pairing(Side side, std::optional<FixedBytes<16>> token, Random& random)
        : side_(std::move(side)), meeting_(random, token) {}

    void on(const Meeting::Event& event, Time now);
    void follow(PairingStep step, Time now);
    void end(Result<Met> result);
    void collect();

    Side side_;
    Meeting meeting_;
    bool stopped_ = false;
    std::optional<Result<Met>> result_;
    std::vector<Action> actions_;
};

}  // namespace parley::client
