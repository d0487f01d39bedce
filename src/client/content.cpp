#include "client/content.h"

#include "base/codec.h"
#include "base/utf8.h"
#include "client/limits.h"
#include "crypto/hash.h"
#include "crypto/labels.h"
#include "identity/card.h"

namespace parley::client {
namespace {

enum class SaidKind : std::uint8_t { text = 1, new_name = 2, time_to_live = 3, file_offer = 4, file_answer = 5 };
/// What stands under the number 0.
enum class SignalKind : std::uint8_t { file_status = 1, still_there = 2 };
constexpr std::uint64_t no_number = 0;

struct WriteSaid {
    Writer& out;

    void operator()(const Text& said) const {
        out.number(static_cast<std::uint8_t>(SaidKind::text));
        out.number(said.ttl);
        out.raw(bytes_of(said.text));
    }
    void operator()(const NewName& said) const {
        out.number(static_cast<std::uint8_t>(SaidKind::new_name));
        out.raw(bytes_of(said.name));
    }
    void operator()(const TimeToLive& said) const {
        out.number(static_cast<std::uint8_t>(SaidKind::time_to_live));
        out.number(said.seconds);
    }
    void operator()(const FileOffer& said) const {
        out.number(static_cast<std::uint8_t>(SaidKind::file_offer));
        write(out, said);
    }
    void operator()(const FileAnswer& said) const {
        out.number(static_cast<std::uint8_t>(SaidKind::file_answer));
        write(out, said);
    }
};

Result<Said> read_text(Reader& in) {
    const auto ttl = in.number<std::uint32_t>();
    if (in.failed()) return fail(Errc::truncated, "a text without its time to live");
    Text said{std::string(text_of(in.rest())), ttl};
    if (said.text.size() > max_text) return fail(Errc::too_large, "a text beyond 60,000 bytes");
    if (!is_valid_utf8(said.text)) return fail(Errc::not_canonical, "text that is not UTF-8");
    if (ttl > max_ttl_seconds) return fail(Errc::too_large, "a time to live beyond a year");
    return said;
}

Result<Said> read_new_name(Reader& in) {
    NewName said{std::string(text_of(in.rest()))};
    if (!identity::is_acceptable_name(said.name)) return fail(Errc::bad_input, "a name nobody may have");
    return said;
}

Result<Said> read_time_to_live(Reader& in) {
    const TimeToLive said{in.number<std::uint32_t>()};
    if (auto whole = in.finish(); !whole) return std::unexpected(whole.error());
    if (said.seconds > max_ttl_seconds) return fail(Errc::too_large, "a time to live beyond a year");
    return said;
}

Result<Said> read_said(Reader& in) {
    switch (static_cast<SaidKind>(in.number<std::uint8_t>())) {
        case SaidKind::text: return read_text(in);
        case SaidKind::new_name: return read_new_name(in);
        case SaidKind::time_to_live: return read_time_to_live(in);
        case SaidKind::file_offer: return read_file_offer(in);
        case SaidKind::file_answer: return read_file_answer(in);
    }
    return fail(Errc::unknown_type, "a content of no known kind");
}

Result<bool> read_flag(Reader& in) {
    const auto flag = in.number<std::uint8_t>();
    if (flag > 1) return fail(Errc::not_canonical, "a flag that is neither 0 nor 1");
    return flag == 1;
}

Result<std::vector<HeadOf>> read_heads(Reader& in) {
    const auto count = in.number<std::uint8_t>();
    if (count >= max_people) return fail(Errc::too_large, "heads of more authors than a room has");
    std::vector<HeadOf> heads;
    for (std::uint8_t i = 0; i < count; ++i) {
        const auto author = in.id<IdentityId>();
        const auto k = in.number<std::uint64_t>();
        if (!heads.empty() && author <= heads.back().author) {
            return fail(Errc::not_canonical, "heads out of order");
        }
        heads.push_back({author, {k, in.id<ContentHash>()}});
    }
    return heads;
}

Result<DeliveryAck> read_ack(Reader& in) {
    DeliveryAck ack{in.number<std::uint64_t>(), {}};
    const auto again = read_flag(in);
    if (!again) return std::unexpected(again.error());
    ack.post_again = *again;
    const auto count = in.number<std::uint8_t>();
    if (count > max_ack_ranges) return fail(Errc::too_large, "too many ranges acknowledged");
    auto below = ack.through;
    for (std::uint8_t i = 0; i < count; ++i) {
        const AckRange range{in.number<std::uint64_t>(), in.number<std::uint64_t>()};
        // A range that touches the one below it would be a second way to write one range.
        const bool apart = range.first > below && range.first - below >= 2 && range.last >= range.first;
        if (!apart) return fail(Errc::not_canonical, "ranges out of order");
        below = range.last;
        ack.beyond.push_back(range);
    }
    return ack;
}

Result<Signal> read_still_there(const Reader& in) {
    if (auto whole = in.finish(); !whole) return std::unexpected(whole.error());
    return StillThere{};
}

Result<Signal> read_signal(Reader& in) {
    switch (static_cast<SignalKind>(in.number<std::uint8_t>())) {
        case SignalKind::file_status: return decode_file_status(in.rest());
        case SignalKind::still_there: return read_still_there(in);
    }
    return fail(Errc::unknown_type, "a signal of no known kind");
}

struct WriteSignal {
    Writer& out;

