// What is stored, for how long, who pays; readers that do not read.
#include "support/allocations.h"
#include "unit/relay/table.h"

namespace parley::relay::testing {
namespace {

using ::testing::ElementsAre;
using enum wire::RefuseReason;
using wire::Presence;

/// Room for so many posts of 1,000 bytes by one author to one reader.
Limits share_for(std::size_t posts) {
    Limits limits;
    limits.seat_share = posts * (1'000 + limits.payload_overhead);
    return limits;
}
const std::string thousand(1'000, 'x');

TEST(Full, is_answered_when_the_authors_share_is_used_up_and_not_before) {
    Table table(share_for(3));
    const auto ada = table.join(1), bob = table.join(2);
    for (std::uint64_t id = 1; id <= 3; ++id) table.post(ada, id, thousand);
    EXPECT_EQ(table.at(ada).count<wire::Full>(), 0U);
    table.post(ada, 4, "");
    EXPECT_THAT(table.at(ada).all<wire::Full>(), ElementsAre(wire::Full{4}));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 3U);
    EXPECT_EQ(table.at(bob).bodies().size(), 3U);
    EXPECT_FALSE(table.at(ada).closed);
}

TEST(Full, of_one_author_does_not_concern_the_others) {
    Table table(share_for(1));
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, thousand);
    table.post(ada, 2, thousand);
    table.post(bob, 1, thousand);
    EXPECT_EQ(table.at(ada).count<wire::Full>(), 1U);
    EXPECT_EQ(table.at(bob).count<wire::Full>(), 0U);
}

TEST(Full, ends_when_readers_acknowledge) {
    Table table(share_for(1));
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, thousand);
    table.post(ada, 2, thousand);
    table.say(bob, wire::Ack{1});
    table.post(ada, 3, thousand);
    EXPECT_EQ(table.at(ada).last<wire::Posted>(), (wire::Posted{3, 2}));
    EXPECT_EQ(table.at(bob).bodies().size(), 2U);
}

TEST(Full, ends_when_the_reader_leaves) {
    Table table(share_for(1));
    const auto ada = table.join(1), bob = table.join(2);
    table.join(3);
    table.post(ada, 1, thousand, seat(2));
    table.say(bob, wire::Leave{});
    table.post(ada, 2, thousand, seat(3));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 2U);
}

/// Of its posts 1 and 3 were accepted and 2 was refused, and it has lost its connection and the answers.
ConnectionId back_after_a_refusal(Table& table) {
    const auto bob = table.join(2), ada = table.join(1);
    table.post(ada, 1, thousand);
    table.post(ada, 2, thousand);
    table.say(bob, wire::Ack{1});
    table.post(ada, 3, thousand);
    table.disconnect(ada);
    return table.join(1);
}

TEST(Full, is_said_again_and_never_called_posted_when_later_ids_were_accepted) {
    Table table(share_for(1));
    const auto ada = back_after_a_refusal(table);
    table.post(ada, 2, thousand);
    EXPECT_THAT(table.at(ada).all<wire::Full>(), ElementsAre(wire::Full{2}));
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 0U) << "a cumulative Posted would claim it";
    table.post(ada, 3, thousand);
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 3U);
}

TEST(Full, is_said_again_before_a_repeat_of_what_came_earlier_is_called_posted) {
    Table table(share_for(1));
    const auto ada = back_after_a_refusal(table);
    table.post(ada, 1, thousand);
    table.pass(1s);
    EXPECT_EQ(table.at(ada).count<wire::Posted>(), 0U) << "it would name 3, and claim 2 with it";
    table.post(ada, 2, thousand);
    table.post(ada, 3, thousand);
    EXPECT_THAT(table.at(ada).all<wire::Full>(), ElementsAre(wire::Full{2}));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 3U);
}

TEST(Full, a_takeover_in_the_same_turn_is_not_told_posted_before_it_repeats) {
    Table table(share_for(1));
    const auto bob = table.join(2), ada = table.join(1), newer = table.connect();
    table.post(ada, 1, thousand);
    table.core.on_frame(ada, wire::Post{2, {}, {bytes_of(thousand)}}, table.now);
    table.core.on_frame(bob, wire::Ack{1}, table.now);
    table.core.on_frame(ada, wire::Post{3, {}, {bytes_of(thousand)}}, table.now);
    table.say(newer, table.join_frame(1));
    EXPECT_EQ(table.at(newer).count<wire::Posted>(), 0U);
}

