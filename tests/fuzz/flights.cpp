// Every decoder of the ratchet: what decodes encodes to the same bytes again. ATTACKS 22
#include <cstdlib>

#include "ratchet/body.h"
#include "ratchet/flights.h"
#include "ratchet/header.h"
#include "ratchet/save.h"

namespace parley::ratchet {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// The fuzzer's bytes in front of a whole body, zeros behind.
Bytes body_of(BodyKind kind, ByteView input) {
    Bytes body(handshake_body);
    std::ranges::copy(input.first(std::min(input.size(), body.size() - 2)), body.begin() + 2);
    body[0] = static_cast<std::uint8_t>(kind);
    body[1] = 1;
    return body;
}

void decode_all(ByteView input) {
    (void)kind_of(input);
    const auto init_body = body_of(BodyKind::init, input);
    if (const auto init = decode_init(init_body)) require(encode(*init) == init_body);
    const auto answer_body = body_of(BodyKind::answer, input);
    if (const auto answer = decode_answer(answer_body)) require(encode(*answer) == answer_body);

    EncodedHeader header_bytes{};
    std::ranges::copy(input.first(std::min(input.size(), header_bytes.size())), header_bytes.begin());
    if (const auto header = decode(header_bytes)) require(encode(*header) == header_bytes);

    if (const auto state = restore(input, Time{})) require(equal(save(*state, Time{}).reveal(), input));
}

}  // namespace
}  // namespace parley::ratchet

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::ratchet::decode_all(parley::ByteView(data, size));
    return 0;
}
