// The relay that a run starts when it finds none on this machine (PRODUCT, from nothing to the first message).
#pragma once

#include <memory>

#include "identity/link.h"
#include "serve/relay.h"
#include "ui/view.h"

namespace parley::app {

class Host {
public:
    enum class Allowed { no, yes };
    explicit Host(Allowed allowed) : allowed_(allowed) {}
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Whoever finds nobody at this machine's relay becomes it; of two that try at once the loser joins.
    /// True: there is a relay to join now.
    bool start_at(const identity::RelayAddress& address, ui::View& view);

private:
    Allowed allowed_;
    std::unique_ptr<serve::Relay> relay_;
};

}  // namespace parley::app
