// The gate that all loops of a relay share: who may connect. Asked once a connection, under a lock.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <expected>
#include <mutex>

#include "net/access_token.h"
#include "net/networks.h"
#include "relay/admission.h"

namespace parley::serve {

/// Says that there are too many, as far as the socket takes it at once, and closes.
void turn_away(boost::asio::ip::tcp::socket socket);

class Gate;

/// The right to be connected: counted at the gate until it is dropped.
class Pass {
public:
    Pass(Gate& gate, const std::optional<relay::Origin>& origin) : gate_(&gate), origin_(origin) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), origin_(other.origin_) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass();

    /// Whether limits per address apply to it.
    bool is_limited() const { return origin_.has_value(); }
    void offend(relay::Offence offence) const;

private:
    Gate* gate_;
    std::optional<relay::Origin> origin_;
};

class Gate {
public:
    enum class Loopback { free, limited };
    struct Rules {
        Loopback loopback = Loopback::free;
        net::Networks proxies{};  ///< trusted ones: they say first for whom they speak
        std::optional<net::AccessToken> token{};
    };
    Gate(const relay::Limits& limits, Rules rules) : admission_(limits), rules_(std::move(rules)) {}

    /// Whom to turn away is told why.
    std::expected<Pass, relay::Knock> knock(const boost::asio::ip::address& from, Time now);
    /// Addresses about which there is nothing to remember any more; true while there are others.
    bool forget_addresses();
    /// Answers given so far, by the number of the answer.
    std::array<std::uint64_t, relay::knocks> answers();
    /// Whether this peer speaks for others, and says for whom before anything else.
    bool is_proxy(const boost::asio::ip::address& peer) const { return rules_.proxies.contains(peer); }
    const net::Networks& proxies() const { return rules_.proxies; }
    /// Whether a Join with this token may go on.
    bool admits(const std::optional<net::AccessToken::Token>& token) const {
        return !rules_.token || rules_.token->admits(token);
    }

private:
    friend class Pass;
    void leave(const std::optional<relay::Origin>& origin);
    void offend(const std::optional<relay::Origin>& origin, relay::Offence offence);

    std::mutex mutex_;
    relay::Admission admission_;
    std::array<std::uint64_t, relay::knocks> answers_{};
    const Rules rules_;
};

}  // namespace parley::serve
