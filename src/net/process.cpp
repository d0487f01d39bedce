#include "net/process.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

namespace parley::net {

void harden_process() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    std::signal(SIGPIPE, SIG_IGN);
}

std::size_t open_file_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

bool lock_memory() {
#if defined(PARLEY_SANITIZED)
    return true;  // a sanitizer's shadow is too large to lock
#else
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_MEMLOCK, &limit);
    // Under a finite limit later allocations would fail once it is reached: then rather nothing is locked.
    const bool unlimited = limit.rlim_cur == RLIM_INFINITY || ::geteuid() == 0;
    return unlimited && ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
#endif
}

bool has_swap() {
    std::ifstream swaps("/proc/swaps");
    std::string heading, first;
    return std::getline(swaps, heading) && std::getline(swaps, first);
}

Time now() { return Time(std::chrono::steady_clock::now().time_since_epoch()); }

}  // namespace parley::net