    void operator()(const FileStatus& status) const {
        out.number(static_cast<std::uint8_t>(SignalKind::file_status));
        out.raw(encode(status));
    }
    void operator()(const StillThere&) const { out.number(static_cast<std::uint8_t>(SignalKind::still_there)); }
};

template <class Out>
void write_ack(BasicWriter<Out>& out, const DeliveryAck& ack) {
    out.number(ack.through);
    out.number(static_cast<std::uint8_t>(ack.post_again));
    out.number(static_cast<std::uint8_t>(ack.beyond.size()));
    for (const auto& range : ack.beyond) {
        out.number(range.first);
        out.number(range.last);
    }
}

}  // namespace

Bytes encode(const Content& content) {
    Bytes bytes;
    Writer out(bytes);
    out.id(content.id);
    out.number(content.k);
    out.id(content.previous);
    out.id(content.roster);
    out.number(static_cast<std::uint8_t>(content.heads.size()));
    for (const auto& [author, head] : content.heads) {
        out.id(author);
        out.number(head.k);
        out.id(head.hash);
    }
    std::visit(WriteSaid{out}, content.said);
    return bytes;
}

Result<Content> decode_content(ByteView bytes) {
    Reader in(bytes);
    Content content;
    content.id = in.id<ContentId>();
    content.k = in.number<std::uint64_t>();
    content.previous = in.id<ContentHash>();
    content.roster = in.id<RosterHash>();
    auto heads = read_heads(in);
    if (!heads) return std::unexpected(heads.error());
    if (in.failed()) return fail(Errc::truncated, "a content without its end");
    content.heads = std::move(*heads);
    auto said = read_said(in);
    if (!said) return std::unexpected(said.error());
    content.said = std::move(*said);
    if (content.k == 0) return fail(Errc::not_canonical, "contents are counted from 1");
    return content;
}

ContentHash hash_of(ByteView encoded_content) {
    return ContentHash(crypto::sha256({crypto::labels::content_hash, encoded_content}).view());
}

SecretBytes encode(const Envelope& envelope) {
    Bytes head;
    Writer out(head);
    write_ack(out, envelope.ack);
    out.number(envelope.head.k);
    out.id(envelope.head.hash);
    out.number(envelope.sent);
    out.number(envelope.settled);
    out.number(static_cast<std::uint8_t>(envelope.signs.typing));
    out.number(envelope.signs.read_through);
    if (envelope.signal) {
        out.number(no_number);
        std::visit(WriteSignal{out}, *envelope.signal);
    }
    if (!envelope.content) return SecretBytes(head);
    out.number(envelope.content->number);
    return SecretBytes({head, envelope.content->content});
}

Result<Envelope> decode_envelope(ByteView bytes) {
    Reader in(bytes);
    auto ack = read_ack(in);
    if (!ack) return std::unexpected(ack.error());
    if (in.failed()) return fail(Errc::truncated, "an envelope without its end");
    const auto k = in.number<std::uint64_t>();
    Envelope envelope{
        std::move(*ack), {k, in.id<ContentHash>()}, in.number<std::uint64_t>(), in.number<std::uint64_t>()};
    if (envelope.settled > envelope.sent) return fail(Errc::not_canonical, "settled what was never sent");
    const auto typing = read_flag(in);
    if (!typing) return std::unexpected(typing.error());
    envelope.signs = {*typing, in.number<std::uint64_t>()};
    if (in.failed()) return fail(Errc::truncated, "an envelope without its end");
    if (in.remaining() == 0) return envelope;
    const auto number = in.number<std::uint64_t>();
    if (in.failed()) return fail(Errc::truncated, "an envelope without its end");
    if (number == no_number) {
        auto signal = read_signal(in);
        if (!signal) return std::unexpected(signal.error());
        envelope.signal = std::move(*signal);
        return envelope;
    }
    envelope.content = Numbered{number, in.rest()};
    return envelope;
}

}  // namespace parley::client
