// parley: the chat program. Builds the objects and runs them.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "app/session.h"
#include "net/process.h"
#include "ui/json.h"
#include "ui/plain.h"

namespace parley::app {
namespace {

Exit complain(std::string_view what) {
    std::cerr << "parley: " << what << '\n';
    return Exit::wrong_use;
}

std::unique_ptr<ui::View> make_view(const Options& options) {
    if (options.mode == Mode::json) return std::make_unique<ui::JsonView>(stdout);
    return std::make_unique<ui::PlainView>(stdout, stderr);
}

Exit converse(const Options& options, Room room) {
    const auto view = make_view(options);
    Session session(options, std::move(room), *view);
    return session.run();
}

Exit perform(const Options& options, const Chat&) {
    return converse(options, {identity::lobby_secret(), options.relay, std::nullopt});
}

Exit perform(const Options& options, const Invite& invite) {
    crypto::SystemRandom random;
    identity::Link link{options.relay, random.secret<identity::RoomSecret>(), identity::Transport::plain, {}, {}};
    std::cout << identity::print(link) << std::endl;
    if (invite.print_only) return Exit::done;
    return converse(options, {std::move(link.secret), options.relay, std::nullopt});
}

Exit perform(const Options& options, const Join& join) {
    auto link = identity::parse_link(join.link);
    if (!link) return complain(link.error().what);
    if (link->transport != identity::Transport::plain) {
        return complain("this link asks for TLS, which this version does not speak: update parley");
    }
    if (join.from_argument) {
        std::cerr << "[!] Others on this machine can read the link with ps: better paste it when parley join asks.\n";
    }
    return converse(options, {std::move(link->secret), link->relay, link->token});
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    try {
        parley::net::harden_process();
        auto parsed = parse_options(argc, argv);
        if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
        const auto& options = std::get<Options>(parsed);
        return static_cast<int>(std::visit([&](const auto& task) { return perform(options, task); }, options.task));
    } catch (const std::exception& failure) {
        std::cerr << "parley: " << failure.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
