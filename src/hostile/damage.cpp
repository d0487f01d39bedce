#include "hostile/damage.h"

namespace parley::hostile {

std::vector<Passing> Flip::strike(Passing frame, Time) {
    const auto first = deliver_body_at + 1;
    const auto bit = first * 8 + drawn(seed_, frame.client, count_++, (frame.frame.size() - first) * 8);
    return flip_bit(bit)(std::move(frame));
}

std::vector<Passing> Truncate::strike(Passing frame, Time) {
    const bool leaves_a_frame = count_ % 2 == 0;
    const auto from = leaves_a_frame ? deliver_body_at + 1 : 1;
    const auto until = leaves_a_frame ? frame.frame.size() : deliver_body_at;
    return cut_to(from + drawn(seed_, frame.client, count_++, until - from))(std::move(frame));
}

}  // namespace parley::hostile
