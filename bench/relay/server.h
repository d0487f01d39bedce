// What the kernel says of the relay that is measured: the processor time and the memory of all its threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace parley::bench {

class Server {
public:
    explicit Server(pid_t pid) : pid_(pid) {}

    /// Since it began, to the nanosecond as the scheduler counts.
    std::chrono::nanoseconds cpu() const;
    /// Bytes of it in memory.
    std::size_t resident() const;

private:
    pid_t pid_;
};

}  // namespace parley::bench
