// WebSocket (RFC 6455) as far as a stream of binary messages needs it. Its mask is always the same: a benchmark has
// nothing to hide from proxies, and whoever unmasks it does the same work.
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "carrier.h"

namespace parley::bench {
namespace {

constexpr std::string_view request =
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
constexpr std::array<std::uint8_t, 4> mask{0x5a, 0xa5, 0x3c, 0xc3};
constexpr std::size_t largest_message = 256U << 10U;
constexpr std::uint8_t whole_binary = 0x82, masked = 0x80, code_16 = 126, code_64 = 127;

void put_number(std::uint64_t number, std::size_t bytes, Bytes& out) {
    while (bytes-- > 0) out.push_back(static_cast<std::uint8_t>(number >> (8 * bytes)));
}

class WebCarrier final : public Carrier {
public:
    explicit WebCarrier(int fd) : Carrier(fd) {
        if (Carrier::write({reinterpret_cast<const std::uint8_t*>(request.data()), request.size()}) < 0) fail();
        std::string answer;
        for (std::uint8_t byte = 0; !answer.ends_with("\r\n\r\n"); answer.push_back(static_cast<char>(byte)))
            if (Carrier::read({&byte, 1}) != 1) fail();
        if (!answer.starts_with("HTTP/1.1 101")) fail();
    }

    ssize_t read(std::span<std::uint8_t> into) override {
        const auto size = Carrier::read(into);
        if (size <= 0) return size;
        const auto payload = unwrap(into.first(static_cast<std::size_t>(size)));
        if (payload > 0) return static_cast<ssize_t>(payload);
        errno = EAGAIN;  // a head, and nothing behind it yet
        return -1;
    }
    /// One message for all that is offered: it is taken when it has left as a whole.
    ssize_t write(View from) override {
        if (message_.empty()) wrap(from.first(std::min(from.size(), largest_message)));
        const auto sent = Carrier::write(View(message_).subspan(sent_));
        if (sent < 0) return sent;
        sent_ += static_cast<std::size_t>(sent);
        if (sent_ < message_.size()) return errno = EAGAIN, -1;
        message_.clear();
        return static_cast<ssize_t>(carries_);
    }

private:
    [[noreturn]] static void fail() { throw std::runtime_error("no WebSocket there"); }

    void wrap(View payload) {
        carries_ = payload.size();
        sent_ = 0;
        message_.push_back(whole_binary);
        if (carries_ < code_16) message_.push_back(static_cast<std::uint8_t>(masked | carries_));
        else if (carries_ <= 0xffff) message_.push_back(masked | code_16), put_number(carries_, 2, message_);
        else message_.push_back(masked | code_64), put_number(carries_, 8, message_);
        put(View(mask), message_);
        for (std::size_t i = 0; i < payload.size(); ++i) message_.push_back(payload[i] ^ mask[i % mask.size()]);
    }

    /// Moves the payloads to the front. Returns their size.
    std::size_t unwrap(std::span<std::uint8_t> bytes) {
        std::size_t kept = 0, at = 0;
        while (at < bytes.size()) {
            if (left_ == 0) {
                read_head(bytes[at++]);
                continue;
            }
            const auto taken = std::min<std::size_t>(left_, bytes.size() - at);
            std::memmove(bytes.data() + kept, bytes.data() + at, taken);
            kept += taken;
            at += taken;
            left_ -= taken;
        }
        return kept;
    }

    /// Whole messages in binary, without a mask: a relay sends nothing else unasked.
    void read_head(std::uint8_t byte) {
        head_.push_back(byte);
        if (head_.size() < 2) return;
        const auto code = head_[1];
        const std::size_t more = code == code_16 ? 2 : code == code_64 ? 8 : 0;
        if (head_.size() < 2 + more) return;
        if (head_[0] != whole_binary) throw std::runtime_error("a WebSocket frame that is no message");
        left_ = more == 0 ? code : 0;
        for (const auto part : View(head_).subspan(2)) left_ = left_ << 8U | part;
        head_.clear();
    }

    Bytes message_;
    std::size_t sent_ = 0, carries_ = 0;
    Bytes head_;
    std::uint64_t left_ = 0;  ///< of a payload that has begun
};

}  // namespace

std::unique_ptr<Carrier> make_web_carrier(int fd) { return std::make_unique<WebCarrier>(fd); }

}  // namespace parley::bench
