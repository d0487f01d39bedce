// How a loop reads: whoever can be read now, one after the other, a turn for all of them.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/coroutine.h"
#include "net/process.h"
#include "serve/loop.h"

namespace parley::serve {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int reads_per_turn = 2;  // then the other connections have their turn
/// Of a connection that is limited, and then the others: what it may owe its limit is small.
constexpr std::size_t limited_read = 64U << 10U;
constexpr std::size_t most_output = 4096;  // pieces to write, then they are written

}  // namespace

/// A connection that sits there costs no coroutine, unless its transport needs one to be read.
void Loop::begin(const ConnectionPtr& connection) {
    if (connections_[connection->id()] != connection) return;
    connection->watched = connection->transport().watchable().value_or(-1);
    if (connection->is_watched()) watch(*connection);
    else asio::co_spawn(context_, serve(connection), net::rethrow);
}

void Loop::watch(Connection& connection) {
    if (!readiness_.watch(connection.watched, connection.id())) {
        drop(connection);
        return end_turn();
    }
    if (connection.transport().has_more()) read_later(connection);
}

/// A turn for all that can be read now: what they say to the same readers leaves in one write.
asio::awaitable<void> Loop::read_watched() {
    while (true) {
        co_await wait_for_readable();
        read_all();
        end_turn();
        if (ended_.empty()) continue;
        for (const auto& connection : std::exchange(ended_, {})) {
            drop(*connection);
            end_full_turn();
        }
        end_turn();
    }
}

/// Each has one turn: who left something behind is mostly also among those to whom more came, and would be heard twice
/// as often as those who acknowledge what it says.
void Loop::read_all() {
    for (const auto& arrival : readiness_.take()) {
        const auto& connection = connections_[arrival.name];
        if (!connection) continue;
        connection->at_end |= arrival.last;
        read_later(*connection);
    }
    std::swap(to_read_, reading_);
    for (const auto id : reading_) read(id);
    reading_.clear();
}

void Loop::read_later(Connection& connection) {
    if (connection.resting || std::exchange(connection.read_due, true)) return;
    to_read_.push_back(connection.id());
    readiness_.wake();
}

/// What came for one reader is not to look like a queue that it did not empty, nor is the output to grow large.
void Loop::end_full_turn() {
    if (read_in_turn_ >= relay::Intake::size || core_.output().size() >= most_output) end_turn();
}

asio::awaitable<void> Loop::wait_for_readable() {
    if (!to_read_.empty()) {
        co_await asio::post(context_, asio::use_awaitable);  // what is not watched has its turn
        co_return;
    }
    for (const auto until = net::now() + spin_; net::now() < until;) {
        if (!to_read_.empty() || readiness_.any()) co_return;
        co_await asio::post(context_, asio::use_awaitable);
    }
    if (to_read_.empty()) co_await readiness_.wait();
}

void Loop::read(relay::ConnectionId id) {
    end_full_turn();
    // Since it was named it may have gone, and its id may be somebody's whom a coroutine reads.
    const auto connection = connections_[id];
    if (!connection || !connection->is_watched() || !std::exchange(connection->read_due, false)) return;
    const bool limited = connection->pass().is_limited();
    const auto after = limited ? read_limited(*connection) : read_turn(*connection);
    if (after == After::end) return ended_.push_back(connection);
    const auto pause = limited ? connection->throttle().pause(limits_, net::now()) : Duration::zero();
    if (pause > Duration::zero()) {
        ++counts_.pauses;
        connection->resting = true;
        readiness_.forget(connection->watched);
        asio::co_spawn(context_, rest_watched(connection, pause), net::rethrow);
    } else if (has_more(*connection, after)) {
        read_later(*connection);
    }
}

/// Where nothing could be read the end is not next either: TLS may have to write first.
bool Loop::has_more(Connection& connection, After after) const {
    return after == After::more || (connection.at_end && bytes_read_ > 0) || connection.transport().has_more();
}

asio::awaitable<void> Loop::rest_watched(ConnectionPtr connection, Duration pause) {
    co_await rest(pause);
    if (connections_[connection->id()] != connection) co_return;
    connection->resting = false;
    watch(*connection);
    read_later(*connection);  // for what is not seen in the kernel
}

asio::awaitable<void> Loop::serve(ConnectionPtr connection) {
    const bool limited = connection->pass().is_limited();
    bool more = true;
    while (more) {
        more = co_await connection->transport().wait_readable();
        more = more && (limited ? read_limited(*connection) : read_turn(*connection)) != After::end;
        end_turn();
        const auto pause = limited ? connection->throttle().pause(limits_, net::now()) : Duration::zero();
        if (!more || pause == Duration::zero()) continue;
        ++counts_.pauses;
        co_await rest(pause);
    }
    drop(*connection);
    end_turn();
}

asio::awaitable<void> Loop::rest(Duration pause) {
    error_code ignored;
    asio::steady_timer timer(context_, pause);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Loop::After Loop::read_turn(Connection& connection) {
    auto after = After::more;
    for (int i = 0; i < reads_per_turn && after == After::more; ++i) after = read_once(connection, core_.read_buffer());
    return after;
}

Loop::After Loop::read_limited(Connection& connection) {
    const auto after = read_once(connection, core_.read_buffer().first(limited_read));
    connection.throttle().on_read(limits_, bytes_read_, frames_read_, net::now());
    return after;
}

Loop::After Loop::read_once(Connection& connection, MutableBytes into) {
    bytes_read_ = frames_read_ = 0;
    auto size = connection.transport().read_some(into);
    // A call that was disturbed says that nothing is there, and nobody would say again that something is (FAULTS O02).
    if (size && *size == 0) size = connection.transport().read_some(into);
    if (!size) return After::end;
    if (*size == 0) return After::pause;
    core_.on_read(*size);
    bytes_read_ = *size;
    read_in_turn_ += *size;
    now_ = net::now();
    const auto handled = on_piece(connection, ByteView(into).first(*size));
    if (new_owner_ != nullptr) {
        hand_over(connection);
        return After::end;
    }
    core_.on_bytes(connection.id(), connection.stream().pending().size(), now_);
    if (!handled) core_.on_bad_frame(connection.id(), now_);
    counts_.bytes_in += bytes_read_;
    counts_.frames_in += frames_read_;
    if (connection.ending) return After::end;
    return handled && *size == into.size() ? After::more : After::pause;
}

}  // namespace parley::serve
