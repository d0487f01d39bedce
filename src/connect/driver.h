// Runs a core: executes its actions in order on a connection, feeds it what comes back.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "client/core.h"
#include "net/dial.h"
#include "wire/stream.h"

namespace parley::connect {

/// What the driver tells; each is called on the driver's own thread.
struct Callbacks {
    std::function<void(const client::Event&)> on_event;
    std::function<void(const client::Stop&)> on_stop;
    /// Makes the core's state durable; on failure nothing that depends on it is sent. None: it keeps nothing.
    std::function<Status()> save{};
    /// Nobody answers at the relay's address. True: something was done about it (a relay was started
    /// here), try again at once.
    std::function<bool(const Error&)> on_unreachable{};
    /// Work for a disk: must not wait for it. None: files are not sent or taken here.
    std::function<void(const client::FileJob&)> on_file_job{};
};

class Driver {
public:
    Driver(boost::asio::io_context& context, client::Core& core, net::Target relay, Callbacks callbacks);
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    void start();
    /// Asks the core for something and does what follows. On the driver's thread; from another one, post it
    /// to the context.
    void ask(const std::function<void(Time)>& something);

private:
    /// One connection: what belongs to it ends with it, and what comes from an older one is ignored.
    struct Link {
        std::unique_ptr<net::Transport> transport;
        wire::Stream stream;
        Bytes unwritten;
        bool writing = false;
    };
    using LinkPtr = std::shared_ptr<Link>;

    void run_actions();
    void run(const client::Save&);
    void run(const client::Connect&);
    void run(const client::Disconnect&);
    void run(const client::Send& send);
    void run(const client::Show& show);
    void run(const client::Stop& stop);
    void run(const client::FileJob& job);
    std::vector<client::Action> take_actions();

    boost::asio::awaitable<void> connect();
    boost::asio::awaitable<void> read(LinkPtr link);
    boost::asio::awaitable<void> write(LinkPtr link);
    Result<std::size_t> read_once(Link& link);
    void flush(const LinkPtr& link);
    boost::asio::awaitable<Result<net::TransportPtr>> dial();
    void lost(const LinkPtr& link, Error why);
    Error try_the_other_way(Error why);
    void set_timer();

    boost::asio::io_context& context_;
    client::Core& core_;
    net::Target relay_;
    const bool web_only_;        ///< the user said so
    bool way_is_known_ = false;  ///< a frame came: this is how the relay is spoken to
    Callbacks callbacks_;
    LinkPtr link_;
    Bytes buffer_;
    boost::asio::steady_timer timer_;
    bool running_ = false;  ///< executing actions: what they cause waits for the next round
    bool save_failed_ = false;
    bool stopped_ = false;
};

}  // namespace parley::connect
