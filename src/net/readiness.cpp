#include "net/readiness.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace parley::net {
namespace {

namespace asio = boost::asio;

int make_epoll() {
    const int made = ::epoll_create1(EPOLL_CLOEXEC);
    if (made < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return made;
}

}  // namespace

Readiness::Readiness(const asio::any_io_executor& executor) : epoll_(executor, make_epoll()) {}

bool Readiness::watch(int descriptor, std::uint32_t name) {
    epoll_event event{EPOLLIN | EPOLLRDHUP | EPOLLET, {}};
    event.data.u32 = name;
    return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Readiness::forget(int descriptor) { ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr); }

asio::awaitable<void> Readiness::wait() {
    boost::system::error_code ignored;  // whoever takes finds out
    is_waited_for_ = true;
    co_await epoll_.async_wait(asio::posix::descriptor_base::wait_read,
                               asio::redirect_error(asio::use_awaitable, ignored));
    is_waited_for_ = false;
}

void Readiness::wake() {
    boost::system::error_code ignored;
    if (std::exchange(is_waited_for_, false)) epoll_.cancel(ignored);
}

bool Readiness::any() {
    pollfd ready{epoll_.native_handle(), POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
}

std::span<const Readiness::Arrival> Readiness::take() {
    int count = 0;
    do count = ::epoll_wait(epoll_.native_handle(), events_.data(), at_a_time, 0);
    while (count < 0 && errno == EINTR);
    const auto ready = std::span(events_).first(static_cast<std::size_t>(std::max(0, count)));
    std::ranges::transform(ready, arrivals_.begin(), [](const epoll_event& event) {
        return Arrival{event.data.u32, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0};
    });
    return std::span(arrivals_).first(ready.size());
}

}  // namespace parley::net
