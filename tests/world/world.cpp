#include "world/world.h"

#include "wire/codec.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using hostile::Direction;

constexpr Duration latency = 1ms;

Bytes without_length(ByteView frame) { return to_bytes(frame.subspan(wire::length_size)); }

}  // namespace

World::World(std::uint64_t seed, relay::Limits limits)
    : limits_(limits), room_secret_(32, static_cast<std::uint8_t>(seed)), seed_(seed), relay_random_(seed ^ 0xffff) {
    start_relay();
}

std::size_t World::add(Person person) {
    auto who = add([&](client::Persona& persona, Random& random) {
        return std::make_unique<client::Client>(config_of(person), persona, random);
    });
    client(who).on_command(client::ChooseFiles{".", person.max_file_size}, now_);
    people_[who]->like = std::move(person);
    return who;
}

std::size_t World::add(const MakeCore& make) {
    auto someone = std::make_unique<Someone>();
    someone->random = std::make_unique<SeededRandom>(seed_ * 1000 + people_.size() + 1);
    someone->persona = std::make_unique<client::Persona>(identity::Identity::generate(*someone->random));
    someone->core = make(*someone->persona, *someone->random);
    people_.push_back(std::move(someone));
    return people_.size() - 1;
}

void World::become(std::size_t who, const MakeCore& make) {
    auto& someone = *people_[who];
    someone.core = make(*someone.persona, *someone.random);
    someone.stopped.reset();
}

void World::wake_up(std::size_t who) {
    auto& someone = *people_[who];
    if (!someone.asleep_since) return;
    someone.steady_ahead -= now_ - *std::exchange(someone.asleep_since, std::nullopt);
    for (auto& arrival : std::exchange(someone.unheard, {})) under_way_.push(std::move(arrival));
}

/// No clock goes back beyond its zero: there it begins anew.
void World::jump(Duration& ahead, Duration by) const { ahead = std::max(ahead + by, -now_.time_since_epoch()); }

Duration World::ahead(const Someone& someone) const {
    return shell_ == Shell::trusts_the_wall ? someone.wall_ahead : someone.steady_ahead;
}

client::Config World::config_of(const Person& person) const {
    const auto& secret = person.room_secret.value_or(room_secret_);
    client::Config config{identity::RoomSecret(ByteView(secret).first<32>()), person.name, person.grace_seconds, {}};
    config.keeps_seat = person.keeps_seat;
    return config;
}

void World::start(std::size_t who) {
    people_[who]->core->start(clock_of(*people_[who]));
    run_actions(who);
}

void World::start_all(std::initializer_list<std::string> names) {
    for (const auto& name : names) start(add({.name = name}));
}

void World::say(std::size_t who, std::string text) { command(who, client::Say{std::move(text)}); }

void World::command(std::size_t who, const client::Command& command) {
    client(who).on_command(command, clock_of(*people_[who]));
    run_actions(who);
}

void World::run_actions(std::size_t who) {
    auto& someone = *people_[who];
    while (someone.core) {
        auto actions = someone.core->take_actions(clock_of(someone));
        in_the_shells_order(actions);
        if (spoiler_) spoiler_(who, actions);
        for (const auto& action : actions) {
            if (dies(who)) return;
            perform(who, action);
        }
        const auto result = someone.disk.take_result();
        if (result) someone.core->on_file(*result, clock_of(someone));
        else if (actions.empty()) return;
    }
}

void World::in_the_shells_order(std::vector<client::Action>& actions) const {
    const auto comes_last = [&](const client::Action& action) {
        if (shell_ == Shell::saves_last) return std::holds_alternative<client::Save>(action);
        return shell_ == Shell::shows_last && std::holds_alternative<client::Show>(action);
    };
    std::vector<client::Action> last;
    std::ranges::copy_if(actions, std::back_inserter(last), comes_last);
    std::erase_if(actions, comes_last);
    actions.insert(actions.end(), last.begin(), last.end());
}

