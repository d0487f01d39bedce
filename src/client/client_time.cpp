// The client and its deadlines.
#include "client/client.h"
#include "client/limits.h"

namespace parley::client {

bool Client::online_with(const Peer& peer) const {
    return connection_.online() && peer.seat && peer.may_be_written_to();
}

void Client::on_time(Time now) {
    if (stopped_) return;
    switch (connection_.on_time(now)) {
        case Connection::Order::connect: actions_.emplace_back(Connect{}); break;
        case Connection::Order::ping: send(wire::Ping{}); break;
        case Connection::Order::give_up:
            lose_connection(connection_.on_lost(now), {Errc::idle, "the relay has gone silent"});
            break;
        case Connection::Order::nothing: break;
    }
    retry_refused(now);
    if (connection_.online()) {
        for (auto& [id, seat] : seats_) {
            if (!seat.handshake) continue;
            if (seat.presence == wire::Presence::present) apply(id, seat, seat.handshake->on_time(now), now);
            else seat.handshake->on_time_away(now);
        }
    }
    for (auto& [id, peer] : peers_) on_time_of(*peer, now);
    name_withheld(now);
    transfers_.on_time(now);
}

void Client::on_time_of(Peer& peer, Time now) {
    peer.session.on_time(now);
    if (peer.ack_due && now >= *peer.ack_due && online_with(peer)) send_ack(peer, now);
    if (peer.typing_until && now >= *peer.typing_until) stop_typing(peer);
    const bool waits_for_answer = peer.question && !peer.question->answered && online_with(peer);
    if (waits_for_answer && now >= peer.question->asked_at + answer_patience) on_unanswered(peer, now);
    if (peer.hole_since && now >= *peer.hole_since + hole_patience) {
        alarm(AlarmKind::missing, "messages did not arrive: held back or lost on the way, asked for again",
              &peer.person, peer.incoming.missing());
        release(peer, now);
        peer.hole_since.reset();
    }
    if (peer.absent_since && now >= *peer.absent_since + granted_grace_) give_up_on(peer, "did not come back", now);
    if (peer.roster_differs_since && !peer.roster_named && now >= *peer.roster_differs_since + roster_patience) {
        peer.roster_named = true;
        if (peer.roster != roster_hash()) {
            alarm(AlarmKind::roster_differs, "writes to a different set of people than you see", &peer.person);
        }
    }
    const bool there = online_with(peer) && peer.person.presence == Presence::present;
    if (!there || now < peer.both_here_since + repost_delay) return;
    const auto late = peer.outgoing.unacknowledged_since(now - repost_delay);
    if (late.empty()) return;
    if (!std::exchange(peer.stall_named, true)) {
        alarm(AlarmKind::unacknowledged, "confirms nothing: its device sleeps, or the relay holds messages back",
              &peer.person, late.size());
    }
    post_again(peer, late, now);
}

void Client::name_withheld(Time now) {
    for (auto it = withheld_.begin(); it != withheld_.end();) {
        const auto& [author, claim] = *it;
        const auto seen = chains_[author].head().k;
        if (seen < claim.k && now < claim.deadline) {
            ++it;
            continue;
        }
        if (seen < claim.k) {
            const auto* peer = find_peer(author);
            alarm(AlarmKind::missing, "others have seen messages of this person that did not come here",
                  peer ? &peer->person : nullptr, claim.k - seen);
        }
        it = withheld_.erase(it);
    }
}

std::optional<Time> Client::deadline_of(const Peer& peer) const {
    std::optional<Time> next;
    const auto consider = [&](std::optional<Time> time, Duration after = {}) {
        if (time && (!next || *time + after < *next)) next = *time + after;
    };
    const bool online = online_with(peer);
    if (online) consider(peer.ack_due);
    if (online && peer.question && !peer.question->answered) consider(peer.question->asked_at, answer_patience);
    consider(peer.typing_until);
    consider(peer.hole_since, hole_patience);
    consider(peer.absent_since, granted_grace_);
    if (!peer.roster_named) consider(peer.roster_differs_since, roster_patience);
    const auto oldest = peer.outgoing.oldest_post();
    if (oldest && online && peer.person.presence == Presence::present) {
        consider(std::max(*oldest, peer.both_here_since), repost_delay);
    }
    return next;
}

std::optional<Time> Client::next_deadline() const {
    if (stopped_) return std::nullopt;
    auto next = connection_.next_deadline();
    const auto consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    if (connection_.online()) {
        for (const auto& [id, seat] : seats_) {
            if (!seat.handshake) continue;
            const bool present = seat.presence == wire::Presence::present;
            consider(present ? seat.handshake->next_deadline() : seat.handshake->next_deadline_away());
        }
        if (!retries_.empty()) consider(retries_.front().at);
        consider(relay_ack_.deadline());
    }
    for (const auto& [id, peer] : peers_) consider(deadline_of(*peer));
    for (const auto& [author, claim] : withheld_) consider(claim.deadline);
    if (!unsaid_.empty() && !peers_.empty()) consider(say_deadline());
    consider(transfers_.next_deadline());
    if (quitting_) consider(quitting_->deadline);
    return next;
}

}  // namespace parley::client
