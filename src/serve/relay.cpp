#include "serve/relay.h"

#include "serve/loop.h"

namespace parley::serve {

Relay::Relay(const Options& options)
    : gate_(options.limits, options.gate),
      newcomers_memory_(options.limits.total_memory / 100 * options.limits.no_newcomers_percent) {}
Relay::~Relay() {
    for (auto& loop : loops_) loop->end();
}

Result<std::unique_ptr<Relay>> Relay::listen(const Options& options) {
    auto relay = std::unique_ptr<Relay>(new Relay(options));
    if (const auto ready = relay->prepare_tls(options); !ready) return std::unexpected(ready.error());
    const auto share = relay::share_of(options.limits, options.threads);
    while (relay->loops_.size() < options.threads) {
        relay->loops_.push_back(std::make_unique<Loop>(share, relay->gate_, options.spin));
    }
    for (auto& loop : relay->loops_) loop->know(relay->loops_);
    for (const auto& address : options.listen) {
        if (auto listening = relay->listen_at(address, options); !listening) return std::unexpected(listening.error());
    }
    return relay;
}

void Relay::run() {
    for (auto& loop : loops_) loop->run();
}

Status Relay::prepare_tls(const Options& options) {
    if (std::ranges::none_of(options.listen, net::has_tls, &Address::scheme)) return {};
    auto made = net::TlsServer::create(options.certificate);
    if (!made) return std::unexpected(made.error());
    tls_ = std::move(*made);
    return {};
}

/// Each loop has its own listening socket on the same port, so that the kernel spreads the connections.
Status Relay::listen_at(const Address& address, const Options& options) {
    const bool shared = loops_.size() > 1;
    const net::Reception reception{address.scheme, tls_.get(), options.web, options.limits.handshake_deadline,
                                   options.limits.user_timeout};
    auto wanted = address;
    for (auto& loop : loops_) {
        auto bound = loop->listen(wanted, reception, shared);
        if (!bound) return std::unexpected(bound.error());
        wanted.port = *bound;
    }
    ports_.push_back(wanted.port);
    return {};
}

Condition Relay::condition() {
    Condition condition{.stopping = stopping_, .newcomers_memory = newcomers_memory_};
    for (auto& loop : loops_) {
        const auto counts = loop->counts();
        if (counts) condition.counts += *counts;
        else condition.alive = false;
    }
    condition.counts.knocks = gate_.answers();
    if (tls_) condition.certificate_expires = tls_->expires();
    return condition;
}

void Relay::stop() {
    stopping_ = true;
    for (auto& loop : loops_) loop->drain();
    for (auto& loop : loops_) loop->join();
}

}  // namespace parley::serve
