// A relay that loses, repeats, changes and invents what the fuzzer likes while two people talk, lose connections, die
// and come back: nobody crashes, and nothing is shown that nobody said, or twice.
#include <cstdlib>
#include <set>

#include "wire/codec.h"
#include "world/world.h"

namespace parley::test {
namespace {

using hostile::Direction;
using hostile::Passing;

void require(bool holds) {
    if (!holds) std::abort();
}

/// Bytes that decide; zeros when they are used up.
class Dice {
public:
    explicit Dice(ByteView script) : script_(script) {}
    bool empty() const { return script_.remaining() == 0; }
    std::uint8_t roll() { return script_.number<std::uint8_t>(); }
    /// Mostly small, as what really comes is.
    std::uint64_t number() {
        const auto small = roll();
        return small < 0xf0 ? small : script_.number<std::uint64_t>();
    }
    Bytes bytes() {
        const std::size_t size = roll();
        return to_bytes(script_.take(std::min(size, script_.remaining())));
    }
    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[roll() % all.size()];
    }

private:
    Reader script_;
};

/// Everything that came by, to be said again in other frames.
struct Known {
    std::vector<SeatId> seats{SeatId()};
    std::vector<RoomEpoch> epochs{RoomEpoch()};
    std::vector<Bytes> bodies{Bytes(4'096)};
    std::vector<Bytes> cards{Bytes(1'088)};
    std::vector<Bytes> frames_to_client{Bytes{wire::Pong::type}};

    void learn(const Passing& passing) {
        if (passing.direction == Direction::to_client && !passing.frame.empty()) {
            frames_to_client.push_back(passing.frame);
            const auto frame = wire::decode_relay(passing.frame);
            if (const auto* welcome = std::get_if<wire::Welcome>(&frame.value())) epochs.push_back(welcome->epoch);
        }
        if (passing.direction != Direction::to_relay) return;
        const auto frame = wire::decode_client(passing.frame).value();
        if (const auto* join = std::get_if<wire::Join>(&frame)) seats.push_back(join->seat);
        if (const auto* post = std::get_if<wire::Post>(&frame)) bodies.push_back(to_bytes(post->body.bytes));
        if (const auto* card = std::get_if<wire::Card>(&frame)) cards.push_back(to_bytes(card->sealed.bytes));
    }
};

class Liar final : public hostile::Interceptor {
public:
    explicit Liar(Dice& dice) : dice_(dice) {}

    std::vector<Passing> pass(Passing passing, Time) override {
        known_.learn(passing);
        if (dice_.empty()) return {std::move(passing)};
        switch (dice_.roll() % 8) {
            case 0: return {};
            case 1: return hostile::repeat(std::move(passing));
            case 2: return {changed(std::move(passing))};
            case 3: return {to_somebody(dice_.one_of(known_.frames_to_client)), std::move(passing)};
            case 4: return {std::move(passing), to_somebody(invented())};
            default: return {std::move(passing)};
        }
    }

private:
    Passing to_somebody(Bytes frame) { return {dice_.roll() % 2U, Direction::to_client, std::move(frame)}; }
    Passing changed(Passing passing) {
        if (passing.frame.empty()) return passing;
        passing.frame = laid_over(std::move(passing.frame));
        return passing;
    }
    Bytes laid_over(Bytes bytes) {
        const auto at = static_cast<std::size_t>(dice_.number()) % bytes.size();
        const auto new_ones = dice_.bytes();
        const auto fitting = ByteView(new_ones).first(std::min(new_ones.size(), bytes.size() - at));
        std::ranges::copy(fitting, bytes.begin() + static_cast<std::ptrdiff_t>(at));
        return bytes;
    }
    Bytes invented() {
        const auto choice = dice_.roll();
        if (choice >= 0xe0) return dice_.bytes();
        // What they borrow lives until they are written.
        const auto body = laid_over(dice_.one_of(known_.bodies));
        const auto card = laid_over(dice_.one_of(known_.cards));
        Bytes frame;
        wire::encode(frame_of(choice, body, card), frame);
        return to_bytes(ByteView(frame).subspan(wire::length_size));
    }
    wire::RelayFrame frame_of(std::uint8_t choice, ByteView body, ByteView card) {
        const auto& seat = dice_.one_of(known_.seats);
        switch (choice % 10) {
            case 0:
                return wire::Welcome{
                    dice_.one_of(known_.epochs), seat, dice_.number(), wire::max_body, dice_.roll(), dice_.roll()};
            case 1: return wire::Seat{seat, presence(), std::nullopt};
            case 2: return wire::Seat{seat, presence(), wire::SealedCard{card}};
            case 3: return wire::Posted{dice_.number(), dice_.number()};
            case 4: return wire::Full{dice_.number()};
            case 5: return gap(dice_.number(), dice_.number());
            case 6: return wire::Refused{wire::RefuseReason(dice_.roll() % 10)};
            case 7: return wire::Restarting{dice_.roll() * 100U};
            default: return wire::Deliver{dice_.number(), seat, {body}};
        }
    }
    wire::Presence presence() { return wire::Presence(dice_.roll() % 3); }
    static wire::Gap gap(std::uint64_t one, std::uint64_t other) {
        return {std::min(one, other), std::max(one, other)};
    }

    Dice& dice_;
    Known known_;
};

constexpr std::array names{"anna", "ben"};

/// Two who talk from the first frame on, or go on from where they left off.
class Talk {
public:
    explicit Talk(Dice& dice, const std::vector<World::Saved>* before = nullptr) : dice_(dice) {
        world_.set_interceptor(std::make_shared<Liar>(dice));
        for (const auto* name : names) world_.add({.name = name, .keeps_seat = before != nullptr});
        for (std::size_t who = 0; who < names.size(); ++who) {
            if (before == nullptr) {
                world_.start(who);
            } else {
                world_.set_saved(who, (*before)[who]);
                world_.restore(who);
            }
        }
    }

    /// Whether all that was shown in the end was said, once.
    bool runs_well() {
        while (!dice_.empty()) act(dice_.roll());
        world_.run_for(std::chrono::minutes(3));
        return shows_what_was_said(0) && shows_what_was_said(1);
    }
    void say(std::size_t who) {
        if (world_.stopped(who)) return;
        const auto text = std::to_string(said_.size());
        said_.insert(names[who] + (": " + text));
        world_.say(who, text);
    }
    World& world() { return world_; }

private:
    void act(std::uint8_t choice) {
        const std::size_t who = choice % names.size();
        switch (choice / 2 % 8) {
            case 0:
            case 1: return say(who);
            case 2: return world_.run_for(std::chrono::seconds(dice_.roll()));
            case 3: return world_.cut(who);
            case 4: return restart(who);
            default: return world_.run_for(std::chrono::milliseconds(dice_.roll()));
        }
    }
    void restart(std::size_t who) {
        world_.kill(who);
        world_.restore(who);
    }
    bool shows_what_was_said(std::size_t who) const {
        std::multiset<std::string> may_be_shown(said_.begin(), said_.end());
        for (const auto& again : world_.may_come_again(who)) may_be_shown.insert(again);
        for (const auto& shown : world_.messages(who)) {
            const auto found = may_be_shown.find(shown);
            if (found == may_be_shown.end() || shown.starts_with(names[who])) return false;
            may_be_shown.erase(found);
        }
        return true;
    }

    Dice& dice_;
    World world_{1};
    std::set<std::string> said_;
};

/// Two who have met, and said something.
std::vector<World::Saved> acquainted() {
    World world{1};
    for (const auto* name : names) world.start(world.add({.name = name, .keeps_seat = true}));
    world.settle();
    for (const std::size_t who : {0U, 1U}) world.say(who, "before");
    world.run_for(std::chrono::minutes(1));
    return {*world.saved(0), *world.saved(1)};
}

/// The broken twin: a shell that shows every message twice.
bool finds_what_is_shown_twice() {
    Dice none({});
    Talk talk(none);
    talk.world().set_spoiler([](std::size_t, std::vector<client::Action>& actions) {
        const auto shown = actions;
        for (const auto& action : shown) {
            const auto* show = std::get_if<client::Show>(&action);
            if (show != nullptr && std::holds_alternative<client::MessageReceived>(show->event))
                actions.push_back(action);
        }
    });
    talk.say(0);
    return !talk.runs_well();
}

}  // namespace
}  // namespace parley::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley::test;
    static const auto before = acquainted();
    static const bool can_fail = finds_what_is_shown_twice();
    Dice dice(parley::ByteView(data, std::min<std::size_t>(size, 2'048)));
    require(can_fail && Talk(dice, dice.roll() % 2 == 0 ? nullptr : &before).runs_well());
    return 0;
}
