#include "sim/storm.h"

#include <algorithm>

#include "sim/flawed_relay.h"

namespace parley::sim {
namespace {

using namespace std::chrono_literals;
using client::AlarmKind;

const std::array<std::string, people> names{"anna", "ben", "clara", "david"};
/// Longer than everything that is waited for before it is tried again or given up.
constexpr auto quiet = 4min;
/// Nobody is away for longer in a plan, and the relay is not told of more.
constexpr std::uint32_t longest_absence = 3'600;

relay::Limits limits_of(const Weather& weather) {
    relay::Limits limits;
    limits.room_memory = weather.room << 10U;
    limits.seat_share = limits.room_memory / 2;
    return limits;
}

/// What a relay has of people who are all there and have acknowledged everything.
std::size_t nothing_kept(const relay::Limits& limits) {
    return limits.room_overhead + people * (limits.seat_overhead + limits.connection_overhead);
}

/// Who comes into a full room has a seat all the same.
std::size_t most_kept(const relay::Limits& limits) { return limits.room_memory + nothing_kept(limits); }

/// About bodies that are late or on their way, or were for somebody who had gone: to be expected in bad weather.
bool is_about_delivery(AlarmKind kind) {
    return kind == AlarmKind::unacknowledged || kind == AlarmKind::missing || kind == AlarmKind::lost_by_relay;
}

}  // namespace

Storm::Storm(const Weather& weather)
    : weather_(weather),
      limits_(limits_of(weather)),
      adversary_(std::make_shared<Adversary>(weather.seed, weather.attack, weather.meddling)),
      shell_(weather.flaw),
      world_(weather.seed, weather.flaw == Flaw::relay_keeps_all ? relay::Limits{} : limits_) {
    for (const auto& name : names) world_.start(world_.add({.name = name, .grace_seconds = weather.grace}));
    world_.run_for(10s);
    world_.set_interceptor(std::make_shared<FlawedRelay>(weather.flaw, adversary_));
    world_.set_shell(shell_.shell());
    world_.set_spoiler([this](std::size_t who, auto& actions) { shell_.spoil(who, actions); });
}

std::vector<std::string> Storm::play(const Plan& plan) {
    for (const auto& happening : plan) {
        world_.run_for(happening.before);
        happen(happening);
        look();
        if (!complaints_.empty()) return complaints_;
    }
    calm_down();
    look();
    judge_relay();
    judge();
    return complaints_;
}

void Storm::happen(const Happening& happening) {
    switch (happening.what) {
        case What::say: return say(happening.who);
        case What::cut: return world_.cut(happening.who);
        case What::die: return world_.kill_after(happening.who, happening.dice);
        case What::come_back: return come_back(happening.who);
        case What::fall_asleep: return fall_asleep(happening.who);
        case What::jump: return jump(happening.who, jump_of(happening.dice));
        case What::relay_dies: return world_.relay_runs() ? world_.kill_relay() : void();
        case What::relay_comes_back: return start_relay();
    }
}

void Storm::say(std::size_t who) {
    if (!world_.lives(who) || world_.stopped(who) || world_.sleeps(who)) return;
    const auto text = std::to_string(texts_.size() + 1);
    texts_.insert(text);
    world_.say(who, text);
    // Whoever died in the middle of it may or may not have said it.
    if (!world_.lives(who)) return;
    client::LineNumber line = 0;  // that of an author rises
    for (const auto& change : world_.shown<client::LineChanged>(who)) line = std::max(line, change.line);
    said_.push_back({who, text, line});
    copies_[who].push_back(*world_.saved(who));
}

void Storm::come_back(std::size_t who) {
    world_.wake_up(who);
    if (world_.stopped(who)) world_.kill(who);  // it said why, and its user starts it again
    if (world_.lives(who)) return;
    if (weather_.flaw == Flaw::old_save && copies_[who].size() > 2) world_.set_saved(who, copies_[who].front());
    look();
    forget_unsaved(who);
    world_.restore(who);
}

void Storm::fall_asleep(std::size_t who) {
    if (world_.lives(who) && !world_.sleeps(who)) world_.fall_asleep(who);
}

void Storm::jump(std::size_t who, Duration by) {
    world_.jump_wall_clock(who, by);
    if (!world_.lives(who)) world_.jump_steady_clock(who, by);
}

void Storm::start_relay() {
    using Life = test::World::Life;
    if (!world_.relay_runs())
        world_.start_relay(weather_.flaw == Flaw::relay_same_epoch ? Life::as_before : Life::fresh);
}

/// Nobody interferes any more, everyone is there on a new connection, and has time.
void Storm::calm_down() {
    adversary_->stop();
    for (std::size_t who = 0; who < people; ++who) {
        world_.let_live(who);
        come_back(who);
    }
    start_relay();
    for (std::size_t who = 0; who < people; ++who) world_.cut(who);
    world_.run_for(quiet);
    for (std::size_t who = 0; who < people; ++who) {
        come_back(who);  // what was held back may have sent somebody away once more
        say(who);
    }
    world_.run_for(quiet);
}

/// What was shown since the last look.
void Storm::look() {
    for (std::size_t who = 0; who < people; ++who) {
        const auto& events = world_.events(who);
        for (auto& at = readings_[who].events; at < events.size(); ++at) {
            if (const auto* message = std::get_if<client::MessageReceived>(&events[at])) read(who, *message);
        }
    }
    if (adversary_->sealings().alike() > 0) complain("two things were sealed under one key and nonce");
    if (!world_.relay_runs()) return;
    if (world_.relay().charged() > most_kept(limits_)) complain("the relay is larger than it may be");
}

void Storm::read(std::size_t who, const client::MessageReceived& message) {
    const auto& author = message.person.name;
    const auto what = names[who] + " was shown " + message.text + " of " + author;
    if (!texts_.contains(message.text)) return complain(what + ", which nobody said");
    auto& reading = readings_[who];
    const auto whole = author + ": " + message.text;
    const auto& excused = world_.may_come_again(who);
    const auto times = ++reading.times[whole];
    if (times > 1 + static_cast<std::size_t>(std::ranges::count(excused, whole))) complain(what + " twice");
    auto& numbers = reading.numbers[author];
    const auto number = std::stoi(message.text);
    const bool in_order = numbers.empty() || number > *numbers.rbegin();
    if (!in_order && times == 1 && !message.late) complain(what + " out of order, and not as late");
    numbers.insert(number);
}

/// Whoever ended before it was saved does not know that it was shown.
void Storm::forget_unsaved(std::size_t who) {
    for (const auto& whole : world_.may_come_again(who)) {
        const auto colon = whole.find(':');
        readings_[who].numbers[whole.substr(0, colon)].erase(std::stoi(whole.substr(colon + 1)));
    }
}

/// Who stopped acknowledges nothing any more.
void Storm::judge_relay() {
    for (std::size_t who = 0; who < people; ++who) {
        if (world_.stopped(who)) return;
    }
    if (world_.relay().charged() > nothing_kept(limits_)) complain("the relay keeps something when all is done");
}

void Storm::judge() {
    for (std::size_t who = 0; who < people; ++who) judge(who);
}

void Storm::judge(std::size_t reader) {
    for (const auto& said : said_) {
        const auto whole = names[said.author] + ": " + said.text;
        if (said.author != reader && !readings_[reader].times.contains(whole)) judge_missing(said, reader);
    }
    if (!weather_.relay_is_honest()) return;  // then warnings are what is expected
    for (const auto kind : world_.alarms(reader)) {
        // Some may have given somebody up whom others still wait for.
        const bool some_have_gone = weather_.grace < longest_absence && kind == AlarmKind::roster_differs;
        if (is_about_delivery(kind) || some_have_gone) continue;
        complain(names[reader] + " was warned of " + std::string(name_of(kind)) + ", and nobody interfered");
    }
}

void Storm::judge_missing(const Said& said, std::size_t reader) {
    const auto what = names[reader] + " never saw " + said.text + " of " + names[said.author];
    for (const auto& change : world_.shown<client::LineChanged>(said.author)) {
        const bool about_both = change.line == said.line && change.person && change.person->name == names[reader];
        if (about_both && change.state == client::LineState::opened)
            return complain(what + ", who was told it was opened");
    }
    const bool may_be_lost = !weather_.relay_is_honest() || weather_.grace < longest_absence;
    if (!may_be_lost) return complain(what);
    if (!warned(reader) && !warned(said.author) && !was_named(said, reader)) complain(what + ", and nobody was told");
}

/// That it failed, or that the reader had gone.
bool Storm::was_named(const Said& said, std::size_t reader) const {
    const auto lines = world_.shown<client::LineChanged>(said.author);
    const auto presences = world_.shown<client::PresenceChanged>(said.author);
    return std::ranges::any_of(lines,
                               [&](const auto& change) {
                                   return change.line == said.line && change.state == client::LineState::failed;
                               }) ||
           std::ranges::any_of(presences, [&](const auto& change) {
               return change.person.name == names[reader] && change.person.presence == client::Presence::gone;
           });
}

/// Who stopped said why.
bool Storm::warned(std::size_t who) const { return !world_.alarms(who).empty() || world_.stopped(who); }

Outcome play(const Weather& weather) { return {weather.seed, Storm(weather).play(draw(weather.seed))}; }

std::string explain(const Weather& weather, const Outcome& outcome) {
    const auto fails = [&](const Plan& plan) { return !Storm(weather).play(plan).empty(); };
    const auto smallest = shrink(draw(weather.seed), fails);
    std::string text = "seed " + std::to_string(outcome.seed) + ": " + outcome.complaints.front();
    text += "\nagain: ./dev sim --seed " + std::to_string(weather.seed) + " --meddling " +
            std::to_string(weather.meddling) + " --grace " + std::to_string(weather.grace);
    if (weather.room != Weather{}.room) text += " --room " + std::to_string(weather.room);
    if (!weather.attack.empty()) text += " --attack " + weather.attack;
    for (const auto& named : flaws) {
        if (named.flaw == weather.flaw) text += " --flaw " + std::string(named.name);
    }
    text += "\nit is enough that:\n" + text_of(smallest);
    return text + "and then: " + Storm(weather).play(smallest).front() + '\n';
}

}  // namespace parley::sim
