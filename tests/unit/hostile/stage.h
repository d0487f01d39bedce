// A few people who talk while an attack of the catalogue is going on, and what must hold whatever it does.
#pragma once

#include <gmock/gmock.h>

#include "hostile/catalogue.h"
#include "hostile/look.h"
#include "identity/room.h"
#include "world/world.h"

namespace parley::test {

using namespace std::chrono_literals;

/// The attack, and a copy of what comes to it and of what it lets out.
class Recorded final : public hostile::Interceptor {
public:
    Recorded(std::string_view attacks, std::uint64_t seed) : attack_(*hostile::make_attack(attacks, seed)) {}

    std::vector<hostile::Passing> pass(hostile::Passing frame, Time now) override {
        came_.push_back(frame);
        return note(attack_->pass(std::move(frame), now));
    }
    std::vector<hostile::Passing> on_time(Time now) override { return note(attack_->on_time(now)); }
    std::optional<Time> next_deadline() const override { return attack_->next_deadline(); }

    hostile::Attack& attack() { return *attack_; }
    const std::vector<hostile::Passing>& came() const { return came_; }
    const std::vector<hostile::Passing>& let_out() const { return let_out_; }

private:
    std::vector<hostile::Passing> note(std::vector<hostile::Passing> frames) {
        let_out_.insert(let_out_.end(), frames.begin(), frames.end());
        return frames;
    }

    hostile::AttackPtr attack_;
    std::vector<hostile::Passing> came_;
    std::vector<hostile::Passing> let_out_;
};

class Stage {
public:
    /// The twin of each test: the same people and words on an honest wire, where nothing may be told.
    enum class Wire { attacked, honest };
    enum class Room { invited, lobby };
    struct Play {
        std::string_view attack;
        std::uint64_t seed = 1;
        Wire wire = Wire::attacked;
        Room room = Room::invited;
        std::vector<std::string> people{"anna", "ben"};
    };

    explicit Stage(const Play& play)
        : names_(play.people), between_(std::make_shared<Recorded>(play.attack, play.seed)) {
        if (play.wire == Wire::attacked) world.set_interceptor(between_);
        for (const auto& name : names_) {
            World::Person person{.name = name};
            if (play.room == Room::lobby) person.room_secret = to_bytes(identity::lobby_secret().reveal());
            world.start(world.add(std::move(person)));
        }
        world.run_for(4s);
    }

    void say(std::size_t who, const std::string& text) {
        said_.emplace_back(who, names_[who] + ": " + text);
        world.say(who, text);
    }
    /// Everybody says so many lines, one after the other.
    void talk(std::size_t lines) {
        for (std::size_t i = 0; i < lines; ++i) {
            for (std::size_t who = 0; who < names_.size(); ++who) say(who, std::to_string(++line_));
            world.run_for(100ms);
        }
    }
    void limit(std::size_t strikes) { between_->attack().limit(strikes); }
    void end_attack() { limit(0); }
    std::vector<hostile::Deed> deeds() { return between_->attack().take_deeds(); }
    const std::vector<hostile::Passing>& let_out() const { return between_->let_out(); }

    /// What the others said, in the order in which they said it.
    std::vector<std::string> said_to(std::size_t who) const {
        std::vector<std::string> lines;
        for (const auto& [author, line] : said_) {
            if (author != who) lines.push_back(line);
        }
        return lines;
    }
    std::size_t people() const { return names_.size(); }

    /// Whether somebody was told exactly this.
    bool told(std::size_t who, client::AlarmKind kind, std::string_view words) const {
        const auto alarms = world.shown<client::Alarm>(who);
        return std::ranges::any_of(alarms, [&](const auto& each) { return each.kind == kind && each.what == words; });
    }
    /// Whoever is shown something is shown it once, and somebody said it.
    bool nothing_is_forged_or_shown_twice() const {
        for (std::size_t who = 0; who < people(); ++who) {
            const auto shown = sorted(world.messages(who));
            if (std::ranges::adjacent_find(shown) != shown.end()) return false;
            if (!std::ranges::includes(sorted(said_to(who)), shown)) return false;
        }
        return true;
    }
    bool everything_arrived() const {
        for (std::size_t who = 0; who < people(); ++who) {
            if (sorted(world.messages(who)) != sorted(said_to(who))) return false;
        }
        return true;
    }
    bool is_in_order(std::size_t who) const { return world.messages(who) == said_to(who); }

    /// The sealed messages that reached somebody, in numbers of the order in which the relay gave them: what a client
    /// would show that takes whatever comes.
    std::vector<std::size_t> raw_order(std::size_t who) const {
        const auto given = messages_to(who, between_->came());
        std::vector<std::size_t> order;
        for (const auto& body : messages_to(who, between_->let_out())) {
            order.push_back(static_cast<std::size_t>(std::ranges::find(given, body) - given.begin()));
        }
        return order;
    }
    std::size_t channels(std::size_t who) const { return world.shown<client::ChannelEstablished>(who).size(); }

    World world;

private:
    static std::vector<std::string> sorted(std::vector<std::string> lines) {
        std::ranges::sort(lines);
        return lines;
    }
    static std::vector<Bytes> messages_to(std::size_t who, const std::vector<hostile::Passing>& frames) {
        std::vector<Bytes> bodies;
        for (const auto& frame : frames) {
            const auto deliver = hostile::delivered(frame, ratchet::BodyKind::message);
            if (deliver && frame.client == who) bodies.push_back(to_bytes(deliver->body.bytes));
        }
        return bodies;
    }

    std::vector<std::string> names_;
    std::shared_ptr<Recorded> between_;
    std::vector<std::pair<std::size_t, std::string>> said_;
    std::size_t line_ = 0;
};

/// Each comes once, and after the one before it.
inline bool rises(const std::vector<std::size_t>& order) {
    return std::ranges::adjacent_find(order, std::ranges::greater_equal{}) == order.end();
}

}  // namespace parley::test
