// The limit's frames: a length and the bytes.
#include <arpa/inet.h>

#include <cstring>

#include "protocol.h"

namespace parley::bench {
namespace {

class ForwarderProtocol final : public Protocol {
public:
    explicit ForwarderProtocol(std::size_t body_size) : post_(frame(Bytes(body_size, 0x5a))) {}

    void join(const Seat& seat, Bytes& out) override {
        const auto name = "room " + std::to_string(seat.room);
        put(frame(Bytes(name.begin(), name.end())), out);
    }
    void post(Seat&, std::size_t messages, Bytes& out) override {
        for (; messages > 0; --messages) put(View(post_), out);
    }
    Taken take(Seat& seat, View bytes) override {
        Taken taken;
        while (const auto size = next_size(bytes.subspan(taken.bytes))) {
            taken.bytes += size;
            if (seat.ready) ++taken.messages;
            seat.ready = true;  // the first one is its own, come back
        }
        return taken;
    }

private:
    static Bytes frame(const Bytes& body) {
        const auto length = htonl(static_cast<std::uint32_t>(body.size()));
        Bytes bytes(sizeof length);
        std::memcpy(bytes.data(), &length, sizeof length);
        put(View(body), bytes);
        return bytes;
    }
    static std::size_t next_size(View bytes) {
        std::uint32_t length;
        if (bytes.size() < sizeof length) return 0;
        std::memcpy(&length, bytes.data(), sizeof length);
        const auto size = sizeof length + ntohl(length);
        return size > bytes.size() ? 0 : size;
    }

    const Bytes post_;
};

}  // namespace

std::unique_ptr<Protocol> make_forwarder(std::size_t body_size) {
    return std::make_unique<ForwarderProtocol>(body_size);
}

}  // namespace parley::bench
