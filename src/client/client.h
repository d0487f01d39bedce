// The client's decisions: one room, one connection, everybody in it. Pure (HOUSE): events and the
// time go in, an ordered list of actions comes out.
#pragma once

#include <deque>

#include "client/command.h"
#include "client/connection.h"
#include "client/contacts.h"
#include "client/core.h"
#include "client/history.h"
#include "client/file_limits.h"
#include "client/lines.h"
#include "client/peer.h"
#include "client/relay_ack.h"
#include "client/transfers.h"
#include "identity/room.h"

namespace parley::client {

struct Config {
    identity::RoomSecret secret;
    std::string name;  ///< 1 to 64 bytes of UTF-8
    std::uint32_t grace_seconds;
    std::optional<FixedBytes<16>> token;
    bool keeps_seat = false;  ///< quitting is not a Leave: with a profile one comes back to the seat
};

/// How a saved state goes on.
struct Resumption {
    Time now;
    /// Posts get ids above it. Ids that only rise with the wall clock rise even where an old copy of the
    /// state is restored.
    PostId posts_above = 0;
};

class Client final : public Core {
public:
    /// `persona` is shared by all rooms of a run and outlives them.
    Client(Config config, Persona& persona, Random& random);

    /// Everything but the connection and handshakes in progress, canonical (PROTOCOL 8).
    SecretBytes save(Time now) const;
    /// The same seat and the same sessions: what was sent meanwhile is read. The config's name gives way to
    /// the saved one. Errors: truncated, trailing, not_canonical, unknown_type, too_large, bad_key,
    /// bad_tag, bad_input.
    static Result<std::unique_ptr<Client>> restore(Config config, Persona& persona, Random& random, ByteView saved,
                                                   Resumption resumption);

    void start(Time now) override;
    void on_connected(Time now) override;
    void on_disconnected(Error why, Time now) override;
    void on_frame(const wire::RelayFrame& frame, Time now) override;
    void on_command(const Command& command, Time now);
    void on_file(const FileResult& result, Time now) override;
    void on_line(bool clear) override { line_is_clear_ = clear; }
    void on_time(Time now) override;
    /// From now on quitting is no Leave: a profile keeps this room. Asks the relay for a longer grace.
    void keep_seat(std::uint32_t grace_seconds, Time now);
    /// Another room of this run learned something about the people we know.
    void on_contacts_changed(Time now);

    std::optional<Time> next_deadline() const override;
    std::vector<Action> take_actions(Time now) override;

    const Person& self() const { return self_person_; }
    std::string own_safety_number(const IdentityId& with) const;

private:
    struct Seat {
        wire::Presence presence = wire::Presence::present;
        bool listed = true;    ///< told since the last Welcome
        bool blocked = false;  ///< showed another identity: waits for a person's decision
        Time seen_at;
        std::unique_ptr<Introduction> introduction;
        std::optional<Handshake> handshake;
    };
    /// Which content a post carries; flights of a handshake carry none and have no owner.
    struct PostOwner {
        IdentityId person;
        std::uint64_t number = 0;  ///< 0: an acknowledgement without a content

        friend bool operator==(const PostOwner&, const PostOwner&) = default;
    };
    struct Unsaid {
        LineNumber line;
        Said said;
    };
    struct Retry {
        SeatId to;
        SealedBody body;
        PostOwner owner;
        Time at;
    };
    /// Somebody saw more of an author than came here.
    struct Withheld {
        std::uint64_t k;
        Time deadline;
    };
    /// Which chunk a post carries.
    struct ChunkOwner {
        FileNumber file;
        std::uint64_t index;
    };
    /// The room as the transfers see it.
    class Listeners final : public Audience {
    public:
        explicit Listeners(const Client& client) : client_(client) {}

        bool is_here(const IdentityId& who) const override;
        bool is_caught_up() const override { return !client_.awaiting_list_; }
        Person person(const IdentityId& who) const override;
        std::size_t posts_for(const std::set<IdentityId>& people) const override;
        bool are_all(const std::set<IdentityId>& people) const;

    private:
        const Client& client_;
    };
    struct Quitting {
        Time deadline;
    };

    // client_relay.cpp: connection and frames
    void on(const wire::Welcome& frame, Time now);
    void on(const wire::Seat& frame, Time now);
    void on(const wire::Deliver& frame, Time now);
    void on(const wire::Posted& frame, Time now);
    void on(const wire::Full& frame, Time now);
    void on(const wire::Gap& frame, Time now);
    void on(const wire::Refused& frame, Time now);
    void on(const wire::Restarting& frame, Time now);
    void on(const wire::Pong& frame, Time now);
    void send(const wire::ClientFrame& frame);
    void send_join();
    void send_card();
    void note_delivered(std::uint64_t seq, std::size_t bytes, Time now);
    void begin_epoch(const wire::Welcome& frame, Time now);
    void post(const SeatId& to, SealedBody body, std::optional<PostOwner> owner, Time now);
    void retry_refused(Time now);
    void end_of_seat_list(Time now);
    void lose_connection(Duration retry_in, Error why);
    void stop(std::optional<Error> why);

