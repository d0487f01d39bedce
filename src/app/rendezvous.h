// The minute before a room: runs a pairing until two people have met by a spoken code, or it is spent.
#pragma once

#include <functional>
#include <memory>

#include "client/pairing.h"
#include "identity/link.h"
#include "ui/view.h"

namespace parley::app {

/// As in connect::Callbacks: true where there is a relay now. None: who was told a code starts no relay, since
/// whoever made it waits at another.
using OnUnreachable = std::function<bool(const Error&)>;

Result<client::Met> meet(std::unique_ptr<client::Pairing> pairing, const identity::RelayAddress& relay, ui::View& view,
                         OnUnreachable on_unreachable = nullptr);

}  // namespace parley::app
