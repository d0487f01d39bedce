// A file of ours on its way to those who take it (PROTOCOL 4.3). Chunks are sealed once and go to all who miss
// them; the window moves with the slowest of them, and who stands still is left behind.
#pragma once

#include <deque>
#include <map>

#include "base/random.h"
#include "client/file_orders.h"
#include "client/file_progress.h"

namespace parley::client {

class Saver;
class Loader;

/// What a transfer must know of the room.
class Audience {
public:
    Audience() = default;
    Audience(const Audience&) = delete;
    Audience& operator=(const Audience&) = delete;
    virtual ~Audience() = default;

    /// Whether what is posted now reaches this person.
    virtual bool is_here(const IdentityId& who) const = 0;
    /// Whether the relay has given what it had for us when we came back.
    virtual bool is_caught_up() const = 0;
    virtual Person person(const IdentityId& who) const = 0;
    /// How many posts it takes to reach all of them.
    virtual std::size_t posts_for(const std::set<IdentityId>& people) const = 0;
};

class FileSender {
public:
    FileSender(FileNumber number, FileOffer offer, const Audience& audience)
        : number_(number), offer_(std::move(offer)), audience_(audience), meter_(offer_.size) {}

    const FileOffer& offer() const { return offer_; }
    const FileMeter& meter() const { return meter_; }

    void offered_to(const IdentityId& who) { receivers_.try_emplace(who); }
    bool is_offered_to(const IdentityId& who) const { return receivers_.contains(who); }
    bool was_said() const { return !receivers_.empty(); }
    /// False: this person was not offered it, or has answered for good.
    bool on_answer(const IdentityId& who, Answer answer, Time now);
    void on_status(const IdentityId& who, const FileStatus& status, Time now);
    /// True: this person was to get it.
    bool on_gone(const IdentityId& who);
    void on_read(std::uint64_t index, ChunkBytes bytes);
    /// The file that a former run offered was read again, and is still that one.
    void on_reopened() { file_is_open_ = true; }
    /// The relay had no room for it, or is a new one and has nothing of what was posted.
    void on_refused(std::uint64_t index, Time now);
    void on_new_relay() { in_flight_.clear(); }

    /// Chunks to read now, for later.
    std::vector<std::uint64_t> take_reads();
    /// The next chunk to seal and post, if that takes no more than `room` posts, or nothing is on its way.
    std::optional<ChunkPost> next_post(std::size_t room, Random& random, Time now);
    /// Nothing is awaited of those who are gone, away or left behind.
    void forget_unreachable();
    std::size_t chunks_in_flight() const { return in_flight_.size(); }
    /// Posts whose chunks are on their way.
    std::size_t posts_in_flight() const;

    /// Who takes nothing any more: the others go on without.
    std::vector<IdentityId> leave_behind(Time now);
    void on_time(Time now);
    std::optional<Time> next_deadline() const;

    /// True: progress is to be shown.
    bool measure(Time now);
    bool somebody_takes_it() const;
    bool somebody_has_it() const;
    /// Everyone it was offered to has it, or does not want it, or is gone.
    bool settled() const;

    enum class Stage : std::uint8_t { undecided, taking, has_it, without };
    std::vector<IdentityId> all_at(Stage stage) const;

    /// What each receiver holds is not saved: it says so itself, and knows it better.
    void save(Saver& out) const;
    static FileSender restore(Loader& in, FileNumber number, const Audience& audience);

private:
    struct Receiver {
        Stage stage = Stage::undecided;
        bool heard = true;  ///< false: was away, or we were, and has not told since what it holds
        ChunkSet held{};
        bool left_behind = false;
        Time moved_at{};
    };
    struct InFlight {
        std::uint64_t index;
        Time posted_at;
        std::size_t posts;
        std::set<IdentityId> awaited;
    };
    struct Prepared {
        std::uint64_t index;
        ChunkBytes bytes;  ///< none: is being read
    };

    bool takes_now(const IdentityId& who, const Receiver& receiver) const;
    std::set<IdentityId> missing_at(std::uint64_t index) const;
    bool is_under_way(std::uint64_t index) const;
    std::optional<std::uint64_t> first_hole(const IdentityId& who, const Receiver& receiver) const;
    std::optional<std::uint64_t> next_wanted() const;
    bool is_undecided() const;
    void confirm(const IdentityId& who, const Receiver& receiver);
    void forget_lost(const IdentityId& who, Time posted_before);
    std::optional<Time> waits_since(const IdentityId& who) const;

    FileNumber number_;
    FileOffer offer_;
    const Audience& audience_;
    FileMeter meter_;
    bool file_is_open_ = true;
    std::map<IdentityId, Receiver> receivers_;
    std::uint64_t frontier_ = 0;           ///< chunks from here on were never prepared
    std::deque<Prepared> prepared_;        ///< in the order in which they go out
    std::deque<InFlight> in_flight_;       ///< in the order in which they went out
    std::optional<Time> paused_until_;     ///< the relay is full
    std::optional<Time> gathering_until_;  ///< others may be about to take it
};

}  // namespace parley::client
