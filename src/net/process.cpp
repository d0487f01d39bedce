#include "net/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace parley::net {

void harden_process() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    std::signal(SIGPIPE, SIG_IGN);
}

Time now() { return Time(std::chrono::steady_clock::now().time_since_epoch()); }

}  // namespace parley::net
