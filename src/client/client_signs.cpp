// The client and what is told beside messages: who types, and what was read. To verified people only,
// so that nobody else learns when somebody looks at a screen (ATTACKS 13).
#include "client/client.h"
#include "client/limits.h"

namespace parley::client {

void Client::on(const StartTyping&, Time now) {
    if (!signs_.typing) return;
    for (auto& [id, peer] : peers_) {
        const bool told = peer->typing_told != Time{} && now < peer->typing_told + typing_refresh;
        const bool may_know = peer->person.trust == Trust::verified && peer->person.presence == Presence::present;
        if (told || !may_know || !online_with(*peer)) continue;
        peer->typing_told = now;
        send_ack(*peer, now, true);
    }
}

void Client::on(const SeeAll&, Time now) {
    if (!signs_.read) return;
    for (auto& [id, peer] : peers_) {
        const bool new_to_them = peer->read_told < peer->shown_through && peer->person.trust == Trust::verified;
        peer->read_told = peer->shown_through;
        if (new_to_them) peer->due_for_ack(now + ack_delay);
    }
}

void Client::on(const ChooseSigns& command, Time) { signs_ = command; }

Signs Client::signs_for(const Peer& peer) const {
    const bool may_know = signs_.read && peer.person.trust == Trust::verified;
    return {.typing = false, .read_through = may_know ? peer.read_told : 0};
}

void Client::on_signs(Peer& peer, const Signs& signs, Time now) {
    if (const auto line = peer.outgoing.read(signs.read_through); line != 0) show(ReadBy{peer.person, line});
    if (!signs.typing) return;
    if (!peer.typing_until) show(Typing{peer.person, true});
    peer.typing_until = now + typing_believed;
}

void Client::stop_typing(Peer& peer) {
    if (!peer.typing_until) return;
    peer.typing_until.reset();
    show(Typing{peer.person, false});
}

}  // namespace parley::client
