// Which chunks of a file are held: ranges that rise and do not touch.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace parley::client {

struct ChunkRange {
    std::uint64_t first;
    std::uint64_t last;

    friend bool operator==(const ChunkRange&, const ChunkRange&) = default;
};

class ChunkSet {
public:
    /// False: it was there already.
    bool add(std::uint64_t index) { return add(ChunkRange{index, index}); }
    /// False: all of it was there already.
    bool add(ChunkRange range);

    bool contains(std::uint64_t index) const;
    /// How many there are.
    std::uint64_t size() const { return size_; }
    /// Chunks from 0 on that are held without a hole.
    std::uint64_t through() const;
    /// The first one from `index` on that is not held.
    std::uint64_t next_missing(std::uint64_t index) const;
    /// All of it.
    std::vector<ChunkRange> ranges() const;
    /// What is held beyond `through`: at most `limit` ranges, the first ones and the last, which is where the
    /// sender is now.
    std::vector<ChunkRange> beyond(std::size_t limit) const;

private:
    using Ranges = std::map<std::uint64_t, std::uint64_t>;  // first -> last
    Ranges::const_iterator range_at(std::uint64_t index) const;

    Ranges ranges_;
    std::uint64_t size_ = 0;
};

}  // namespace parley::client
