// Reading and writing a frame, beside copying its bytes.
#include <benchmark/benchmark.h>

#include <cstring>

#include "wire/codec.h"
#include "wire/stream.h"

namespace parley::wire {
namespace {

/// A whole Post with a body of this size, as the relay reads it.
Bytes post_with(std::int64_t body_size) {
    const Bytes body(static_cast<std::size_t>(body_size), 0x5a);
    Bytes frame;
    encode(ClientFrame(Post{7, SeatId(), {body}}), frame);
    return frame;
}

void copy_floor(benchmark::State& state) {
    const auto frame = post_with(state.range(0));
    Bytes copy(frame.size());
    for (auto _ : state) {
        std::memcpy(copy.data(), frame.data(), frame.size());
        benchmark::DoNotOptimize(copy.data());
    }
}

void decode_post(benchmark::State& state) {
    const auto bytes = post_with(state.range(0));
    const auto frame = ByteView(bytes).subspan(length_size);
    for (auto _ : state) {
        const auto decoded = decode_client(frame);
        benchmark::DoNotOptimize(&decoded);
    }
}

void decode_deliver(benchmark::State& state) {
    const Bytes body(static_cast<std::size_t>(state.range(0)), 0x5a);
    Bytes bytes;
    encode(RelayFrame(Deliver{9, SeatId(), {body}}), bytes);
    const auto frame = ByteView(bytes).subspan(length_size);
    for (auto _ : state) {
        const auto decoded = decode_relay(frame);
        benchmark::DoNotOptimize(&decoded);
    }
}

/// Many frames in one read: what the relay does most of the time.
void split_stream(benchmark::State& state) {
    Bytes stream;
    for (int i = 0; i < 1000; ++i) append(stream, post_with(state.range(0)));
    for (auto _ : state) {
        Stream parser;
        const auto fed = parser.feed(stream, [](ByteView frame) -> Status {
            const auto decoded = decode_client(frame);
            benchmark::DoNotOptimize(&decoded);
            return {};
        });
        benchmark::DoNotOptimize(&fed);
    }
    state.SetItemsProcessed(state.iterations() * 1000);
}

BENCHMARK(copy_floor)->Arg(64)->Arg(4096);
BENCHMARK(decode_post)->Arg(64)->Arg(4096);
BENCHMARK(decode_deliver)->Arg(64)->Arg(4096);
BENCHMARK(split_stream)->Arg(64)->Arg(4096);

}  // namespace
}  // namespace parley::wire
