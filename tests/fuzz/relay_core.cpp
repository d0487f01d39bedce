// Connections that come, say anything and go, in any order: the core neither falls nor forgets to
// give back, and nothing follows a close.
#include <map>

#include "base/codec.h"
#include "base/ensure.h"
#include "relay/core.h"
#include "wire/stream.h"

namespace parley::relay {
namespace {

class CountingRandom : public Random {
public:
    void fill(MutableBytes out) override {
        for (auto& byte : out) byte = ++next_;
    }

private:
    std::uint8_t next_ = 0;
};

Limits small() {
    Limits limits;
    limits.out_queue = 4'096;
    limits.room_memory = 32'768;
    limits.seat_share = 4'096;
    limits.total_memory = 512U << 10U;
    limits.seats_per_room = 6;
    limits.not_joined = 8;
    limits.not_joined_early = 4;
    return limits;
}

template <class IdType>
IdType id_of(std::uint8_t number) {
    FixedBytes<IdType::size> bytes{};
    bytes[0] = number;
    return IdType(FixedView<IdType::size>(bytes));
}

class Play {
public:
    explicit Play(ByteView script) : script_(script) {}

    void run() {
        while (!script_.failed() && script_.remaining() > 0) {
            step(script_.number<std::uint8_t>());
            if (script_.number<std::uint8_t>() % 3 == 0) end_turn();
        }
        everybody_goes();
    }

private:
    void step(std::uint8_t choice) {
        switch (choice % 10) {
            case 0: connections_[core_.on_connect(now_)] = {}; return;
            case 1: return disconnect();
            case 2: return any_frame();
            case 3: return say(join());
            case 4:
            case 5: return post();
            case 6: return say(wire::Ack{script_.number<std::uint8_t>()});
            case 7: return pass(std::chrono::seconds(script_.number<std::uint16_t>()));
            case 8: return written();
            default: return partial();
        }
    }

