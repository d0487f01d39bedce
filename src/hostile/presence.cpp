#include "hostile/presence.h"

namespace parley::hostile {

void LieAboutPresence::watch(const Passing& frame) {
    const auto seat = read<wire::Seat>(frame);
    if (seat && seat->card && seat->presence == wire::Presence::present) {
        seats_.insert_or_assign({frame.client, seat->seat}, frame);
    }
}

/// Away first, then gone, and so on: the seed says with which it begins.
std::vector<Passing> LieAboutPresence::strike(Passing frame, Time now) {
    const auto author = read<wire::Deliver>(frame)->from;
    const auto reader = frame.client;
    const bool gone = (seed_ + count_++) % 2 == 0;
    const wire::Seat lie{author, gone ? wire::Presence::gone : wire::Presence::away, {}};
    auto out = only(std::move(frame));
    out.push_back(to_client(reader, wire::RelayFrame(lie)));
    if (const auto shown = seats_.find({reader, author}); shown != seats_.end()) {
        waiting_.hold(shown->second, now + lie_lasts);
    }
    return out;
}

}  // namespace parley::hostile
