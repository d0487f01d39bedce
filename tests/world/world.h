// The whole system in one process and in virtual time: the real relay core, real client cores, and
// whoever stands between them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <queue>

#include "client/client.h"
#include "client/save.h"
#include "hostile/interceptor.h"
#include "relay/core.h"
#include "world/disk.h"
#include "world/random.h"

namespace parley::test {

class World {
public:
    explicit World(std::uint64_t seed = 1, relay::Limits limits = {});

    struct Person {
        std::string name = "someone";
        std::optional<Bytes> room_secret{};  ///< none: the world's common room
        std::uint32_t grace_seconds = 600;
        bool keeps_seat = false;
        std::uint64_t max_file_size = client::default_max_file_size;
    };
    /// Not started yet.
    std::size_t add(Person person);
    /// Somebody who runs another core than a chat's.
    using MakeCore = std::function<std::unique_ptr<client::Core>(client::Persona&, Random&)>;
    std::size_t add(const MakeCore& make);
    /// The same person goes on with another core; start it as one that was added.
    void become(std::size_t who, const MakeCore& make);
    void start(std::size_t who);
    /// Adds and starts one for each name.
    void start_all(std::initializer_list<std::string> names);

    void run_for(Duration duration);
    /// Nothing is under way and nothing is due within `quiet`.
    void settle(Duration quiet = std::chrono::milliseconds(500));

    void say(std::size_t who, std::string text);
    void command(std::size_t who, const client::Command& command);

    /// The connection is lost: what was under way on it is gone.
    void cut(std::size_t who);
    /// The process ends without a word.
    void kill(std::size_t who);
    /// It ends before the action that comes after so many more.
    void kill_after(std::size_t who, std::size_t actions) { people_[who]->actions_to_live = actions; }
    void let_live(std::size_t who) { people_[who]->actions_to_live.reset(); }
    bool lives(std::size_t who) const { return people_[who]->core != nullptr; }
    /// A lid is closed: nothing is done and nothing heard, and the steady clock stands still.
    void fall_asleep(std::size_t who) { people_[who]->asleep_since = now_; }
    void wake_up(std::size_t who);
    bool sleeps(std::size_t who) const { return people_[who]->asleep_since.has_value(); }
    /// One person's clock alone. A steady one jumps only where nothing runs: when a machine was started anew.
    void jump_wall_clock(std::size_t who, Duration by) { jump(people_[who]->wall_ahead, by); }
    void jump_steady_clock(std::size_t who, Duration by) { jump(people_[who]->steady_ahead, by); }
    /// Starts again from what was saved last, or from an older save.
    void restore(std::size_t who);
    struct Saved {
        Bytes persona;
        Bytes room;
    };
    /// How often somebody's state was saved.
    std::size_t saves(std::size_t who) const { return people_[who]->saves; }
    const std::optional<Saved>& saved(std::size_t who) const { return people_[who]->saved; }
    void set_saved(std::size_t who, Saved saved) { people_[who]->saved = std::move(saved); }
    /// A flawed shell for twins: it sends before it saves, shows after it, leaves out two saves of three, never
    /// finds that a deadline has come, or takes the wall clock for a steady one.
    enum class Shell { honest, saves_last, shows_last, saves_seldom, stands_still, trusts_the_wall };
    void set_shell(Shell shell) { shell_ = shell; }
    /// A shell with any other flaw: it gets every list of actions before it is performed.
    using Spoiler = std::function<void(std::size_t who, std::vector<client::Action>& actions)>;
    void set_spoiler(Spoiler spoiler) { spoiler_ = std::move(spoiler); }
    /// Messages that were shown when the process ended before they were saved: "name: text".
    const std::vector<std::string>& may_come_again(std::size_t who) const { return people_[who]->may_come_again; }
    void kill_relay();
    /// One whose random numbers come again, for twins: its rooms have the epochs that they had before.
    enum class Life { fresh, as_before };
    void start_relay(Life life = Life::fresh);
    bool relay_runs() const { return relay_ != nullptr; }

    void set_interceptor(std::shared_ptr<hostile::Interceptor> interceptor) { interceptor_ = std::move(interceptor); }

