// A turn of the loop: frames into the core, its output to the connections, one write for each.
#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "net/coroutine.h"
#include "net/process.h"
#include "serve/loop.h"

namespace parley::serve {
namespace {

namespace asio = boost::asio;

constexpr auto drain_time = std::chrono::seconds(2);
constexpr auto trim_pause = std::chrono::seconds(1);
constexpr auto forget_pause = std::chrono::seconds(2);
constexpr std::size_t worth_trimming = 2U << 20U;
constexpr auto back_after = std::chrono::milliseconds(1000);

void append_frame(Bytes& to, ByteView frame) {
    for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(frame.size() >> shift));
    append(to, frame);
}

/// A Join names the room and holds the seat's secret: they do not stay behind on the stack.
void forget_names(wire::ClientFrame& frame) {
    static_assert(std::is_trivially_copyable_v<wire::Join>);
    auto* join = std::get_if<wire::Join>(&frame);
    if (join != nullptr) wipe({reinterpret_cast<std::uint8_t*>(join), sizeof *join});
}

}  // namespace

Status Loop::on_piece(Connection& connection, ByteView piece) {
    auto& stream = connection.stream();
    stream.lend(std::move(spare_));
    const auto fed = stream.feed(
        piece, [&](ByteView frame) { return on_frame(connection, frame); },
        [&](ByteView behind) { return take_posts(connection, behind); });
    if (stream.pending().empty()) spare_ = stream.take_back();
    return fed;
}

Status Loop::on_frame(Connection& connection, ByteView bytes) {
    if (new_owner_ != nullptr) {
        append_frame(to_hand_over_, bytes);
        return {};
    }
    if (wire::is_post(bytes)) return on_post(connection, bytes);
    auto frame = wire::decode_client(bytes);
    if (!frame) return std::unexpected(frame.error());
    const auto* join = std::get_if<wire::Join>(&*frame);
    if (join != nullptr && !gate_.admits(join->token)) {
        core_.turn_away(connection.id(), wire::RefuseReason::wrong_token, now_);
        forget_names(*frame);
        return {};
    }
    if (auto* owner = owner_of(*frame); owner != this) {
        new_owner_ = owner;
        append_frame(to_hand_over_, bytes);
        return {};
    }
    ++frames_read_;
    core_.on_frame(connection.id(), *frame, now_);
    forget_names(*frame);
    return {};
}

/// Most frames are posts, and a post leads nowhere else.
Status Loop::on_post(Connection& connection, ByteView bytes) {
    const auto post = wire::decode_post(bytes);
    if (!post) return std::unexpected(post.error());
    ++frames_read_;
    core_.on_post(connection.id(), *post, now_);
    return {};
}

std::size_t Loop::take_posts(Connection& connection, ByteView behind) {
    const auto taken = core_.on_posts_behind(connection.id(), behind, now_);
    frames_read_ += taken.frames;
    return taken.bytes;
}

/// Only a Join can lead to another loop: after it the connection is where its room is.
Loop* Loop::owner_of(const wire::ClientFrame& frame) {
    const auto* join = std::get_if<wire::Join>(&frame);
    return join == nullptr ? this : loops_[std::hash<RoomId>{}(join->room) % loops_.size()];
}

void Loop::hand_over(Connection& connection) {
    auto* owner = std::exchange(new_owner_, nullptr);
    auto received = std::exchange(to_hand_over_, {});
    append(received, connection.stream().pending());
    if (connection.is_watched()) readiness_.forget(connection.watched);
    auto carried = connection.transport().detach();
    auto pass = std::move(connection.pass());
    drop(connection);
    asio::post(owner->context_,
               [owner, carried = std::move(carried), received = std::move(received), pass = std::move(pass)]() mutable {
                   owner->adopt(std::move(carried), std::move(received), std::move(pass));
               });
}

void Loop::drop(Connection& connection) {
    auto& known = connections_[connection.id()];
    if (known.get() != &connection) return;
    const auto kept = std::exchange(known, nullptr);
    core_.on_disconnect(connection.id(), net::now());
    kept->abandon();
    kept->transport().close();
    forget_addresses_later();
}

