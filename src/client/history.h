// What each author has said, as one chain (PROTOCOL 4.2): finds holes, repetitions and forks.
#pragma once

#include <map>

#include "client/content.h"

namespace parley::client {

class Saver;
class Loader;

/// One author's chain as it arrived here.
class Chain {
public:
    enum class Verdict {
        next,       ///< continues the chain, or begins it for a late joiner
        after_gap,  ///< contents before it are missing
        filled,     ///< one that was missing
        repeated,   ///< known already
        fork,       ///< the author told somebody else something else, or the relay made two of one room
    };

    /// Where the author stood when we met: what comes after it is for us too.
    void begin(const Head& head);
    bool begun() const { return first_ != 0; }
    /// Where the author stood when it had given up what was for us: nothing before that is awaited any more.
    void pass_over(const Head& head);

    Verdict add(const Content& content, const ContentHash& hash);

    /// The last content before the first hole.
    const Head& head() const { return head_; }
    /// Contents missing below the highest one seen.
    std::uint64_t missing() const;

    enum class Claim {
        agrees,
        ahead,    ///< somebody saw more than came here
        unknown,  ///< older than what is remembered here
        fork,
    };
    Claim compare(const Head& theirs) const;

    void save(Saver& out) const;
    static Chain restore(Loader& in);

private:
    std::map<std::uint64_t, ContentHash> unimplied() const;
    void remember(std::uint64_t k, const ContentHash& hash);
    void move_head();
    bool forgotten(std::uint64_t k) const;
    bool contradicts(const Content& content, const ContentHash& hash) const;

    Head head_;
    std::uint64_t first_ = 0;  ///< the first k that is for us; 0: not known yet
    std::uint64_t highest_ = 0;
    std::map<std::uint64_t, ContentHash> hashes_;    ///< of contents seen, at most max_remembered
    std::map<std::uint64_t, ContentHash> previous_;  ///< what a content beyond a hole says came before it
};

}  // namespace parley::client
