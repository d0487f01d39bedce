#include "app/evil_play.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "app/actor.h"
#include "app/evil_wire.h"
#include "net/coroutine.h"
#include "net/process.h"
#include "ui/filter.h"
#include "ui/wording.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::size_t lines_each = 6;
constexpr Duration between_lines = 150ms;
constexpr std::size_t deeds_shown = 5;
/// An act is over when all has arrived, or somebody was told something, and then nothing more happens for so long.
constexpr Duration quiet_when_all_arrived = 3s;
constexpr Duration quiet_when_told = 7s;
/// The slowest alarm comes after 30 s, and so does the slowest repetition.
constexpr Duration longest_act = 45s;

class EvilPlay {
public:
    EvilPlay(hostile::AttackPtr attack, std::size_t people, std::uint16_t relay_port)
        : attack_(std::move(attack)),
          wire_(context_, 0, {"127.0.0.1", relay_port}, *attack_,
                [this](const std::string& line) { print_deed(line); }),
          secret_(random_.secret<identity::RoomSecret>()),
          timer_(context_) {
        constexpr std::string_view names[] = {"anna", "ben", "clara"};
        for (const auto name : std::span(names).first(people)) {
            actors_.push_back(std::make_unique<Actor>(
                context_, std::string(name), secret_, wire_.port(),
                [this](const Actor& who, const client::Event& event) { print_event(who, event); },
                [this] { last_change_ = net::now(); }));
        }
    }

    int perform() {
        asio::co_spawn(context_, play(), net::rethrow);
        context_.run();
        return judge();
    }

private:
    asio::awaitable<void> play() {
        for (auto& actor : actors_) actor->start();
        co_await act(lines_each);
        std::printf("\nThe attack ends after %zu strikes, and everybody connects anew:\n\n", deeds_);
        attack_->limit(0);
        wire_.cut_all();
        co_await act(1);
        for (auto& actor : actors_) actor->command(client::Quit{2s});
        while (!std::ranges::all_of(actors_, [](const auto& actor) { return actor->stopped; })) co_await pause(20ms);
        context_.stop();
    }

    asio::awaitable<void> act(std::size_t lines) {
        const auto end = net::now() + longest_act;
        for (std::size_t i = 0; i < lines; ++i) {
            for (auto& actor : actors_) say(*actor);
            co_await pause(between_lines);
        }
        while (!is_over(end)) co_await pause(20ms);
    }

    asio::awaitable<void> pause(Duration duration) {
        boost::system::error_code ignored;
        timer_.expires_after(duration);
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    void say(Actor& who) {
        auto text = who.name() + " says " + std::to_string(said_.size() + 1);
        said_.emplace_back(&who, text);
        who.command(client::Say{std::move(text)});
    }

    bool is_over(Time end) const {
        const auto quiet = net::now() - last_change_;
        const bool told = std::ranges::any_of(actors_, [](const auto& actor) { return actor->alarms > 0; });
        const bool in_the_last_act = said_.size() > lines_each * actors_.size();
        if (net::now() >= end) return true;
        if (all_arrived(said_)) return quiet >= quiet_when_all_arrived;
        return told && quiet >= quiet_when_told && (!in_the_last_act || all_arrived(last_words()));
    }

    using Said = std::vector<std::pair<const Actor*, std::string>>;
    Said last_words() const { return {said_.end() - static_cast<std::ptrdiff_t>(actors_.size()), said_.end()}; }

    bool all_arrived(const Said& said) const {
        return std::ranges::all_of(said, [&](const auto& line) {
            return std::ranges::all_of(actors_, [&](const auto& actor) {
                return actor.get() == line.first || std::ranges::find(actor->read, line.second) != actor->read.end();
            });
        });
    }

    /// What each was told, once.
    void print_event(const Actor& who, const client::Event& event) {
        if (const auto* message = std::get_if<client::MessageReceived>(&event)) {
            std::printf("%-5s     %s: %s\n", who.name().c_str(), ui::label_of(message->person).c_str(),
                        ui::displayable(message->text).c_str());
        }
        for (const auto& [mark, text] : wording_[&who].of(event)) {
            const auto line = std::string(ui::sign_of(mark)) + " " + text;
            if (printed_.emplace(&who, line).second) std::printf("%-5s %s\n", who.name().c_str(), line.c_str());
        }
    }
    void print_deed(const std::string& line) {
        if (++deeds_ <= deeds_shown) std::printf("evil  %s\n", line.c_str());
        if (deeds_ == deeds_shown) std::printf("evil  and so on\n");
    }

    bool is_true(const Actor& reader) const {
        auto shown = reader.read;
        std::ranges::sort(shown);
        const bool once = std::ranges::adjacent_find(shown) == shown.end();
        return once && std::ranges::all_of(shown, [&](const auto& text) {
                   return std::ranges::any_of(
                       said_, [&](const auto& line) { return line.first != &reader && line.second == text; });
               });
    }

    int judge() const {
        const bool all_true = std::ranges::all_of(actors_, [&](const auto& actor) { return is_true(*actor); });
        const bool talk_again = all_arrived(last_words());
        std::printf(
            "\n%s  nobody was shown what nobody said, or anything twice\n%s  once it was over, people talked again\n",
            all_true ? "yes" : "NO ", talk_again ? "yes" : "NO ");
        return all_true && talk_again ? 0 : 1;
    }

    asio::io_context context_{1};
    crypto::SystemRandom random_;
    hostile::AttackPtr attack_;
    EvilWire wire_;
    identity::RoomSecret secret_;
    asio::steady_timer timer_;
    std::vector<std::unique_ptr<Actor>> actors_;
    std::map<const Actor*, ui::Wording> wording_;
    std::set<std::pair<const Actor*, std::string>> printed_;
    Said said_;
    std::size_t deeds_ = 0;
    Time last_change_ = net::now();
};

/// The most that one of them takes.
std::size_t people_for(std::string_view attacks) {
    std::size_t people = 2;
    for (const auto& entry : hostile::catalogue()) {
        if (attacks.contains(entry.name)) people = std::max(people, entry.people);
    }
    return people;
}

}  // namespace

std::optional<std::function<int(std::uint16_t)>> find_evil_play(std::string_view attacks) {
    if (!hostile::make_attack(attacks, 1)) return std::nullopt;
    return [attacks](std::uint16_t relay_port) {
        const auto people = people_for(attacks);
        std::printf("A relay on 127.0.0.1:%u, and in front of it %s. %zu people in one room:\n\n", relay_port,
                    std::string(attacks).c_str(), people);
        return EvilPlay(*hostile::make_attack(attacks, 1), people, relay_port).perform();
    };
}

}  // namespace parley::app
