// A relay core at a table: people with inboxes, a clock that the test moves, a shell without sockets.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>

#include "relay/core.h"
#include "wire/stream.h"

namespace parley::relay::testing {

using namespace std::chrono_literals;

/// The same bytes in every run.
class CountingRandom : public Random {
public:
    void fill(MutableBytes out) override {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>((state_ = state_ * 6364136223846793005U + 1442695040888963407U) >> 56);
    }

private:
    std::uint64_t state_ = 1;
};

template <class IdType>
IdType id_of(std::uint64_t number) {
    FixedBytes<IdType::size> bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return IdType(FixedView<IdType::size>(bytes));
}
inline SeatId seat(std::uint64_t number) { return id_of<SeatId>(number); }
inline RoomId room(std::uint64_t number) { return id_of<RoomId>(number); }
inline FixedBytes<32> secret(std::uint64_t number) {
    FixedBytes<32> bytes{};
    bytes.fill(static_cast<std::uint8_t>(number * 7 + 1));
    return bytes;
}

/// A frame from the relay with the bytes that it borrows from.
struct Received {
    std::shared_ptr<const Bytes> bytes;
    wire::RelayFrame frame;
};

/// What became of one connection.
struct Inbox {
    std::vector<Received> frames;
    bool closed = false;

    template <class Frame>
    std::vector<Frame> all() const {
        std::vector<Frame> found;
        for (const auto& received : frames) {
            if (const auto* frame = std::get_if<Frame>(&received.frame)) found.push_back(*frame);
        }
        return found;
    }
    template <class Frame>
    std::size_t count() const {
        return all<Frame>().size();
    }
    template <class Frame>
    Frame last() const {
        const auto found = all<Frame>();
        EXPECT_FALSE(found.empty()) << "no " << Frame::name << " came";
        return found.empty() ? Frame{} : found.back();
    }
    std::vector<std::uint64_t> seqs() const {
        std::vector<std::uint64_t> seqs;
        for (const auto& frame : all<wire::Deliver>()) seqs.push_back(frame.seq);
        return seqs;
    }
    std::vector<std::string> bodies() const {
        std::vector<std::string> bodies;
        for (const auto& frame : all<wire::Deliver>()) bodies.emplace_back(text_of(frame.body.bytes));
        return bodies;
    }
    bool refused(wire::RefuseReason reason) const {
        return closed && count<wire::Refused>() == 1 && last<wire::Refused>().reason == reason;
    }
};

class Table {
public:
    /// A Posted comes at the end of its turn, if nothing else is said.
    explicit Table(const Limits& limits = {}, Duration posted_delay = 0s)
        : core(waiting(limits, posted_delay), random_) {}

    ConnectionId connect() {
        const auto id = core.on_connect(now);
        inboxes[id] = {};
        frozen_.erase(id);
        end_turn();
        return id;
    }
    void disconnect(ConnectionId id) {
        core.on_disconnect(id, now);
        end_turn();
    }
    void say(ConnectionId id, const wire::ClientFrame& frame) {
        read(id, {frame});
        end_turn();
    }
    /// Frames that come in one read, or, larger, in several; no turn ends.
    void read(ConnectionId id, const std::vector<wire::ClientFrame>& frames) {
        Bytes stream;
        for (const auto& frame : frames) wire::encode(frame, stream);
        wire::Stream pieces;
        for (ByteView rest = stream; !rest.empty();) {
            const auto into = core.read_buffer();
            const auto piece = into.first(std::min(into.size(), rest.size()));
            put(rest.first(piece.size()), piece.data());
            core.on_read(piece.size());
            rest = rest.subspan(piece.size());
            const auto fed = pieces.feed(
                piece, [&](ByteView bytes) { return on_bytes(id, bytes); },
                [&](ByteView behind) { return core.on_posts_behind(id, behind, now).bytes; });
            EXPECT_TRUE(fed) << fed.error().what;
        }
    }
    void end_turn() {
        core.end_turn(now);
        while (!core.output().empty()) core.output().drain([this](auto& item) { take(item); });
    }
    /// Moves the clock, stopping at each deadline on the way.
    void pass(Duration time) {
        const auto until = now + time;
        while (core.next_deadline() && *core.next_deadline() <= until) {
            now = *core.next_deadline();
            core.on_time(now);
            end_turn();
        }
        now = until;
    }
    /// The same, while one of them keeps the connection alive.
    void pass_beside(ConnectionId awake, Duration time) {
        for (; time > 60s; time -= 60s) {
            pass(60s);
            say(awake, wire::Ping{});
        }
        pass(time);
        say(awake, wire::Ping{});
    }

    wire::Join join_frame(std::uint64_t who, std::uint64_t where = 1) const {
        wire::Join frame;
        frame.room = room(where);
        frame.seat = seat(who);
        frame.secret = secret(who);
        frame.grace_seconds = 600;
        return frame;
    }
    ConnectionId join(const wire::Join& frame) {
        const auto id = connect();
        say(id, frame);
        return id;
    }
    ConnectionId join(std::uint64_t who, std::uint64_t where = 1) { return join(join_frame(who, where)); }
    ConnectionId resume(std::uint64_t who, std::uint64_t last_seq, const RoomEpoch& epoch) {
        auto frame = join_frame(who);
        frame.resume = wire::ResumePoint{epoch, last_seq};
        return join(frame);
    }
    void post(ConnectionId id, std::uint64_t message, std::string_view text, std::optional<SeatId> to = {}) {
        say(id, wire::Post{message, to, {bytes_of(text)}});
    }

    Inbox& at(ConnectionId id) { return inboxes[id]; }
    RoomEpoch epoch(ConnectionId id) { return at(id).last<wire::Welcome>().epoch; }

    /// Who does not read: what is for them waits and is not reported as written.
    void freeze(ConnectionId id) { frozen_[id] = 0; }
    void thaw(ConnectionId id) {
        const auto waiting = frozen_.extract(id);
        core.on_written(id, waiting.mapped());
        end_turn();
    }
    std::size_t waiting_for(ConnectionId id) const { return frozen_.at(id); }

private:
    CountingRandom random_;

    static Limits waiting(Limits limits, Duration posted_delay) {
        limits.posted_delay = posted_delay;
        return limits;
    }
    Status on_bytes(ConnectionId id, ByteView bytes) {
        const auto frame = wire::decode_client(bytes);
        if (!frame) return std::unexpected(frame.error());
        core.on_frame(id, *frame, now);
        return {};
    }
    void take(const Outgoing& out) {
        EXPECT_FALSE(inboxes[out.to].closed) << "nothing follows a close";
        auto bytes = to_bytes(out.head_view());
        append(bytes, out.body_view());
        const auto whole = wire::Stream().feed(bytes, [&](ByteView frame) { return put_in(inboxes[out.to], frame); });
        EXPECT_TRUE(whole) << whole.error().what;
        if (frozen_.contains(out.to)) frozen_[out.to] += out.size();
        else core.on_written(out.to, out.size());
    }
    static Status put_in(Inbox& inbox, ByteView bytes) {
        const auto kept = std::make_shared<const Bytes>(to_bytes(bytes));
        const auto frame = wire::decode_relay(*kept);
        if (!frame) return std::unexpected(frame.error());
        inbox.frames.push_back({kept, *frame});
        return {};
    }
    void take(const Close& close) { inboxes[close.connection].closed = true; }

    std::map<ConnectionId, std::size_t> frozen_;

public:
    Time now{};
    Core core;
    std::map<ConnectionId, Inbox> inboxes;
};

}  // namespace parley::relay::testing
