// Posts of one turn: they share a block, and nobody can tell.
#include <random>

#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using ::testing::ElementsAre;

/// Several in one turn.
void post_all(Table& table, ConnectionId who, std::uint64_t first, std::uint64_t last, std::string_view text = "x") {
    std::vector<wire::ClientFrame> posts;
    for (auto id = first; id <= last; ++id) posts.emplace_back(wire::Post{id, {}, {bytes_of(text)}});
    table.read(who, posts);
    table.end_turn();
}

TEST(Run, of_small_posts_is_one_block_and_every_post_of_it_is_delivered) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    post_all(table, ada, 1, 100);
    EXPECT_EQ(table.core.payloads(), 1U);
    EXPECT_EQ(table.at(bob).seqs().size(), 100U);
    EXPECT_EQ(table.at(ada).all<wire::Posted>(), std::vector{(wire::Posted{100, 100})});
}

TEST(Run, ends_where_the_receiver_or_the_author_changes_and_the_order_stays) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2), carol = table.join(3);
    const auto post = [&](ConnectionId who, std::uint64_t id, std::optional<SeatId> to) {
        table.core.on_frame(who, wire::Post{id, to, {bytes_of("x")}}, table.now);
    };
    post(ada, 1, seat(2));
    post(ada, 2, seat(3));
    post(carol, 1, std::nullopt);
    post(ada, 3, seat(2));
    table.end_turn();
    EXPECT_THAT(table.at(bob).seqs(), ElementsAre(1, 3, 4));
    EXPECT_THAT(table.at(carol).seqs(), ElementsAre(2));
    EXPECT_THAT(table.at(ada).seqs(), ElementsAre(3));
}

TEST(Run, acknowledged_in_its_middle_goes_on_from_there) {
    Table table;
    const auto ada = table.join(1);
    auto bob = table.join(2);
    const auto epoch = table.epoch(bob);
    post_all(table, ada, 1, 5);
    table.say(bob, wire::Ack{2});
    table.disconnect(bob);
    bob = table.resume(2, 3, epoch);
    EXPECT_THAT(table.at(bob).seqs(), ElementsAre(4, 5));
}

TEST(Run, is_forgotten_when_its_last_post_is_acknowledged_by_all) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2), carol = table.join(3);
    const auto empty = table.core.charged();
    post_all(table, ada, 1, 5);
    const auto full = table.core.charged();
    table.say(bob, wire::Ack{4});
    EXPECT_EQ(table.core.charged(), full) << "its bytes are still there, so they are still charged";
    table.say(bob, wire::Ack{5});
    EXPECT_LT(table.core.charged(), full);
    table.say(carol, wire::Ack{5});
    EXPECT_EQ(table.core.charged(), empty);
    EXPECT_EQ(table.core.payloads(), 0U);
}

TEST(Run, is_charged_with_its_bodies_and_a_note_of_all_for_each_further_receiver) {
    const Limits limits;
    Table table(limits);
    for (std::uint64_t who = 1; who <= 4; ++who) table.join(who);
    const auto empty = table.core.charged();
    post_all(table, 0, 1, 7, "seven");
    EXPECT_EQ(table.core.charged() - empty, 7 * (5 + limits.payload_overhead) + 2 * limits.note_overhead);
    for (const ConnectionId reader : {1U, 2U}) table.say(reader, wire::Ack{7});
    EXPECT_EQ(table.core.charged() - empty, 7 * (5 + limits.payload_overhead));
}

TEST(Run, that_meets_a_full_room_is_delivered_up_to_there) {
    Limits limits;
    limits.seat_share = 3 * (1 + limits.payload_overhead);
    Table table(limits);
    const auto ada = table.join(1), bob = table.join(2);
    post_all(table, ada, 1, 5);
    EXPECT_THAT(table.at(bob).seqs(), ElementsAre(1, 2, 3));
    EXPECT_THAT(table.at(ada).all<wire::Full>(), ElementsAre(wire::Full{4}, wire::Full{5}));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 3U);
}

TEST(Run, whose_author_leaves_in_the_same_turn_is_delivered) {
    Table table;
    const auto ada = table.join(1), bob = table.join(2);
    table.core.on_frame(ada, wire::Post{1, {}, {bytes_of("x")}}, table.now);
    table.core.on_frame(ada, wire::Leave{}, table.now);
    table.end_turn();
    EXPECT_EQ(table.at(bob).bodies().size(), 1U);
}

/// Posts in one read of which the first was heard, and what then is taken at once.
class Behind {
public:
    Behind() { table_.join(2); }

