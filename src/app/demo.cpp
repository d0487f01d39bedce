// parley-demo: a relay, two people, and everything the relay could see, in one go. It ends with 0
// only if what was said arrived and none of it could be read on the way. With --evil ATTACK the two talk through an
// attack.
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>

#include "app/actor.h"
#include "app/evil_play.h"
#include "app/tap.h"
#include "net/process.h"
#include "serve/relay.h"
#include "ui/filter.h"
#include "ui/plain.h"
#include "wire/codec.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;

struct Script {
    std::size_t who;
    std::string text;
};
const std::vector<Script> script{
    {0, "Hello Ben. Can anybody else read this?"},
    {1, "Hello Anna. The relay sees sizes and times, not words: grüße, 你好."},
    {0, "Then let us talk."},
};

std::string_view name_of(const Seen& seen) {
    std::string_view name = "?";
    if (seen.way == Way::to_relay) {
        if (const auto frame = wire::decode_client(seen.frame))
            std::visit([&](const auto& f) { name = f.name; }, *frame);
    } else {
        if (const auto frame = wire::decode_relay(seen.frame))
            std::visit([&](const auto& f) { name = f.name; }, *frame);
    }
    return name;
}

void print_seen(const Seen& seen) {
    constexpr std::size_t shown = 20;
    const auto head = ByteView(seen.frame).first(std::min(shown, seen.frame.size()));
    const auto* arrow = seen.way == Way::to_relay ? "->" : "<-";
    std::printf("    relay saw   %s %s relay   %-8s %6zu bytes   %s%s\n", seen.connection == 0 ? "anna" : "ben ", arrow,
                std::string(name_of(seen)).c_str(), seen.frame.size(), to_hex(head).c_str(),
                seen.frame.size() > shown ? "..." : "");
}

void print_event(const Actor& who, const client::Event& event) {
    if (const auto* channel = std::get_if<client::ChannelEstablished>(&event)) {
        std::printf("%-4s [+] Secure channel established with %s\n", who.name().c_str(),
                    ui::label_of(channel->person).c_str());
    }
    if (const auto* message = std::get_if<client::MessageReceived>(&event)) {
        std::printf("%-4s     %s: %s\n", who.name().c_str(), ui::label_of(message->person).c_str(),
                    ui::displayable(message->text).c_str());
    }
}

class Play {
public:
    explicit Play(std::uint16_t relay_port)
        : tap_(context_, relay_port, print_seen),
          secret_(random_.secret<identity::RoomSecret>()),
          deadline_(context_, 20s) {
        for (const auto* name : {"anna", "ben"}) {
            actors_.push_back(
                std::make_unique<Actor>(context_, name, secret_, tap_.port(), print_event, [this] { go_on(); }));
        }
        deadline_.async_wait([this](const boost::system::error_code& error) {
            if (!error) context_.stop();
        });
    }

    int perform() {
        for (auto& actor : actors_) actor->start();
        context_.run();
        return judge();
    }

private:
    /// The next line of the script, when the one before was read.
    void go_on() {
        boost::asio::post(context_, [this] {
            const bool ready = actors_[0]->channels > 0 && actors_[1]->channels > 0;
            const auto read = actors_[0]->read.size() + actors_[1]->read.size();
            if (ready && read == said_ && said_ < script.size()) {
                const auto& [who, text] = script[said_++];
                actors_[who]->command(client::Say{text});
            } else if (read == script.size() && !std::exchange(leaving_, true)) {
                for (auto& actor : actors_) actor->command(client::Quit{2s});
            }
            if (actors_[0]->stopped && actors_[1]->stopped) context_.stop();
        });
    }

    int judge() const {
        bool arrived = true;
        bool blind = !tap_.seen().empty();
        for (const auto& [who, text] : script) {
            const auto& read = actors_[1 - who]->read;
            arrived = arrived && std::ranges::find(read, text) != read.end();
            for (const auto& word : {text.substr(0, 8), text}) blind = blind && !tap_.holds(bytes_of(word));
        }
        for (const auto& actor : actors_) blind = blind && !tap_.holds(bytes_of(actor->name())) && actor->alarms == 0;
        std::printf(
            "\n%s  every message arrived\n%s  %zu frames passed the relay; none held a word or a name of theirs\n",
            arrived ? "yes" : "NO ", blind ? "yes" : "NO ", tap_.seen().size());
        return arrived && blind ? 0 : 1;
    }

    boost::asio::io_context context_{1};
    crypto::SystemRandom random_;
    Tap tap_;
    identity::RoomSecret secret_;
    boost::asio::steady_timer deadline_;
    std::vector<std::unique_ptr<Actor>> actors_;
    std::size_t said_ = 0;
    bool leaving_ = false;
};

int play_honest(std::uint16_t relay_port) {
    std::printf("A relay on 127.0.0.1:%u, Anna and Ben in one room, and what the relay saw:\n\n", relay_port);
    return Play(relay_port).perform();
}

/// Beside a relay of its own.
int with_relay(const std::function<int(std::uint16_t port)>& play) {
    serve::Options options;
    options.listen.push_back({.host = "127.0.0.1"});
    auto relay = serve::Relay::listen(options);
    if (!relay) throw std::runtime_error(std::string(relay.error().what));
    (*relay)->run();
    const auto exit = play((*relay)->ports()[0]);
    (*relay)->stop();
    return exit;
}

int wrong_use(const std::string& what) {
    std::cerr << "parley-demo: " << what << '\n';
    return 2;
}

int run(std::span<const char* const> words) {
    if (words.empty()) return with_relay(play_honest);
    if (words.size() != 2 || std::string_view(words[0]) != "--evil") {
        return wrong_use("it takes nothing, or --evil ATTACK");
    }
    auto play = find_evil_play(words[1]);
    if (!play) return wrong_use("--evil: there are " + hostile::attack_names());
    return with_relay(*play);
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    try {
        parley::net::harden_process();
        return parley::app::run({argv + 1, static_cast<std::size_t>(argc - 1)});
    } catch (const std::exception& failure) {
        std::cerr << "parley-demo: " << failure.what() << '\n';
        return 1;
    }
}
