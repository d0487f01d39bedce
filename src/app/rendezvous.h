// The minute before a room: runs a pairing until two people have met by a spoken code, or it is spent.
#pragma once

#include <memory>

#include "app/host.h"
#include "client/pairing.h"
#include "ui/view.h"

namespace parley::app {

Result<client::Met> meet(std::unique_ptr<client::Pairing> pairing, const identity::RelayAddress& relay, Host& host,
                         ui::View& view);

}  // namespace parley::app
