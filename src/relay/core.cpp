// Connections come and go, frames come in, a turn ends.
#include "relay/core.h"

#include "base/codec.h"
#include "base/ensure.h"

namespace parley::relay {

ConnectionId Core::on_connect(Time now, Arrival arrival) {
    if (unused_.empty()) {
        unused_.push_back(static_cast<ConnectionId>(connections_.size()));
        connections_.emplace_back();
    }
    const auto id = unused_.back();
    unused_.pop_back();
    const bool full = above(limits_.no_newcomers_percent);
    auto& connection = connections_[id];
    connection.stage = Stage::joining;
    connection.heard_at = now;
    connection.allowed = static_cast<std::uint32_t>(limits_.out_queue);
    deadlines_.add(id, cut_at(connection));
    memory_.charged += limits_.connection_overhead;
    ++not_joined_;
    if (full) refuse(id, wire::RefuseReason::no_memory, now);
    else if (arrival == Arrival::fresh && too_many_wait()) refuse(id, wire::RefuseReason::too_many, now);
    return id;
}

/// RELAY: random early refusal, rising from none to all.
bool Core::too_many_wait() {
    if (not_joined_ > limits_.not_joined) return true;
    if (not_joined_ <= limits_.not_joined_early) return false;
    const auto bytes = random_.bytes<4>();
    const auto drawn = Reader(bytes).number<std::uint32_t>() % (limits_.not_joined - limits_.not_joined_early);
    return drawn < not_joined_ - limits_.not_joined_early;
}

void Core::on_disconnect(ConnectionId id, Time now) {
    close_run();
    auto& connection = connections_[id];
    ensure(connection.stage != Stage::unused, "a connection ends once");
    if (connection.stage == Stage::joining) --not_joined_;
    if (connection.stage == Stage::seated) go_away(*connection.room, *connection.seat, now);
    deadlines_.remove(id);
    forget_owed_posted(connection);
    memory_.charged -= limits_.connection_overhead;
    connection = Connection{};
    retired_.push_back(id);
}

void Core::on_frame(ConnectionId id, const wire::ClientFrame& frame, Time now) {
    if (const auto* post = std::get_if<wire::Post>(&frame)) return on_post(id, *post, now);
    close_run();
    const bool joins = std::holds_alternative<wire::Join>(frame);
    if (!may_say(id, now, joins ? Stage::joining : Stage::seated)) return;
    std::visit([&](const auto& value) { on(id, value, now); }, frame);
}

void Core::on_post(ConnectionId id, const wire::Post& frame, Time now) {
    if (!may_say(id, now, Stage::seated)) return;
    auto& room = *connections_[id].room;
    auto& author = *connections_[id].seat;
    if (author.has_posted() && frame.id <= author.last_message_id) return answer_repeated(id, frame.id, now);
    if (!goes_on(author, frame)) open_run(room, author, frame);
    const auto charge = charged_with(frame_size(frame));
    if (room.ends_within(1) || charge > room.left_for(author, open_.receivers)) {
        author.in_trouble().refused_ids.add(frame.id,
                                            author.has_posted() ? std::optional(author.last_message_id) : std::nullopt);
        return send(id, wire::Full{frame.id});
    }
    extend_run(frame.id, frame_size(frame), charge);
    owe_posted(id, frame.body.bytes.size(), now);
}

Core::Taken Core::on_posts_behind(ConnectionId id, ByteView frames, Time now) {
    const auto& connection = connections_[id];
    const bool follow = connection.stage == Stage::seated && open_.author == connection.seat && open_.size > 0 &&
                        !open_.copied && frames.data() == open_.begin + open_.size &&
                        !open_.room->ends_within(run_size);
    if (!follow) return {};
    auto& room = *open_.room;
    auto& author = *open_.author;
    const auto to = open_.to.value_or(SeatId());
    const auto most_charged = room.left_for(author, open_.receivers);
    Taken taken;
    while (const auto post = wire::post_in_front(frames.subspan(taken.bytes))) {
        const auto charge = charged_with(post->frame_size);
        const bool goes_on = post->id > author.last_message_id && equal(post->to, to.view()) &&
                             open_.size + post->frame_size <= run_size && charge <= most_charged;
        if (!goes_on) break;
        extend_run(post->id, post->frame_size, charge);
        taken.bytes += post->frame_size;
        ++taken.frames;
    }
    if (taken.frames > 0) owe_posted(id, taken.bytes - taken.frames * wire::post_header_size, now);
    return taken;
}

/// FAULTS R08: a Join comes first and once, all others after it.
bool Core::may_say(ConnectionId id, Time now, Stage stage) {
    auto& connection = connections_[id];
    if (connection.stage == Stage::closing) return false;
    connection.begun_at = never;
    if (connection.stage == Stage::seated) connection.heard_at = now;
    if (connection.stage == stage) return true;
    refuse(id, wire::RefuseReason::protocol_error, now);
    return false;
}

void Core::on_bad_frame(ConnectionId id, Time now) { turn_away(id, wire::RefuseReason::protocol_error, now); }

void Core::turn_away(ConnectionId id, wire::RefuseReason reason, Time now) {
    close_run();
    if (connections_[id].stage != Stage::closing) refuse(id, reason, now);
}

void Core::on(ConnectionId id, const wire::Card& frame, Time) {
    auto& connection = connections_[id];
    connection.seat->card = memory_.payloads.make(frame.sealed.bytes);
    announce(*connection.room, *connection.seat, wire::Presence::present);
}

MutableBytes Core::read_buffer() {
    close_run();
    return memory_.intake.next();
}

bool Core::goes_on(const Seat& author, const wire::Post& frame) const {
    return open_.author == &author && open_.to == frame.to && !open_.copied &&
           frame.body.bytes.data() == open_.begin + open_.size + wire::post_header_size &&
           open_.size + frame_size(frame) <= run_size;
}

void Core::open_run(Room& room, Seat& author, const wire::Post& frame) {
    close_run();
    // A seat that is gone receives nothing; its author is told of that by a Seat frame, and if it
    // ever returns it is told by a Gap.
    auto* only = frame.to ? room.find(*frame.to) : nullptr;
    const auto receivers = frame.to ? std::size_t{only != nullptr} : room.size() - 1;
    open_ = OpenRun{.room = &room, .author = &author, .to = frame.to, .only = only, .receivers = receivers};
    place_run(frame);
}

void Core::place_run(const wire::Post& frame) {
    const auto body = frame.body.bytes;
    if (auto* at = memory_.intake.place_of(body)) {
        open_.begin = at - wire::post_header_size;
        return;
    }
    open_.copied = memory_.payloads.open(frame_size(frame));
    open_.begin = open_.copied.block().data;
    put_number(static_cast<std::uint32_t>(frame_size(frame) - wire::length_size), open_.begin);
    put(body, open_.begin + wire::post_header_size);
}

/// What the run is charged with one more frame.
std::ptrdiff_t Core::charged_with(std::size_t frame_size) const {
    if (open_.receivers == 0) return 0;
    return open_.charge + static_cast<std::ptrdiff_t>(open_.room->cost(frame_size - wire::post_header_size));
}

void Core::extend_run(std::uint64_t message_id, std::size_t frame_size, std::ptrdiff_t charge) {
    open_.last = open_.room->append(*open_.author, message_id, open_.begin + open_.size);
    if (open_.size == 0) open_.first = open_.last;
    open_.size += frame_size;
    open_.charge = charge;
}

Run Core::take_run(OpenRun& open) {
    Run run{open.first, open.last,
            open.copied ? std::move(open.copied) : memory_.intake.keep(ByteView(open.begin, open.size))};
    run.frames.block().charge = static_cast<std::uint32_t>(open.charge);
    run.frames.block().author = open.author->share;
    return run;
}

void Core::close_run() {
    if (open_.room == nullptr) return;
    auto open = std::exchange(open_, {});
    if (open.size == 0 || open.receivers == 0) return;
    const auto run = take_run(open);
    if (open.only != nullptr) return deliver(*open.room, *open.only, run);
    open.room->for_each([&](Seat& receiver) {
        if (&receiver != open.author) deliver(*open.room, receiver, run);
    });
}

/// What was accepted is answered Posted again, what was refused Full again. A Posted is cumulative: before the last one
/// that was refused has been repeated and answered, it would claim that one too.
void Core::answer_repeated(ConnectionId id, std::uint64_t message_id, Time now) {
    const auto& author = *connections_[id].seat;
    if (author.was_refused(message_id)) return send(id, wire::Full{message_id});
    if (!author.was_refused_after(message_id)) owe_posted(id, 0, now);
}

/// One Posted answers all posts of a while: it leaves with something else, or when it has waited long enough or answers
/// much.
void Core::owe_posted(ConnectionId id, std::size_t bytes, Time now) {
    auto& connection = connections_[id];
    if (connection.posted_owed == 0) connection.owed_place = owed_posted_.add(id, now + limits_.posted_delay);
    connection.posted_owed += static_cast<std::uint32_t>(std::max<std::size_t>(bytes, 1));
    if (connection.queued > 0 || connection.posted_owed >= limits_.posted_at_once) answer_this_turn(connection, id);
}

void Core::answer_this_turn(Connection& connection, ConnectionId id) {
    if (!std::exchange(connection.answer_due, true)) answered_this_turn_.push_back(id);
}

void Core::forget_owed_posted(Connection& connection) {
    if (std::exchange(connection.posted_owed, 0) > 0) owed_posted_.remove(connection.owed_place);
}

void Core::send_posted(ConnectionId id) {
    auto& connection = connections_[id];
    connection.answer_due = false;
    if (connection.posted_owed == 0) return;
    forget_owed_posted(connection);
    send(id, wire::Posted{connection.seat->last_message_id, connection.seat->last_message_seq});
}

void Core::send_owed_posted(Time now) {
    for (const auto id : answered_this_turn_) send_posted(id);
    answered_this_turn_.clear();
    while (const auto id = owed_posted_.due(now)) send_posted(*id);
}

std::optional<Time> Core::next_deadline() const {
    auto next = deadlines_.next();
    const auto consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    consider(owed_posted_.next());
    consider(away_.next());
    consider(wipe_at_);
    return next;
}

void Core::deliver(Room& room, Seat& receiver, const Run& run) {
    const bool caught_up = receiver.kept.next_unsent() == nullptr;
    room.keep(receiver, run);
    if (!receiver.connection || !caught_up) return;
    const auto id = *receiver.connection;
    auto& connection = connections_[id];
    // FAULTS F03: what would be too much stays in the room's memory, and its reader is cut.
    if (connection.queued + run.frames.size() > connection.allowed) return mark_slow(connection, id);
    push_next(receiver);
}

void Core::push_next(Seat& receiver) {
    const auto& note = *receiver.kept.next_unsent();
    send(*receiver.connection, note.frames, note.skip);
    receiver.delivered = std::max(receiver.delivered, note.last);
    receiver.kept.mark_sent();
}

/// A backlog goes out in portions, so that resuming does not look like reading slowly.
void Core::catch_up(Seat& seat) {
    const auto& connection = connections_[*seat.connection];
    while (seat.kept.next_unsent() != nullptr && connection.queued < limits_.out_queue / 2) push_next(seat);
}

void Core::on_written(ConnectionId id, std::size_t bytes) {
    auto& connection = connections_[id];
    ensure(bytes <= connection.queued, "only what was given can be written");
    connection.queued -= static_cast<std::uint32_t>(bytes);
    if (connection.stage == Stage::seated && !connection.slow) catch_up(*connection.seat);
}

void Core::on(ConnectionId id, const wire::Ack& frame, Time now) {
    auto& connection = connections_[id];
    if (frame.seq > connection.seat->delivered) return refuse(id, wire::RefuseReason::protocol_error, now);
    connection.room->acknowledge(*connection.seat, frame.seq);
}

void Core::on(ConnectionId id, const wire::Leave&, Time) {
    auto& room = *connections_[id].room;
    auto& seat = *connections_[id].seat;
    close(id);
    remove_seat(room, seat);
}

void Core::on(ConnectionId id, const wire::Ping&, Time) { send(id, wire::Pong{}); }

void Core::end_turn(Time now) {
    close_run();
    unused_.insert(unused_.end(), retired_.begin(), retired_.end());
    retired_.clear();
    send_owed_posted(now);
    if (above(limits_.forget_percent)) guard_memory();
    cut_the_slow(now);
    wipe_later(now);
}

/// One after the other, as fast as the next relay takes connections, so that not all come in one moment.
void Core::on_shutdown(std::chrono::milliseconds after) {
    const std::chrono::milliseconds apart(1000 / std::min<std::size_t>(limits_.fresh_in_all.per_second, 1000));
    std::chrono::milliseconds turn{0};
    for (ConnectionId id = 0; id < connections_.size(); ++id) {
        const bool told = connections_[id].stage == Stage::joining || connections_[id].stage == Stage::seated;
        if (!told) continue;
        send(id, wire::Restarting{
                     static_cast<std::uint32_t>((after + turn % std::chrono::milliseconds(longest_turn)).count())});
        turn += apart;
    }
}

}  // namespace parley::relay
