// NATS, core subjects: PUB subject size CRLF body CRLF, and MSG subject sid size CRLF body CRLF.
#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "protocol.h"

namespace parley::bench {
namespace {

class NatsProtocol final : public Protocol {
public:
    explicit NatsProtocol(std::size_t body_size) : body_(body_size, 'Z') {}

    void join(const Seat& seat, Bytes& out) override {
        put("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB " + topic(seat, listens(seat)) + " 1\r\nPING\r\n",
            out);
    }
    void post(Seat& seat, std::size_t messages, Bytes& out) override {
        const auto size = std::to_string(body_.size());
        const auto command = "PUB " + topic(seat, speaks(seat)) + " " + size + "\r\n" + body_ + "\r\n";
        for (; messages > 0; --messages) put(command, out);
    }
    Taken take(Seat& seat, View bytes) override {
        Taken taken;
        while (take_one(seat, bytes.subspan(taken.bytes), taken)) {
        }
        return taken;
    }
    void answer(Seat&, const Taken&, Bytes& out) override {
        if (std::exchange(pinged_, false)) put("PONG\r\n", out);
    }

private:
    bool take_one(Seat& seat, View bytes, Taken& taken) {
        const auto end = std::ranges::find(bytes, '\n');
        if (end == bytes.end()) return false;
        auto size = static_cast<std::size_t>(end - bytes.begin()) + 1;
        const std::string_view line(reinterpret_cast<const char*>(bytes.data()), size - 2);
        if (line.starts_with("MSG ")) {
            size += size_at_end(line) + 2;
            if (size > bytes.size()) return false;
            ++taken.messages;
        } else {
            on_line(seat, line);
        }
        taken.bytes += size;
        return true;
    }
    static std::size_t size_at_end(std::string_view line) {
        std::size_t size = 0;
        std::from_chars(line.data() + line.rfind(' ') + 1, line.data() + line.size(), size);
        return size;
    }
    void on_line(Seat& seat, std::string_view line) {
        if (line == "PONG") seat.ready = true;
        else if (line == "PING") pinged_ = true;
        else if (!line.starts_with("INFO")) throw std::runtime_error("nats: " + std::string(line));
    }

    const std::string body_;
    bool pinged_ = false;
};

}  // namespace

std::unique_ptr<Protocol> make_nats(std::size_t body_size) { return std::make_unique<NatsProtocol>(body_size); }

}  // namespace parley::bench
