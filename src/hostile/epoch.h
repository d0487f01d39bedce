// A room that goes back in time: the connection ends, and the relay claims an older life of the room and gives again
// what it gave in it.
#pragma once

#include <deque>
#include <map>

#include "hostile/picked.h"

namespace parley::hostile {

/// After one message of six its reader's connection is ended. When the reader joins again, its room is in an older
/// epoch, which the seed makes, and the messages of before come once more.
class Rollback final : public PickedAttack {
public:
    static constexpr std::size_t recorded = 16;

    explicit Rollback(std::uint64_t seed)
        : PickedAttack("rollback", "the connection ends here, and goes on in an older life of the room",
                       Picker(seed, 6, Picker::Repetitions::pass)),
          seed_(seed) {}

protected:
    void watch(const Passing& frame) override;
    std::vector<Passing> strike(Passing frame, Time now) override;
    std::vector<Passing> spare(Passing frame, Time now) override;

private:
    struct Reader {
        std::uint64_t lives = 0;  ///< that it was put back to
        std::deque<Passing> record;
        bool owed = false;  ///< it joins again: what it got comes once more, when it has seen who is there
    };
    RoomEpoch older_epoch(const Reader& reader) const;
    Passing older(const wire::Welcome& welcome, const Passing& frame, const Reader& reader) const;

    std::uint64_t seed_;
    std::map<std::size_t, Reader> readers_;
};

}  // namespace parley::hostile
