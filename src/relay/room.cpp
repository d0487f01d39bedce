#include "relay/room.h"

#include <algorithm>
#include <limits>

#include "base/ensure.h"
#include "wire/stream.h"

namespace parley::relay {
namespace {

constexpr auto everything = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Room::Room(const RoomId& id, const RoomEpoch& epoch, const Limits& limits, Memory& memory, std::uint64_t first_seq)
    : id_(id), epoch_(epoch), limits_(limits), memory_(memory), next_seq_(first_seq), charged_(limits.room_overhead) {
    memory_.charged += charged_;
}

Room::~Room() {
    for_each([&](Seat& seat) { acknowledge(seat, everything); });
    memory_.charged -= charged_;
}

Room::Seats::iterator Room::place_of(const SeatId& id) {
    return std::ranges::lower_bound(seats_, id, {}, [](const auto& seat) -> const SeatId& { return seat->id; });
}

Seat* Room::find(const SeatId& id) {
    const auto found = place_of(id);
    return found == seats_.end() || (*found)->id != id ? nullptr : found->get();
}

Seat& Room::add(const SeatId& id, SeatSecret secret) {
    auto& seat = **seats_.insert(place_of(id), std::make_unique<Seat>(id, std::move(secret)));
    // A seat gets what is posted after its first Join.
    seat.delivered = next_seq_ - 1;
    seat.share = open_share();
    charged_ += limits_.seat_overhead;
    memory_.charged += limits_.seat_overhead;
    return seat;
}

void Room::remove(const SeatId& id) {
    const auto found = place_of(id);
    ensure(found != seats_.end() && (*found)->id == id, "only a seat of this room is removed");
    auto& seat = **found;
    acknowledge(seat, everything);
    shares_[seat.share].seated = false;
    close_share_if_done(seat.share);
    seats_.erase(found);
    charged_ -= limits_.seat_overhead;
    memory_.charged -= limits_.seat_overhead;
}

std::uint32_t Room::open_share() {
    if (unused_share_ == no_share) {
        shares_.emplace_back();
        return static_cast<std::uint32_t>(shares_.size() - 1);
    }
    const auto share = std::exchange(unused_share_, shares_[unused_share_].next_unused);
    shares_[share] = Share{};
    return share;
}

/// Its place is not given to another seat while bodies are still charged to it.
void Room::close_share_if_done(std::uint32_t share) {
    if (shares_[share].seated || shares_[share].charged > 0) return;
    shares_[share].next_unused = std::exchange(unused_share_, share);
}

std::ptrdiff_t Room::left_for(const Seat& author, std::size_t receivers) const {
    const auto left = [](std::size_t most, std::size_t taken) { return static_cast<std::ptrdiff_t>(most - taken); };
    const auto notes = receivers == 0 ? 0 : (receivers - 1) * limits_.note_overhead;
    return std::min({left(limits_.room_memory, charged_ + notes),
                     left(limits_.seat_share, shares_[author.share].charged + notes),
                     left(limits_.total_memory, memory_.charged + notes)});
}

void Room::keep(Seat& receiver, const Run& run) {
    auto& block = run.frames.block();
    charge(block.holders++ == 0 ? block.charge : limits_.note_overhead, block.author);
    receiver.kept.push(memory_.notes.make(run));
}

void Room::drop_front(Seat& seat) {
    auto* note = seat.kept.pop();
    auto& block = note->frames.block();
    discharge(--block.holders == 0 ? block.charge : limits_.note_overhead, block.author);
    memory_.notes.take_back(note);
}

void Room::acknowledge(Seat& seat, std::uint64_t seq) {
    while (!seat.kept.empty() && seat.kept.front().last <= seq) drop_front(seat);
    if (!seat.kept.empty() && seat.kept.front().first <= seq) skip_front(seat.kept.front(), seq);
    auto* trouble = seat.trouble.get();
    if (trouble != nullptr && trouble->lost && trouble->lost->last <= seq) trouble->lost.reset();
}

/// The middle of a run: what stands before it is not sent again.
void Room::skip_front(Note& note, std::uint64_t seq) {
    for (; note.first <= seq; ++note.first) {
        const auto size = wire::next_frame_size(note.frames.view().subspan(note.skip));
        note.skip += static_cast<std::uint32_t>(*size);
    }
}

std::optional<Range> Room::resume(Seat& seat, std::optional<std::uint64_t> last_seq) {
    const auto seen = std::min(last_seq.value_or(0), seat.delivered);
    if (last_seq) acknowledge(seat, seen);
    seat.kept.rewind();
    if (!seat.trouble || !seat.trouble->lost) return std::nullopt;
    const auto lost = *seat.trouble->lost;
    seat.delivered = std::max(seat.delivered, lost.last);
    return Range{std::max(lost.first, seen + 1), lost.last};
}

std::uint64_t Room::goes_on_at(const Seat& seat) const {
    if (seat.trouble != nullptr && seat.trouble->lost) return seat.trouble->lost->first;
    return seat.kept.empty() ? next_seq_ : seat.kept.front().first;
}

std::optional<Range> Room::forget(Seat& seat) {
    if (seat.kept.empty()) return std::nullopt;
    const auto last = seat.kept.back().last;
    const auto* unsent = seat.kept.next_unsent();
    const auto never_given = unsent == nullptr ? std::nullopt : std::optional(Range{unsent->first, last});
    auto& lost = seat.in_trouble().lost;
    lost = Range{lost ? lost->first : seat.kept.front().first, last};
    while (!seat.kept.empty()) drop_front(seat);
    return never_given;
}

void Room::charge(std::size_t bytes, std::uint32_t share) {
    charged_ += bytes;
    memory_.charged += bytes;
    shares_[share].charged += bytes;
}

void Room::discharge(std::size_t bytes, std::uint32_t share) {
    charged_ -= bytes;
    memory_.charged -= bytes;
    shares_[share].charged -= bytes;
    close_share_if_done(share);
}

}  // namespace parley::relay
