// The relay's core alone, beside a loop that only finds the frames and copies them.
#include <benchmark/benchmark.h>

#include <cstring>

#include "relay/core.h"
#include "support/allocations.h"
#include "wire/stream.h"

namespace parley::relay {
namespace {

using parley::testing::allocations;

/// What fits into one read of the shell, 256 KiB.
std::size_t frames_per_turn(std::size_t body_size) { return (256U << 10U) / (body_size + wire::post_header_size); }

class CountingRandom : public Random {
public:
    void fill(MutableBytes out) override {
        for (auto& byte : out) byte = ++next_;
    }

private:
    std::uint8_t next_ = 0;
};

SeatId seat(std::uint32_t number) {
    FixedBytes<16> bytes{};
    bytes[0] = static_cast<std::uint8_t>(number);
    bytes[1] = static_cast<std::uint8_t>(number >> 8);
    bytes[2] = 1;  // none is all zeros
    return SeatId(FixedView<16>(bytes));
}

Limits no_join_limit() {
    Limits limits;
    limits.joins.burst = 100'000;
    limits.seats_per_room = 2'000;
    return limits;
}

/// Seats of one room whose readers take everything at once.
class Hall {
public:
    explicit Hall(std::uint32_t seats) {
        for (std::uint32_t i = 0; i < seats; ++i) {
            wire::Join join;
            join.seat = seat(i);
            ids.push_back(core.on_connect({}));
            core.on_frame(ids.back(), join, {});
            end_turn();
        }
    }

    void end_turn() {
        core.end_turn({});
        while (!core.output().empty()) core.output().drain([this](auto& item) { take(item); });
    }
    /// As a read brings them.
    void say(ConnectionId who, ByteView stream, std::size_t frame_size) {
        while (!stream.empty()) {
            const auto into = core.read_buffer();
            const auto read = into.first(std::min(stream.size(), into.size() / frame_size * frame_size));
            put(stream.first(read.size()), read.data());
            stream = stream.subspan(read.size());
            const auto fed = wire::Stream().feed(
                read, [&](ByteView frame) { return on_frame(who, frame); },
                [&](ByteView behind) { return core.on_posts_behind(who, behind, {}).bytes; });
            if (!fed) std::abort();
        }
    }
    void acknowledge(ConnectionId who) { core.on_frame(who, wire::Ack{delivered}, {}); }

    CountingRandom random;
    Core core{no_join_limit(), random};
    std::vector<ConnectionId> ids;
    std::uint64_t delivered = 0;
    std::uint64_t posted = 0;

private:
    Status on_frame(ConnectionId who, ByteView frame) {
        core.on_post(who, *wire::decode_post(frame), {});
        return {};
    }
    void take(const Outgoing& out) { core.on_written(out.to, out.size()); }
    void take(const Close&) { std::abort(); }
};

/// A stream of posts as a client writes them, ids to be filled in.
Bytes posts(std::size_t count, std::size_t body_size, std::size_t& frame_size, std::optional<SeatId> to = seat(1)) {
    Bytes stream;
    const Bytes body(body_size, 0x5a);
    const wire::Post post{0, to, {body}};
    wire::encode(wire::ClientFrame(post), stream);
    frame_size = stream.size();
    const auto one = stream;
    for (std::size_t i = 1; i < count; ++i) append(stream, one);
    return stream;
}

void number(Bytes& stream, std::size_t frame_size, std::uint64_t& next_id) {
    for (std::size_t at = wire::length_size + 1; at < stream.size(); at += frame_size) {
        const auto id = ++next_id;
        for (int i = 0; i < 8; ++i)
            stream[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(id >> (56 - 8 * i));
    }
}

void report(benchmark::State& state, std::size_t frames_a_turn, std::size_t allocated) {
    const auto frames = static_cast<double>(state.iterations()) * static_cast<double>(frames_a_turn);
    state.counters["frames"] = benchmark::Counter(frames, benchmark::Counter::kIsRate);
    state.counters["allocations_a_frame"] = static_cast<double>(allocated) / frames;
}

/// Finds each frame and copies it behind the header a receiver needs: no room, no seat, no memory.
void floor_of_copies(benchmark::State& state) {
    std::size_t frame_size = 0;
    const auto body_size = static_cast<std::size_t>(state.range(0));
    const auto frames = frames_per_turn(body_size);
    auto stream = posts(frames, body_size, frame_size);
    Bytes out(stream.size() + frames * wire::post_header_size);
    std::uint64_t id = 0;
    const auto before = allocations();
    for (auto _ : state) {
        number(stream, frame_size, id);
        ByteView rest = stream;
        auto* to = out.data();
        while (const auto size = *wire::next_frame_size(rest)) {
            std::memcpy(to, rest.data(), size);
            to += size;
            rest = rest.subspan(size);
        }
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    report(state, frames, allocations() - before);
}

/// Decoding, the check for duplicates, the order, one receiver, its acknowledgement.
void core_of_two(benchmark::State& state) {
    std::size_t frame_size = 0;
    const auto body_size = static_cast<std::size_t>(state.range(0));
    const auto frames = frames_per_turn(body_size);
    auto stream = posts(frames, body_size, frame_size);
    Hall hall(2);
    const auto turn = [&] {
        number(stream, frame_size, hall.posted);
        hall.say(hall.ids[0], stream, frame_size);
        hall.delivered += frames;
        hall.end_turn();
        hall.acknowledge(hall.ids[1]);
        if (hall.core.payloads() != 0) state.SkipWithError("not everything was delivered");
    };
    for (int warm = 0; warm < 4; ++warm) turn();
    const auto before = allocations();
    for (auto _ : state) turn();
    report(state, frames, allocations() - before);
}

/// Each frame is acknowledged alone, in a turn of its own: people who talk, not a stream.
void core_ping_pong(benchmark::State& state) {
    std::size_t frame_size = 0;
    auto stream = posts(1, 64, frame_size);
    Hall hall(2);
    const auto turn = [&] {
        number(stream, frame_size, hall.posted);
        hall.say(hall.ids[0], stream, frame_size);
        ++hall.delivered;
        hall.end_turn();
        hall.acknowledge(hall.ids[1]);
    };
    for (int warm = 0; warm < 4; ++warm) turn();
    const auto before = allocations();
    for (auto _ : state) turn();
    report(state, 1, allocations() - before);
}

/// One author, everyone else receives: deliveries are counted.
void core_fan_out(benchmark::State& state) {
    constexpr std::size_t posts_per_turn = 16;
    const auto seats = static_cast<std::uint32_t>(state.range(0));
    Hall hall(seats);
    std::size_t frame_size = 0;
    auto stream = posts(posts_per_turn, 256, frame_size, std::nullopt);
    const auto turn = [&] {
        number(stream, frame_size, hall.posted);
        hall.say(hall.ids[0], stream, frame_size);
        hall.delivered += posts_per_turn;
        hall.end_turn();
        for (std::uint32_t i = 1; i < seats; ++i) hall.acknowledge(hall.ids[i]);
        if (hall.core.payloads() != 0) state.SkipWithError("not everything was delivered");
    };
    for (int warm = 0; warm < 4; ++warm) turn();
    const auto before = allocations();
    for (auto _ : state) turn();
    report(state, posts_per_turn * (seats - 1), allocations() - before);
}

BENCHMARK(floor_of_copies)->Arg(64)->Arg(4096);
BENCHMARK(core_of_two)->Arg(64)->Arg(4096);
BENCHMARK(core_ping_pong);
BENCHMARK(core_fan_out)->Arg(16)->Arg(1000);

}  // namespace
}  // namespace parley::relay
