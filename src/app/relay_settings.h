// Every setting of parley-relay: the one place where its name, range, default and meaning stand.
#pragma once

#include "relay/limits.h"
#include "settings/table.h"

namespace parley::app {

struct RelaySettings {
    std::vector<std::string> listen{"127.0.0.1:5555"};
    bool insecure = false;
    std::string certificate;
    std::string key;
    std::vector<std::string> origins;
    std::size_t threads = 1;
    std::size_t spin = 0;  ///< microseconds
    std::string token_digest;
    std::string metrics;
    bool limit_loopback = false;
    std::vector<std::string> trusted_proxy;
    relay::Limits limits{.connections = 0};
};

/// Environment: PARLEY_RELAY_ROOM_MEMORY for room-memory.
inline constexpr std::string_view relay_environment = "PARLEY_RELAY_";

/// The table writes into `settings`, which outlives it.
settings::Table relay_table(RelaySettings& settings);

}  // namespace parley::app
