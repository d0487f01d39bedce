#include "client/file_sender.h"

#include "client/chunk.h"
#include "client/file_limits.h"
#include "client/limits.h"

namespace parley::client {

bool FileSender::on_answer(const IdentityId& who, Answer answer, Time now) {
    const auto found = receivers_.find(who);
    if (found == receivers_.end()) return false;
    auto& receiver = found->second;
    const bool taking = receiver.stage == Stage::taking;
    if (answer == Answer::accept) {
        if (receiver.stage == Stage::has_it || taking) return false;
        receiver = {.stage = Stage::taking, .moved_at = now};
        // Others may be about to take it too: then the first chunks are for them as well.
        if (frontier_ == 0) gathering_until_ = now + gather_time;
        if (!is_undecided()) gathering_until_.reset();
        return true;
    }
    // Who wanted it and found no place for it stops before it begins.
    const bool refused = receiver.stage == Stage::undecided && (answer == Answer::decline || answer == Answer::stop);
    if (!refused && (!taking || answer == Answer::decline)) return false;
    receiver.stage = answer == Answer::complete ? Stage::has_it : Stage::without;
    if (!is_undecided()) gathering_until_.reset();
    return true;
}

bool FileSender::is_undecided() const {
    return std::ranges::any_of(receivers_, [](const auto& entry) { return entry.second.stage == Stage::undecided; });
}

bool FileSender::on_gone(const IdentityId& who) {
    const auto found = receivers_.find(who);
    if (found == receivers_.end() || found->second.stage == Stage::has_it) return false;
    return std::exchange(found->second.stage, Stage::without) == Stage::taking;
}

bool FileSender::takes_now(const IdentityId& who, const Receiver& receiver) const {
    const bool may_take = receiver.stage == Stage::taking && receiver.heard && !receiver.left_behind;
    return may_take && audience_.is_here(who);
}

std::set<IdentityId> FileSender::missing_at(std::uint64_t index) const {
    std::set<IdentityId> missing;
    for (const auto& [who, receiver] : receivers_) {
        if (takes_now(who, receiver) && !receiver.held.contains(index)) missing.insert(who);
    }
    return missing;
}

bool FileSender::is_under_way(std::uint64_t index) const {
    const auto is_it = [index](const auto& chunk) { return chunk.index == index; };
    return std::ranges::any_of(prepared_, is_it) || std::ranges::any_of(in_flight_, is_it);
}

/// A chunk behind the frontier that this receiver misses and that is not on its way.
std::optional<std::uint64_t> FileSender::first_hole(const IdentityId& who, const Receiver& receiver) const {
    if (!takes_now(who, receiver)) return std::nullopt;
    auto index = receiver.held.next_missing(0);
    while (index < frontier_ && is_under_way(index)) index = receiver.held.next_missing(index + 1);
    return index < frontier_ ? std::optional(index) : std::nullopt;
}

/// What most of them miss comes first: the others go on at full speed while one has holes, and what
/// nobody has is not put off.
std::optional<std::uint64_t> FileSender::next_wanted() const {
    std::optional<std::uint64_t> best;
    std::size_t most = 0;
    const auto consider = [&](std::uint64_t index) {
        const auto count = missing_at(index).size();
        if (count > most || (count == most && best && index < *best)) {
            best = index;
            most = count;
        }
    };
    if (frontier_ < offer_.chunks()) consider(frontier_);
    for (const auto& [who, receiver] : receivers_) {
        if (const auto hole = first_hole(who, receiver)) consider(*hole);
    }
    return most == 0 ? std::nullopt : best;
}

std::vector<std::uint64_t> FileSender::take_reads() {
    std::vector<std::uint64_t> reads;
    while (file_is_open_ && prepared_.size() < chunks_read_ahead) {
        const auto index = next_wanted();
        if (!index) break;
        frontier_ = std::max(frontier_, *index + 1);
        prepared_.push_back({*index, nullptr});
        reads.push_back(*index);
    }
    return reads;
}

void FileSender::on_read(std::uint64_t index, ChunkBytes bytes) {
    const auto found = std::ranges::find(prepared_, index, &Prepared::index);
    if (found != prepared_.end()) found->bytes = std::move(bytes);
}

std::size_t FileSender::posts_in_flight() const {
    std::size_t posts = 0;
    for (const auto& chunk : in_flight_) posts += chunk.posts;
    return posts;
}

void FileSender::on_time(Time now) {
    if (paused_until_ && now >= *paused_until_) paused_until_.reset();
    if (gathering_until_ && now >= *gathering_until_) gathering_until_.reset();
}

std::optional<ChunkPost> FileSender::next_post(std::size_t room, Random& random, Time now) {
    while (!paused_until_ && !gathering_until_ && !prepared_.empty() && prepared_.front().bytes) {
        auto to = missing_at(prepared_.front().index);
        const auto posts = audience_.posts_for(to);
        if (posts > room && !in_flight_.empty()) return std::nullopt;
        const auto chunk = std::move(prepared_.front());
        prepared_.pop_front();
        if (to.empty()) continue;  // whoever missed it has it, or is gone
        in_flight_.push_back({chunk.index, now, posts, to});
        auto body = std::make_shared<const Bytes>(seal_chunk(offer_, chunk.index, *chunk.bytes, random));
        return ChunkPost{number_, chunk.index, std::move(to), std::move(body)};
    }
    return std::nullopt;
}

void FileSender::on_status(const IdentityId& who, const FileStatus& status, Time now) {
    const auto found = receivers_.find(who);
    if (found == receivers_.end() || found->second.stage != Stage::taking) return;
    auto& receiver = found->second;
    const auto before = receiver.held.size();
    const auto end = offer_.chunks();
    if (status.through > end || (!status.beyond.empty() && status.beyond.back().last >= end)) return;
    receiver.heard = receiver.heard || status.idle;  // others may be from before it was away
    // Said at rest it is all there is: a part that was lost on a disk is missing again.
    if (status.idle && status.beyond.size() < max_status_ranges) receiver.held = {};
    if (status.through > 0) receiver.held.add(ChunkRange{0, status.through - 1});
    for (const auto& range : status.beyond) receiver.held.add(range);
    if (receiver.held.size() > before || status.idle) receiver.left_behind = false;
    if (receiver.held.size() > before) receiver.moved_at = now;
    confirm(who, receiver);
    if (status.idle) forget_lost(who, now - chunk_patience);
}

/// The relay keeps one order: what was posted before something that came is not on its way any more.
void FileSender::confirm(const IdentityId& who, const Receiver& receiver) {
    const auto last = std::find_if(in_flight_.rbegin(), in_flight_.rend(), [&](const InFlight& chunk) {
        return chunk.awaited.contains(who) && receiver.held.contains(chunk.index);
    });
    for (auto it = in_flight_.begin(); it != last.base(); ++it) it->awaited.erase(who);
    std::erase_if(in_flight_, [](const InFlight& chunk) { return chunk.awaited.empty(); });
}

void FileSender::forget_lost(const IdentityId& who, Time posted_before) {
    for (auto& chunk : in_flight_) {
        if (chunk.posted_at <= posted_before) chunk.awaited.erase(who);
    }
    std::erase_if(in_flight_, [](const InFlight& chunk) { return chunk.awaited.empty(); });
}

void FileSender::forget_unreachable() {
    for (auto& [who, receiver] : receivers_) receiver.heard = receiver.heard && audience_.is_here(who);
    for (auto& chunk : in_flight_) {
        std::erase_if(chunk.awaited, [&](const IdentityId& who) { return !takes_now(who, receivers_[who]); });
    }
    std::erase_if(in_flight_, [](const InFlight& chunk) { return chunk.awaited.empty(); });
}

void FileSender::on_refused(std::uint64_t index, Time now) {
    std::erase_if(in_flight_, [index](const InFlight& chunk) { return chunk.index == index; });
    paused_until_ = now + full_retry;
}

/// Since when something is on its way to this person and nothing moves.
std::optional<Time> FileSender::waits_since(const IdentityId& who) const {
    const auto oldest =
        std::ranges::find_if(in_flight_, [&](const InFlight& chunk) { return chunk.awaited.contains(who); });
    if (oldest == in_flight_.end()) return std::nullopt;
    return std::max(oldest->posted_at, receivers_.at(who).moved_at);
}

std::vector<IdentityId> FileSender::leave_behind(Time now) {
    std::vector<IdentityId> left;
    for (auto& [who, receiver] : receivers_) {
        const auto since = takes_now(who, receiver) ? waits_since(who) : std::nullopt;
        if (!since || now < *since + stall_patience) continue;
        receiver.left_behind = true;
        left.push_back(who);
    }
    return left;
}

std::optional<Time> FileSender::next_deadline() const {
    std::optional<Time> next;
    const auto consider = [&](Time time) { next = next ? std::min(*next, time) : time; };
    for (const auto& [who, receiver] : receivers_) {
        const auto since = takes_now(who, receiver) ? waits_since(who) : std::nullopt;
        if (since) consider(*since + stall_patience);
    }
    if (paused_until_) consider(*paused_until_);
    if (gathering_until_) consider(*gathering_until_);
    return next;
}

bool FileSender::measure(Time now) {
    std::optional<std::uint64_t> slowest;
    for (const auto& [who, receiver] : receivers_) {
        if (!takes_now(who, receiver)) continue;
        slowest = slowest ? std::min(*slowest, receiver.held.size()) : receiver.held.size();
    }
    return slowest && meter_.update(std::min(*slowest * chunk_size, offer_.size), now);
}

bool FileSender::somebody_takes_it() const {
    return std::ranges::any_of(receivers_, [](const auto& entry) { return entry.second.stage == Stage::taking; });
}

bool FileSender::somebody_has_it() const {
    return std::ranges::any_of(receivers_, [](const auto& entry) { return entry.second.stage == Stage::has_it; });
}

std::vector<IdentityId> FileSender::all_at(Stage stage) const {
    std::vector<IdentityId> all;
    for (const auto& [who, receiver] : receivers_) {
        if (receiver.stage == stage) all.push_back(who);
    }
    return all;
}

bool FileSender::settled() const {
    return std::ranges::none_of(receivers_, [](const auto& entry) {
        return entry.second.stage == Stage::undecided || entry.second.stage == Stage::taking;
    });
}

}  // namespace parley::client
