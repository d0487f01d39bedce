// Frames that come, but not now: one of three held for a while, neighbours out of their order, everything one by one.
#pragma once

#include <chrono>
#include <map>
#include <set>

#include "hostile/picked.h"

namespace parley::hostile {

/// Frames that wait, each until its time; of one time in the order in which they came.
class Waiting {
public:
    void hold(Passing frame, Time until) { frames_.emplace(until, std::move(frame)); }
    std::vector<Passing> take_due(Time now);
    std::optional<Time> next() const;
    void forget(std::size_t client);

private:
    std::multimap<Time, Passing> frames_;
};

/// One message of three comes late, later than a reader waits for it. What is repeated meanwhile comes with it.
class Delay final : public PickedAttack {
public:
    /// Longer than a client waits for a hole to be filled.
    static constexpr Duration held_for = std::chrono::seconds(5);

    explicit Delay(std::uint64_t seed)
        : PickedAttack("delay", "held for 5 s", Picker(seed, 3, Picker::Repetitions::too)) {}

    std::vector<Passing> on_time(Time now) override { return waiting_.take_due(now); }
    std::optional<Time> next_deadline() const override { return waiting_.next(); }

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    std::map<crypto::Digest256, Time> released_at_;
    Waiting waiting_;
};

/// Three messages for one reader change places.
class Reorder final : public OneAttack {
public:
    static constexpr std::size_t together = 3;
    /// Where no third message comes.
    static constexpr Duration patience = std::chrono::milliseconds(200);

    explicit Reorder(std::uint64_t seed) : OneAttack("reorder", "let in before it what came after it"), seed_(seed) {}

    std::vector<Passing> on_time(Time now) override;
    std::optional<Time> next_deadline() const override;

protected:
    bool aims_at(const Passing& frame, Time now) override;
    std::vector<Passing> strike(Passing frame, Time now) override;

private:
    struct Hand {
        Time since;
        std::vector<Passing> frames;
    };
    std::vector<Passing> turned(Hand hand);

    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    Census census_;
    std::map<std::size_t, Hand> hands_;  ///< of each reader
};

/// Everything, both ways, one frame at a time.
class Slow final : public OneAttack {
public:
    static constexpr Duration pause = std::chrono::milliseconds(200);

    explicit Slow(std::uint64_t) : OneAttack("slow", "let through, but slowly") {}

    std::vector<Passing> on_time(Time now) override { return waiting_.take_due(now); }
    std::optional<Time> next_deadline() const override { return waiting_.next(); }

protected:
    /// What was held of an older connection has ended with it.
    void watch(const Passing& frame) override;
    bool aims_at(const Passing&, Time) override { return true; }
    std::vector<Passing> strike(Passing frame, Time now) override;
    /// Nothing overtakes what is still held.
    std::vector<Passing> spare(Passing frame, Time now) override;

private:
    using Lane = std::pair<std::size_t, Direction>;

    std::map<Lane, Time> last_;  ///< when the last frame of a lane leaves
    Waiting waiting_;
};

}  // namespace parley::hostile
