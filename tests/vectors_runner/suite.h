// One file of Wycheproof: which judge knows its schema, and how its tests came out.
#pragma once

#include <string>
#include <vector>

#include "vectors_runner/judge.h"

namespace parley::vectors {

struct Tally {
    std::size_t agreed = 0;
    std::size_t not_applicable = 0;
    std::vector<std::string> disagreements;  ///< "tcId 7: valid, but refused"

    bool passed() const { return disagreements.empty(); }
};

/// nullptr for a schema or an algorithm we do not know.
Judge judge_of(const Json& file);

Tally run(const Json& file, Judge judge);

}  // namespace parley::vectors
