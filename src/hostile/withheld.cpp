#include "hostile/withheld.h"

namespace parley::hostile {

void Fork::watch(const Passing& frame) {
    const auto join = frame.client == author_ ? read<wire::Join>(frame) : std::nullopt;
    if (join) author_seat_ = join->seat;
}

bool Fork::aims_at(const Passing& frame, Time) {
    const bool sealed = census_.see(frame).has_value();
    const auto deliver = sealed && frame.client == reader_ ? read<wire::Deliver>(frame) : std::nullopt;
    return deliver && deliver->from == author_seat_;
}

bool WithholdAcks::aims_at(const Passing& frame, Time) {
    const bool sealed = census_.see(frame).has_value();
    return frame.client == victim_ && (sealed || is<wire::Posted>(frame));
}

}  // namespace parley::hostile
