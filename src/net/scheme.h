// How a relay's address says what is spoken there.
#pragma once

#include <optional>
#include <string_view>

namespace parley::net {

enum class Scheme {
    tcp,  ///< frames
    tls,  ///< frames in TLS
    ws,   ///< frames in WebSocket
    wss,  ///< frames in WebSocket in TLS, and without WebSocket where the client asks for it
};

inline constexpr std::string_view name_of(Scheme scheme) {
    constexpr std::string_view names[] = {"tcp", "tls", "ws", "wss"};
    return names[static_cast<int>(scheme)];
}
inline constexpr bool has_tls(Scheme scheme) { return scheme == Scheme::tls || scheme == Scheme::wss; }
inline constexpr bool has_web(Scheme scheme) { return scheme == Scheme::ws || scheme == Scheme::wss; }

inline constexpr std::optional<Scheme> scheme_named(std::string_view name) {
    for (const auto scheme : {Scheme::tcp, Scheme::tls, Scheme::ws, Scheme::wss}) {
        if (name == name_of(scheme)) return scheme;
    }
    return std::nullopt;
}

}  // namespace parley::net
