// MQTT 3.1.1 with QoS 0, for Mosquitto.
#include <optional>
#include <stdexcept>

#include "protocol.h"

namespace parley::bench {
namespace {

enum Packet : std::uint8_t { connect = 0x10, connack = 0x20, publish = 0x30, subscribe = 0x82, suback = 0x90 };

void put_text(std::string_view text, Bytes& out) {
    out.push_back(static_cast<std::uint8_t>(text.size() >> 8U));
    out.push_back(static_cast<std::uint8_t>(text.size()));
    put(text, out);
}

void put_packet(Packet type, View content, Bytes& out) {
    out.push_back(type);
    auto left = content.size();
    do {
        const auto low = left & 0x7fU;
        left >>= 7U;
        out.push_back(static_cast<std::uint8_t>(left > 0 ? low | 0x80U : low));
    } while (left > 0);
    put(content, out);
}

/// Bytes of the packet that begins here; none while its length is not whole.
std::optional<std::size_t> packet_size(View bytes) {
    std::size_t length = 0;
    for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
        length |= std::size_t{bytes[i] & 0x7fU} << (7 * (i - 1));
        if (bytes[i] < 0x80) return 1 + i + length;
    }
    return std::nullopt;
}

class MqttProtocol final : public Protocol {
public:
    explicit MqttProtocol(std::size_t body_size) : body_(body_size, 0x5a) {}

    void join(const Seat& seat, Bytes& out) override {
        Bytes hello;
        put_text("MQTT", hello);
        static constexpr std::uint8_t clean_session[] = {4, 2, 0, 0};  // of 3.1.1, without keep-alive
        put(View(clean_session), hello);
        put_text(topic(seat, 9) + "-" + std::to_string(seat.number), hello);
        put_packet(connect, hello, out);
        Bytes wish{0, 1};
        put_text(topic(seat, listens(seat)), wish);
        wish.push_back(0);
        put_packet(subscribe, wish, out);
    }
    void post(Seat& seat, std::size_t messages, Bytes& out) override {
        Bytes content, packet;
        put_text(topic(seat, speaks(seat)), content);
        put(View(body_), content);
        put_packet(publish, content, packet);
        for (; messages > 0; --messages) put(View(packet), out);
    }
    Taken take(Seat& seat, View bytes) override {
        Taken taken;
        while (true) {
            const auto left = bytes.subspan(taken.bytes);
            const auto size = packet_size(left);
            if (!size || *size > left.size()) return taken;
            taken.bytes += *size;
            if (left[0] == publish) ++taken.messages;
            else if (left[0] == suback) seat.ready = true;
            else if (left[0] != connack || left[3] != 0) throw std::runtime_error("mqtt: refused");
        }
    }

private:
    const Bytes body_;
};

}  // namespace

std::unique_ptr<Protocol> make_mqtt(std::size_t body_size) { return std::make_unique<MqttProtocol>(body_size); }

}  // namespace parley::bench
