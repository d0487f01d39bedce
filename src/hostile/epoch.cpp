#include "hostile/epoch.h"

#include "hostile/seeded_random.h"

namespace parley::hostile {
namespace {

/// An honest relay beyond knows its own epoch only.
Passing without_resume_point(const wire::Join& join, std::size_t client) {
    auto changed = join;
    changed.resume.reset();
    return to_relay(client, wire::ClientFrame(changed));
}

}  // namespace

void Rollback::watch(const Passing& frame) {
    if (!is<wire::Deliver>(frame)) return;
    auto& record = readers_[frame.client].record;
    record.push_back(frame);
    if (record.size() > recorded) record.pop_front();
}

std::vector<Passing> Rollback::strike(Passing frame, Time) {
    auto& reader = readers_[frame.client];
    ++reader.lives;
    reader.owed = true;
    const Passing end{frame.client, Direction::to_client, {}};
    return {std::move(frame), end};
}

std::vector<Passing> Rollback::spare(Passing frame, Time) {
    auto& reader = readers_[frame.client];
    if (reader.lives == 0) return only(std::move(frame));
    if (const auto join = read<wire::Join>(frame)) return only(without_resume_point(*join, frame.client));
    if (const auto welcome = read<wire::Welcome>(frame)) return only(older(*welcome, frame, reader));
    const bool list_has_ended = is<wire::Pong>(frame) && std::exchange(reader.owed, false);
    auto out = only(std::move(frame));
    if (list_has_ended) std::ranges::copy(reader.record, std::back_inserter(out));
    return out;
}

/// Two lives, in turn: the room goes back and forth.
RoomEpoch Rollback::older_epoch(const Reader& reader) const {
    SeededRandom random(seed_ + reader.lives % 2);
    return random.id<RoomEpoch>();
}

Passing Rollback::older(const wire::Welcome& welcome, const Passing& frame, const Reader& reader) const {
    auto changed = welcome;
    changed.epoch = older_epoch(reader);
    if (!reader.record.empty()) changed.next_seq = read<wire::Deliver>(reader.record.front())->seq;
    return to_client(frame.client, wire::RelayFrame(changed));
}

}  // namespace parley::hostile
