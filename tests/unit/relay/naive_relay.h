// The relay again, written to be obviously right and nothing else: maps, vectors, no pools, no
// cursors, everything counted anew each time. What it says must be what the core says.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "relay/limits.h"
#include "wire/frames.h"

namespace parley::relay::testing {

using Seconds = std::uint64_t;
using ConnectionNumber = std::uint32_t;
using SeatNumber = std::uint64_t;

/// What each connection is told in one step, as text; "X" is the end of it.
using Told = std::map<ConnectionNumber, std::vector<std::string>>;

template <class... Parts>
std::string line(Parts... parts) {
    std::string text;
    ((text += parts), ...);
    return text;
}
inline std::string text(std::uint64_t number) { return " " + std::to_string(number); }

class NaiveRelay {
public:
    explicit NaiveRelay(const Limits& limits) : limits_(limits) {}

    struct Join {
        SeatNumber room;
        SeatNumber seat;
        std::uint64_t secret;
        std::optional<std::pair<std::uint64_t, std::uint64_t>> resume;  ///< life of the room, last seq
        Seconds grace;
    };

    void join(ConnectionNumber id, const Join& frame) {
        if (where_.contains(id)) return refuse(id, wire::RefuseReason::protocol_error);
        if (!rooms_.contains(frame.room)) rooms_[frame.room].life = ++lives_;
        auto& room = rooms_[frame.room];
        const bool is_new = !room.seats.contains(frame.seat);
        if (is_new)
            room.seats[frame.seat] = Seat{++persons_, frame.secret, {}, 0, {}, {}, 0, {}, room.next_seq - 1, {}};
        auto& seat = room.seats[frame.seat];
        if (seat.secret != frame.secret) return refuse(id, wire::RefuseReason::wrong_secret);
        if (seat.connection) {
            const auto loser = *seat.connection;
            tell(loser, refused(wire::RefuseReason::seat_taken_over));
            end(loser);
        }
        seat.connection = id;
        seat.grace = frame.grace;
        where_[id] = {frame.room, frame.seat};
        tell(id, line("W", text(goes_on_at(room, seat)), text(frame.grace)));
        for (const auto& [number, other] : room.seats) {
            if (number != frame.seat) tell(id, shown(number, other));
        }
        announce(room, frame.seat, shown(frame.seat, seat));
        resume(room, seat, id, frame, is_new);
    }

    void card(ConnectionNumber id, const std::string& card) {
        auto& [room, seat] = seat_of(id);
        room->seats[seat].card = card;
        announce(*room, seat, shown(seat, room->seats[seat]));
    }

    void post(ConnectionNumber id, std::uint64_t message, std::optional<SeatNumber> to, const std::string& body) {
        auto& [room, number] = seat_of(id);
        auto& author = room->seats[number];
        if (author.last_message && message <= *author.last_message) {
            if (author.refused.contains(message)) return tell(id, line("F", text(message)));
            const auto above = author.refused.upper_bound(message);
            if (above != author.refused.end() && *above < *author.last_message) return;
            return tell(id, line("P", text(*author.last_message), text(author.last_seq)));
        }
        Post post{room->next_seq, message, number, author.person, body, {}};
        for (const auto& [other, seat] : room->seats) {
            if (to ? other == *to : other != number) post.holders.insert(seat.person);
        }
        if (!fits(*room, author.person, post)) {
            refuse_id(author, message);
            return tell(id, line("F", text(message)));
        }
        author.refused.erase(message);
        author.last_message = message;
        author.last_seq = room->next_seq++;
        for (auto& [other, seat] : room->seats) {
            if (post.holders.contains(seat.person) && seat.connection) deliver(seat, post);
        }
        if (!post.holders.empty()) room->posts.push_back(post);
        tell(id, line("P", text(message), text(author.last_seq)));
    }

    void ack(ConnectionNumber id, std::uint64_t seq) {
        auto& [room, number] = seat_of(id);
        auto& seat = room->seats[number];
        if (seq > seat.delivered) return refuse(id, wire::RefuseReason::protocol_error);
        forget(*room, seat.person, seq);
    }

    void leave(ConnectionNumber id) {
        const auto [room, seat] = where_.at(id);
        end(id);
        remove(room, seat);
    }
    void disconnect(ConnectionNumber id) {
        if (where_.contains(id)) lose(id);
    }
    void ping(ConnectionNumber id) { tell(id, "O"); }

    void pass(Seconds time) {
        now_ += time;
        std::vector<std::pair<SeatNumber, SeatNumber>> over;
        for (auto& [room_number, room] : rooms_) {
            for (auto& [number, seat] : room.seats) {
                if (!seat.connection && seat.away_until <= now_) over.emplace_back(room_number, number);
            }
        }
        for (const auto& [room, seat] : over) remove(room, seat);
    }

