#include "wire/codec.h"

#include "base/ensure.h"
#include "wire/fields.h"

namespace parley::wire {
namespace {

template <class Variant>
void encode_any(const Variant& frame, Bytes& out) {
    const auto start = out.size();
    out.resize(start + length_size);
    Writer writer(out);
    std::visit(
        [&]<class Frame>(const Frame& value) {
            writer.number(Frame::type);
            FieldWriter<Bytes>{writer}.write(value);
        },
        frame);
    const auto length = out.size() - start - length_size;
    ensure(length <= max_frame, "no frame is larger than its limit");
    put_number(static_cast<std::uint32_t>(length), out.data() + start);
}

template <class Frame, class Outcome>
Frame& frame_in(Outcome& outcome) {
    if constexpr (std::is_same_v<Frame, Outcome>) return outcome;
    else return std::get<Frame>(outcome);
}

/// A frame alone, or as one alternative of a variant.
template <class Outcome, class Frame, class... Alternative>
Result<Outcome> decode_fields(ByteView fields, Alternative... alternative) {
    FieldReader reader{Reader(fields)};
    Result<Outcome> frame(std::in_place, alternative...);
    reader.read(frame_in<Frame>(*frame));
    // One object for both outcomes: it is made where the caller wants it and never moved.
    if (auto done = reader.finish(); !done) frame = std::unexpected(done.error());
    return frame;
}

/// Tries each alternative of the variant in turn; the compiler makes a jump table of it.
template <class Variant, std::size_t I = 0>
Result<Variant> decode_type(std::uint8_t type, ByteView fields) {
    if constexpr (I == std::variant_size_v<Variant>) {
        return fail(Errc::unknown_type, "no frame of this type");
    } else {
        using Frame = std::variant_alternative_t<I, Variant>;
        if (type == Frame::type) return decode_fields<Variant, Frame>(fields, std::in_place_type<Frame>);
        return decode_type<Variant, I + 1>(type, fields);
    }
}

template <class Variant>
Result<Variant> decode_any(ByteView frame) {
    if (frame.empty()) return fail(Errc::truncated, "a frame without a type");
    if (frame.size() > max_frame) return fail(Errc::too_large, "a frame beyond the limit");
    return decode_type<Variant>(frame[0], frame.subspan(1));
}

}  // namespace

void encode(const ClientFrame& frame, Bytes& out) { encode_any(frame, out); }
void encode(const RelayFrame& frame, Bytes& out) { encode_any(frame, out); }

Result<ClientFrame> decode_client(ByteView frame) { return decode_any<ClientFrame>(frame); }
Result<RelayFrame> decode_relay(ByteView frame) { return decode_any<RelayFrame>(frame); }

Result<Post> decode_post(ByteView frame) {
    if (frame.size() > max_frame) return fail(Errc::too_large, "a frame beyond the limit");
    return decode_fields<Post, Post>(frame.subspan(1));
}

std::string_view explain(RefuseReason reason) {
    switch (reason) {
        case RefuseReason::protocol_error: return "the relay did not understand this client: is one of them too old?";
        case RefuseReason::wrong_version: return "the relay speaks another version: update the older of the two";
        case RefuseReason::wrong_secret: return "this seat belongs to someone else: join anew";
        case RefuseReason::seat_taken_over: return "your seat was taken over by a newer connection of yours";
        case RefuseReason::room_full: return "the room is full: ask for another invitation";
        case RefuseReason::slow_reader: return "this connection read too slowly: it resumes by itself";
        case RefuseReason::too_late: return "the relay waited too long for this client: it connects again";
        case RefuseReason::too_many: return "the relay has too many connections: try again later";
        case RefuseReason::no_memory: return "the relay has no memory left: try again later";
        case RefuseReason::wrong_token: return "the relay asks for an access token: use an invitation that has one";
    }
    return "the relay gave no reason this client knows";
}

}  // namespace parley::wire
