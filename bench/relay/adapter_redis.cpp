// Redis, publish and subscribe in RESP3, in which one connection does both. What is pushed begins with >,
// a message as well as the confirmation of a subscription; all else answers a command with one line.
#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "protocol.h"

namespace parley::bench {
namespace {

std::string bulk(std::string_view text) {
    return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}

/// Goes over RESP values; `whole` is false when the bytes end too early.
class Walk {
public:
    explicit Walk(View bytes) : bytes_(bytes) {}

    /// The text of a bulk string, the head of any other line.
    std::string_view value() {
        const auto head = line();
        if (whole && head.starts_with('$')) return text(number(head));
        if (whole && head.starts_with('%')) skip(2 * number(head));
        if (whole && head.starts_with('*')) skip(number(head));
        return head;
    }
    std::string_view line() {
        const auto rest = bytes_.subspan(at);
        const auto end = std::ranges::find(rest, '\n');
        if (end == rest.end()) return whole = false, std::string_view();
        return text(static_cast<std::size_t>(end - rest.begin()) - 1);
    }
    void skip(std::size_t values) {
        for (; values > 0 && whole; --values) value();
    }
    static std::size_t number(std::string_view head) {
        std::size_t value = 0;
        std::from_chars(head.data() + 1, head.data() + head.size(), value);
        return value;
    }

    std::size_t at = 0;
    bool whole = true;

private:
    std::string_view text(std::size_t size) {
        if (bytes_.size() - at < size + 2) return whole = false, std::string_view();
        const std::string_view found(reinterpret_cast<const char*>(bytes_.data()) + at, size);
        at += size + 2;
        return found;
    }

    View bytes_;
};

class RedisProtocol final : public Protocol {
public:
    explicit RedisProtocol(std::size_t body_size) : body_(body_size, 'Z') {}

    void join(const Seat& seat, Bytes& out) override {
        put("*2\r\n" + bulk("HELLO") + bulk("3") + "*2\r\n" + bulk("SUBSCRIBE") + bulk(topic(seat, listens(seat))),
            out);
    }
    void post(Seat& seat, std::size_t messages, Bytes& out) override {
        const auto command = "*3\r\n" + bulk("PUBLISH") + bulk(topic(seat, speaks(seat))) + bulk(body_);
        for (; messages > 0; --messages) put(command, out);
    }
    Taken take(Seat& seat, View bytes) override {
        Taken taken;
        while (take_one(seat, bytes.subspan(taken.bytes), taken)) {
        }
        return taken;
    }

private:
    static bool take_one(Seat& seat, View bytes, Taken& taken) {
        Walk walk(bytes);
        const bool pushed = !bytes.empty() && bytes[0] == '>';
        bool message = false;
        if (pushed) {
            const auto values = Walk::number(walk.line());
            message = walk.whole && walk.value() == "message";
            walk.skip(values - 1);
        } else if (walk.value().starts_with('-')) {
            throw std::runtime_error("redis refused a command");
        }
        if (!walk.whole) return false;
        if (pushed && !message) seat.ready = true;
        taken.messages += message ? 1 : 0;
        taken.bytes += walk.at;
        return true;
    }

    const std::string body_;
};

}  // namespace

std::unique_ptr<Protocol> make_redis(std::size_t body_size) { return std::make_unique<RedisProtocol>(body_size); }

}  // namespace parley::bench
