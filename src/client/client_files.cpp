// The client and files: what the transfers want done, and what the room and the disk tell them.
#include "client/client.h"
#include "client/limits.h"

namespace parley::client {

bool Client::Listeners::is_here(const IdentityId& who) const {
    const auto found = client_.peers_.find(who);
    if (found == client_.peers_.end()) return false;
    const auto& peer = *found->second;
    return client_.online_with(peer) && peer.person.presence == Presence::present;
}

Person Client::Listeners::person(const IdentityId& who) const {
    const auto found = client_.peers_.find(who);
    return found == client_.peers_.end() ? Person{who, {}, {}, Trust::not_verified, Presence::gone}
                                         : found->second->person;
}

/// One post reaches everybody; where somebody would get it for nothing, each gets a copy of its own.
std::size_t Client::Listeners::posts_for(const std::set<IdentityId>& people) const {
    return are_all(people) ? 1 : people.size();
}

bool Client::Listeners::are_all(const std::set<IdentityId>& people) const {
    return people.size() == client_.seats_.size();
}

void Client::on(const ChooseFiles& command, Time) {
    files_ = command;
    transfers_.take_at_most(command.max_size);
}

void Client::on(const SendFile& command, Time) { transfers_.send(self_person_, command); }
void Client::on(const ListFiles&, Time) { transfers_.list(); }
void Client::on(const DeclineFile& command, Time) { transfers_.decline(command.file); }
void Client::on(const StopFile& command, Time) { transfers_.stop(command.file); }
void Client::on(const WithdrawOffers&, Time) { transfers_.withdraw(); }

void Client::on(const GetFile& command, Time) {
    transfers_.get({command.file, command.folder.empty() ? files_.folder : command.folder});
}

void Client::on_file(const FileResult& result, Time now) {
    if (!stopped_) transfers_.on_result(result, now);
}

void Client::on(Peer& peer, const FileOffer& offer, Time) { transfers_.on_offer(peer.person, offer); }
void Client::on(Peer& peer, const FileAnswer& answer, Time now) { transfers_.on_answer(peer.person, answer, now); }
void Client::on(Peer& peer, const FileStatus& status, Time now) { transfers_.on_status(peer.person.id, status, now); }

void Client::on_chunk(const SeatId& id, ByteView body, Time now) {
    auto* peer = proven_at(id);
    if (peer == nullptr || transfers_.on_chunk(peer->person.id, body, now)) return;
    alarm(AlarmKind::bad_frame, "a piece of a file was forged or changed on the way", &peer->person);
}

/// What is said and told; the chunks follow once that is on its way.
std::vector<ChunkPost> Client::obey_transfers(Time now) {
    auto orders = transfers_.take_orders(line_is_clear_, now);
    dirty_ = dirty_ || orders.lasting;
    for (auto& job : orders.jobs) actions_.emplace_back(std::move(job));
    for (auto& said : orders.say) unsaid_.push_back({0, std::move(said)});
    for (auto& event : orders.events) show(std::move(event));
    for (const auto& [to, status] : orders.statuses) {
        auto* peer = find_peer(to);
        if (peer != nullptr && online_with(*peer)) send_signal(*peer, status, now);
    }
    return std::move(orders.chunks);
}

void Client::send_signal(Peer& peer, const Signal& signal, Time now) {
    peer.ack_due.reset();
    auto envelope = envelope_for(peer);
    envelope.signs = {};
    envelope.signal = signal;
    if (auto body = seal(peer, envelope)) post(*peer.seat, std::move(body), PostOwner{peer.person.id, 0}, now);
}

void Client::post(const ChunkPost& chunk) {
    if (listeners_.are_all(chunk.to)) return post_chunk(std::nullopt, chunk);
    for (const auto& who : chunk.to) {
        if (const auto* peer = find_peer(who); peer != nullptr && peer->seat) post_chunk(*peer->seat, chunk);
    }
}

/// Nothing has to be saved for it: what is lost with the state is read and sealed again.
void Client::post_chunk(const std::optional<SeatId>& to, const ChunkPost& chunk) {
    if (!connection_.online()) return;
    const auto pending = posts_.add(to, chunk.body);
    chunk_owners_.emplace(pending.id, ChunkOwner{chunk.file, chunk.index});
    send(wire::Post{pending.id, pending.to, {*pending.body}});
}

}  // namespace parley::client
