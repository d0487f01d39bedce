// A stream in pieces gives the frames of the stream in one piece. The first byte says how to cut. FAULTS R12
#include <cstdlib>

#include "wire/stream.h"

using namespace parley;

static std::vector<Bytes> frames_of(ByteView stream, std::size_t piece, bool& failed) {
    wire::Stream parser;
    std::vector<Bytes> frames;
    for (std::size_t at = 0; at < stream.size() && !failed; at += piece) {
        const auto fed =
            parser.feed(stream.subspan(at, std::min(piece, stream.size() - at)), [&](ByteView frame) -> Status {
                frames.push_back(to_bytes(frame));
                return {};
            });
        failed = !fed;
    }
    return frames;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const ByteView stream(data + 1, size - 1);
    bool failed_whole = false;
    bool failed_cut = false;
    const auto whole = frames_of(stream, stream.size(), failed_whole);
    const auto cut = frames_of(stream, data[0] % 16U + 1U, failed_cut);
    if (whole != cut || failed_whole != failed_cut) std::abort();
    return 0;
}
