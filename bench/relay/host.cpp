// A relay with room for the large workloads.
#include <csignal>
#include <cstdio>

#include "serve/relay.h"

int main() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    parley::serve::Options options;
    options.listen = {{"127.0.0.1", 0}};
    options.limits.seats_per_room = 4000;
    options.limits.join_burst = 100'000;
    auto relay = parley::serve::Relay::start(options);
    if (!relay) return 1;
    std::printf("listening on 127.0.0.1:%u\n", (*relay)->ports()[0]);
    std::fflush(stdout);
    int signal = 0;
    ::sigwait(&signals, &signal);
}