bool World::dies(std::size_t who) {
    auto& left = people_[who]->actions_to_live;
    if (!left || (*left)-- > 0) return false;
    kill(who);
    return true;
}

void World::save(Someone& someone) {
    const auto* client = dynamic_cast<const client::Client*>(someone.core.get());
    if (client == nullptr) return;  // a pairing keeps nothing
    if (++someone.saves % 3 != 0 && shell_ == Shell::saves_seldom) return;
    const auto persona = client::save(*someone.persona);
    const auto room = client->save(clock_of(someone));
    someone.saved = Saved{to_bytes(persona.reveal()), to_bytes(room.reveal())};
    someone.unsaved_events = 0;
}

void World::restore(std::size_t who) {
    auto& someone = *people_[who];
    someone.core.reset();
    someone.disk.crash();
    someone.stopped.reset();
    someone.persona = std::make_unique<client::Persona>(client::restore_persona(someone.saved->persona).value());
    const auto wall = (now_ + someone.wall_ahead).time_since_epoch();
    const client::Resumption resumption{clock_of(someone), static_cast<client::PostId>(wall.count())};
    someone.core = client::Client::restore(config_of(someone.like), *someone.persona, *someone.random,
                                           someone.saved->room, resumption)
                       .value();
    start(who);
}

void World::perform(std::size_t who, const client::Action& action) {
    auto& someone = *people_[who];
    if (std::holds_alternative<client::Save>(action)) save(someone);
    if (std::holds_alternative<client::Connect>(action)) connect(who);
    if (std::holds_alternative<client::Disconnect>(action)) disconnect(who);
    if (const auto* out = std::get_if<client::Send>(&action)) {
        if (someone.connection) send({who, Direction::to_relay, without_length(out->frame)});
    }
    if (const auto* show = std::get_if<client::Show>(&action)) {
        someone.events.push_back(show->event);
        ++someone.unsaved_events;
    }
    if (const auto* job = std::get_if<client::FileJob>(&action)) someone.disk.perform(*job);
    if (const auto* stop = std::get_if<client::Stop>(&action)) someone.stopped = *stop;
}

void World::release_disk(std::size_t who) {
    people_[who]->disk.hold(false);
    run_actions(who);
}

void World::connect(std::size_t who) {
    auto& someone = *people_[who];
    if (!relay_) return someone.core->on_disconnected({Errc::unreachable, "nobody answers"}, clock_of(someone));
    someone.connection = relay_->on_connect(now_);
    ++someone.generation;
    someone.core->on_connected(clock_of(someone));
}

/// The client's end: what it sent before still arrives, then the relay sees the end.
void World::disconnect(std::size_t who) {
    auto& someone = *people_[who];
    if (!someone.connection) return;
    const auto generation = someone.generation;
    std::vector<Arrival> kept;
    for (; !under_way_.empty(); under_way_.pop()) {
        auto arrival = under_way_.top();
        const bool mine = arrival.passing.client == who && arrival.generation == generation;
        if (!mine) kept.push_back(std::move(arrival));
        else if (arrival.passing.direction == Direction::to_relay) arrive_at_relay(arrival.passing);
    }
    for (auto& arrival : kept) under_way_.push(std::move(arrival));
    ++someone.generation;
    if (relay_ && someone.connection) relay_->on_disconnect(*std::exchange(someone.connection, std::nullopt), now_);
    drain_relay();
}

void World::cut(std::size_t who) {
    auto& someone = *people_[who];
    if (!someone.connection) return;
    relay_->on_disconnect(*std::exchange(someone.connection, std::nullopt), now_);
    drain_relay();
    lose_connection(who);
}

