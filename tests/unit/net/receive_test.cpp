// RELAY, limits: what happens to a connection that has just come in, and what it takes along.
#include "net/receive.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "loopback.h"
#include "net/tcp.h"

namespace parley::net {
namespace {

using namespace test;
using namespace std::chrono_literals;
using Server = Result<Received>;

std::chrono::milliseconds user_timeout_of(int descriptor) {
    unsigned milliseconds = 0;
    socklen_t size = sizeof milliseconds;
    EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, &size), 0);
    return std::chrono::milliseconds(milliseconds);
}

// FAULTS O14
TEST(Receive, sets_the_user_timeout_and_another_loop_keeps_it) {
    for (const auto timeout : {2s, 15s}) {
        asio::io_context context{1}, other{1};
        const Reception how{.scheme = Scheme::tcp, .user_timeout = timeout};
        auto [client, theirs] = connected_ends(context);
        Outcome<Server> server(context, receive(std::move(theirs), how));
        auto& transport = *server.wait().value().transport;
        EXPECT_EQ(user_timeout_of(transport.watchable().value()), timeout);
        const auto carried = transport.detach();
        EXPECT_EQ(user_timeout_of(carried->watchable().value()), timeout);
    }
}

// FAULTS F07
TEST(Receive, ends_a_handshake_that_takes_longer_than_its_deadline) {
    const auto relay = TlsServer::create({}).value();
    for (const auto scheme : {Scheme::tls, Scheme::ws}) {
        asio::io_context context{1};
        const Reception hasty{.scheme = scheme, .tls = relay.get(), .handshake_deadline = 10ms};
        const Reception patient{.scheme = scheme, .tls = relay.get(), .handshake_deadline = 1h};
        auto [silent, of_silent] = connected_ends(context);
        auto [other, of_other] = connected_ends(context);
        Outcome<Server> waiting(context, receive(std::move(of_other), patient));
        Outcome<Server> ended(context, receive(std::move(of_silent), hasty));
        EXPECT_EQ(ended.wait().error(), Errc::closed);
        EXPECT_FALSE(waiting.is_there());
        other.close();
        const auto why = waiting.wait().error();
        EXPECT_EQ(why, scheme == Scheme::tls ? Errc::refused : Errc::closed) << "that it came to look is no offence";
    }
}

}  // namespace
}  // namespace parley::net
