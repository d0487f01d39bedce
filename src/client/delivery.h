// One direction each of one pair of people: numbers, the window, acknowledgements, holes.
#pragma once

#include <deque>
#include <map>

#include "client/content.h"
#include "client/event.h"
#include "client/posts.h"

namespace parley::client {

class Saver;
class Loader;
class Parcels;

/// One content on its way to one person. The encoded bytes are shared by all it goes to.
struct Parcel {
    LineNumber line = 0;  ///< 0: no line of the user's
    std::shared_ptr<const Bytes> content;
};

/// What goes to one person: waiting, then sealed and outstanding, then acknowledged.
class Outgoing {
public:
    struct Sealed {
        Parcel parcel;
        SealedBody body;
        Time posted_at;
        bool accepted = false;
        bool repeated = false;    ///< posted more than once: the first may still be on its way
        std::uint32_t chain = 0;  ///< of ours in the session
    };

    void queue(Parcel parcel) { waiting_.push_back(std::move(parcel)); }

    /// The next content to seal, with the number it will have; none while the window is full.
    std::optional<std::pair<std::uint64_t, Parcel>> next_to_seal() const;
    /// It was sealed in this chain: from now on exactly these bytes are posted, as often as it takes.
    void sealed(SealedBody body, std::uint32_t chain, Time now);
    /// Whether the peer, in this chain of ours by now, keeps no header key any more that would recognise it.
    bool is_stale(std::uint64_t number, std::uint32_t chain) const;
    const Parcel& parcel_of(std::uint64_t number) const { return outstanding_.at(number).parcel; }
    void sealed_anew(std::uint64_t number, SealedBody body, std::uint32_t chain);

    /// The line it carries; 0 for none, or when it is no longer outstanding.
    LineNumber accepted(std::uint64_t number);

    struct Acknowledged {
        std::vector<LineNumber> opened;
        std::vector<std::uint64_t> post_again;
    };
    Acknowledged acknowledge(const DeliveryAck& ack, Time now);

    /// The last line up to this number that was not told as read before; 0: none.
    LineNumber read(std::uint64_t through);

    const SealedBody& posted_again(std::uint64_t number, Time now);

    /// Numbers that were posted before `time` and are not acknowledged.
    std::vector<std::uint64_t> unacknowledged_since(Time time) const;
    std::vector<std::uint64_t> outstanding() const;
    std::optional<Time> oldest_post() const;

    /// A new session starts counting anew and seals again what was not acknowledged.
    void restart();
    /// Gives up: whose lines can no longer arrive.
    std::vector<LineNumber> abandon();

    std::uint64_t last_number() const { return last_number_; }
    /// Through this number all was acknowledged or given up. It is told, or a receiver would wait for ever.
    std::uint64_t settled() const;
    bool empty() const { return waiting_.empty() && outstanding_.empty(); }
    bool nothing_waits() const { return waiting_.empty(); }
    bool all_accepted() const;
    /// The stored bytes of one that is outstanding; none otherwise.
    SealedBody body_of(std::uint64_t number) const;

    void note_parcels(Parcels& parcels) const;
    void save(Saver& out, Parcels& parcels) const;
    static Outgoing restore(Loader& in, Parcels& parcels);
    void save_chains(Saver& out) const;
    /// None is above the one that is sent in now.
    void load_chains(Loader& in, std::uint32_t current);

private:
    std::deque<Parcel> waiting_;
    std::map<std::uint64_t, Sealed> outstanding_;
    std::map<std::uint64_t, LineNumber> unread_;  ///< opened lines whose reading may still be told
    std::uint64_t last_number_ = 0;
};

/// What came from one person: which numbers, and what the next acknowledgement says.
class Incoming {
public:
    enum class Arrival { next, beyond_hole, fills_hole, repeated, too_far };
    Arrival add(std::uint64_t number);
    /// The other side says that it has given out this number. True: some are missing that nothing
    /// else told of.
    bool expect(std::uint64_t number);
    /// What has not come through this number never will, says the other side. How many are lost by that.
    std::uint64_t settle(std::uint64_t number);

    DeliveryAck ack() const;
    std::uint64_t through() const { return through_; }
    bool has_hole() const { return through_ < highest_; }
    /// How many numbers are missing below the highest one seen.
    std::uint64_t missing() const;

    void save(Saver& out) const;
    static Incoming restore(Loader& in);

private:
    void join_ranges(std::map<std::uint64_t, std::uint64_t>::iterator at);

    std::uint64_t through_ = 0;
    std::uint64_t highest_ = 0;                      ///< seen or told of
    std::map<std::uint64_t, std::uint64_t> beyond_;  ///< first -> last, apart from each other
};

}  // namespace parley::client
