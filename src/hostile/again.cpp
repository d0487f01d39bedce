#include "hostile/again.h"

namespace parley::hostile {
namespace {

/// The same in another's order: an honest relay beyond would not take an Ack of what it never delivered.
Passing given_to(std::size_t client, std::uint64_t seq, const Passing& recorded) {
    auto deliver = *read<wire::Deliver>(recorded);
    deliver.seq = seq;
    return to_client(client, wire::RelayFrame(deliver));
}

}  // namespace

void ReplayRoom::watch(const Passing& frame) {
    const auto deliver = read<wire::Deliver>(frame);
    if (!deliver) return;
    auto& reader = readers_[frame.client];
    reader.last_seq = std::max(reader.last_seq, deliver->seq);
    reader.record.push_back(frame);
    if (reader.record.size() > recorded) reader.record.pop_front();
}

std::vector<Passing> ReplayRoom::strike(Passing frame, Time) {
    std::vector<Passing> all;
    const auto& record = readers_[frame.client].record;
    all.push_back(std::move(frame));
    for (const auto& [client, reader] : readers_) {
        for (const auto& again : record) all.push_back(given_to(client, reader.last_seq, again));
    }
    return all;
}

}  // namespace parley::hostile
