#include "ui/input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/bytes.h"

namespace parley::ui {
namespace {

constexpr std::size_t max_line = 60'000;

}  // namespace

void LineCutter::add(std::string_view part) {
    const auto room = max_line - line_.text.size();
    line_.too_long = line_.too_long || part.size() > room;
    line_.text += part.substr(0, room);
}

InputLine LineCutter::take() {
    if (line_.text.ends_with('\r')) line_.text.pop_back();
    return std::exchange(line_, {});
}

std::optional<std::string> read_line(int descriptor) {
    std::string line;
    char byte = 0;
    while (true) {
        const auto size = ::read(descriptor, &byte, 1);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return line.empty() ? std::nullopt : std::optional(line);
        if (byte == '\n') return line;
        if (line.size() < max_line) line += byte;
    }
}

InputReader::InputReader(int descriptor, Callbacks callbacks)
    : descriptor_(descriptor), callbacks_(std::move(callbacks)) {
    if (::pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
    thread_ = std::thread([this] { read_all(); });
}

InputReader::~InputReader() {
    ending_ = true;
    ::close(wake_[1]);
    ahead_.release();
    thread_.join();
    ::close(wake_[0]);
}

bool InputReader::wait_readable() const {
    std::array<pollfd, 2> waits{{{descriptor_, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    while (::poll(waits.data(), waits.size(), -1) < 0 && errno == EINTR) {
    }
    return waits[1].revents == 0 && !ending_;
}

void InputReader::read_all() {
    std::array<char, 16'384> buffer;
    while (wait_readable()) {
        const auto size = ::read(descriptor_, buffer.data(), buffer.size());
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (size <= 0) break;
        ahead_.acquire();
        if (!ending_) callbacks_.on_bytes({buffer.data(), static_cast<std::size_t>(size)});
        wipe({reinterpret_cast<std::uint8_t*>(buffer.data()), static_cast<std::size_t>(size)});
    }
    if (!ending_) callbacks_.on_end();
}

}  // namespace parley::ui
