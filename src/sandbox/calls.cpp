#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

#include "sandbox/sandbox.h"

namespace parley::sandbox {
namespace {

// Those of serving carry no conditions: for them the kernel remembers the answer.
constexpr std::array serving{
    SCMP_SYS(read),           SCMP_SYS(readv),  SCMP_SYS(write),      SCMP_SYS(writev),     SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),        SCMP_SYS(sendto), SCMP_SYS(sendmsg),    SCMP_SYS(accept),     SCMP_SYS(accept4),
    SCMP_SYS(shutdown),       SCMP_SYS(close),  SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),    SCMP_SYS(fcntl),  SCMP_SYS(epoll_wait), SCMP_SYS(epoll_ctl),  SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_pwait2),   SCMP_SYS(poll),   SCMP_SYS(ppoll),      SCMP_SYS(eventfd2),   SCMP_SYS(timerfd_settime),
    SCMP_SYS(timerfd_gettime)};

// What threads, the allocator, clocks and randomness take, and an end, orderly or not.
constexpr std::array living{SCMP_SYS(futex),
                            SCMP_SYS(sched_yield),
                            SCMP_SYS(nanosleep),
                            SCMP_SYS(clock_nanosleep),
                            SCMP_SYS(clock_gettime),
                            SCMP_SYS(clock_getres),
                            SCMP_SYS(gettimeofday),
                            SCMP_SYS(time),
                            SCMP_SYS(getrandom),
                            SCMP_SYS(brk),
                            SCMP_SYS(munmap),
                            SCMP_SYS(mremap),
                            SCMP_SYS(madvise),
                            SCMP_SYS(rt_sigprocmask),
                            SCMP_SYS(rt_sigaction),
                            SCMP_SYS(rt_sigreturn),
                            SCMP_SYS(rt_sigtimedwait),
                            SCMP_SYS(restart_syscall),
                            SCMP_SYS(rseq),
                            SCMP_SYS(set_robust_list),
                            SCMP_SYS(getpid),
                            SCMP_SYS(gettid),
                            SCMP_SYS(tgkill),
                            SCMP_SYS(exit),
                            SCMP_SYS(exit_group)};

// What reading a file takes beside opening it.
constexpr std::array reading{SCMP_SYS(fstat),   SCMP_SYS(newfstatat), SCMP_SYS(stat),      SCMP_SYS(lseek),
                             SCMP_SYS(pread64), SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2)};

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

template <class Calls>
bool allow(const Filter& filter, const Calls& calls) {
    for (const int call : calls) {
        if (seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 0, nullptr) != 0) return false;
    }
    return true;
}

/// The call, while these bits of one argument have this value.
bool allow_if(const Filter& filter, int call, unsigned argument, std::uint64_t bits, std::uint64_t value) {
    const scmp_arg_cmp condition{argument, SCMP_CMP_MASKED_EQ, bits, value};
    return seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

bool allow_memory_that_cannot_run(const Filter& filter) {
    return allow_if(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0) && allow_if(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
}

/// Both its ends are in this process: WebSocket goes from loop to loop through one.
bool allow_pairs(const Filter& filter) { return allow_if(filter, SCMP_SYS(socketpair), 0, ~std::uint64_t{0}, AF_UNIX); }

bool allow_reading(const Filter& filter) {
    constexpr unsigned writes = O_ACCMODE | O_CREAT | O_TRUNC;
    return allow(filter, reading) && allow_if(filter, SCMP_SYS(openat), 2, writes, O_RDONLY) &&
           allow_if(filter, SCMP_SYS(open), 1, writes, O_RDONLY);
}

}  // namespace

Fence confine_calls(Opening opening) {
    const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
    const bool made = filter && allow(filter, serving) && allow(filter, living) &&
                      allow_if(filter, SCMP_SYS(ioctl), 1, ~std::uint64_t{0}, FIONBIO) && allow_pairs(filter) &&
                      allow_memory_that_cannot_run(filter) && (opening == Opening::none || allow_reading(filter)) &&
                      seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
    return made && seccomp_load(filter.get()) == 0 ? Fence::stands : Fence::missing;
}

}  // namespace parley::sandbox