    Told take() { return std::exchange(told_, {}); }
    bool seated(ConnectionNumber id) const { return where_.contains(id); }
    std::uint64_t life(SeatNumber room) const { return rooms_.contains(room) ? rooms_.at(room).life : 0; }
    std::uint64_t delivered(ConnectionNumber id) { return seat_of(id).first->seats[where_.at(id).second].delivered; }
    std::size_t kept() const {
        std::size_t count = 0;
        for (const auto& [number, room] : rooms_) count += room.posts.size();
        return count;
    }
    std::size_t cards() const {
        std::size_t count = 0;
        for (const auto& [number, room] : rooms_) {
            for (const auto& [name, seat] : room.seats) count += seat.card.empty() ? 0 : 1;
        }
        return count;
    }

private:
    struct Seat {
        std::uint64_t person = 0;  ///< who sits there: another one after Leave or grace
        std::uint64_t secret = 0;
        std::optional<ConnectionNumber> connection;
        Seconds grace = 0;
        Seconds away_until = 0;
        std::optional<std::uint64_t> last_message;
        std::uint64_t last_seq = 0;
        std::set<std::uint64_t> refused;
        std::uint64_t delivered = 0;
        std::string card;
    };
    struct Post {
        std::uint64_t seq;
        std::uint64_t id;
        SeatNumber from;
        std::uint64_t author;
        std::string body;
        std::set<std::uint64_t> holders;
    };
    struct Room {
        std::uint64_t life = 0;
        std::uint64_t next_seq = 1;
        std::map<SeatNumber, Seat> seats;
        std::vector<Post> posts;
    };

    static std::string refused(wire::RefuseReason reason) {
        return line("R", text(static_cast<std::uint64_t>(reason)));
    }
    static std::string shown(SeatNumber number, const Seat& seat) {
        return line("S", text(number), seat.connection ? " present " : " away ", seat.card);
    }
    void tell(ConnectionNumber id, const std::string& what) { told_[id].push_back(what); }
    std::pair<Room*, SeatNumber>& seat_of(ConnectionNumber id) {
        found_ = {&rooms_[where_.at(id).first], where_.at(id).second};
        return found_;
    }

    std::size_t cost(const Post& post) const {
        if (post.holders.empty()) return 0;
        return post.body.size() + limits_.payload_overhead + (post.holders.size() - 1) * limits_.note_overhead;
    }
    bool fits(const Room& room, std::uint64_t author, const Post& post) const {
        auto share = cost(post);
        auto all = cost(post) + limits_.room_overhead + room.seats.size() * limits_.seat_overhead;
        for (const auto& kept : room.posts) {
            if (kept.author == author) share += cost(kept);
            all += cost(kept);
        }
        return share <= limits_.seat_share && all <= limits_.room_memory;
    }

    /// Ids between two refused ones, with none accepted since, count as refused.
    static void refuse_id(Seat& author, std::uint64_t message) {
        author.refused.insert(message);
        const auto above =
            author.last_message ? author.refused.upper_bound(*author.last_message) : author.refused.begin();
        for (auto id = *above; id < *author.refused.rbegin(); ++id) author.refused.insert(id);
    }
    void deliver(Seat& seat, const Post& post) {
        tell(*seat.connection, line("D", text(post.seq), text(post.from), " ", post.body));
        seat.delivered = std::max(seat.delivered, post.seq);
    }
    void forget(Room& room, std::uint64_t person, std::uint64_t up_to) {
        for (auto& post : room.posts) {
            if (post.seq <= up_to) post.holders.erase(person);
        }
        std::erase_if(room.posts, [](const Post& post) { return post.holders.empty(); });
    }
    static std::uint64_t goes_on_at(const Room& room, const Seat& seat) {
        for (const auto& post : room.posts) {
            if (post.holders.contains(seat.person)) return post.seq;
        }
        return room.next_seq;
    }
    void resume(Room& room, Seat& seat, ConnectionNumber id, const Join& frame, bool is_new) {
        const bool same_life = frame.resume && frame.resume->first == room.life;
        if (same_life && is_new && frame.resume->second < room.next_seq - 1) {
            tell(id, line("G", text(frame.resume->second + 1), text(room.next_seq - 1)));
        }
        if (same_life) forget(room, seat.person, std::min(frame.resume->second, seat.delivered));
        for (const auto& post : room.posts) {
            if (post.holders.contains(seat.person)) deliver(seat, post);
        }
    }

    void announce(Room& room, SeatNumber about, const std::string& what) {
        for (auto& [number, seat] : room.seats) {
            if (number != about && seat.connection) tell(*seat.connection, what);
        }
    }
    void refuse(ConnectionNumber id, wire::RefuseReason reason) {
        tell(id, refused(reason));
        if (where_.contains(id)) lose(id);
        tell(id, "X");
    }
    void end(ConnectionNumber id) {
        tell(id, "X");
        const auto [room, seat] = where_.at(id);
        where_.erase(id);
        rooms_[room].seats[seat].connection.reset();
    }
    void lose(ConnectionNumber id) {
        const auto [room, number] = where_.at(id);
        where_.erase(id);
        auto& seat = rooms_[room].seats[number];
        seat.connection.reset();
        seat.away_until = now_ + seat.grace;
        if (seat.grace == 0) return remove(room, number);
        announce(rooms_[room], number, line("S", text(number), " away ", seat.card));
    }
    void remove(SeatNumber room_number, SeatNumber number) {
        auto& room = rooms_[room_number];
        announce(room, number, line("S", text(number), " gone "));
        forget(room, room.seats[number].person, ~std::uint64_t{0});
        room.seats.erase(number);
        if (room.seats.empty()) rooms_.erase(room_number);
    }

    const Limits limits_;
    Seconds now_ = 0;
    std::uint64_t lives_ = 0;
    std::uint64_t persons_ = 0;
    std::map<SeatNumber, Room> rooms_;
    std::map<ConnectionNumber, std::pair<SeatNumber, SeatNumber>> where_;
    std::pair<Room*, SeatNumber> found_{};
    Told told_;
};

}  // namespace parley::relay::testing
