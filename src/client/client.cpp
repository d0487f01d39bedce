#include "client/client.h"

#include "base/ensure.h"
#include "client/limits.h"
#include "identity/fingerprint.h"

namespace parley::client {
namespace {

identity::Card first_card(const Config& config, const identity::Identity& identity, Random& random) {
    return {1, identity.public_identity(), identity.certificate(), random.bytes<32>(), config.name};
}

}  // namespace

Person introduced(const identity::Card& card) {
    return {id_of(card.identity), card.name, identity::tag(card.identity), Trust::not_verified, Presence::present};
}

Client::Client(Config config, Persona& persona, Random& random)
    : random_(random),
      config_(std::move(config)),
      persona_(persona),
      room_(identity::room_id(config_.secret)),
      room_key_(identity::room_key(config_.secret)),
      self_id_(id_of(persona_.identity.public_identity())),
      card_(encode(first_card(config_, persona_.identity, random))),
      self_{room_, persona_.identity, card_, card_changed_at_, random_},
      connection_(random),
      seat_(random.id<SeatId>()),
      seat_secret_(random.bytes<32>()),
      transfers_(listeners_, random_) {
    self_person_ = {self_id_, config_.name, identity::tag(persona_.identity.public_identity()), Trust::verified,
                    Presence::present};
    if (config_.keeps_seat) transfers_.keep();
}

void Client::start(Time now) {
    connection_.start(now);
    if (!peers_.empty()) on(ListPeople{}, now);
    if (restored_) transfers_.resume();
    on_time(now);
}

std::vector<Action> Client::take_actions(Time now) {
    if (!stopped_) {
        const auto chunks = obey_transfers(now);
        say_waiting(now);
        for (const auto& chunk : chunks) post(chunk);
        leave_if_done(now);
    }
    acknowledge(now, something_leaves());
    if (!std::exchange(dirty_, false)) return std::exchange(actions_, {});
    reserve_keys();
    // What came is shown before it is saved, and saved before it is acknowledged: a crash in between
    // shows it again and never loses it. One Save stands before all that depends on it: the state it
    // saves is the one after all of them.
    auto taken = std::exchange(actions_, {});
    std::vector<Action> actions;
    actions.reserve(taken.size() + 1);
    const auto is_show = [](const Action& action) { return std::holds_alternative<Show>(action); };
    for (auto& action : taken) {
        if (is_show(action)) actions.push_back(std::move(action));
    }
    actions.emplace_back(Save{});
    for (auto& action : taken) {
        if (!is_show(action)) actions.push_back(std::move(action));
    }
    return actions;
}

bool Client::something_leaves() const {
    return std::ranges::any_of(actions_, [](const Action& action) { return std::holds_alternative<Send>(action); });
}

void Client::acknowledge(Time now, bool company) {
    if (!connection_.online()) return;
    if (const auto seq = relay_ack_.take(now, company)) send(wire::Ack{*seq});
}

/// What the next save lets us send and read without another one.
void Client::reserve_keys() {
    for (auto& [id, peer] : peers_) {
        peer->unsaved_signals = 0;
        if (!transfers_.receives_from(id)) peer->keys_reserved = 0;
        peer->first_unsaved_key = peer->session.next_in_chain().value_or(0) + peer->keys_reserved;
    }
}

std::string Client::own_safety_number(const IdentityId& with) const {
    const auto peer = peers_.find(with);
    ensure(peer != peers_.end(), "safety numbers are of people who proved an identity");
    return identity::safety_number(persona_.identity.public_identity(), peer->second->identity);
}

void Client::show_line(LineNumber line, std::optional<LineState> state, const Person* person, std::string_view reason) {
    if (!state) return;
    show(LineChanged{line, *state, person ? std::optional(*person) : std::nullopt, reason});
}

void Client::alarm(AlarmKind kind, std::string_view what, const Person* person, std::uint64_t count) {
    show(Alarm{kind, person ? std::optional(*person) : std::nullopt, what, count});
}

std::string_view name_of(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::bad_card: return "bad_card";
        case AlarmKind::bad_handshake: return "bad_handshake";
        case AlarmKind::handshake_withheld: return "handshake_withheld";
        case AlarmKind::bad_frame: return "bad_frame";
        case AlarmKind::repeated: return "repeated";
        case AlarmKind::missing: return "missing";
        case AlarmKind::fork: return "fork";
        case AlarmKind::roster_differs: return "roster_differs";
        case AlarmKind::unacknowledged: return "unacknowledged";
        case AlarmKind::lost_by_relay: return "lost_by_relay";
        case AlarmKind::key_changed: return "key_changed";
        case AlarmKind::restarted: return "restarted";
        case AlarmKind::rolled_back: return "rolled_back";
    }
    return "unknown";
}

}  // namespace parley::client
