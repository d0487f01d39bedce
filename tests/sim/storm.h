// Four people talk while everything goes wrong; then everything is repaired, and what they were told is judged.
#pragma once

#include <set>

#include "sim/adversary.h"
#include "sim/flawed_shell.h"
#include "sim/plan.h"

namespace parley::sim {

struct Weather {
    std::uint64_t seed = 1;
    unsigned meddling = 0;        ///< percent of the frames with which the relay interferes
    std::string attack{};         ///< that it tries besides, by its names in the catalogue
    std::uint32_t grace = 3'600;  ///< seconds after which who is away has gone, and what was for it is given up
    std::size_t room = 384;       ///< KiB that the relay may keep for the four: more than a storm takes, not much more
    Flaw flaw = Flaw::none;

    bool relay_is_honest() const { return meddling == 0 && attack.empty(); }
};

class Storm {
public:
    explicit Storm(const Weather& weather);
    /// What nobody must ever see, in words; empty: all is well.
    std::vector<std::string> play(const Plan& plan);

private:
    struct Said {
        std::size_t author;
        std::string text;
        client::LineNumber line;
    };
    /// What one person has been shown so far.
    struct Reading {
        std::size_t events = 0;
        std::map<std::string, std::size_t> times;      ///< by "name: text"
        std::map<std::string, std::set<int>> numbers;  ///< by author, those that it knows it was shown
    };

    void happen(const Happening& happening);
    void say(std::size_t who);
    void come_back(std::size_t who);
    void fall_asleep(std::size_t who);
    void jump(std::size_t who, Duration by);
    void start_relay();
    void calm_down();

    void look();
    void read(std::size_t who, const client::MessageReceived& message);
    void forget_unsaved(std::size_t who);
    void judge_relay();
    void judge();
    void judge(std::size_t reader);
    void judge_missing(const Said& said, std::size_t reader);
    bool was_named(const Said& said, std::size_t reader) const;
    bool warned(std::size_t who) const;
    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    const Weather weather_;
    const relay::Limits limits_;
    std::shared_ptr<Adversary> adversary_;
    FlawedShell shell_;
    test::World world_;
    std::vector<Said> said_;
    std::set<std::string> texts_;  ///< everything that was ever begun to be said
    std::array<Reading, people> readings_;
    std::array<std::vector<test::World::Saved>, people> copies_;
    std::vector<std::string> complaints_;
};

/// The same from a seed alone, and what it takes to see it again.
struct Outcome {
    std::uint64_t seed;
    std::vector<std::string> complaints;
};
Outcome play(const Weather& weather);
/// A failing storm with as little as possible in it, and the command that shows it again.
std::string explain(const Weather& weather, const Outcome& outcome);

}  // namespace parley::sim
