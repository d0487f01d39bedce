// Messages that never come: some of all, all of one author for one reader, or everything for one reader.
#pragma once

#include "hostile/picked.h"

namespace parley::hostile {

/// One message of three, with every repetition of it.
class Drop final : public PickedAttack {
public:
    explicit Drop(std::uint64_t seed)
        : PickedAttack("drop", "held back, and so will be its repetitions", Picker(seed, 3, Picker::Repetitions::too)) {
    }

protected:
    std::vector<Passing> strike(Passing, Time) override { return {}; }
};

/// One reader gets nothing of one author, and everybody else gets all: different sets for different members.
class Fork final : public OneAttack {
public:
    explicit Fork(std::uint64_t seed)
        : OneAttack("fork", "hidden from this member and shown to the others"),
          reader_(seed % 2),
          author_(1 - reader_) {}

protected:
    void watch(const Passing& frame) override;
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing, Time) override { return {}; }

private:
    std::size_t reader_;
    std::size_t author_;
    std::optional<SeatId> author_seat_;
    Census census_;
};

/// One client hears nothing that would confirm what it said: neither from the relay nor from the others.
class WithholdAcks final : public OneAttack {
public:
    explicit WithholdAcks(std::uint64_t seed)
        : OneAttack("withhold-acks", "held back, so that nothing confirms what was said"), victim_((seed + 1) % 2) {}

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing, Time) override { return {}; }

private:
    std::size_t victim_;
    Census census_;
};

}  // namespace parley::hostile
