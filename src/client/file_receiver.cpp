#include "client/file_receiver.h"

#include "base/ensure.h"
#include "client/chunk.h"
#include "client/file_limits.h"
#include "client/file_name.h"

namespace parley::client {

CreateFile FileReceiver::accept(Place place, bool lasting) {
    ensure(is_offered(), "only an offer is accepted");
    place_ = std::move(place);
    state_ = Creating{false};
    return creation(lasting);
}

CreateFile FileReceiver::creation(bool lasting) const {
    const auto part = lasting ? std::optional(place_.part) : std::nullopt;
    return {number_, place_.folder, safe_file_name(offer_.name), offer_.size, part};
}

FileJob FileReceiver::resume() const {
    const auto* creating = std::get_if<Creating>(&state_);
    ensure(creating != nullptr, "what was taken is resumed once");
    if (!creating->answered) return creation(true);
    return ResumeFile{creation(true), offer_.hash};
}

std::optional<KeepFile> FileReceiver::keep() const {
    return is_offered() ? std::nullopt : std::optional(KeepFile{number_, place_.part});
}

bool FileReceiver::on_created(const std::vector<ChunkRange>& held, Time now) {
    const auto* creating = std::get_if<Creating>(&state_);
    if (creating == nullptr) return false;
    const bool is_news = !creating->answered;
    Receiving state{.idle_at = is_news ? now + chunk_patience : now, .patience = chunk_patience, .anew = !is_news};
    for (const auto& range : held) state.held.add(range);
    state_ = std::move(state);
    return is_news;
}

FileReceiver::Taken FileReceiver::on_chunk(ByteView body, Time now) {
    auto* state = std::get_if<Receiving>(&state_);
    const auto index = state ? locate_chunk(offer_, body) : std::nullopt;
    if (!index) return {Verdict::elsewhere, {}};
    if (state->held.contains(*index) || state->writing.contains(*index)) {
        state->status_at = now;  // they do not know yet that it came
        return {Verdict::known, {}};
    }
    if (state->writing.size() >= max_chunks_unwritten) return {Verdict::known, {}};
    auto chunk = open_chunk(offer_, *index, body);
    if (!chunk) return {Verdict::forged, {}};
    state->writing.insert(*index);
    state->patience = chunk_patience;
    state->idle_at = now + chunk_patience;
    return {Verdict::taken, WriteChunk{number_, *index, std::make_shared<const Bytes>(std::move(*chunk))}};
}

void FileReceiver::on_written(std::uint64_t index, Time now) {
    auto* state = std::get_if<Receiving>(&state_);
    if (state == nullptr || state->writing.erase(index) == 0) return;
    state->held.add(index);
    state->idle_at = now + state->patience;
    const bool tell = ++state->untold >= chunks_per_status || state->held.size() == offer_.chunks();
    const auto when = tell ? now : now + status_delay;
    state->status_at = state->status_at ? std::min(*state->status_at, when) : when;
}

std::optional<FinishFile> FileReceiver::take_finish() {
    const auto* state = std::get_if<Receiving>(&state_);
    if (state == nullptr || state->held.size() < offer_.chunks()) return std::nullopt;
    state_ = Checking{};
    return FinishFile{number_, offer_.hash};
}

FileStatus FileReceiver::status(const Receiving& state, bool idle) const {
    return {offer_.id, idle, state.held.through(), state.held.beyond(max_status_ranges)};
}

std::optional<FileStatus> FileReceiver::take_status(Time now) {
    auto* state = std::get_if<Receiving>(&state_);
    if (state == nullptr) return std::nullopt;
    const bool idle = is_idle(*state, now);
    const auto due = status_due(*state);
    if (!idle && !(due && now >= *due)) return std::nullopt;
    state->anew = false;
    if (idle) {
        state->patience = std::min<Duration>(2 * state->patience, longest_chunk_patience);
        state->idle_at = now + state->patience;
    }
    state->untold = 0;
    state->status_at.reset();
    return status(*state, idle);
}

std::optional<Time> FileReceiver::next_deadline() const {
    const auto* state = std::get_if<Receiving>(&state_);
    if (state == nullptr) return std::nullopt;
    auto next = status_due(*state);
    if (state->writing.empty()) next = next ? std::min(*next, state->idle_at) : state->idle_at;
    return next;
}

void FileReceiver::ask_anew(Time now) {
    auto* state = std::get_if<Receiving>(&state_);
    if (state == nullptr) return;
    state->idle_at = now;
    state->anew = true;
}

bool FileReceiver::measure(Time now) {
    const auto* state = std::get_if<Receiving>(&state_);
    return state != nullptr && meter_.update(std::min(state->held.size() * chunk_size, offer_.size), now);
}

}  // namespace parley::client
