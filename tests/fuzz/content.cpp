// What a proven peer may seal: contents and envelopes are refused, or written back as they came. FAULTS C31
#include <cstdlib>

#include "client/content.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto content = client::decode_content(bytes); content && !equal(client::encode(*content), bytes))
        std::abort();
    const auto envelope = client::decode_envelope(bytes);
    if (envelope && !equal(client::encode(*envelope).reveal(), bytes)) std::abort();
    return 0;
}