/// What was under way is lost. Whoever sleeps learns of it later.
void World::lose_connection(std::size_t who) {
    auto& someone = *people_[who];
    ++someone.generation;
    if (!someone.core) return;
    if (someone.asleep_since)
        return someone.unheard.push_back({now_, ++order_, someone.generation, {who, Direction::to_client, {}}});
    someone.core->on_disconnected({Errc::closed, "the connection was lost"}, clock_of(someone));
    run_actions(who);
}

void World::kill(std::size_t who) {
    auto& someone = *people_[who];
    wake_up(who);
    someone.core.reset();
    someone.actions_to_live.reset();
    const auto unsaved = std::span(someone.events).last(std::exchange(someone.unsaved_events, 0));
    for (const auto& event : unsaved) {
        const auto* message = std::get_if<client::MessageReceived>(&event);
        if (message != nullptr) someone.may_come_again.push_back(message->person.name + ": " + message->text);
    }
    someone.disk.crash();
    disconnect(who);  // the machine lives on: what was sent still arrives
}

void World::kill_relay() {
    relay_.reset();
    for (std::size_t who = 0; who < people_.size(); ++who) {
        if (std::exchange(people_[who]->connection, std::nullopt)) lose_connection(who);
    }
}

void World::start_relay(Life life) {
    if (life == Life::as_before) relay_random_.begin_again();
    relay_ = std::make_unique<relay::Core>(limits_, relay_random_);
}

void World::send(hostile::Passing passing) {
    if (recording_) wire_.push_back(passing);
    put_under_way(interceptor_->pass(std::move(passing), now_));
}

void World::put_under_way(std::vector<hostile::Passing> passings) {
    for (auto& out : passings) {
        const auto generation = people_.at(out.client)->generation;
        under_way_.push({now_ + latency, ++order_, generation, std::move(out)});
    }
}

void World::arrive(Arrival arrival) {
    auto& someone = *people_[arrival.passing.client];
    if (someone.generation != arrival.generation) return;
    if (arrival.passing.direction == Direction::to_relay) arrive_at_relay(arrival.passing);
    else if (someone.asleep_since) arrive_at_sleeper(std::move(arrival));
    else arrive_at_client(arrival.passing);
}

/// Nobody acknowledges it: the relay's kernel gives the connection up (relay::Limits::user_timeout).
void World::arrive_at_sleeper(Arrival arrival) {
    auto& someone = *people_[arrival.passing.client];
    const bool given_up = !someone.unheard.empty() && now_ >= someone.unheard.front().at + limits_.user_timeout;
    if (given_up) return cut(arrival.passing.client);
    someone.unheard.push_back(std::move(arrival));
}

void World::arrive_at_relay(const hostile::Passing& passing) {
    const auto connection = people_[passing.client]->connection;
    if (!relay_ || !connection) return;
    const auto frame = wire::decode_client(passing.frame);
    if (frame) relay_->on_frame(*connection, *frame, now_);
    else relay_->on_bad_frame(*connection, now_);
    drain_relay();
}

void World::arrive_at_client(const hostile::Passing& passing) {
    auto& someone = *people_[passing.client];
    if (!someone.core) return;
    if (passing.frame.empty() && someone.connection) return cut(passing.client);  // whoever stands in between did
    if (passing.frame.empty()) {                                                  // the relay closed the connection
        ++someone.generation;
        someone.core->on_disconnected({Errc::closed, "the relay closed the connection"}, clock_of(someone));
        return run_actions(passing.client);
    }
    const auto frame = wire::decode_relay(passing.frame);
    if (!frame) return cut(passing.client);  // as the driver does: the stream is out of step
    someone.core->on_frame(*frame, clock_of(someone));
    run_actions(passing.client);
}

std::size_t World::client_of(relay::ConnectionId connection) const {
    for (std::size_t who = 0; who < people_.size(); ++who) {
        if (people_[who]->connection == connection) return who;
    }
    return people_.size();
}

