// Tab: what the word before the cursor may become. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::ui::screen {

/// What can be completed, as it would be inserted.
struct Vocabulary {
    std::vector<std::string> commands;  ///< with their slash
    std::vector<std::string> names;     ///< ben#55DJ
};

/// One word and what it may become, in order; Tab again goes on to the next.
struct Completion {
    std::size_t begin = 0;  ///< where the word begins, in bytes
    std::vector<std::string> candidates;
};
/// `before` is the text up to the cursor.
Completion complete(std::string_view before, const Vocabulary& vocabulary);

/// The walk through the candidates of one word; any other key ends it.
class TabWalk {
public:
    /// What to put from begin() to the cursor; nothing where nothing fits.
    const std::string* next(std::string_view before, const Vocabulary& vocabulary, bool backwards);
    std::size_t begin() const { return completion_.begin; }
    void end() { completion_ = {}; }

private:
    Completion completion_;
    std::size_t at_ = 0;
};

}  // namespace parley::ui::screen
