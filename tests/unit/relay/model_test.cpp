// Random lives of a relay, step by step beside the naive one (FAULTS R08): the same is told to the
// same connections, and in the end nothing is left.
#include <random>

#include "unit/relay/naive_relay.h"
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

Limits tight() {
    Limits limits;
    limits.joins.burst = 1'000'000;
    limits.seat_share = 700;
    limits.room_memory = limits.room_overhead + 5 * limits.seat_overhead + 1'500;
    return limits;
}

std::uint64_t number_of(const SeatId& id) { return id.view()[0]; }

struct Describe {
    std::string operator()(const wire::Welcome& frame) const {
        return line("W", text(frame.next_seq), text(frame.grace_seconds));
    }
    std::string operator()(const wire::Seat& frame) const {
        constexpr std::array names{" present ", " away ", " gone "};
        const auto card = frame.card ? std::string(text_of(frame.card->bytes)) : "";
        return line("S", text(number_of(frame.seat)), names[static_cast<std::size_t>(frame.presence)], card);
    }
    std::string operator()(const wire::Deliver& frame) const {
        return line("D", text(frame.seq), text(number_of(frame.from)), " ", std::string(text_of(frame.body.bytes)));
    }
    std::string operator()(const wire::Posted& frame) const { return line("P", text(frame.id), text(frame.seq)); }
    std::string operator()(const wire::Full& frame) const { return line("F", text(frame.id)); }
    std::string operator()(const wire::Gap& frame) const { return line("G", text(frame.first), text(frame.last)); }
    std::string operator()(const wire::Refused& frame) const {
        return line("R", text(static_cast<std::uint64_t>(frame.reason)));
    }
    std::string operator()(const wire::Restarting&) const { return "restarting"; }
    std::string operator()(const wire::Pong&) const { return "O"; }
};

/// Seats have no order among each other: they go in front, sorted.
void normalize(Told& told) {
    std::erase_if(told, [](const auto& entry) { return entry.second.empty(); });
    for (auto& [id, lines] : told) {
        std::vector<std::string> seats, others;
        for (auto& text : lines) (text[0] == 'S' ? seats : others).push_back(std::move(text));
        std::ranges::sort(seats);
        lines = std::move(seats);
        std::ranges::move(others, std::back_inserter(lines));
    }
}

class Walk {
public:
    Walk(std::uint64_t seed, const Limits& ours, const Limits& naive) : random_(seed), table_(ours), naive_(naive) {}

    void step() {
        switch (draw(12)) {
            case 0:
            case 1: return join();
            case 2: return disconnect();
            case 3: return draw(4) == 0 ? leave() : card();
            case 4: return pass();
            case 5:
            case 6: return ack();
            default: return post();
        }
    }
    /// Whether both have told the same since the last time, and keep as much.
    bool agree() {
        auto expected = naive_.take();
        Told told;
        for (auto& [id, inbox] : table_.inboxes) {
            for (const auto& received : inbox.frames) told[id].push_back(std::visit(Describe{}, received.frame));
            learn_epoch(inbox);
            if (inbox.closed && !ended_.contains(id)) {
                told[id].emplace_back("X");
                ended_.insert(id);
            }
            inbox.frames.clear();
        }
        normalize(expected);
        normalize(told);
        for (const auto& [id, lines] : told) {
            for (const auto& text : lines) ++kinds[text[0]];
        }
        return told == expected && table_.core.payloads() == naive_.kept() + naive_.cards();
    }
    void everybody_goes() {
        for (const auto id : open_) {
            table_.disconnect(id);
            naive_.disconnect(id);
        }
        open_.clear();
        table_.pass(200s);
        EXPECT_EQ(table_.core.charged(), 0U);
        EXPECT_EQ(table_.core.payloads(), 0U);
        EXPECT_EQ(table_.core.rooms(), 0U);
        EXPECT_FALSE(table_.core.next_deadline());
    }

    std::map<char, std::size_t> kinds;  ///< how often each kind of thing was told

private:
    std::uint64_t draw(std::uint64_t below) { return random_() % below; }
    std::optional<ConnectionId> any_seated() {
        std::vector<ConnectionId> seated;
        for (const auto id : open_) {
            if (naive_.seated(id)) seated.push_back(id);
        }
        if (seated.empty()) return std::nullopt;
        return seated[draw(seated.size())];
    }
    void learn_epoch(const Inbox& inbox) {
        for (const auto& frame : inbox.all<wire::Welcome>()) {
            const auto [known, is_new] = epochs_.emplace(life_joined_, frame.epoch);
            EXPECT_EQ(known->second, frame.epoch) << "one epoch a life";
        }
    }

