#include "relay/admission.h"

#include "base/ensure.h"

namespace parley::relay {

Knock Admission::on_knock(const std::optional<Origin>& origin, Time now) {
    if (connections_ >= limits_.connections) return Knock::full;
    if (origin) {
        auto& guest = find_or_add(*origin, now);
        if (const auto judged = judge(guest, now); judged != Knock::welcome) return judged;
        // One address that hammers uses up what is its own, and nothing of what all share.
        if (!guest.fresh.take(limits_.fresh_per_address, now)) return Knock::too_fast;
        if (!fresh_.take(limits_.fresh_in_all, now)) return Knock::too_fast_all;
        if (guest.place) leaving_.erase(*guest.place);
        guest.place.reset();
        ++guest.connections;
    }
    ++connections_;
    return Knock::welcome;
}

Knock Admission::judge(const Guest& guest, Time now) const {
    if (now < guest.forgiven_at) return Knock::serves_penalty;
    if (guest.connections >= limits_.connections_per_address) return Knock::too_many;
    return Knock::welcome;
}

Admission::Guest& Admission::find_or_add(const Origin& origin, Time now) {
    const auto found = guests_.find(origin);
    if (found != guests_.end()) return found->second;
    forget_some(now);
    auto& guest = guests_[origin];
    guest.place = leaving_.insert(leaving_.end(), origin);
    return guest;
}

void Admission::forget_some(Time now) {
    while (!leaving_.empty()) {
        const auto oldest = guests_.find(leaving_.front());
        const bool clean = oldest->second.fresh.unused(now) && oldest->second.forgiven_at <= now;
        if (!clean && leaving_.size() < limits_.addresses_remembered) return;
        guests_.erase(oldest);
        leaving_.pop_front();
    }
}

void Admission::on_gone(const std::optional<Origin>& origin, Time now) {
    ensure(connections_ > 0, "only who was welcome goes");
    --connections_;
    if (!origin) return;
    auto& guest = guests_.at(*origin);
    if (--guest.connections > 0) return;
    forget_some(now);
    guest.place = leaving_.insert(leaving_.end(), *origin);
}

void Admission::on_offence(const std::optional<Origin>& origin, Offence offence, Time now) {
    if (!origin || offence == Offence::none) return;
    auto& guest = find_or_add(*origin, now);
    const auto costs =
        offence == Offence::protocol_error ? limits_.protocol_error_penalty : limits_.refused_input_penalty;
    guest.forgiven_at = std::min(std::max(guest.forgiven_at, now) + costs, now + limits_.longest_penalty);
}

}  // namespace parley::relay
