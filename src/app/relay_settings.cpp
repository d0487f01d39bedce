#include "app/relay_settings.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;
using settings::Count;
using settings::List;
using settings::Period;
using settings::Setting;
using settings::Size;
using settings::Switch;
using settings::Text;

constexpr std::size_t KiB = 1U << 10U;
constexpr std::size_t MiB = 1U << 20U;
constexpr std::size_t GiB = 1U << 30U;

using Settings = std::vector<Setting>;

void add_listening(Settings& all, RelaySettings& to) {
    all.insert(
        all.end(),
        {
            {"listen", List{&to.listen},
             "[tcp|tls|ws|wss://]HOST:PORT, as often as you like; without a word: tcp on this "
             "machine, tls elsewhere"},
            {"insecure", Switch{&to.insecure}, "allow addresses beyond this machine without TLS"},
            {"threads", Count{&to.threads, 1, 256}, "event loops; rooms are spread over them"},
            {"spin", Count{&to.spin, 0, 10'000},
             "microseconds that an event loop asks again before it sleeps: quicker, for a busy core"},
            {"limit-loopback", Switch{&to.limit_loopback},
             "limits per address apply to this machine's own programs too"},
            {"metrics", Text{&to.metrics}, "HOST:PORT of this machine for /metrics, /healthz and /readyz; empty: none"},
            {"token-digest", Text{&to.token_digest}, "SHA-256 of the access token, in hexadecimal; empty: open to all"},
            {"trusted-proxy", List{&to.trusted_proxy}, "network of proxies: they say first whose each connection is"},
        });
}

void add_certificate(Settings& all, RelaySettings& to) {
    all.insert(all.end(),
               {
                   {"certificate", Text{&to.certificate}, "a PEM file; read again on SIGHUP"},
                   {"key", Text{&to.key},
                    "its key; without a certificate: a file for the relay's own key, made when there is none"},
                   {"origin", List{&to.origins}, "a web page that may connect, as https://chat.example.org"},
               });
}

void add_deadlines(Settings& all, relay::Limits& to) {
    all.insert(
        all.end(),
        {
            {"join-deadline", Period{&to.join_deadline, 1s, 1h}, "from the connection to its Join"},
            {"length-deadline", Period{&to.length_deadline, 1s, 1h}, "from the first byte of a length to the whole"},
            {"frame-deadline", Period{&to.frame_deadline, 1s, 1h}, "from a length to the whole frame"},
            {"handshake-deadline", Period{&to.handshake_deadline, 1s, 1h}, "for TLS, and for WebSocket"},
            {"write-deadline", Period{&to.write_deadline, 1s, 1h},
             "of a reader that takes nothing of what waits for it"},
            {"tcp-user-timeout", Period{&to.user_timeout, 1s, 1h}, "of a machine that acknowledges nothing"},
            {"idle-deadline", Period{&to.idle_deadline, 31s, 24h}, "without a byte; clients ping after 30 s"},
            {"longest-grace", Period{&to.longest_grace, 0s, 24h},
             "how long the seat of a lost connection is kept at most"},
        });
}

void add_memory(Settings& all, relay::Limits& to) {
    all.insert(
        all.end(),
        {
            {"total-memory", Size{&to.total_memory, MiB, 1024 * GiB}, "charged bytes in all"},
            {"no-newcomers-percent", Count{&to.no_newcomers_percent, 1, 100},
             "of it, then no new rooms and connections"},
            {"forget-percent", Count{&to.forget_percent, 1, 100}, "of it, then the largest room forgets, and says so"},
            {"room-memory", Size{&to.room_memory, 128 * KiB, 64 * GiB}, "charged bytes of one room"},
            {"seat-share", Size{&to.seat_share, 128 * KiB, 64 * GiB}, "of them, unacknowledged posts of one seat"},
            {"out-queue", Size{&to.out_queue, 128 * KiB, GiB}, "waiting for one reader, who is cut beyond and resumes"},
        });
}

void add_rooms(Settings& all, relay::Limits& to) {
    all.insert(all.end(),
               {
                   {"seats-per-room", Count{&to.seats_per_room, 2, 65'535}, "of one room"},
                   {"joins-per-second", Count{&to.joins.per_second, 1, 1'000'000}, "of one room, after the burst"},
                   {"join-burst", Count{&to.joins.burst, 1, 1'000'000}, "joins of one room at once"},
               });
}

void add_newcomers(Settings& all, relay::Limits& to) {
    all.insert(
        all.end(),
        {
            {"handshakes", Count{&to.handshakes, 1, 1'000'000},
             "of TLS and WebSocket that one event loop has in flight; beyond, who connects is turned away"},
            {"not-joined", Count{&to.not_joined, 1, 1'000'000}, "connections that have not joined yet"},
            {"not-joined-early", Count{&to.not_joined_early, 1, 1'000'000}, "of them, then some are refused at random"},
            {"connections", Count{&to.connections, 0, 10'000'000}, "in all; 0: what the open-file limit leaves"},
            {"connections-per-address", Count{&to.connections_per_address, 1, 10'000'000}, "IPv4 address or IPv6 /64"},
            {"new-per-address", Count{&to.fresh_per_address.per_second, 1, 1'000'000}, "new connections a second"},
            {"new-per-address-burst", Count{&to.fresh_per_address.burst, 1, 1'000'000}, "of them, at once"},
            {"new-in-all", Count{&to.fresh_in_all.per_second, 1, 1'000'000},
             "new connections a second of all addresses"},
            {"new-in-all-burst", Count{&to.fresh_in_all.burst, 1, 1'000'000}, "of them, at once"},
        });
}

void add_penalties(Settings& all, relay::Limits& to) {
    all.insert(all.end(), {
                              {"protocol-error-penalty", Period{&to.protocol_error_penalty, 0s, 24h},
                               "no new connections of that address"},
                              {"refused-input-penalty", Period{&to.refused_input_penalty, 0s, 24h},
                               "for a wrong token, secret or version"},
                              {"longest-penalty", Period{&to.longest_penalty, 0s, 24h}, "that adds up"},
                              {"addresses-remembered", Count{&to.addresses_remembered, 1, 10'000'000},
                               "without a connection, in memory"},
                          });
}

void add_throttles(Settings& all, relay::Limits& to) {
    all.insert(
        all.end(),
        {
            {"receive-rate", Size{&to.receive.per_second, 64 * KiB, 8 * GiB},
             "a second of one connection; then not read"},
            {"receive-burst", Size{&to.receive.burst, 128 * KiB, 64 * GiB}, "of one connection at once"},
            {"receive-frames", Count{&to.receive_frames.per_second, 200, 1'000'000'000}, "a second of one connection"},
            {"receive-frames-burst", Count{&to.receive_frames.burst, 1, 1'000'000'000}, "of one connection at once"},
        });
}

}  // namespace

settings::Table relay_table(RelaySettings& settings) {
    Settings all;
    add_listening(all, settings);
    add_certificate(all, settings);
    add_deadlines(all, settings.limits);
    add_memory(all, settings.limits);
    add_rooms(all, settings.limits);
    add_newcomers(all, settings.limits);
    add_penalties(all, settings.limits);
    add_throttles(all, settings.limits);
    return settings::Table(std::move(all));
}

}  // namespace parley::app
