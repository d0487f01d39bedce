// The minute before a room: runs a pairing until two people have met by a spoken code, or it is spent.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "client/pairing.h"
#include "identity/link.h"
#include "net/socks5.h"
#include "ui/view.h"

namespace parley::app {

/// As in connect::Callbacks: true where there is a relay now. None: who was told a code starts no relay, since
/// whoever made it waits at another.
using OnUnreachable = std::function<bool(const Error&)>;

struct MeetingPoint {
    identity::RelayAddress relay;
    std::optional<net::Proxy> proxy;
    std::string_view other_word;  ///< of parley, that the other side types
};

Result<client::Met> meet(std::unique_ptr<client::Pairing> pairing, const MeetingPoint& at, ui::View& view,
                         OnUnreachable on_unreachable = nullptr);

}  // namespace parley::app
