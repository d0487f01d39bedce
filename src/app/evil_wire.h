// An attack on sockets: clients connect here instead of to the relay, and what they and the relay say to each other
// goes through the attack, frame by frame.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "base/names.h"
#include "hostile/attack.h"
#include "net/tcp.h"
#include "wire/stream.h"

namespace parley::app {

struct RelayPlace {
    std::string host;
    std::uint16_t port;
};

class EvilWire {
public:
    using Say = std::function<void(const std::string&)>;

    /// Listens on this machine; port 0: any free one. `say` is given one line for each deed of the attack.
    EvilWire(boost::asio::io_context& context, std::uint16_t port, RelayPlace relay, hostile::Attack& attack, Say say);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Ends all connections; who was connected may come again.
    void cut_all();

private:
    using TransportPtr = std::shared_ptr<net::Transport>;
    struct End {
        TransportPtr transport;
        wire::Stream stream;  ///< what comes from it
        Bytes unwritten;      ///< what goes to it
        bool writing = false;
    };
    /// One client's connection and ours to the relay.
    struct Link {
        std::optional<std::size_t> client;  ///< known from its Join on
        End client_end;
        End relay_end;
    };
    using LinkPtr = std::shared_ptr<Link>;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> connect(TransportPtr client);
    boost::asio::awaitable<void> read(LinkPtr link, hostile::Direction way);
    boost::asio::awaitable<void> write(LinkPtr link, hostile::Direction way);
    bool take(const LinkPtr& link, hostile::Direction way, ByteView piece);
    void on_frame(const LinkPtr& link, hostile::Direction way, ByteView frame);
    void recognise(const LinkPtr& link, ByteView frame);
    void give(std::vector<hostile::Passing> frames);
    void put(const LinkPtr& link, hostile::Direction way, ByteView frame);
    void flush(const LinkPtr& link, hostile::Direction way);
    void close(Link& link);
    void report();
    void set_timer();
    static End& end(Link& link, hostile::Direction way);

    boost::asio::io_context& context_;
    RelayPlace relay_;
    hostile::Attack& attack_;
    Say say_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer timer_;
    std::map<SeatId, std::size_t> numbers_;  ///< of clients, who keep their seat when they connect again
    std::map<std::size_t, LinkPtr> links_;   ///< the newest of each client
};

}  // namespace parley::app
