// What a whole run has, whatever rooms it goes to: who we are, whom we know, and the relay we may host.
#pragma once

#include "app/home.h"
#include "app/host.h"
#include "app/options.h"
#include "ui/view.h"

namespace parley::app {

struct Run {
    Run(const Options& chosen, Home& whose);

    const Options& options;
    Home& home;
    std::unique_ptr<ui::View> view;
    Random& random;
    Host host;

    const identity::PublicIdentity& self() const { return home.persona().identity.public_identity(); }
};

}  // namespace parley::app
