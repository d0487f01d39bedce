#include "client/delivery.h"

#include "base/ensure.h"
#include "client/limits.h"

namespace parley::client {
namespace {

/// The same hole is not filled twice in one round trip.
constexpr Duration refill_pause = 2s;

bool tells(const DeliveryAck& ack, std::uint64_t number) {
    if (number <= ack.through) return true;
    return std::ranges::any_of(ack.beyond,
                               [&](const AckRange& range) { return range.first <= number && number <= range.last; });
}

}  // namespace

std::optional<std::pair<std::uint64_t, Parcel>> Outgoing::next_to_seal() const {
    if (waiting_.empty() || outstanding_.size() >= max_outstanding) return std::nullopt;
    return std::pair{last_number_ + 1, waiting_.front()};
}

void Outgoing::sealed(SealedBody body, std::uint32_t chain, Time now) {
    ensure(!waiting_.empty(), "only a waiting content is sealed");
    Sealed sealed{std::move(waiting_.front()), std::move(body), now};
    sealed.chain = chain;
    outstanding_.emplace(++last_number_, std::move(sealed));
    waiting_.pop_front();
}

bool Outgoing::is_stale(std::uint64_t number, std::uint32_t chain) const {
    return outstanding_.at(number).chain + ratchet::max_stored_chains < chain;
}

void Outgoing::sealed_anew(std::uint64_t number, SealedBody body, std::uint32_t chain) {
    auto& content = outstanding_.at(number);
    content.body = std::move(body);
    content.chain = chain;
}

LineNumber Outgoing::accepted(std::uint64_t number) {
    const auto found = outstanding_.find(number);
    if (found == outstanding_.end()) return 0;
    found->second.accepted = true;
    return found->second.parcel.line;
}

Outgoing::Acknowledged Outgoing::acknowledge(const DeliveryAck& ack, Time now) {
    Acknowledged result;
    const auto highest = ack.beyond.empty() ? ack.through : ack.beyond.back().last;
    for (auto it = outstanding_.begin(); it != outstanding_.end();) {
        const auto& [number, content] = *it;
        if (tells(ack, number)) {
            if (content.parcel.line != 0) {
                result.opened.push_back(content.parcel.line);
                unread_.emplace(number, content.parcel.line);
                if (unread_.size() > max_outstanding) unread_.erase(unread_.begin());
            }
            it = outstanding_.erase(it);
            continue;
        }
        const bool missed = number < highest || ack.post_again;
        // The relay keeps one order: what was overtaken is not on its way any more, unless it is a repetition.
        const bool on_its_way = content.repeated && now - content.posted_at < refill_pause;
        if (missed && !on_its_way) result.post_again.push_back(number);
        ++it;
    }
    return result;
}

LineNumber Outgoing::read(std::uint64_t through) {
    const auto end = unread_.upper_bound(through);
    const auto line = end == unread_.begin() ? 0 : std::prev(end)->second;
    unread_.erase(unread_.begin(), end);
    return line;
}

const SealedBody& Outgoing::posted_again(std::uint64_t number, Time now) {
    auto& content = outstanding_.at(number);
    content.posted_at = now;
    content.accepted = false;
    content.repeated = true;
    return content.body;
}

std::vector<std::uint64_t> Outgoing::unacknowledged_since(Time time) const {
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, content] : outstanding_) {
        if (content.posted_at <= time) numbers.push_back(number);
    }
    return numbers;
}

std::vector<std::uint64_t> Outgoing::outstanding() const { return unacknowledged_since(Time::max()); }

std::optional<Time> Outgoing::oldest_post() const {
    std::optional<Time> oldest;
    for (const auto& [number, content] : outstanding_) {
        if (!oldest || content.posted_at < *oldest) oldest = content.posted_at;
    }
    return oldest;
}

void Outgoing::restart() {
    for (auto it = outstanding_.rbegin(); it != outstanding_.rend(); ++it) {
        waiting_.push_front(std::move(it->second.parcel));
    }
    outstanding_.clear();
    last_number_ = 0;
}

std::vector<LineNumber> Outgoing::abandon() {
    std::vector<LineNumber> lines;
    const auto note = [&](const Parcel& parcel) {
        if (parcel.line != 0) lines.push_back(parcel.line);
    };
    for (const auto& [number, content] : outstanding_) note(content.parcel);
    for (const auto& parcel : waiting_) note(parcel);
    outstanding_.clear();
    waiting_.clear();
    return lines;
}

std::uint64_t Outgoing::settled() const {
    return outstanding_.empty() ? last_number_ : outstanding_.begin()->first - 1;
}

bool Outgoing::all_accepted() const {
    return waiting_.empty() &&
           std::ranges::all_of(outstanding_, [](const auto& entry) { return entry.second.accepted; });
}

SealedBody Outgoing::body_of(std::uint64_t number) const {
    const auto found = outstanding_.find(number);
    return found == outstanding_.end() ? nullptr : found->second.body;
}

Incoming::Arrival Incoming::add(std::uint64_t number) {
    if (number <= through_) return Arrival::repeated;
    if (number - through_ > max_held) return Arrival::too_far;
    const bool filled = has_hole();
    highest_ = std::max(highest_, number);
    if (number == through_ + 1) {
        through_ = number;
        const auto after = beyond_.begin();
        if (after != beyond_.end() && after->first == through_ + 1) {
            through_ = after->second;
            beyond_.erase(after);
        }
        return filled ? Arrival::fills_hole : Arrival::next;
    }
    auto above = beyond_.upper_bound(number);
    if (above != beyond_.begin() && std::prev(above)->second >= number) return Arrival::repeated;
    const bool fills = above != beyond_.end();
    join_ranges(beyond_.emplace(number, number).first);
    return fills ? Arrival::fills_hole : Arrival::beyond_hole;
}

void Incoming::join_ranges(std::map<std::uint64_t, std::uint64_t>::iterator at) {
    const auto after = std::next(at);
    if (after != beyond_.end() && after->first == at->second + 1) {
        at->second = after->second;
        beyond_.erase(after);
    }
    if (at == beyond_.begin()) return;
    const auto before = std::prev(at);
    if (before->second + 1 != at->first) return;
    before->second = at->second;
    beyond_.erase(at);
}

DeliveryAck Incoming::ack() const {
    DeliveryAck ack{through_, {}};
    for (const auto& [first, last] : beyond_) {
        if (ack.beyond.size() == max_ack_ranges) break;
        ack.beyond.push_back({first, last});
    }
    return ack;
}

bool Incoming::expect(std::uint64_t number) {
    const bool more = number > highest_ && number - through_ <= max_held;
    if (more) highest_ = number;
    return more;
}

std::uint64_t Incoming::settle(std::uint64_t number) {
    if (number <= through_) return 0;
    auto lost = number - through_;
    through_ = number;
    highest_ = std::max(highest_, number);
    for (auto it = beyond_.begin(); it != beyond_.end() && it->first - 1 <= through_; it = beyond_.erase(it)) {
        lost -= std::min(it->second, number) - (it->first - 1);
        through_ = std::max(through_, it->second);
    }
    return lost;
}

std::uint64_t Incoming::missing() const {
    std::uint64_t missing = 0;
    auto below = through_;
    for (const auto& [first, last] : beyond_) {
        missing += first - below - 1;
        below = last;
    }
    return missing + (highest_ - below);
}

}  // namespace parley::client
