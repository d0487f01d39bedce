#include "ratchet/body.h"

namespace parley::ratchet {

Result<BodyKind> kind_of(ByteView body) {
    const auto size = body.size();
    if (size != small_body && size != medium_body && size != large_body) {
        return fail(Errc::truncated, "not a size that bodies have");
    }
    if (body[0] > static_cast<std::uint8_t>(BodyKind::chunk)) return fail(Errc::unknown_type, "no kind of body");
    const auto kind = static_cast<BodyKind>(body[0]);
    if (kind == BodyKind::message) return kind;
    if (kind == BodyKind::chunk && size != large_body) return fail(Errc::truncated, "a chunk is large");
    if (kind == BodyKind::chunk) return kind;
    if (size != handshake_body) return fail(Errc::truncated, "a handshake body is small");
    if (kind == BodyKind::hello && !equal(body, hello())) return fail(Errc::not_canonical, "Hello carries nothing");
    return kind;
}

Bytes hello() {
    Bytes body(handshake_body);
    body[0] = static_cast<std::uint8_t>(BodyKind::hello);
    return body;
}

}  // namespace parley::ratchet
