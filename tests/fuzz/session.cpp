// Two parties under actions that the fuzzer chooses: nothing it does may crash, move a state by a refused body, or open
// to anything but what was sealed; and when it has done what it wants, both understand each other.
#include <cstdlib>
#include <optional>

#include "ratchet/handshake.h"
#include "unit/ratchet/seeded.h"

namespace parley::ratchet {
namespace {

using testing::noon;
using testing::Pair;
using testing::SeededRandom;

void require(bool holds) {
    if (!holds) std::abort();
}

bool same(const SecretBytes& left, const SecretBytes& right) { return equal(left.reveal(), right.reveal()); }

/// Bytes that decide; zeros when they are used up.
class Dice {
public:
    explicit Dice(ByteView bytes) : rest_(bytes) {}
    bool empty() const { return rest_.empty(); }
    std::uint8_t roll() {
        if (rest_.empty()) return 0;
        const auto byte = rest_.front();
        rest_ = rest_.subspan(1);
        return byte;
    }

private:
    ByteView rest_;
};

struct Side {
    Side(Session made, std::string_view seed) : session(std::move(made)), random(seed) {}

    Session session;
    SeededRandom random;
    struct Sent {
        Bytes body;
        Bytes content;
        bool opened = false;
    };
    std::vector<Sent> sent{};
};

struct Talk {
    Talk() {
        Pair pair("fuzz");
        auto first = Initiator::start(pair.from_initiator(), pair.initiator.random);
        auto response = respond(pair.from_responder(), first.init(), pair.responder.random).value();
        auto finished = first.finish(pair.from_initiator(), response.answer, pair.initiator.random).value();
        (void)response.session.open(finished.confirmation, noon).value();
        left.emplace(std::move(finished.session), "left");
        right.emplace(std::move(response.session), "right");
    }
    std::optional<Side> left;
    std::optional<Side> right;
};

void seal(Side& side, Dice& dice) {
    const Bytes content(dice.roll(), dice.roll());
    side.sent.push_back({side.session.seal(content, side.random).value(), content});
}

void deliver(Side& from, Side& to, Dice& dice) {
    if (from.sent.empty()) return;
    auto& sent = from.sent[dice.roll() % from.sent.size()];
    const auto before = to.session.save(noon);
    const auto content = to.session.open(sent.body, noon);
    if (!content) return require(same(before, to.session.save(noon)));
    require(!sent.opened && equal(content->reveal(), sent.content));
    sent.opened = true;
}

void deliver_damaged(Side& from, Side& to, Dice& dice) {
    if (from.sent.empty()) return;
    auto body = from.sent[dice.roll() % from.sent.size()].body;
    const auto at = static_cast<std::size_t>(dice.roll() << 8U | dice.roll()) % body.size();
    const auto change = dice.roll();
    body[at] = static_cast<std::uint8_t>(body[at] ^ change);
    if (change == 0) return;
    const auto before = to.session.save(noon);
    require(!to.session.open(body, noon));
    require(same(before, to.session.save(noon)));
}

void restart(Side& side) {
    const auto saved = side.session.save(noon);
    side.session = Session::restore(saved.reveal(), noon).value();
    require(same(saved, side.session.save(noon)));
}

/// Whatever was lost before: what is sealed from now on opens, in both directions.
void quiet_down(Talk& talk) {
    const auto say = [](Side& from, Side& to) {
        const auto body = from.session.seal(bytes_of("still there?"), from.random).value();
        require(text_of(to.session.open(body, noon).value().reveal()) == "still there?");
    };
    for (int i = 0; i < 3; ++i) {
        say(*talk.left, *talk.right);
        say(*talk.right, *talk.left);
    }
}

void act(Talk& talk, Dice& dice) {
    const auto action = dice.roll();
    const bool from_left = (action & 1U) != 0;
    auto& from = from_left ? *talk.left : *talk.right;
    auto& to = from_left ? *talk.right : *talk.left;
    switch (action >> 1U & 3U) {
        case 0: return seal(from, dice);
        case 1: return deliver(from, to, dice);
        case 2: return deliver_damaged(from, to, dice);
        default: return restart(from);
    }
}

}  // namespace
}  // namespace parley::ratchet

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::ratchet::Dice dice(parley::ByteView(data, std::min<std::size_t>(size, 256)));
    parley::ratchet::Talk talk;
    while (!dice.empty()) parley::ratchet::act(talk, dice);
    parley::ratchet::quiet_down(talk);
    return 0;
}
