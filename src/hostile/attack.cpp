#include "hostile/attack.h"

#include "hostile/look.h"

namespace parley::hostile {

std::string describe(const Deed& deed) {
    const auto whose = deed.direction == Direction::to_client ? " to client " : " of client ";
    return std::string(deed.attack) + ": " + std::string(frame_name(deed.direction, deed.type)) + whose +
           std::to_string(deed.client + 1) + ", " + std::to_string(deed.size) + " bytes: " + std::string(deed.what);
}

std::vector<Passing> OneAttack::pass(Passing frame, Time now) {
    watch(frame);
    if (frame.frame.empty() || is_over() || !aims_at(frame, now)) return spare(std::move(frame), now);
    --strikes_left_;
    deeds_.push_back({name_, deed_at(frame), frame.client, frame.direction, frame.frame[0], frame.frame.size()});
    return strike(std::move(frame), now);
}

std::vector<Passing> Sequence::pass(Passing frame, Time now) { return through_from(0, only(std::move(frame)), now); }

std::vector<Passing> Sequence::through_from(std::size_t first, std::vector<Passing> frames, Time now) {
    for (auto i = first; i < attacks_.size(); ++i) {
        std::vector<Passing> out;
        for (auto& frame : frames) std::ranges::move(attacks_[i]->pass(std::move(frame), now), std::back_inserter(out));
        frames = std::move(out);
    }
    return frames;
}

std::vector<Passing> Sequence::on_time(Time now) {
    std::vector<Passing> all;
    for (std::size_t i = 0; i < attacks_.size(); ++i) {
        std::ranges::move(through_from(i + 1, attacks_[i]->on_time(now), now), std::back_inserter(all));
    }
    return all;
}

std::optional<Time> Sequence::next_deadline() const {
    std::optional<Time> next;
    for (const auto& attack : attacks_) {
        const auto deadline = attack->next_deadline();
        if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    return next;
}

void Sequence::limit(std::size_t strikes) {
    for (const auto& attack : attacks_) attack->limit(strikes);
}

std::vector<Deed> Sequence::take_deeds() {
    std::vector<Deed> all;
    for (const auto& attack : attacks_) std::ranges::move(attack->take_deeds(), std::back_inserter(all));
    return all;
}

}  // namespace parley::hostile
