// Contents that go to several people are kept once, in memory and in a saved state.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "client/save.h"

namespace parley::client {

class Parcels {
public:
    /// The number of this content: the first one spoken of is 0.
    std::uint32_t note(const std::shared_ptr<const Bytes>& content);
    void save(Saver& out) const;

    static Parcels restore(Loader& in);
    std::shared_ptr<const Bytes> take(Loader& in);
    bool all_taken() const { return used_ == contents_.size(); }

private:
    std::vector<std::shared_ptr<const Bytes>> contents_;
    std::unordered_map<const Bytes*, std::uint32_t> numbers_;
    std::size_t used_ = 0;
};

}  // namespace parley::client
