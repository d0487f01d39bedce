// Holds many TLS connections to one relay and says every second how they are, one JSON object a line:
//
//   relay_hold HOST PORT PIN CONNECTIONS ROOMS       until it is ended
#include <sys/resource.h>

#include <boost/asio/use_awaitable.hpp>
#include <iostream>
#include <string>

#include "hold/crowd.h"
#include "net/coroutine.h"
#include "net/process.h"

namespace parley::bench {
namespace {

namespace asio = boost::asio;

net::Pin pin_of(const std::string& hex) {
    net::Pin pin{};
    for (std::size_t i = 0; i < pin.size(); ++i)
        pin[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
    return pin;
}

asio::awaitable<void> report(const Crowd& crowd) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        const auto& counts = crowd.counts();
        std::cout << "{\"online\":" << counts.online << ",\"cut\":" << counts.cut << ",\"told\":" << counts.told
                  << ",\"failed_dials\":" << counts.failed_dials << ",\"heard\":" << counts.heard
                  << ",\"missed\":" << counts.missed << "}" << std::endl;
        timer.expires_after(std::chrono::seconds(1));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

void raise_open_files() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(char** words) {
    net::harden_process();
    raise_open_files();
    asio::io_context context{1};
    const net::Target target{.host = words[1],
                             .port = static_cast<std::uint16_t>(std::stoul(words[2])),
                             .trust = net::TrustPin{pin_of(words[3])}};
    Crowd crowd(
        context,
        {.target = target, .connections = std::stoul(words[4]), .rooms = std::stoul(words[5]), .dials_at_once = 20});
    asio::co_spawn(context, report(crowd), net::rethrow);
    context.run();
    return 0;
}

}  // namespace
}  // namespace parley::bench

int main(int argc, char** argv) { return argc == 6 ? parley::bench::run(argv) : 2; }
