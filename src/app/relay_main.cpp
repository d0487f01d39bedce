// parley-relay: forwards sealed frames, keeps them in memory for a while, and can read none of them.
#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <iostream>

#include "app/relay_options.h"
#include "net/process.h"

namespace parley::app {
namespace {

/// Waits for the signal on this thread, so that none interrupts a loop.
int wait_for_signal(const sigset_t& signals) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    return signal;
}

RelayExit run(const serve::Options& options) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    auto relay = serve::Relay::start(options);
    if (!relay) return complain(relay.error().what, RelayExit::failed);
    for (std::size_t i = 0; i < options.listen.size(); ++i) {
        const serve::Address bound{options.listen[i].host, (*relay)->ports()[i]};
        std::cout << "parley-relay listening on " << print(bound) << std::endl;
    }
    wait_for_signal(signals);
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
