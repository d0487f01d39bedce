// Writes docs/WIRE.md and tests/vectors/wire.json from the declarations in wire/frames.h, so that
// neither can say anything else than the code does.
//
//   wire_doc page | vectors
#include <cstdio>
#include <string>

#include "wire/examples.h"

namespace parley::wire {
namespace {

template <class T>
struct Described;
template <>
struct Described<std::uint8_t> {
    static std::string type() { return "u8"; }
    static std::string size() { return "1"; }
};
template <>
struct Described<std::uint16_t> {
    static std::string type() { return "u16"; }
    static std::string size() { return "2"; }
};
template <>
struct Described<std::uint32_t> {
    static std::string type() { return "u32"; }
    static std::string size() { return "4"; }
};
template <>
struct Described<std::uint64_t> {
    static std::string type() { return "u64"; }
    static std::string size() { return "8"; }
};
template <class Tag, std::size_t N>
struct Described<Id<Tag, N>> {
    static std::string type() { return "bytes"; }
    static std::string size() { return std::to_string(N); }
};
template <std::size_t N>
struct Described<FixedBytes<N>> {
    static std::string type() { return "bytes"; }
    static std::string size() { return std::to_string(N); }
};
template <std::size_t Limit>
struct Described<Payload<Limit>> {
    static std::string type() { return "payload"; }
    static std::string size() { return "the rest, at most " + std::to_string(Limit); }
};
template <class T>
    requires std::is_enum_v<T>
struct Described<T> {
    static std::string type() { return "u8"; }
    static std::string size() { return "1"; }
};
template <>
struct Described<ResumePoint> {
    static std::string type() { return "epoch, u64"; }
    static std::string size() { return "24"; }
};
/// Zeros: none.
template <>
struct Described<std::optional<SeatId>> : Described<SeatId> {};
template <class T>
struct Described<std::optional<T>> {
    static std::string type() { return "optional " + Described<T>::type(); }
    static std::string size() { return "1, or 1 + " + Described<T>::size(); }
};

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

template <class Frame>
std::string row(const auto& field) {
    using Type = std::remove_cvref_t<decltype(std::declval<Frame>().*field.member)>;
    return "| " + std::string(field.name) + " | " + Described<Type>::type() + " | " + Described<Type>::size() + " | " +
           std::string(field.meaning) + " |\n";
}

template <class Frame>
void print_frame(const Frame& example, std::string_view from_to) {
    char type[8];
    std::snprintf(type, sizeof type, "%02X", Frame::type);
    print("### " + std::string(Frame::name) + " (" + type + ", " + std::string(from_to) + ")\n\n");
    print(std::string(Frame::meaning) + "\n\n");
    if constexpr (std::tuple_size_v<decltype(Frame::fields())> == 0) {
        print("No fields.\n\n");
    } else {
        print("| field | type | bytes | meaning |\n|---|---|---|---|\n");
        std::apply([](const auto&... field) { (print(row<Frame>(field)), ...); }, Frame::fields());
        print("\n");
    }
    const auto hex = to_hex(encoded(example));
    print("Example: `" + hex.substr(0, 160) + (hex.size() > 160 ? "...`" : "`") + "\n\n");
}

void print_reasons() {
    print("## Reasons of a refusal\n\n| number | what the user reads |\n|---|---|\n");
    for (int reason = 0; reason <= last_value(RefuseReason{}); ++reason) {
        print("| " + std::to_string(reason) + " | " + std::string(explain(static_cast<RefuseReason>(reason))) + " |\n");
    }
}

void print_page() {
    print(
        "# Wire format\n\n"
        "Generated from `src/wire/frames.h` by `wire_doc page`: change it there.\n\n"
        "A connection is a stream of frames, each way, over any transport that keeps order: TCP, TLS 1.3, or the "
        "binary\n"
        "messages of WebSocket, whose bounds mean nothing ([PROTOCOL.md](PROTOCOL.md), 6.8 to 6.11).\n\n"
        "```\nframe   = length (u32) || type (u8) || fields        length counts the type and the fields\n"
        "number  = big-endian\noptional = 00 | 01 || value\npayload = the rest of the frame, without a length of its "
        "own\n```\n\n"
        "One value has one encoding. A reader refuses a length of 0 or above " +
        std::to_string(max_frame) +
        ", an unknown type, a flag that is neither 0 nor 1,\na number that names nothing, bytes that are missing and "
        "bytes that are left over; "
        "it does so before it allocates anything.\nProtocol version: " +
        std::to_string(protocol_version) +
        ". What the frames are for is in [PROTOCOL.md](PROTOCOL.md), paragraph 6.\n\n");
    print("## From client to relay\n\n");
    for_each_example<ClientFrame>([](const auto& frame) { print_frame(frame, "client to relay"); });
    print("## From relay to client\n\n");
    for_each_example<RelayFrame>([](const auto& frame) { print_frame(frame, "relay to client"); });
    print_reasons();
}

template <class Variant>
void print_vectors(std::string_view direction, bool last) {
    std::string list;
    for_each_example<Variant>([&]<class Frame>(const Frame& frame) {
        if (!list.empty()) list += ",\n";
        list += "    {\"frame\": \"" + std::string(Frame::name) + "\", \"hex\": \"" + to_hex(encoded(frame)) + "\"}";
    });
    print("  \"" + std::string(direction) + "\": [\n" + list + "\n  ]" + (last ? "\n" : ",\n"));
}

}  // namespace
}  // namespace parley::wire

int main(int argc, char** argv) {
    using namespace parley::wire;
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "page") {
        print_page();
    } else if (what == "vectors") {
        print("{\n  \"about\": \"every frame with all its optional fields; generated by wire_doc vectors\",\n");
        print_vectors<ClientFrame>("client_to_relay", false);
        print_vectors<RelayFrame>("relay_to_client", true);
        print("}\n");
    } else {
        std::fputs("wire_doc page | vectors\n", stderr);
        return 2;
    }
    return 0;
}
