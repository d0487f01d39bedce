// Who may connect: connections in all and per address, how fast new ones come, penalties. One for the
// whole relay, asked once for each connection and never for a frame.
#pragma once

#include <list>
#include <map>
#include <optional>

#include "relay/limits.h"
#include "relay/offence.h"
#include "relay/origin.h"

namespace parley::relay {

enum class Knock : std::uint8_t {
    welcome,        ///< counted until on_gone
    full,           ///< the relay has as many connections as it may
    too_many,       ///< of this address
    too_fast,       ///< new ones of this address
    too_fast_all,   ///< new ones of all addresses
    serves_penalty  ///< for what this address did before
};
inline constexpr std::size_t knocks = 6;

class Admission {
public:
    explicit Admission(const Limits& limits) : limits_(limits) {}

    /// Without an origin no limit per address applies: this machine's own programs.
    Knock on_knock(const std::optional<Origin>& origin, Time now);
    /// Once for each that was welcome.
    void on_gone(const std::optional<Origin>& origin, Time now);
    /// Adds to what the address serves already.
    void on_offence(const std::optional<Origin>& origin, Offence offence, Time now);

    /// Those about whom there is nothing to remember, and beyond the bound the oldest.
    void forget_some(Time now);
    /// Whether somebody without a connection is remembered.
    bool remembers_somebody() const { return !leaving_.empty(); }

    std::size_t connections() const { return connections_; }
    /// Addresses that are remembered.
    std::size_t addresses() const { return guests_.size(); }

private:
    struct Guest {
        std::size_t connections = 0;
        Meter fresh;
        Time forgiven_at{};
        std::optional<std::list<Origin>::iterator> place;  ///< in leaving_, while it has no connection
    };
    // A tree: nobody can choose addresses that meet in one bucket of a hash.
    using Guests = std::map<Origin, Guest>;

    Knock judge(const Guest& guest, Time now) const;
    Guest& find_or_add(const Origin& origin, Time now);

    const Limits limits_;
    std::size_t connections_ = 0;
    Meter fresh_;
    Guests guests_;
    std::list<Origin> leaving_;  ///< those without a connection, the oldest first
};

}  // namespace parley::relay
