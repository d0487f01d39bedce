// The limit: one thread, epoll, and nothing but the copying of frames. A relay that did no more than
// this would keep nothing, refuse nobody and be stopped by one slow reader.
//
//   frame = length (u32, big-endian) || bytes. The first frame of a connection names its room and comes back;
//   every other one goes to all others in the room.
//
// It reads all that is there into one hot buffer, finds the last whole frame and gives everything up to
// it to each receiver in one call of send.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "loopback.h"

namespace parley::bench {
namespace {

using Clock = std::chrono::steady_clock;
using View = std::span<const std::uint8_t>;

constexpr std::size_t hot_buffer = 256U << 10U;
constexpr std::size_t length_size = 4;
constexpr std::uint32_t nowhere = 0;

struct Peer {
    std::uint32_t room = nowhere;
    std::vector<std::uint8_t> begun;    ///< a frame that has begun
    std::vector<std::uint8_t> waiting;  ///< what its socket did not take
};

std::size_t whole_frames(View bytes) {
    std::size_t end = 0;
    while (bytes.size() - end >= length_size) {
        std::uint32_t length;
        std::memcpy(&length, bytes.data() + end, sizeof length);
        const auto next = end + length_size + ntohl(length);
        if (next > bytes.size()) break;
        end = next;
    }
    return end;
}

class Forwarder {
public:
    Forwarder(int listener, std::chrono::microseconds spin) : listener_(listener), spin_(spin), buffer_(hot_buffer) {
        rooms_.emplace_back();  // nowhere
        watch(listener_, EPOLLIN, EPOLL_CTL_ADD);
    }

    void run() {
        while (true) {
            for (const auto& event : wait()) {
                if (event.data.fd == listener_) accept();
                else if ((event.events & EPOLLOUT) != 0) write_rest(event.data.fd);
                else read(event.data.fd);
            }
        }
    }

private:
    /// With a spin, asks again and again before it sleeps.
    std::span<const epoll_event> wait() {
        const auto until = Clock::now() + spin_;
        int count = 0;
        while (spin_.count() > 0 && count == 0 && Clock::now() < until) count = wait(0);
        if (count == 0) count = wait(-1);
        return std::span(events_).first(static_cast<std::size_t>(count));
    }
    int wait(int milliseconds) {
        return std::max(0, ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), milliseconds));
    }
    void watch(int fd, std::uint32_t what, int how) {
        epoll_event event{what, {}};
        event.data.fd = fd;
        ::epoll_ctl(epoll_, how, fd, &event);
    }

    void accept() {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        send_at_once(fd);
        if (peers_.size() <= static_cast<std::size_t>(fd)) peers_.resize(static_cast<std::size_t>(fd) + 1);
        watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    }

    Peer& peer(int fd) { return peers_[static_cast<std::size_t>(fd)]; }

    void read(int fd) {
        auto& begun = peer(fd).begun;
        const auto before = begun.size();
        if (before > 0) std::memcpy(buffer_.data(), begun.data(), before);
        const auto size = ::recv(fd, buffer_.data() + before, buffer_.size() - before, 0);
        if (size <= 0) return close(fd);
        const auto bytes = View(buffer_).first(before + static_cast<std::size_t>(size));
        const auto end = whole_frames(bytes);
        const auto rest = bytes.subspan(end);
        begun.assign(rest.begin(), rest.end());
        if (end > 0) forward(fd, bytes.first(end));
    }

    void forward(int fd, View frames) {
        if (peer(fd).room == nowhere) return join(fd, frames);
        for (const int other : rooms_[peer(fd).room]) {
            if (other != fd) send(other, frames);
        }
    }

    void join(int fd, View name) {
        const auto found = names_.try_emplace(std::string(name.begin(), name.end()), rooms_.size());
        if (found.second) rooms_.emplace_back();
        peer(fd).room = static_cast<std::uint32_t>(found.first->second);
        rooms_[peer(fd).room].push_back(fd);
        send(fd, name);
    }

    void send(int fd, View bytes) {
        auto& waiting = peer(fd).waiting;
        std::size_t sent = 0;
        if (waiting.empty()) sent = static_cast<std::size_t>(std::max(ssize_t{0}, put(fd, bytes)));
        if (sent == bytes.size()) return;
        if (waiting.empty()) watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        const auto rest = bytes.subspan(sent);
        waiting.insert(waiting.end(), rest.begin(), rest.end());
    }
    static ssize_t put(int fd, View bytes) { return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    void write_rest(int fd) {
        auto& waiting = peer(fd).waiting;
        const auto sent = put(fd, waiting);
        if (sent < 0) return close(fd);
        waiting.erase(waiting.begin(), waiting.begin() + sent);
        if (waiting.empty()) watch(fd, EPOLLIN, EPOLL_CTL_MOD);
    }

    void close(int fd) {
        std::erase(rooms_[peer(fd).room], fd);
        peer(fd) = Peer{};
        ::close(fd);
    }

    const int listener_;
    const std::chrono::microseconds spin_;
    const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::array<epoll_event, 256> events_{};
    std::vector<std::uint8_t> buffer_;
    std::vector<Peer> peers_;  ///< by descriptor
    std::vector<std::vector<int>> rooms_;
    std::unordered_map<std::string, std::size_t> names_;
};

}  // namespace
}  // namespace parley::bench

/// relay_forwarder PORT [SPIN_US]: on 127.0.0.1.
int main(int argc, char** argv) {
    const int listener =
        argc > 1 ? parley::bench::listen_on_loopback(static_cast<std::uint16_t>(std::atoi(argv[1])), SOCK_NONBLOCK)
                 : -1;
    if (listener < 0) return 1;
    parley::bench::Forwarder(listener, std::chrono::microseconds(argc > 2 ? std::atoi(argv[2]) : 0)).run();
}
