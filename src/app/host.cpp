#include "app/host.h"

#include "net/tcp.h"

namespace parley::app {

Host::~Host() {
    if (relay_) relay_->stop();
}

bool Host::start_at(const identity::RelayAddress& address, ui::View& view) {
    const bool plain = address.transport == identity::Transport::plain && !address.web;
    if (allowed_ == Allowed::no || !plain || !net::is_loopback(address.host)) return false;
    serve::Options options;
    options.listen.push_back({.host = address.host, .port = address.port});
    auto started = serve::Relay::listen(options);
    if (!started) return true;  // somebody was faster
    relay_ = std::move(*started);
    relay_->run();
    view.note("No relay at " + identity::print(address) + ": hosting one here.");
    return true;
}

}  // namespace parley::app