    // client_seats.cpp: cards, handshakes, presence
    void on_card(const SeatId& id, Seat& seat, ByteView sealed, Time now);
    void introduce(const SeatId& id, Seat& seat, Introduction introduction, Time now);
    void begin_handshake(const SeatId& id, Seat& seat, Time now);
    void on_answer(const SeatId& id, Seat& seat, ByteView body, Time now);
    void on_hello(const SeatId& id, Seat& seat, Time now);
    void ask(Peer& peer, Time now);
    void on(Peer& peer, const StillThere&, Time now) { peer.due_for_ack(now); }
    void on_answered(Peer& peer);
    void on_unanswered(Peer& peer, Time now);
    void apply(const SeatId& id, Seat& seat, HandshakeStep step, Time now);
    void establish(const SeatId& id, Seat& seat, ratchet::Session session, SealedBody confirmation, Time now);
    void keep_beside(Peer& peer, const SeatId& id, ratchet::Session session, SealedBody confirmation, Time now);
    void renew(Peer& peer, Time now);
    void replace_session(Peer& peer, ratchet::Session session);
    void note_presence(Peer& peer, wire::Presence presence, Time now);
    void on_presence(const SeatId& id, Seat& seat, wire::Presence presence, Time now);
    void on_seat_gone(const SeatId& id, Time now);
    void reach(Peer& peer, const SeatId& seat, Time now);
    void give_up_on(Peer& peer, std::string_view reason, Time now);
    Peer* proven_at(const SeatId& seat);
    Seat* seat_of(const Peer& peer);
    Peer* find_peer(const IdentityId& id);
    void suspect(Seat& seat, std::string_view why, const Person* known);
    void distrust(Peer& peer, AlarmKind kind, std::string_view what);
    void refresh_trust(Peer& peer);

    // client_messages.cpp: sealing, opening, acknowledging
    void on_message(const SeatId& id, Seat& seat, ByteView body, Time now);
    /// A former run of ours may have left something under way that this one knows nothing of.
    bool finds_leftovers(Time now) const { return restored_ && now < recovering_until_; }
    bool open_with(Peer& peer, const SeatId& id, ByteView body, Time now);
    bool open_pending(const SeatId& id, Seat& seat, ByteView body, Time now);
    bool is_passing(const Peer& peer, const SeatId& seat, const Result<Envelope>& envelope) const;
    void on_opened(Peer& peer, const SeatId& seat, ByteView plaintext, Time now);
    void on_refused_body(Peer& peer, Error why, Time now);
    void on_ack(Peer& peer, const DeliveryAck& ack, Time now);
    void on_settled(Peer& peer, const Envelope& envelope, Time now);
    void on_numbered(Peer& peer, const Numbered& content, Time now);
    void release(Peer& peer, Time now);
    void release_one(Peer& peer, std::uint64_t number, ByteView content, Time now);
    void rename(Peer& peer, const std::string& name);
    void check_heads(const Content& content, Time now);
    void note_roster(Peer& peer, const RosterHash& roster, Time now);
    void keep_roster(Time now);
    bool was_ours(const RosterHash& roster, Time now) const;
    void flush(Peer& peer, Time now);
    bool refused_before(const Peer& peer) const;
    void send_ack(Peer& peer, Time now, bool typing = false);
    Envelope envelope_for(Peer& peer) const;
    SealedBody seal(Peer& peer, const Envelope& envelope);
    SealedBody seal(Peer& peer, std::uint64_t number, const Parcel& parcel);
    const SealedBody& to_post_again(Peer& peer, std::uint64_t number, Time now);
    void post_again(Peer& peer, const std::vector<std::uint64_t>& numbers, Time now);
    void say_waiting(Time now);
    void say(const Unsaid& unsaid, Time now);
    bool may_say(Time now) const;
    std::optional<Time> say_deadline() const;
    RosterHash roster_hash() const;
    std::vector<HeadOf> heads() const;

    // client_commands.cpp: what the user asks
    void on(const Say& command, Time now);
    void on(const Rename& command, Time now);
    void on(const ListPeople& command, Time now);
    void on(const ShowSafetyNumber& command, Time now);
    void on(const Verify& command, Time now);
    void on(const Accept& command, Time now);
    void on(const Block& command, Time now);
    void on(const Quit& command, Time now);
    void on(const SetTimeToLive& command, Time now);
    void on(const Call& command, Time now);
    void on(const ListContacts& command, Time now);
    Peer* resolve(const Whom& whom);
    void accept_seat(const SeatId& id, Seat& seat, Time now);
    void accept_peer(Peer& peer, Time now);
    bool is_meant(const Seat& seat, const Whom& whom) const;
    Person blocked_person(const Seat& seat) const;
    void obey_block(Peer& peer);
    bool drained() const;
    void leave_if_done(Time now);

