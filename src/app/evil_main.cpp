// parley-evil: a hostile relay in a box, so that what docs/THREATS.md promises can be tried by whoever doubts it.
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "app/evil_options.h"
#include "net/process.h"

namespace parley::app {
namespace {

EvilExit run(EvilOptions& options) {
    boost::asio::io_context context{1};
    EvilWire wire(context, options.port, options.relay, *options.attack,
                  [](const std::string& line) { std::cerr << "parley-evil: " << line << std::endl; });
    std::cout << "parley-evil listening on 127.0.0.1:" << wire.port() << std::endl;
    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    context.run();
    return EvilExit::done;
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    try {
        parley::net::harden_process();
        auto read = read_evil_options(argc, argv);
        auto* options = std::get_if<EvilOptions>(&read);
        return static_cast<int>(options == nullptr ? std::get<EvilExit>(read) : run(*options));
    } catch (const std::exception& failure) {
        return static_cast<int>(complain_of_evil(failure.what(), EvilExit::failed));
    }
}
