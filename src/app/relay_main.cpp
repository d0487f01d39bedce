// parley-relay: forwards sealed frames, keeps them in memory for a while, and can read none of them.
#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <iostream>

#include "app/relay_options.h"
#include "net/process.h"

namespace parley::app {
namespace {

void announce(const serve::Relay& relay, const serve::Options& options) {
    for (std::size_t i = 0; i < options.listen.size(); ++i) {
        auto bound = options.listen[i];
        bound.port = relay.ports()[i];
        std::cout << "parley-relay listening on " << print(bound, relay.pin()) << std::endl;
    }
}

/// A new key has a new pin: what to hand out is said again.
void reload(serve::Relay& relay, const serve::Options& options) {
    if (const auto done = relay.reload_certificate(); done) announce(relay, options);
    else complain(std::string(done.error().what) + ": the certificate in use stays", RelayExit::failed);
}

/// Signals that this thread waits for, so that none interrupts a loop.
sigset_t awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    return signals;
}

void serve_until_told(serve::Relay& relay, const serve::Options& options, const sigset_t& signals) {
    int signal = SIGHUP;
    while (true) {
        ::sigwait(&signals, &signal);
        if (signal != SIGHUP) return;
        reload(relay, options);
    }
}

RelayExit run(const serve::Options& options) {
    const auto signals = awaited_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    auto relay = serve::Relay::start(options);
    if (!relay) return complain(relay.error().what, RelayExit::failed);
    announce(**relay, options);
    serve_until_told(**relay, options, signals);
    (*relay)->stop();
    return RelayExit::done;
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    parley::net::harden_process();
    (void)parley::net::lock_memory();
    ::mallopt(M_ARENA_MAX, 1);
    try {
        const auto read = read_relay_options(argc, argv);
        const auto* options = std::get_if<parley::serve::Options>(&read);
        return static_cast<int>(options == nullptr ? std::get<RelayExit>(read) : run(*options));
    } catch (const std::exception& failure) {
        return static_cast<int>(complain(failure.what(), RelayExit::failed));
    }
}
