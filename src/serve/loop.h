// One thread of a relay: an event loop, the core with its rooms, and the connections that sit in them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <unordered_map>

#include "net/random.h"
#include "net/readiness.h"
#include "net/receive.h"
#include "relay/core.h"
#include "serve/connection.h"
#include "serve/counts.h"
#include "serve/relay.h"

namespace parley::serve {

class Loop {
public:
    /// `spin`: how long it asks again and again before it sleeps.
    Loop(const relay::Limits& limits, Gate& gate, Duration spin);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// All loops of the relay: the room id says which of them owns a room.
    void know(const std::vector<std::unique_ptr<Loop>>& loops);
    /// The port it got.
    Result<std::uint16_t> listen(const Address& address, const net::Reception& reception, bool shared);
    void run();

    // From any thread:
    /// Tells everybody, then ends when everything is written, after 2 s at the latest.
    void drain();
    /// Its numbers; none when it does not answer within a second.
    std::optional<Counts> counts();
    void end();
    void join();

private:
    /// An open port, and what happens there before the first frame.
    struct Listener {
        boost::asio::ip::tcp::acceptor acceptor;
        net::Reception reception;
    };

    boost::asio::awaitable<void> accept(Listener& listener);
    boost::asio::awaitable<void> pause_accepting();
    void meet(const Listener& listener, boost::asio::ip::tcp::socket socket);
    boost::asio::awaitable<void> meet_proxy(const Listener& listener,
                                            std::shared_ptr<boost::asio::ip::tcp::socket> socket);
    void admit(const Listener& listener, boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& from);
    boost::asio::awaitable<void> receive_forwarded(const Listener& listener, boost::asio::ip::tcp::socket socket);
    boost::asio::awaitable<void> receive(const Listener& listener, boost::asio::ip::tcp::socket socket, Pass pass);
    using Arrival = relay::Core::Arrival;
    ConnectionPtr add(net::TransportPtr transport, Pass pass, Arrival arrival = Arrival::fresh);
    void adopt(net::TransportPtr transport, Bytes received, Pass pass);

    void begin(const ConnectionPtr& connection);
    void watch(Connection& connection);
    boost::asio::awaitable<void> read_watched();
    boost::asio::awaitable<void> wait_for_readable();
    void read_all();
    void read(relay::ConnectionId id);
    void read_later(Connection& connection);
    void end_full_turn();
    boost::asio::awaitable<void> rest_watched(ConnectionPtr connection, Duration pause);
    boost::asio::awaitable<void> serve(ConnectionPtr connection);
    /// What a read leaves to do: nothing ever, nothing until more comes, or another read.
    enum class After : std::uint8_t { end, pause, more };
    After read_turn(Connection& connection);
    After read_limited(Connection& connection);
    bool has_more(Connection& connection, After after) const;
    After read_once(Connection& connection, MutableBytes into);
    boost::asio::awaitable<void> rest(Duration pause);
    Status on_piece(Connection& connection, ByteView piece);
    Status on_frame(Connection& connection, ByteView frame);
    Status on_post(Connection& connection, ByteView frame);
    std::size_t take_posts(Connection& connection, ByteView behind);
    Loop* owner_of(const wire::ClientFrame& frame);
    void hand_over(Connection& connection);

    void end_turn();
    void dispatch();
    void flush_all();
    void flush(const ConnectionPtr& connection);
    boost::asio::awaitable<void> write_rest(ConnectionPtr connection);
    void drop(Connection& connection);

    void set_timer();
    void give_memory_back();
    void forget_addresses_later();
    void begin_drain();
    void end_if_drained();

    const relay::Limits limits_;
    const Duration spin_;
    Gate& gate_;
    boost::asio::io_context context_;
    net::KernelRandom random_;
    relay::Core core_;
    std::vector<Loop*> loops_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::size_t handshakes_ = 0;  ///< in flight
    int reserve_descriptor_;      ///< given up for a moment when no other is left
    Outboxes outboxes_;
    std::vector<ConnectionPtr> connections_;    ///< by id
    net::Readiness readiness_;                  ///< of those that need no coroutine to be read
    std::vector<relay::ConnectionId> to_read_;  ///< of them, those to whom something came, or who left something
    std::vector<relay::ConnectionId> reading_;  ///< the same while it is worked on: both keep their memory
    std::vector<ConnectionPtr> ended_;          ///< of them, those that go at the end of the turn
    std::vector<ConnectionPtr> to_flush_;
    std::vector<ConnectionPtr> flushing_;  ///< the same while it is worked on: both keep their memory
    Time now_{};                           ///< when this piece was read: the clock is not asked for each frame
    Bytes spare_;                          ///< memory for a frame that spans reads, lent to whose it is
    Counts counts_;                        ///< those since the start
    std::size_t read_in_turn_ = 0;         ///< bytes of all
    std::size_t bytes_read_ = 0;           ///< of the connection that is being read, in this turn
    std::size_t frames_read_ = 0;          ///< the same
    Loop* new_owner_ = nullptr;            ///< of the connection that is being read: its room is another loop's
    Bytes to_hand_over_;                   ///< what it has sent so far
    boost::asio::steady_timer timer_;
    std::optional<Time> timer_at_;
    boost::asio::steady_timer trim_timer_;
    bool trim_due_ = false;
    boost::asio::steady_timer forget_timer_;
    bool forget_due_ = false;
    std::size_t most_charged_ = 0;  ///< since memory was given back
    boost::asio::steady_timer drain_timer_;
    bool draining_ = false;
    std::thread thread_;
};

}  // namespace parley::serve
