#include "client/lines.h"

#include <algorithm>

namespace parley::client {
namespace {

/// A line is as far as the slowest of its people; one failure is told at once.
LineState of_all(const std::map<IdentityId, LineState>& people) {
    const auto any = [&](LineState state) {
        return std::ranges::any_of(people, [&](const auto& entry) { return entry.second == state; });
    };
    if (people.empty() || any(LineState::queued)) return LineState::queued;
    if (any(LineState::accepted)) return LineState::accepted;
    return any(LineState::failed) ? LineState::failed : LineState::opened;
}

}  // namespace

LineNumber Lines::add() {
    lines_.emplace(++last_, Line{});
    return last_;
}

void Lines::expect(LineNumber line, const IdentityId& person) {
    lines_[line].people.emplace(person, LineState::queued);
}

std::optional<LineState> Lines::accepted(LineNumber line, const IdentityId& person) {
    const auto found = lines_.find(line);
    if (found == lines_.end()) return std::nullopt;
    const auto known = found->second.people.find(person);
    // What is posted again is accepted again; that takes nothing back.
    if (known == found->second.people.end() || known->second != LineState::queued) return std::nullopt;
    return update(line, person, LineState::accepted);
}

std::optional<LineState> Lines::opened(LineNumber line, const IdentityId& person) {
    return update(line, person, LineState::opened);
}

std::optional<LineState> Lines::failed(LineNumber line, const IdentityId& person) {
    return update(line, person, LineState::failed);
}

std::optional<LineState> Lines::update(LineNumber number, const IdentityId& person, LineState state) {
    const auto found = lines_.find(number);
    if (found == lines_.end()) return std::nullopt;
    auto& line = found->second;
    line.people.insert_or_assign(person, state);
    const auto now = of_all(line.people);
    const bool changed = now != line.shown;
    line.shown = now;
    if (now == LineState::opened || now == LineState::failed) lines_.erase(found);
    return changed ? std::optional(now) : std::nullopt;
}

std::uint64_t Lines::undelivered() const { return lines_.size(); }

bool Lines::is_unaddressed(LineNumber line) const {
    const auto found = lines_.find(line);
    return found != lines_.end() && found->second.people.empty();
}

}  // namespace parley::client
