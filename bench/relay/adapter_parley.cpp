// Parley's own frames, with what a client of it does: posts are addressed, ids rise, and what came is
// acknowledged with one Ack that travels with the next post, or after as long or with as much as a client lets wait.
#include <cstring>
#include <stdexcept>

#include "client/limits.h"
#include "protocol.h"
#include "wire/codec.h"
#include "wire/stream.h"

namespace parley::bench {
namespace {

constexpr std::size_t id_at = wire::length_size + 1;
constexpr std::size_t seq_at = wire::length_size + 1;

template <class IdType>
IdType numbered(std::uint32_t first, std::uint32_t second) {
    FixedBytes<IdType::size> bytes{};
    // Names are random in life: the multiplication spreads them likewise.
    const std::uint64_t spread = (first + 1) * 0x9e3779b97f4a7c15U;
    std::memcpy(bytes.data(), &spread, sizeof spread);
    std::memcpy(bytes.data() + sizeof spread, &second, sizeof second);
    return IdType(FixedView<IdType::size>(bytes));
}

SeatId seat_id(std::uint32_t room, std::uint32_t number) { return numbered<SeatId>(room * 4096 + number, number); }

void put_number(std::uint64_t value, std::uint8_t* at) {
    value = __builtin_bswap64(value);
    std::memcpy(at, &value, sizeof value);
}
std::uint64_t number_at(const std::uint8_t* at) {
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return __builtin_bswap64(value);
}

class ParleyProtocol final : public Protocol {
public:
    ParleyProtocol(std::size_t body_size, std::uint32_t seats_per_room)
        : to_everyone_(seats_per_room > 2), body_(body_size, 0x5a) {
        wire::Post post{0, std::nullopt, {body_}};
        if (!to_everyone_) post.to = SeatId();
        wire::encode(wire::ClientFrame(post), post_);
    }

    void join(const Seat& seat, Bytes& out) override {
        wire::Join join;
        join.room = numbered<RoomId>(seat.room, 0);
        join.seat = seat_id(seat.room, seat.number);
        wire::encode(wire::ClientFrame(join), out);
    }

    void post(Seat& seat, std::size_t messages, Bytes& out) override {
        if (!to_everyone_) address(seat);
        for (; messages > 0; --messages) {
            put_number(++seat.last_id, post_.data() + id_at);
            put(View(post_), out);
        }
    }

    Taken take(Seat& seat, View bytes) override {
        Taken taken;
        while (true) {
            const auto left = bytes.subspan(taken.bytes);
            const auto size = wire::next_frame_size(left);
            if (!size) throw std::runtime_error("parley: no frame");
            if (*size == 0 || *size > left.size()) return taken;
            taken.bytes += *size;
            if (left[wire::length_size] != wire::Deliver::type) on_other(seat, left[wire::length_size]);
            else on_message(seat, taken, left.first(*size));
        }
    }

    void answer(Seat& seat, const Taken&, Bytes& out) override {
        if (seat.unanswered >= client::relay_ack_bytes) answer_late(seat, out);
    }
    void answer_late(Seat& seat, Bytes& out) override {
        if (std::exchange(seat.unanswered, 0) > 0) wire::encode(wire::ClientFrame(wire::Ack{seat.last_seq}), out);
    }
    std::chrono::nanoseconds patience() const override { return client::relay_ack_delay; }

private:
    void address(const Seat& seat) {
        const auto to = seat_id(seat.room, 1 - seat.number);
        std::memcpy(post_.data() + id_at + 8, to.view().data(), SeatId::size);
    }
    static void on_message(Seat& seat, Taken& taken, View frame) {
        seat.last_seq = number_at(frame.data() + seq_at);
        seat.unanswered += frame.size();
        ++taken.messages;
    }
    static void on_other(Seat& seat, std::uint8_t type) {
        if (type == wire::Welcome::type) seat.ready = true;
        else if (type != wire::Seat::type && type != wire::Posted::type)
            throw std::runtime_error("parley: refused with a frame of type " + std::to_string(type));
    }

    const bool to_everyone_;
    const Bytes body_;
    Bytes post_;
};

}  // namespace

std::unique_ptr<Protocol> make_parley(std::size_t body_size, std::uint32_t seats_per_room) {
    return std::make_unique<ParleyProtocol>(body_size, seats_per_room);
}

}  // namespace parley::bench
