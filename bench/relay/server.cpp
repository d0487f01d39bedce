#include "server.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace parley::bench {

std::chrono::nanoseconds Server::cpu() const {
    std::int64_t sum = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
        std::int64_t ran = 0;
        std::ifstream(task.path() / "schedstat") >> ran;
        sum += ran;
    }
    return std::chrono::nanoseconds(sum);
}

std::size_t Server::resident() const {
    std::size_t whole = 0, pages = 0;
    std::ifstream("/proc/" + std::to_string(pid_) + "/statm") >> whole >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace parley::bench
