// Loaded in front of a program: the n-th request for memory is refused, and with PARLEY_DENY_ON all that follow.
// Counted from the start, or from a SIGUSR1 on where PARLEY_DENY_AT_SIGNAL says so.
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
}

namespace {

std::atomic<long> until = 0;  ///< requests until one is refused; 0: none is
bool all_that_follow = false;

long number_in(const char* name) {
    const auto* text = std::getenv(name);
    return text == nullptr ? 0 : std::atol(text);
}

void begin(int = 0) { until = number_in("PARLEY_DENY"); }

[[gnu::constructor]] void prepare() {
    all_that_follow = std::getenv("PARLEY_DENY_ON") != nullptr;
    if (std::getenv("PARLEY_DENY_AT_SIGNAL") == nullptr) return begin();
    struct sigaction action = {};
    action.sa_handler = &begin;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &action, nullptr);
}

bool is_refused() {
    if (until == 0) return false;
    if (until > 1) {
        --until;
        return false;
    }
    if (!all_that_follow) until = 0;
    static std::atomic<bool> said = false;
    static constexpr char words[] = "no memory\n";
    if (!said.exchange(true) && ::write(STDERR_FILENO, words, sizeof words - 1) < 0) std::abort();
    errno = ENOMEM;
    return true;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return is_refused() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return is_refused() ? nullptr : __libc_calloc(count, size); }
void* realloc(void* block, std::size_t size) { return is_refused() ? nullptr : __libc_realloc(block, size); }
}
