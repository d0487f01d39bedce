#include "ui/screen/completion.h"

#include <algorithm>

#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

bool begins_like(std::string_view whole, std::string_view part) {
    return part.empty() || find_ignoring_case(whole.substr(0, part.size()), part) == Span{0, part.size()};
}

/// Those that begin like `word`, with `after` behind each.
std::vector<std::string> fitting(const std::vector<std::string>& words, std::string_view word, std::string_view after) {
    std::vector<std::string> candidates;
    for (const auto& candidate : words) {
        if (begins_like(candidate, word)) candidates.push_back(candidate + std::string(after));
    }
    std::ranges::sort(candidates);
    return candidates;
}

}  // namespace

Completion complete(std::string_view before, const Vocabulary& vocabulary) {
    const auto blank = before.find_last_of(" \n");
    const auto begin = blank == before.npos ? 0 : blank + 1;
    const auto word = before.substr(begin);
    if (begin == 0 && word.starts_with('/')) return {begin, fitting(vocabulary.commands, word, " ")};
    const auto at = word.starts_with('@') ? 1U : 0U;
    if (word.size() == at) return {};  // a name is asked for by its first letter
    // At the beginning of a line a name is an address.
    return {begin, fitting(vocabulary.names, word.substr(at), begin == 0 ? ": " : " ")};
}

const std::string* TabWalk::next(std::string_view before, const Vocabulary& vocabulary, bool backwards) {
    if (completion_.candidates.empty()) {
        completion_ = complete(before, vocabulary);
        at_ = backwards ? 0 : completion_.candidates.size() - 1;
    }
    const auto count = completion_.candidates.size();
    if (count == 0) return nullptr;
    at_ = (at_ + (backwards ? count - 1 : 1)) % count;
    return &completion_.candidates[at_];
}

}  // namespace parley::ui::screen
