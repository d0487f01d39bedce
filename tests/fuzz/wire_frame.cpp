// Whatever bytes come: a frame is refused, or it is written back as it came. FAULTS R12
#include <cstdlib>

#include "wire/codec.h"

using namespace parley;

template <class Decoded>
static void check(ByteView frame, const Decoded& decoded) {
    if (!decoded) return;
    Bytes again;
    wire::encode(*decoded, again);
    if (!equal(ByteView(again).subspan(wire::length_size), frame)) std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView frame(data, size);
    check(frame, wire::decode_client(frame));
    check(frame, wire::decode_relay(frame));
    return 0;
}
