#include "ui/input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace parley::ui {
namespace {

constexpr std::size_t max_line = 60'000;

}  // namespace

LineReader::LineReader(int descriptor, Callbacks callbacks)
    : descriptor_(descriptor), callbacks_(std::move(callbacks)) {
    if (::pipe2(wake_, O_CLOEXEC) != 0) wake_[0] = wake_[1] = -1;
    thread_ = std::thread([this] { read_all(); });
}

LineReader::~LineReader() {
    ending_ = true;
    ::close(wake_[1]);
    ahead_.release(max_ahead);
    thread_.join();
    ::close(wake_[0]);
}

bool LineReader::wait_readable() const {
    std::array<pollfd, 2> waits{{{descriptor_, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    while (::poll(waits.data(), waits.size(), -1) < 0 && errno == EINTR) {
    }
    return waits[1].revents == 0 && !ending_;
}

void LineReader::read_all() {
    std::array<char, 16'384> buffer;
    while (wait_readable()) {
        const auto size = ::read(descriptor_, buffer.data(), buffer.size());
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (size <= 0) break;
        on_bytes({buffer.data(), static_cast<std::size_t>(size)});
    }
    if (!line_.text.empty() && !ending_) finish_line();
    if (!ending_) callbacks_.on_end();
}

void LineReader::on_bytes(std::string_view bytes) {
    while (!bytes.empty() && !ending_) {
        const auto end = bytes.find('\n');
        const auto part = bytes.substr(0, end);
        const auto room = max_line - line_.text.size();
        line_.too_long = line_.too_long || part.size() > room;
        line_.text += part.substr(0, room);
        if (end == bytes.npos) return;
        finish_line();
        bytes.remove_prefix(end + 1);
    }
}

void LineReader::finish_line() {
    ahead_.acquire();
    if (line_.text.ends_with('\r')) line_.text.pop_back();
    if (!ending_) callbacks_.on_line(std::exchange(line_, {}));
}

}  // namespace parley::ui