void World::drain_relay() {
    if (!relay_) return;
    relay_->end_turn(now_);
    std::vector<relay::ConnectionId> closed;
    while (!relay_->output().empty()) {
        std::vector<std::pair<relay::ConnectionId, std::size_t>> written;
        relay_->output().drain([&]<class Item>(Item& item) {
            if constexpr (std::is_same_v<Item, relay::Close>) {
                closed.push_back(item.connection);
            } else {
                auto bytes = to_bytes(item.head_view());
                append(bytes, item.body_view());
                written.emplace_back(item.to, bytes.size());
                const auto who = client_of(item.to);
                if (who < people_.size()) send({who, Direction::to_client, without_length(bytes)});
            }
        });
        for (const auto& [connection, size] : written) relay_->on_written(connection, size);
    }
    for (const auto connection : closed) {
        const auto who = client_of(connection);
        if (who < people_.size()) people_[who]->connection.reset();
        relay_->on_disconnect(connection, now_);
        // The client sees the end after what was sent before it.
        if (who < people_.size()) {
            under_way_.push({now_ + latency, ++order_, people_[who]->generation, {who, Direction::to_client, {}}});
        }
    }
    if (!closed.empty()) drain_relay();
}

std::optional<Time> World::deadline_of(const Someone& someone) const {
    if (!someone.core || someone.asleep_since || shell_ == Shell::stands_still) return std::nullopt;
    const auto deadline = someone.core->next_deadline();
    return deadline ? std::optional(*deadline - ahead(someone)) : std::nullopt;
}

std::optional<Time> World::next_event() const {
    std::optional<Time> next;
    const auto consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = std::max(*time, now_);
    };
    if (!under_way_.empty()) consider(under_way_.top().at);
    consider(interceptor_->next_deadline());
    if (relay_) consider(relay_->next_deadline());
    for (const auto& someone : people_) consider(deadline_of(*someone));
    return next;
}

/// Everything that is due at this very moment.
void World::step() {
    while (!under_way_.empty() && under_way_.top().at <= now_) {
        auto arrival = under_way_.top();
        under_way_.pop();
        arrive(std::move(arrival));
    }
    put_under_way(interceptor_->on_time(now_));
    if (relay_) {
        relay_->on_time(now_);
        drain_relay();
    }
    for (std::size_t who = 0; who < people_.size(); ++who) {
        auto& someone = *people_[who];
        const auto deadline = deadline_of(someone);
        if (!deadline || *deadline > now_) continue;
        someone.core->on_time(clock_of(someone));
        run_actions(who);
    }
}

void World::run_for(Duration duration) {
    const auto end = now_ + duration;
    step();
    for (auto next = next_event(); next && *next <= end; next = next_event()) {
        // A deadline that stays in the past would stop the world's clock: give it a tick.
        now_ = *next > now_ ? *next : now_ + std::chrono::microseconds(1);
        step();
    }
    now_ = std::max(now_, end);
}

void World::settle(Duration quiet) {
    for (int i = 0; i < 10'000 && !under_way_.empty(); ++i) run_for(latency);
    run_for(quiet);
}

std::vector<std::string> World::messages(std::size_t who) const {
    std::vector<std::string> texts;
    for (const auto& message : shown<client::MessageReceived>(who))
        texts.push_back(message.person.name + ": " + message.text);
    return texts;
}

std::vector<client::AlarmKind> World::alarms(std::size_t who) const {
    std::vector<client::AlarmKind> kinds;
    for (const auto& alarm : shown<client::Alarm>(who)) kinds.push_back(alarm.kind);
    return kinds;
}

std::optional<client::LineState> World::line(std::size_t who, client::LineNumber line) const {
    std::optional<client::LineState> state;
    for (const auto& change : shown<client::LineChanged>(who)) {
        if (change.line == line) state = change.state;
    }
    return state;
}

bool World::was_on_the_wire(ByteView needle) const {
    return std::ranges::any_of(
        wire_, [&](const hostile::Passing& passing) { return !std::ranges::search(passing.frame, needle).empty(); });
}

}  // namespace parley::test
