#include "crowd.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "loopback.h"

namespace parley::bench {
namespace {

constexpr std::size_t hot_buffer = 256U << 10U;
constexpr std::uint32_t joining_at_once = 32;
constexpr auto lost_after = std::chrono::seconds(10);

bool would_block(ssize_t result) { return result < 0 && (errno == EAGAIN || errno == EINTR); }

}  // namespace

std::string topic(const Seat& seat, unsigned side) {
    return "r" + std::to_string(seat.room) + "." + std::to_string(side);
}

Crowd::Crowd(Protocol& protocol, const Carry& carry, std::uint16_t port, const Shape& shape)
    : protocol_(protocol),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      places_(std::size_t{shape.rooms} * shape.seats_per_room),
      buffer_(hot_buffer) {
    for (std::uint32_t place = 0; place < size(); ++place) {
        places_[place].seat.room = place / shape.seats_per_room;
        places_[place].seat.number = place % shape.seats_per_room;
        connect(place, carry, port);
        if (place % joining_at_once == 0) join_all();
    }
    join_all();
}

Crowd::~Crowd() { ::close(epoll_); }

void Crowd::connect(std::uint32_t place, const Carry& carry, std::uint16_t port) {
    places_[place].carrier = carry(connect_to_loopback(port));
    ::fcntl(places_[place].carrier->descriptor(), F_SETFL, O_NONBLOCK);
    watch(place, EPOLLIN, EPOLL_CTL_ADD);
    protocol_.join(places_[place].seat, places_[place].out);
    has_output(place);
}

void Crowd::join_all() {
    const auto waiting = [](const Place& place) { return place.carrier && !place.seat.ready; };
    // The last ones connected are the ones that wait, so the search begins there.
    while (std::ranges::any_of(places_.rbegin(), places_.rend(), waiting)) turn([](std::uint32_t, std::size_t) {});
}

void Crowd::watch(std::uint32_t place, std::uint32_t what, int how) {
    epoll_event event{what, {}};
    event.data.u32 = place;
    ::epoll_ctl(epoll_, how, places_[place].carrier->descriptor(), &event);
}

void Crowd::post(std::uint32_t place, std::size_t messages) {
    protocol_.post(places_[place].seat, messages, places_[place].out);
    has_output(place);
}

void Crowd::has_output(std::uint32_t place) {
    if (!std::exchange(places_[place].listed, true)) to_write_.push_back(place);
}

void Crowd::turn(const std::function<void(std::uint32_t, std::size_t)>& on_messages) {
    answer_the_owed();
    write_all();
    for (const auto& event : wait()) {
        const auto number = event.data.u32;
        auto& place = places_[number];
        if ((event.events & EPOLLOUT) != 0) {
            place.blocked = false;
            watch(number, EPOLLIN, EPOLL_CTL_MOD);
            has_output(number);
        }
        if ((event.events & ~std::uint32_t{EPOLLOUT}) == 0) continue;
        auto messages = read(place);
        while (place.carrier->has_more()) messages += read(place);
        if (place.seat.unanswered > 0) owe(number);
        if (!place.out.empty()) has_output(number);
        if (messages > 0) on_messages(number, messages);
    }
}

std::span<const epoll_event> Crowd::wait() {
    const auto patience = owed_.empty() ? patience_ : std::min(patience_, 1);
    const int count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), patience);
    if (count > 0) heard_ = Clock::now();
    else if (Clock::now() - heard_ > lost_after) throw std::runtime_error("nothing comes any more");
    return std::span(events_).first(static_cast<std::size_t>(std::max(0, count)));
}

std::size_t Crowd::read(Place& place) {
    const auto before = place.begun.size();
    if (before > 0) std::memcpy(buffer_.data(), place.begun.data(), before);
    const auto size = place.carrier->read(std::span(buffer_).subspan(before));
    if (would_block(size)) return 0;
    if (size <= 0) throw std::runtime_error("the relay closed a connection");
    const auto bytes = View(buffer_).first(before + static_cast<std::size_t>(size));
    const auto taken = protocol_.take(place.seat, bytes);
    const auto rest = bytes.subspan(taken.bytes);
    place.begun.assign(rest.begin(), rest.end());
    protocol_.answer(place.seat, taken, place.out);
    return taken.messages;
}

void Crowd::owe(std::uint32_t number) {
    auto& place = places_[number];
    if (place.answer_by == Clock::time_point()) place.answer_by = Clock::now() + protocol_.patience();
    if (!std::exchange(place.owing, true)) owed_.push_back({place.answer_by, number});
}

/// What was answered meanwhile has left with something else, and what is owed since then is younger.
void Crowd::answer_the_owed() {
    const auto now = Clock::now();
    while (!owed_.empty() && owed_.front().by <= now) {
        const auto number = owed_.front().place;
        owed_.pop_front();
        auto& place = places_[number];
        place.owing = false;
        if (place.seat.unanswered == 0) continue;
        if (place.answer_by > now) owe(number);
        else has_output(number);
    }
}

void Crowd::write_all() {
    for (const auto place : std::exchange(to_write_, {})) {
        places_[place].listed = false;
        if (!places_[place].blocked) write(place);
    }
}

void Crowd::write(std::uint32_t number) {
    auto& place = places_[number];
    protocol_.answer_late(place.seat, place.out);
    place.answer_by = {};
    const auto sent = place.carrier->write(place.out);
    if (sent < 0 && !would_block(sent)) throw std::runtime_error("the relay closed a connection");
    place.out.erase(place.out.begin(), place.out.begin() + std::max(ssize_t{0}, sent));
    if (place.out.empty()) return;
    place.blocked = true;
    watch(number, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

}  // namespace parley::bench