    const std::vector<client::Event>& events(std::size_t who) const { return people_[who]->events; }
    std::optional<client::Stop> stopped(std::size_t who) const { return people_[who]->stopped; }
    const relay::Core& relay() const { return *relay_; }
    client::Client& client(std::size_t who) { return core<client::Client>(who); }
    template <class Core>
    Core& core(std::size_t who) {
        return dynamic_cast<Core&>(*people_[who]->core);
    }
    const identity::PublicIdentity& identity(std::size_t who) const {
        return people_[who]->persona->identity.public_identity();
    }
    Disk& disk(std::size_t who) { return people_[who]->disk; }
    /// A disk that was held answers what it was asked.
    void release_disk(std::size_t who);
    client::Contacts& contacts(std::size_t who) { return people_[who]->persona->contacts; }
    Time now() const { return now_; }

    /// Everything shown of one kind, in order.
    template <class Event>
    std::vector<Event> shown(std::size_t who) const {
        std::vector<Event> found;
        for (const auto& event : events(who)) {
            if (const auto* wanted = std::get_if<Event>(&event)) found.push_back(*wanted);
        }
        return found;
    }
    /// "name: text" of every message shown.
    std::vector<std::string> messages(std::size_t who) const;
    std::vector<client::AlarmKind> alarms(std::size_t who) const;
    /// The last state shown of a line.
    std::optional<client::LineState> line(std::size_t who, client::LineNumber line) const;

    /// Bytes that any frame held on its way: what a relay could have seen.
    bool was_on_the_wire(ByteView needle) const;
    void record_wire(bool on) { recording_ = on; }
    const std::vector<hostile::Passing>& wire() const { return wire_; }

protected:
    /// After something was asked of somebody's core directly.
    void run_actions(std::size_t who);

private:
    struct Arrival {
        Time at;
        std::uint64_t order;
        std::uint64_t generation;
        hostile::Passing passing;

        friend bool operator>(const Arrival& a, const Arrival& b) {
            return std::pair(a.at, a.order) > std::pair(b.at, b.order);
        }
    };
    struct Someone {
        std::unique_ptr<SeededRandom> random;
        std::unique_ptr<client::Persona> persona;
        std::unique_ptr<client::Core> core;
        std::vector<client::Event> events;
        Disk disk;
        std::optional<client::Stop> stopped;
        std::optional<Saved> saved;
        std::size_t saves = 0;
        std::size_t unsaved_events = 0;  ///< of `events`, at the end
        std::vector<std::string> may_come_again;
        std::optional<std::size_t> actions_to_live;
        Duration steady_ahead{};  ///< of the world's time
        Duration wall_ahead{};
        std::optional<Time> asleep_since;
        std::vector<Arrival> unheard;  ///< what arrived since
        Person like;
        std::optional<relay::ConnectionId> connection;
        std::uint64_t generation = 0;  ///< of the connection: what is under way on an older one is lost
    };

    void jump(Duration& ahead, Duration by) const;
    Duration ahead(const Someone& someone) const;
    Time clock_of(const Someone& someone) const { return now_ + ahead(someone); }
    client::Config config_of(const Person& person) const;
    void in_the_shells_order(std::vector<client::Action>& actions) const;
    bool dies(std::size_t who);
    void perform(std::size_t who, const client::Action& action);
    void save(Someone& someone);
    void connect(std::size_t who);
    void disconnect(std::size_t who);
    void lose_connection(std::size_t who);
    void send(hostile::Passing passing);
    void put_under_way(std::vector<hostile::Passing> passings);
    void arrive(Arrival arrival);
    void arrive_at_sleeper(Arrival arrival);
    void arrive_at_relay(const hostile::Passing& passing);
    void arrive_at_client(const hostile::Passing& passing);
    void drain_relay();
    std::size_t client_of(relay::ConnectionId connection) const;
    std::optional<Time> deadline_of(const Someone& someone) const;
    std::optional<Time> next_event() const;
    void step();

    relay::Limits limits_;
    Bytes room_secret_;
    std::uint64_t seed_;
    SeededRandom relay_random_;
    std::unique_ptr<relay::Core> relay_;
    std::vector<std::unique_ptr<Someone>> people_;
    std::shared_ptr<hostile::Interceptor> interceptor_ = std::make_shared<hostile::Honest>();
    std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> under_way_;
    std::uint64_t order_ = 0;
    Time now_{std::chrono::hours(1)};
    bool recording_ = false;
    Shell shell_ = Shell::honest;
    Spoiler spoiler_;
    std::vector<hostile::Passing> wire_;
};

}  // namespace parley::test