    void join() {
        const bool again = draw(10) == 0 && any_seated();
        const auto where = draw(2) + 1, who = draw(5) + 1;
        NaiveRelay::Join frame{where, who, draw(15) == 0 ? 99 : who, {}, draw(4) == 0 ? 0U : 100U};
        auto said = table_.join_frame(who, where);
        said.secret = secret(frame.secret);
        said.grace_seconds = static_cast<std::uint32_t>(frame.grace);
        if (!epochs_.empty() && draw(3) != 0) {
            const auto life = draw(3) == 0 ? draw(epochs_.size()) + 1 : std::max<std::uint64_t>(naive_.life(where), 1);
            frame.resume = {life, draw(20) == 0 ? ~std::uint64_t{0} : draw(60)};
            said.resume = wire::ResumePoint{epochs_[life], frame.resume->second};
        }
        const auto id = again ? *any_seated() : table_.connect();
        if (!again) open_.push_back(id);
        if (!again) ended_.erase(id);
        naive_.join(id, frame);
        life_joined_ = naive_.life(where);
        table_.say(id, said);
    }
    void disconnect() {
        if (open_.empty()) return;
        const auto at = draw(open_.size());
        const auto id = open_[at];
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
        table_.disconnect(id);
        naive_.disconnect(id);
    }
    void leave() {
        const auto id = any_seated();
        if (!id) return;
        table_.say(*id, wire::Leave{});
        naive_.leave(*id);
    }
    void card() {
        const auto id = any_seated();
        if (!id) return;
        const auto card = std::to_string(draw(1'000));
        table_.say(*id, wire::Card{{bytes_of(card)}});
        naive_.card(*id, card);
    }
    void post() {
        const auto id = any_seated();
        if (!id) return;
        auto& next = next_message_[*id % 7];
        const auto message = draw(8) == 0 ? draw(next + 1) : ++next;
        const auto to = draw(2) == 0 ? std::nullopt : std::optional(draw(6) + 1);
        const std::string body(draw(80), 'b');
        table_.post(*id, message, body, to ? std::optional(seat(*to)) : std::nullopt);
        naive_.post(*id, message, to, body);
    }
    void ack() {
        const auto id = any_seated();
        if (!id) return;
        const auto delivered = naive_.delivered(*id);
        const auto seq = draw(15) == 0 ? delivered + 1 : delivered - std::min(delivered, draw(4));
        table_.say(*id, wire::Ack{seq});
        naive_.ack(*id, seq);
    }
    void pass() {
        for (const auto id : open_) {
            if (!naive_.seated(id)) continue;
            table_.say(id, wire::Ping{});
            naive_.ping(id);
        }
        const auto time = draw(70);
        table_.pass(std::chrono::seconds(time));
        naive_.pass(time);
    }

    std::mt19937_64 random_;
    Table table_;
    NaiveRelay naive_;
    std::vector<ConnectionId> open_;
    std::set<ConnectionId> ended_;
    std::map<std::uint64_t, RoomEpoch> epochs_;
    std::map<std::uint64_t, std::uint64_t> next_message_;
    std::uint64_t life_joined_ = 0;
};

constexpr int steps = 2'000;

/// The first step on which they differ; `steps` if they never do.
int first_difference(Walk& walk) {
    for (int step = 0; step < steps; ++step) {
        walk.step();
        if (!walk.agree()) return step;
    }
    return steps;
}

// FAULTS R08
TEST(Model, tells_the_same_as_the_naive_relay_in_100000_random_steps) {
    std::map<char, std::size_t> kinds;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Walk walk(seed, tight(), tight());
        ASSERT_EQ(first_difference(walk), steps) << "seed " << seed;
        walk.everybody_goes();
        for (const auto& [kind, count] : walk.kinds) kinds[kind] += count;
    }
    for (const char kind : std::string("WSDPFGROX")) EXPECT_GT(kinds[kind], 100U) << kind;
}

// The twin: the walks are such that a relay which counts one byte differently is found.
TEST(Model, would_notice_a_relay_that_charges_a_byte_less_for_a_post) {
    auto flawed = tight();
    --flawed.payload_overhead;
    int found = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Walk walk(seed, flawed, tight());
        found += first_difference(walk) < steps ? 1 : 0;
    }
    EXPECT_GT(found, 5);
}

}  // namespace
}  // namespace parley::relay::testing
