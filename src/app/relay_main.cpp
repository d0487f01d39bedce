// parley-relay: forwards sealed frames, keeps them in memory for a while, and can read none of them.
#include <malloc.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <optional>

#include "app/version.h"
#include "net/process.h"
#include "net/tcp.h"
#include "serve/relay.h"

namespace parley::app {
namespace {

constexpr int failed = 1;
constexpr int wrong_use = 2;

constexpr auto examples = R"(
Examples:
  parley-relay                                  for this machine, on 127.0.0.1:5555
  parley-relay --listen 127.0.0.1:0             on any free port, which it prints
  parley-relay --listen 0.0.0.0:5555 --insecure for a network you trust with metadata
)";

struct Raw {
    std::vector<std::string> listen{"127.0.0.1:5555"};
    std::size_t threads = 1;
    bool insecure = false;
};

int complain(std::string_view what, int code) {
    std::cerr << "parley-relay: " << what << '\n';
    return code;
}

/// HOST:PORT with port 0 allowed: any free one.
std::optional<serve::Address> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    std::uint32_t port = 0;
    for (const char c : text.substr(colon + 1)) {
        if (c < '0' || c > '9' || port > 65'535) return std::nullopt;
        port = port * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (host.empty() || port > 65'535) return std::nullopt;
    return serve::Address{host, static_cast<std::uint16_t>(port)};
}

std::string print(const serve::Address& address, std::uint16_t port) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(port);
}

/// Waits for the signal on this thread, so that none interrupts a loop.
int wait_for_signal(const sigset_t& signals) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    return signal;
}

int run(const serve::Options& options) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    auto relay = serve::Relay::start(options);
    if (!relay) return complain(relay.error().what, failed);
    for (std::size_t i = 0; i < options.listen.size(); ++i) {
        std::cout << "parley-relay listening on " << print(options.listen[i], (*relay)->ports()[i]) << std::endl;
    }
    wait_for_signal(signals);
    (*relay)->stop();
    return 0;
}

int checked(const Raw& raw) {
    serve::Options options;
    options.threads = raw.threads;
    for (const auto& text : raw.listen) {
        const auto address = parse_listen(text);
        if (!address) return complain("--listen: an address is HOST:PORT or [IPV6]:PORT", wrong_use);
        if (!net::is_loopback(address->host) && !raw.insecure) {
            return complain(
                "--listen: beyond this machine the connection needs TLS, which this version does not have: "
                "--insecure does without, and shows metadata to the network",
                wrong_use);
        }
        options.listen.push_back(*address);
    }
    return run(options);
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    parley::net::harden_process();
    (void)parley::net::lock_memory();
    ::mallopt(M_ARENA_MAX, 1);
    CLI::App app("parley-relay: forwards what it cannot read.", "parley-relay");
    Raw raw;
    app.set_version_flag("--version", std::string("parley-relay ") + std::string(version));
    app.footer(examples);
    app.add_option("--listen", raw.listen, "HOST:PORT, as often as you like")->capture_default_str();
    app.add_option("--threads", raw.threads, "event loops; rooms are spread over them")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_flag("--insecure", raw.insecure, "allow addresses beyond this machine without TLS");
    try {
        app.parse(argc, argv);
        return checked(raw);
    } catch (const CLI::Success& wanted) {
        return app.exit(wanted);
    } catch (const CLI::ParseError& error) {
        return complain(std::string(error.what()) + "; parley-relay --help shows what there is", wrong_use);
    } catch (const std::exception& failure) {
        return complain(failure.what(), failed);
    }
}
