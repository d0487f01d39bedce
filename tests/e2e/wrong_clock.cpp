// Loaded in front of a program: the wall clock is wrong by PARLEY_CLOCK seconds. Other clocks, and all timers, are
// right.
#include <dlfcn.h>
#include <sys/time.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t shift() {
    static const auto* const text = std::getenv("PARLEY_CLOCK");
    static const time_t seconds = text == nullptr ? 0 : std::atoll(text);
    return seconds;
}

bool is_wall_clock(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

timespec wall_clock() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
    static const auto right = reinterpret_cast<decltype(&::clock_gettime)>(::dlsym(RTLD_NEXT, "clock_gettime"));
    const auto result = right(clock, now);
    if (result == 0 && is_wall_clock(clock)) now->tv_sec += shift();
    return result;
}

int gettimeofday(timeval* now, void*) noexcept {
    const auto wall = wall_clock();
    *now = {.tv_sec = wall.tv_sec, .tv_usec = wall.tv_nsec / 1000};
    return 0;
}

int timespec_get(timespec* now, int base) noexcept {
    if (base != TIME_UTC) return 0;
    *now = wall_clock();
    return base;
}

time_t time(time_t* now) noexcept {
    const auto seconds = wall_clock().tv_sec;
    if (now != nullptr) *now = seconds;
    return seconds;
}
}