TEST(Full, may_be_tried_again_under_the_same_id_while_nothing_later_was_accepted) {
    Table table(share_for(1));
    const auto ada = table.join(1), bob = table.join(2);
    table.post(ada, 1, thousand);
    table.post(ada, 2, thousand);
    table.say(bob, wire::Ack{1});
    table.post(ada, 2, thousand);
    table.post(ada, 2, thousand);
    EXPECT_EQ(table.at(ada).count<wire::Full>(), 1U);
    EXPECT_EQ(table.at(bob).bodies().size(), 2U);
}

TEST(RefusedIds, remembers_ranges_and_what_was_accepted_between_them) {
    RefusedIds ids;
    ids.add(5, std::nullopt);
    ids.add(8, std::nullopt);
    ids.on_accepted(6);
    ids.add(9, 6);
    ids.on_accepted(10);
    for (const std::uint64_t id : {5U, 7U, 8U, 9U}) EXPECT_TRUE(ids.contains(id)) << id;
    for (const std::uint64_t id : {4U, 6U, 10U}) EXPECT_FALSE(ids.contains(id)) << id;
}

TEST(RefusedIds, forgets_no_refusal_when_there_are_very_many) {
    RefusedIds ids;
    for (std::uint64_t id = 1; id <= 2'000; id += 2) {
        ids.add(id, id - 1);
        ids.on_accepted(id + 1);
    }
    for (std::uint64_t id = 1; id <= 2'000; id += 2) EXPECT_TRUE(ids.contains(id)) << id;
    EXPECT_FALSE(ids.contains(2'000));
}

TEST(RefusedIds, accepted_after_all_leave_no_trace) {
    RefusedIds ids;
    ids.add(1, std::nullopt);
    for (std::uint64_t id = 3; id <= 2'000; id += 2) {
        ids.add(id, id - 1);
        ids.on_accepted(id);
    }
    EXPECT_TRUE(ids.contains(1));
    EXPECT_FALSE(ids.contains(2)) << "nothing had to be merged";
}

TEST(RoomMemory, takes_8_MiB_and_not_a_byte_more) {
    Limits limits;
    limits.seat_share = limits.room_memory;
    limits.out_queue = 64U << 20U;
    Table table(limits);
    const auto ada = table.join(1), bob = table.join(2);
    const auto in_room = limits.room_memory - limits.room_overhead - 2 * limits.seat_overhead;
    const std::string large(60'000, 'y');
    std::uint64_t id = 0;
    auto left = in_room;
    for (; left > 2 * 60'096; left -= 60'096) table.post(ada, ++id, large);
    const std::string rest(left - 60'096 - 96, 'z');
    table.post(ada, ++id, rest);
    table.post(ada, ++id, std::string(60'001, 'y'));
    EXPECT_EQ(table.at(ada).last<wire::Full>().id, id) << "one byte too many";
    table.post(ada, ++id, large);
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, id) << "exactly full";
    table.post(ada, ++id, "");
    EXPECT_EQ(table.at(ada).last<wire::Full>().id, id);
    EXPECT_EQ(table.at(bob).bodies().size(), id - 2) << "nothing was evicted";
}

TEST(TotalMemory, is_never_exceeded_by_posts) {
    Limits limits;
    limits.total_memory = 2 * limits.connection_overhead + limits.room_overhead + 2 * limits.seat_overhead + 2'000;
    limits.no_newcomers_percent = limits.forget_percent = 100;
    Table table(limits);
    const auto ada = table.join(1);
    table.join(2);
    table.post(ada, 1, std::string(1'905, 'x'));
    EXPECT_EQ(table.at(ada).count<wire::Full>(), 1U);
    table.post(ada, 2, std::string(1'904, 'x'));
    EXPECT_EQ(table.at(ada).last<wire::Posted>().id, 2U);
    EXPECT_EQ(table.core.charged(), limits.total_memory);
}

// FAULTS F10: one block however many receive it, and each receiver's note is paid.
TEST(FanOut, shares_one_block_and_charges_it_once_with_a_note_for_each) {
    Limits limits;
    limits.joins.burst = 1'000;
    Table table(limits);
    const auto ada = table.join(1);
    for (std::uint64_t who = 2; who <= 101; ++who) table.join(who);
    const auto before = table.core.charged();
    table.post(ada, 1, std::string(65'536, 'x'));
    EXPECT_EQ(table.core.payloads(), 1U);
    EXPECT_EQ(table.core.charged() - before, 65'536U + 96U + 99U * limits.note_overhead);
}

// FAULTS F03
TEST(SlowReader, is_cut_beyond_1_MiB_and_resumes_without_loss) {
    Table table;
    const auto ada = table.join(1), eve = table.join(3);
    auto bob = table.join(2);
    table.freeze(bob);
    const std::string large(65'536, 'x');
    const auto frame = large.size() + wire::post_header_size;
    const auto fitting = (1U << 20U) / frame;
    std::uint64_t id = 0;
    while (id < fitting) table.post(ada, ++id, large);
    EXPECT_FALSE(table.at(bob).closed);
    EXPECT_LE(table.waiting_for(bob), 1U << 20U);
    table.post(ada, ++id, large);
    EXPECT_TRUE(table.at(bob).refused(slow_reader));
    EXPECT_EQ(table.at(ada).last<wire::Seat>().presence, Presence::away);
    EXPECT_EQ(table.at(eve).bodies().size(), id) << "others are not disturbed";
    table.disconnect(bob);
    bob = table.join(2);
    EXPECT_EQ(table.at(bob).bodies().size(), id);
}

TEST(SlowReader, may_be_behind_by_exactly_1_MiB) {
    Limits limits;
    Table table(limits);
    const auto ada = table.join(1), bob = table.join(2);
    table.freeze(bob);
    const auto body = (1U << 20U) / 32 - wire::post_header_size;
    for (std::uint64_t id = 1; id <= 32; ++id) table.post(ada, id, std::string(body, 'x'));
    EXPECT_EQ(table.waiting_for(bob), 1U << 20U);
    EXPECT_FALSE(table.at(bob).closed);
    table.post(ada, 33, "");
    EXPECT_TRUE(table.at(bob).refused(slow_reader));
}

TEST(SlowReader, who_floods_pings_and_does_not_read_is_cut_too) {
    Table table;
    const auto ada = table.join(1);
    table.freeze(ada);
    for (int i = 0; i < 300'000 && !table.at(ada).closed; ++i) table.say(ada, wire::Ping{});
    EXPECT_TRUE(table.at(ada).refused(slow_reader));
}

TEST(SlowReader, who_resumes_a_large_backlog_gets_it_in_portions) {
    Table table;
    const auto ada = table.join(1);
    table.disconnect(table.join(2));
    const std::string large(65'000, 'x');
    for (std::uint64_t id = 1; id <= 30; ++id) table.post(ada, id, large);
    const auto bob = table.connect();
    table.freeze(bob);
    table.say(bob, table.join_frame(2));
    EXPECT_LT(table.at(bob).bodies().size(), 12U);
    table.post(ada, 31, "and a live one");
    EXPECT_FALSE(table.at(bob).closed);
    table.thaw(bob);
    EXPECT_EQ(table.at(bob).bodies().size(), 31U);
    EXPECT_TRUE(std::ranges::is_sorted(table.at(bob).seqs()));
}

// FAULTS F04
TEST(SlowReader, when_all_are_frozen_authors_are_told_full_and_memory_stays_flat) {
    Limits limits;
    Table table(limits);
    const auto ada = table.join(1);
    for (std::uint64_t who = 2; who <= 5; ++who) table.freeze(table.join(who));
    const std::string large(65'536, 'x');
    for (std::uint64_t id = 1; id <= 500; ++id) table.post(ada, id, large);
    EXPECT_GT(table.at(ada).count<wire::Full>(), 400U);
    EXPECT_LE(table.core.charged(), limits.room_memory + 5 * limits.connection_overhead);
    EXPECT_LE(table.core.payloads(), limits.seat_share / large.size());
}

/// A room with one message that waits for somebody who is away, and what is charged for it all.
struct Waiting {
    explicit Waiting(const Limits& limits) : table(limits) {
        const auto ada = table.join(1);
        table.disconnect(table.join(2));
        table.post(ada, 1, std::string(60'000, 'x'));
    }
    bool still() const { return table.core.payloads() == 1; }

    Table table;
};

TEST(MemoryGuard, begins_one_byte_above_its_part_of_all_memory) {
    Limits limits;
    const auto needed = Waiting(limits).table.core.charged();
    limits.forget_percent = 50;
    limits.total_memory = 2 * needed;
    EXPECT_TRUE(Waiting(limits).still());
    limits.total_memory = 2 * (needed - 1);
    EXPECT_FALSE(Waiting(limits).still());
}

TEST(MemoryGuard, lets_no_newcomer_in_one_byte_above_its_part_of_all_memory) {
    Limits limits;
    limits.no_newcomers_percent = 50;
    limits.total_memory = 2 * Waiting(Limits{}).table.core.charged();
    Waiting at_it(limits);
    EXPECT_FALSE(at_it.table.at(at_it.table.connect()).closed);
    limits.total_memory -= 2;
    Waiting above_it(limits);
    EXPECT_TRUE(above_it.table.at(above_it.table.connect()).closed);
}

/// Three rooms; the one of ada and bob is the largest when memory runs out.
TEST(MemoryGuard, makes_the_largest_room_forget_and_says_so) {
    Limits limits;
    limits.total_memory = 1U << 20U;
    Table table(limits);
    const auto ada = table.join(1), small = table.join(3, 2);
    auto bob = table.join(2);
    table.join(4, 2);
    const auto epoch = table.epoch(bob);
    table.post(bob, 1, "seen");
    table.disconnect(bob);
    table.post(small, 1, "kept");
    std::uint64_t id = 0;
    const std::string large(10'000, 'x');
    while (id < 200 && (table.core.payloads() > 1 || id == 0)) table.post(ada, ++id, large);
    EXPECT_EQ(table.at(ada).count<wire::Gap>(), 0U) << "nothing of hers was forgotten";
    bob = table.resume(2, 1, epoch);
    EXPECT_EQ(table.at(bob).last<wire::Gap>(), (wire::Gap{2, id + 1}));
    EXPECT_TRUE(table.at(bob).bodies().empty());
    table.disconnect(bob);
    bob = table.resume(2, 1, epoch);
    EXPECT_EQ(table.at(bob).count<wire::Gap>(), 1U) << "said until it was heard";
    table.say(bob, wire::Ack{id + 1});
    table.disconnect(bob);
    EXPECT_EQ(table.at(table.resume(2, id + 1, epoch)).count<wire::Gap>(), 0U);
    EXPECT_EQ(table.at(table.join(4, 2)).bodies().size(), 1U) << "the small room is not concerned";
}

// FAULTS R13: the room's order at the end of all numbers.
TEST(Order, that_has_come_to_its_end_takes_nothing_more) {
    Limits limits;
    Memory memory;
    constexpr auto end = std::numeric_limits<std::uint64_t>::max();
    Room last(room(1), id_of<RoomEpoch>(1), limits, memory, end - 2);
    auto& author = last.add(seat(1), SeatSecret(secret(1)));
    auto& reader = last.add(seat(2), SeatSecret(secret(2)));
    for (std::uint64_t id = 1; id <= 2; ++id) {
        ASSERT_FALSE(last.ends_within(1));
        relay::Run run{0, 0, memory.payloads.open(wire::post_header_size)};
        run.first = run.last = last.append(author, id, run.frames.block().data);
        last.keep(reader, run);
    }
    EXPECT_TRUE(last.ends_within(1));
    EXPECT_EQ(last.next_seq(), end);
    EXPECT_EQ(reader.kept.back().last, end - 1);
    last.acknowledge(reader, end);
    EXPECT_TRUE(reader.kept.empty());
}

TEST(Share, of_a_gone_author_is_not_given_to_the_next_before_it_is_free) {
    Table table(share_for(2));
    auto ada = table.join(1);
    const auto bob = table.join(2);
    table.post(ada, 1, thousand);
    table.say(ada, wire::Leave{});
    const auto carol = table.join(3);
    table.post(carol, 1, thousand, seat(2));
    table.post(carol, 2, thousand, seat(2));
    EXPECT_EQ(table.at(carol).count<wire::Full>(), 0U);
    table.say(bob, wire::Ack{3});
    table.post(carol, 3, thousand, seat(2));
    EXPECT_EQ(table.at(carol).last<wire::Posted>().id, 3U);
    EXPECT_EQ(table.at(bob).bodies().size(), 4U) << "what a gone author posted still came";
}

// FAULTS O21 in part: a freed block stays in the pool, so its bytes may be looked at.
TEST(Payload, is_wiped_when_asked_to_and_not_while_somebody_holds_it) {
    PayloadPool pool;
    auto first = pool.make(bytes_of("head body"));
    auto second = first;
    const auto* bytes = first.block().data;
    first = {};
    pool.wipe_stale();
    EXPECT_EQ(text_of({bytes, 9}), "head body");
    second = {};
    EXPECT_TRUE(pool.has_stale());
    pool.wipe_stale();
    EXPECT_FALSE(pool.has_stale());
    EXPECT_TRUE(std::ranges::all_of(ByteView(bytes, 9), [](auto byte) { return byte == 0; }));
    EXPECT_EQ(pool.blocks_in_use(), 0U);
}

TEST(Payload, that_serves_again_is_wiped_up_to_where_it_was_ever_written) {
    PayloadPool pool;
    const auto* bytes = pool.make(bytes_of("a long body")).block().data;
    EXPECT_EQ(pool.make(bytes_of("short")).block().data, bytes) << "the same block";
    EXPECT_EQ(text_of({bytes, 11}),
              "short"
              "g body")
        << "what lies beyond is still there";
    pool.wipe_stale();
    EXPECT_TRUE(std::ranges::all_of(ByteView(bytes, 11), [](auto byte) { return byte == 0; }));
}

// FAULTS O21
TEST(Memory, of_what_was_acknowledged_is_wiped_a_second_later) {
    Table table;
    const auto ada = table.join(1);
    const auto bob = table.join(2);
    table.post(ada, 1, "sealed");
    table.say(bob, wire::Ack{1});
    ASSERT_TRUE(table.core.has_stale());
    table.pass(999ms);
    EXPECT_TRUE(table.core.has_stale());
    table.pass(1ms);
    EXPECT_FALSE(table.core.has_stale());
}

/// A shell that throws away what it is given.
void discard(Core& core) {
    core.end_turn({});
    while (!core.output().empty()) {
        core.output().drain([&]<class Item>(Item& item) {
            if constexpr (std::is_same_v<Item, Outgoing>) core.on_written(item.to, item.size());
        });
    }
}

/// A post whose body lies where it was read.
void read(Core& core, ConnectionId who, wire::Post post) {
    const auto body = core.read_buffer().subspan(wire::post_header_size, post.body.bytes.size());
    put(post.body.bytes, body.data());
    post.body.bytes = body;
    core.on_post(who, post, {});
}

TEST(HotPath, allocates_nothing_once_it_is_warm) {
    if (!parley::testing::allocations_are_counted) GTEST_SKIP() << "a sanitizer allocates for itself";
    CountingRandom random;
    Core core({}, random);
    std::vector<ConnectionId> ids;
    for (std::uint64_t who = 1; who <= 4; ++who) {
        wire::Join join;
        join.seat = seat(who);
        ids.push_back(core.on_connect({}));
        core.on_frame(ids.back(), join, {});
        discard(core);
    }
    const Bytes body(4'096, 1), large(65'536, 1);
    std::uint64_t id = 0;
    const auto turn = [&] {
        for (int i = 0; i < 8; ++i) core.on_frame(ids[0], wire::Post{++id, {}, {body}}, {});
        read(core, ids[0], {++id, {}, {large}});
        core.on_frame(ids[0], wire::Post{id, {}, {body}}, {});
        core.on_frame(ids[1], wire::Ping{}, {});
        discard(core);
        for (std::size_t i = 1; i < ids.size(); ++i) core.on_frame(ids[i], wire::Ack{id}, {});
        discard(core);
    };
    for (int warm = 0; warm < 12; ++warm) turn();  // until so much is posted that it is answered at once
    const auto before = parley::testing::allocations();
    for (int i = 0; i < 100; ++i) turn();
    EXPECT_EQ(parley::testing::allocations(), before);
    // The twin: the counter does see an allocation.
    const Bytes seen(100);
    EXPECT_GT(parley::testing::allocations(), before);
}

}  // namespace
}  // namespace parley::relay::testing