    struct Connection {
        bool closed = false;
        std::size_t waiting = 0;
    };
    std::map<ConnectionId, Connection>::iterator someone() {
        if (connections_.empty()) return connections_.end();
        const auto steps = script_.number<std::uint8_t>() % connections_.size();
        return std::next(connections_.begin(), static_cast<std::ptrdiff_t>(steps));
    }
    void say(const wire::ClientFrame& frame) {
        const auto who = someone();
        if (who != connections_.end()) core_.on_frame(who->first, frame, now_);
    }
    void any_frame() {
        const auto bytes = script_.take(std::min<std::size_t>(script_.number<std::uint8_t>(), script_.remaining()));
        const auto frame = wire::decode_client(bytes);
        const auto who = someone();
        if (who == connections_.end()) return;
        if (frame) core_.on_frame(who->first, *frame, now_);
        else core_.on_bad_frame(who->first, now_);
    }
    wire::Join join() {
        wire::Join frame;
        const auto choice = script_.number<std::uint16_t>();
        frame.room = id_of<RoomId>(choice % 3);
        frame.seat = id_of<SeatId>((choice >> 2) % 8);
        frame.grace_seconds = (choice >> 5) % 2 == 0 ? 0 : 1'000;
        frame.secret[0] = (choice >> 6) % 16 == 0 ? 1 : 0;
        if ((choice >> 10) % 2 == 0) frame.resume = wire::ResumePoint{epoch_, script_.number<std::uint8_t>()};
        return frame;
    }
    /// Some that follow each other in one read, each body of one byte again and again.
    void post() {
        const auto choice = script_.number<std::uint8_t>();
        const auto to = (choice >> 4) % 2 == 0 ? std::nullopt : std::optional(id_of<SeatId>((choice >> 5) % 8));
        const auto first = script_.number<std::uint8_t>();
        const auto count = script_.number<std::uint8_t>() % 8U;
        Bytes stream;
        for (std::uint8_t i = 0; i <= count; ++i) {
            const Bytes body((choice & 15U) * 1'000U, static_cast<std::uint8_t>(choice + i));
            wire::encode(wire::Post{std::uint64_t{first} + i, to, {body}}, stream);
        }
        read(stream);
    }
    void read(ByteView stream) {
        const auto who = someone();
        if (who == connections_.end()) return;
        wire::Stream frames;
        while (!stream.empty()) {
            const auto into = core_.read_buffer();
            const auto piece = into.first(std::min(into.size(), stream.size()));
            put(stream.first(piece.size()), piece.data());
            core_.on_read(piece.size());
            stream = stream.subspan(piece.size());
            const auto on_frame = [&](ByteView bytes) {
                const auto post = wire::decode_post(bytes);
                if (post) core_.on_post(who->first, *post, now_);
                return post ? Status{} : std::unexpected(post.error());
            };
            const auto take_behind = [&](ByteView behind) {
                return core_.on_posts_behind(who->first, behind, now_).bytes;
            };
            const auto fed = frames.feed(piece, on_frame, take_behind);
            ensure(fed.has_value(), "what was encoded can be read");
        }
    }
    void pass(Duration time) {
        now_ += time;
        core_.on_time(now_);
    }
    void written() {
        const auto who = someone();
        if (who == connections_.end()) return;
        const auto bytes = std::min<std::size_t>(who->second.waiting, script_.number<std::uint16_t>());
        who->second.waiting -= bytes;
        core_.on_written(who->first, bytes);
    }
    void partial() {
        const auto who = someone();
        if (who != connections_.end()) core_.on_bytes(who->first, script_.number<std::uint8_t>() % 8, now_);
    }
    void disconnect() {
        const auto who = someone();
        if (who == connections_.end()) return;
        core_.on_disconnect(who->first, now_);
        connections_.erase(who);
    }

    void end_turn() {
        core_.end_turn(now_);
        while (!core_.output().empty()) core_.output().drain([this](auto& item) { take(item); });
    }
    void take(const Outgoing& out) {
        auto bytes = to_bytes(out.head_view());
        append(bytes, out.body_view());
        const auto understood = wire::Stream().feed(bytes, [this](ByteView frame) { return hear(frame); });
        ensure(understood.has_value(), "what the core says can be understood");
        const auto found = connections_.find(out.to);
        if (found == connections_.end()) return;
        ensure(!found->second.closed, "nothing follows a close");
        found->second.waiting += out.size();
    }
    Status hear(ByteView bytes) {
        const auto frame = wire::decode_relay(bytes);
        if (!frame) return std::unexpected(frame.error());
        if (const auto* welcome = std::get_if<wire::Welcome>(&*frame)) epoch_ = welcome->epoch;
        const auto* deliver = std::get_if<wire::Deliver>(&*frame);
        constexpr std::size_t ours = 1'000;  // smaller ones may be anything
        if (deliver == nullptr || deliver->body.bytes.size() < ours) return {};
        const auto body = deliver->body.bytes;
        ensure(std::ranges::count(body, body[0]) == std::ssize(body), "a body stays as it was posted");
        return {};
    }
    void take(const Close& close) {
        const auto found = connections_.find(close.connection);
        if (found != connections_.end()) found->second.closed = true;
    }

    void everybody_goes() {
        for (const auto& [id, connection] : connections_) core_.on_disconnect(id, now_);
        pass(std::chrono::hours(24));
        end_turn();
        ensure(core_.charged() == 0 && core_.payloads() == 0 && core_.rooms() == 0, "everything is given back");
        pass(Limits{}.wipe_delay);
        end_turn();
        ensure(!core_.next_deadline() && !core_.has_stale(), "nobody is waited for, and nothing lies about");
    }

    Reader script_;
    CountingRandom random_;
    Core core_{small(), random_};
    std::map<ConnectionId, Connection> connections_;
    RoomEpoch epoch_;
    Time now_{};
};

}  // namespace
}  // namespace parley::relay

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::relay::Play({data, size}).run();
    return 0;
}