    // client_signs.cpp: typing, and what was read
    void on(const StartTyping& command, Time now);
    void on(const SeeAll& command, Time now);
    void on(const ChooseSigns& command, Time now);
    Signs signs_for(const Peer& peer) const;
    void on_signs(Peer& peer, const Signs& signs, Time now);
    void stop_typing(Peer& peer);
    // client_files.cpp: files
    void on(const ChooseFiles& command, Time now);
    void on(const SendFile& command, Time now);
    void on(const ListFiles& command, Time now);
    void on(const GetFile& command, Time now);
    void on(const DeclineFile& command, Time now);
    void on(const StopFile& command, Time now);
    void on(const WithdrawOffers& command, Time now);
    void on(Peer& peer, const FileOffer& offer, Time now);
    void on(Peer& peer, const FileAnswer& answer, Time now);
    void on(Peer& peer, const FileStatus& status, Time now);
    void on_chunk(const SeatId& id, ByteView body, Time now);
    std::vector<ChunkPost> obey_transfers(Time now);
    void send_signal(Peer& peer, const Signal& signal, Time now);
    void post(const ChunkPost& chunk);
    void post_chunk(const std::optional<SeatId>& to, const ChunkPost& chunk);

    // client_time.cpp: deadlines
    void on_time_of(Peer& peer, Time now);
    void name_withheld(Time now);
    std::optional<Time> deadline_of(const Peer& peer) const;
    bool online_with(const Peer& peer) const;

    // client_save.cpp
    Status load(Loader& in);
    Status load_card(Loader& in);
    void save_place(Saver& out) const;
    void load_place(Loader& in);
    void save_peers(Saver& out) const;
    Status load_peers(Loader& in);
    void save_posts(Saver& out) const;
    void load_posts(Loader& in);
    SealedBody stored_body(const PostOwner& owner) const;
    void save_seats(Saver& out) const;
    Status load_seats(Loader& in);

    bool something_leaves() const;
    void acknowledge(Time now, bool company);
    void reserve_keys();
    void show(Event event) { actions_.emplace_back(Show{std::move(event)}); }
    void show_line(LineNumber line, std::optional<LineState> state, const Person* person, std::string_view reason = {});
    void alarm(AlarmKind kind, std::string_view what, const Person* person = nullptr, std::uint64_t count = 1);

    Random& random_;
    Config config_;
    Persona& persona_;
    RoomId room_;
    identity::RoomKey room_key_;
    IdentityId self_id_;
    Person self_person_;
    std::uint64_t card_number_ = 1;
    Bytes card_;  ///< plaintext
    Time card_changed_at_{};
    Self self_;

    Connection connection_;
    SeatId seat_;
    FixedBytes<32> seat_secret_;
    std::optional<RoomEpoch> epoch_;
    std::uint64_t last_seq_ = 0;
    RelayAck relay_ack_;
    bool awaiting_list_ = false;
    bool reborn_ = false;  ///< the list that is awaited is the first of a new epoch
    Time recovering_until_{};
    struct FormerRoster {
        RosterHash hash;
        Time until;
    };
    std::vector<FormerRoster> former_rosters_;  ///< those that somebody may still have written to
    Time rosters_excused_until_{};              ///< what was kept for us may be for people whom we never saw
    Duration granted_grace_{};

    Posts posts_;
    std::map<PostId, PostOwner> owners_;
    std::map<PostId, ChunkOwner> chunk_owners_;
    std::deque<Retry> retries_;                 ///< in the order of their times
    std::map<PostId, IdentityId> tried_again_;  ///< posts of what was refused before, and whom each is for

    std::map<SeatId, Seat> seats_;
    std::map<IdentityId, std::unique_ptr<Peer>> peers_;
    std::map<IdentityId, Chain> chains_;
    Chain own_chain_;
    std::map<IdentityId, Withheld> withheld_;
    Lines lines_;
    std::deque<Unsaid> unsaid_;

    ChooseSigns signs_;
    std::uint32_t ttl_ = 0;  ///< seconds, for what is said from now on
    Listeners listeners_{*this};
    ChooseFiles files_;
    Transfers transfers_;
    bool line_is_clear_ = true;

    std::optional<Quitting> quitting_;
    bool stopped_ = false;
    bool restored_ = false;  ///< what a former run left under way is no attack
    bool dirty_ = true;      ///< something changed that must be saved before it is sent: the seat, at first
    std::vector<Action> actions_;
};

}  // namespace parley::client
