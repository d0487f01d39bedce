#include "relay/room.h"

#include <algorithm>

#include "base/ensure.h"

namespace parley::relay {

Room::Room(const RoomId& id, const RoomEpoch& epoch, const Limits& limits, Budget& budget)
    : id_(id), epoch_(epoch), limits_(limits), budget_(budget), join_tokens_(static_cast<double>(limits.join_burst)) {
    change_charge(limits_.room_overhead, 0);
}

Room::~Room() {
    for_each([&](Seat& seat) { acknowledge(seat, everything); });
    budget_.charged -= charged_;
}

Seat* Room::find(const SeatId& id) {
    const auto found = seats_.find(id);
    return found == seats_.end() ? nullptr : &found->second;
}

Seat& Room::add(const SeatId& id, SeatSecret secret) {
    const auto tag = next_author_tag_++;
    auto& seat = seats_.try_emplace(id, id, std::move(secret), tag).first->second;
    authors_.emplace(tag, &seat);
    return seat;
}

void Room::remove(const SeatId& id) {
    const auto found = seats_.find(id);
    ensure(found != seats_.end(), "only a seat of this room is removed");
    auto& seat = found->second;
    acknowledge(seat, everything);
    wipe(seat.card);
    authors_.erase(seat.author_tag);
    seats_.erase(found);
}

bool Room::fits(const Seat& author, std::size_t body_size) const {
    const auto charge = charge_of(body_size);
    return charged_ + charge <= limits_.room_memory && author.share + charge <= limits_.seat_share &&
           budget_.charged + charge <= limits_.total_memory;
}

std::uint64_t Room::append(Seat& author, const Payload& body) {
    body.block().author = author.author_tag;
    return next_seq_++;
}

void Room::keep(Seat& receiver, const Kept& kept) {
    auto& block = kept.body.block();
    if (block.holders++ == 0) {
        const auto charge = charge_of(block.size);
        change_charge(charge, 0);
        const auto author = authors_.find(block.author);
        if (author != authors_.end()) author->second->share += charge;
    }
    receiver.kept.push(kept);
}

void Room::acknowledge(Seat& seat, std::uint64_t seq) {
    while (!seat.kept.empty() && seat.kept.front().seq <= seq) {
        let_go(seat.kept.front());
        seat.kept.pop();
        if (seat.sent > 0) --seat.sent;
    }
}

void Room::let_go(Kept& kept) {
    auto& block = kept.body.block();
    if (--block.holders > 0) return;
    const auto charge = charge_of(block.size);
    change_charge(0, charge);
    const auto author = authors_.find(block.author);
    if (author != authors_.end()) author->second->share -= charge;
}

void Room::change_charge(std::size_t up, std::size_t down) {
    charged_ += up - down;
    budget_.charged += up - down;
}

bool Room::admit_join(Time now) {
    using Seconds = std::chrono::duration<double>;
    if (last_join_) {
        const auto refill = Seconds(now - *last_join_).count() * static_cast<double>(limits_.joins_per_second);
        join_tokens_ = std::min(join_tokens_ + refill, static_cast<double>(limits_.join_burst));
    }
    last_join_ = now;
    if (join_tokens_ < 1) return false;
    join_tokens_ -= 1;
    return true;
}

}  // namespace parley::relay