    void add(std::uint64_t id, std::optional<SeatId> to = {}) {
        wire::encode(wire::Post{id, to, {bytes_of("x")}}, stream_);
    }
    void add(ByteView bytes) { append(stream_, bytes); }
    Core::Taken take(std::optional<ConnectionId> other = {}) {
        const auto read = table_.core.read_buffer().first(stream_.size());
        put(stream_, read.data());
        table_.core.on_read(read.size());
        const auto first = *wire::next_frame_size(read);
        const auto post = wire::decode_post(ByteView(read).first(first).subspan(wire::length_size));
        table_.core.on_post(ada_, *post, table_.now);
        return table_.core.on_posts_behind(other.value_or(ada_), read.subspan(first), table_.now);
    }
    Table& table() { return table_; }

private:
    Table table_;
    ConnectionId ada_ = table_.join(1);
    Bytes stream_;
};

TEST(PostsBehind, are_taken_as_long_as_each_goes_on_with_the_one_before) {
    Behind all;
    for (const std::uint64_t id : {1U, 2U, 5U, 6U}) all.add(id);
    EXPECT_EQ(all.take().frames, 3U);
    Behind repeated;
    for (const std::uint64_t id : {1U, 2U, 2U, 3U}) repeated.add(id);
    EXPECT_EQ(repeated.take().frames, 1U);
    Behind others;
    others.add(1);
    others.add(2, seat(2));
    EXPECT_EQ(others.take().frames, 0U);
    Behind empty_and_half;
    empty_and_half.add(1);
    empty_and_half.add(Bytes{0, 0, 0, 30, wire::Post::type, 0, 0});
    EXPECT_EQ(empty_and_half.take().frames, 0U);
    Behind another_frame;
    another_frame.add(1);
    another_frame.add(Bytes{0, 0, 0, 1, wire::Ping::type});
    EXPECT_EQ(another_frame.take().frames, 0U);
}

TEST(PostsBehind, of_another_connection_are_not_its_author_s) {
    Behind behind;
    behind.add(1);
    behind.add(2);
    EXPECT_EQ(behind.take(behind.table().join(3)).frames, 0U);
}

/// A room of four whose reads are as long as the test wants: so many posts.
class Chatter {
public:
    Chatter(std::uint64_t seed, std::size_t longest_read) : random_(seed), longest_read_(longest_read) {
        for (std::uint64_t who = 1; who <= people; ++who) table_.join(who);
    }

    /// What everybody got: who, seq, from whom, the body.
    std::vector<std::string> talk(int posts) {
        for (int i = 1; i <= posts; ++i) {
            post();
            if (i % 20 == 0) acknowledge();
        }
        read();
        table_.end_turn();
        return heard();
    }

private:
    static constexpr std::uint64_t people = 4;

    void post() {
        // Mostly the same again, so that there are runs.
        if (random_() % 4 == 0) {
            read();
            from_ = static_cast<ConnectionId>(random_() % people);
        }
        if (random_() % 4 == 0) to_ = random_() % 2 == 0 ? std::nullopt : std::optional(seat(random_() % people + 1));
        const auto size = random_() % 8 == 0 ? random_() % 60'000 : random_() % 300;
        bodies_.emplace_back(size, static_cast<std::uint8_t>(random_()));
        if (random_() % 16 != 0) ++id_[from_];  // else it comes once more
        posts_.emplace_back(wire::Post{id_[from_], to_, {bodies_.back()}});
        if (posts_.size() >= longest_read_) read();
    }
    void read() {
        table_.read(from_, std::exchange(posts_, {}));
        bodies_.clear();
    }
    void acknowledge() {
        read();
        table_.end_turn();
        for (ConnectionId who = 0; who < people; ++who) {
            const auto seqs = table_.at(who).seqs();
            if (!seqs.empty())
                table_.say(who, wire::Ack{seqs[seqs.size() - 1 - random_() % std::min<std::size_t>(3, seqs.size())]});
        }
    }
    std::vector<std::string> heard() {
        std::vector<std::string> all;
        for (ConnectionId who = 0; who < people; ++who) {
            for (const auto& frame : table_.at(who).all<wire::Deliver>()) {
                all.push_back(std::to_string(who) + " " + std::to_string(frame.seq) + " " + frame.from.hex() + " " +
                              std::string(text_of(frame.body.bytes)));
            }
        }
        return all;
    }

    std::mt19937_64 random_;
    const std::size_t longest_read_;
    Table table_;
    ConnectionId from_ = 0;
    std::optional<SeatId> to_;
    std::array<std::uint64_t, people> id_{};
    std::deque<Bytes> bodies_;
    std::vector<wire::ClientFrame> posts_;
};

TEST(Run, is_told_like_posts_in_reads_of_their_own) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto expected = Chatter(seed, 1).talk(200);
        ASSERT_GT(expected.size(), 200U);
        EXPECT_EQ(Chatter(seed, 7).talk(200), expected) << "seed " << seed;
        EXPECT_EQ(Chatter(seed, 1'000).talk(200), expected) << "seed " << seed;
    }
}

}  // namespace
}  // namespace parley::relay::testing