void Loop::end_turn() {
    read_in_turn_ = 0;
    core_.end_turn(net::now());
    // What is written makes room, and the core may have more for who resumes.
    while (!core_.output().empty()) {
        dispatch();
        flush_all();
    }
    set_timer();
    give_memory_back();
    end_if_drained();
}

/// The allocator keeps what was freed, so after a flood much would stay for ever. It is asked to let
/// go a moment later, when the flood is over.
void Loop::give_memory_back() {
    most_charged_ = std::max(most_charged_, core_.charged());
    const auto freed = most_charged_ - core_.charged();
    if (freed < worth_trimming || freed < most_charged_ / 2) return;
    most_charged_ = core_.charged();
    if (std::exchange(trim_due_, true)) return;
    trim_timer_.expires_after(trim_pause);
    trim_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        trim_due_ = false;
        ::malloc_trim(0);
    });
}

/// Who knocks makes room for itself; where nobody does, the last ones are forgotten all the same.
void Loop::forget_addresses_later() {
    if (std::exchange(forget_due_, true)) return;
    forget_timer_.expires_after(forget_pause);
    forget_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        forget_due_ = false;
        if (gate_.forget_addresses()) forget_addresses_later();
    });
}

void Loop::dispatch() {
    const auto due = [this](relay::ConnectionId id) {
        const auto& connection = connections_[id];
        if (connection && !std::exchange(connection->flush_due, true)) to_flush_.push_back(connection);
        return connection.get();
    };
    core_.output().drain([&]<class Item>(Item& item) {
        if constexpr (std::is_same_v<Item, relay::Close>) {
            auto* connection = due(item.connection);
            if (connection == nullptr) return;
            connection->ending = true;
            connection->pass().offend(item.offence);
        } else {
            if (auto* connection = due(item.to)) connection->queue(std::move(item), outboxes_);
        }
    });
}

void Loop::flush_all() {
    std::swap(to_flush_, flushing_);
    for (const auto& connection : flushing_) {
        connection->flush_due = false;
        if (!connection->writing) flush(connection);
    }
    flushing_.clear();
}

void Loop::flush(const ConnectionPtr& connection) {
    const bool known = connections_[connection->id()] == connection;
    if (!known) return;
    const auto written = connection->flush(outboxes_);
    if (!written) return drop(*connection);
    counts_.bytes_out += *written;
    if (*written > 0) core_.on_written(connection->id(), *written);
    if (!connection->all_written()) {
        connection->writing = true;
        asio::co_spawn(context_, write_rest(connection), net::rethrow);
    } else if (connection->ending) {
        drop(*connection);
    }
}

/// One that is told to close gets what the socket takes at once, and no patience beyond; the others
/// are cut when they take nothing for the write deadline.
asio::awaitable<void> Loop::write_rest(ConnectionPtr connection) {
    bool writable = false;
    if (!connection->ending) {
        asio::steady_timer deadline(context_, limits_.write_deadline);
        deadline.async_wait([connection](const boost::system::error_code& error) {
            if (!error) connection->transport().close();
        });
        writable = co_await connection->transport().wait_writable();
        deadline.cancel();
    }
    connection->writing = false;
    if (writable) flush(connection);
    else drop(*connection);
    // Only slow readers need Asio.
    if (connection->is_watched() && !connection->writing) {
        connection->transport().watchable();
        read_later(*connection);  // TLS may have waited to write before it could read on
    }
    end_turn();
}

void Loop::set_timer() {
    const auto next = core_.next_deadline();
    if (!next || (timer_at_ && *timer_at_ <= *next)) return;
    timer_at_ = next;
    timer_.expires_at(std::chrono::steady_clock::time_point(next->time_since_epoch()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        timer_at_.reset();
        core_.on_time(net::now());
        end_turn();
    });
}

void Loop::begin_drain() {
    draining_ = true;
    for (auto& listener : listeners_) listener->acceptor.close();
    core_.on_shutdown(back_after);
    drain_timer_.expires_after(drain_time);
    drain_timer_.async_wait([this](const boost::system::error_code&) { context_.stop(); });
    end_turn();
}

void Loop::end_if_drained() {
    if (!draining_) return;
    const bool drained = std::ranges::all_of(
        connections_, [](const ConnectionPtr& connection) { return !connection || connection->all_written(); });
    if (drained) context_.stop();
}

}  // namespace parley::serve
