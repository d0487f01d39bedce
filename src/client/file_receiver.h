// A file that somebody offers us: waits for the user, then takes chunks until it is whole (PROTOCOL 4.3).
#pragma once

#include <set>
#include <variant>

#include "client/file_orders.h"
#include "client/file_progress.h"

namespace parley::client {

class Saver;
class Loader;

class FileReceiver {
public:
    FileReceiver(FileNumber number, IdentityId offerer, FileOffer offer)
        : number_(number), offerer_(offerer), offer_(std::move(offer)), meter_(offer_.size) {}

    const FileOffer& offer() const { return offer_; }
    const IdentityId& offerer() const { return offerer_; }
    const FileMeter& meter() const { return meter_; }
    bool is_offered() const { return std::holds_alternative<Offered>(state_); }
    bool is_receiving() const { return std::holds_alternative<Receiving>(state_); }
    /// Chunks may come already: it was wanted in a former run, and the disk still reads what it has.
    bool is_resuming() const {
        const auto* creating = std::get_if<Creating>(&state_);
        return creating != nullptr && creating->answered;
    }

    /// Where the user wants it.
    struct Place {
        std::string folder;
        PartId part;
    };
    /// The user wants it; what comes lasts beyond this run or does not.
    CreateFile accept(Place place, bool lasting);
    /// The user wanted it in a former run.
    FileJob resume() const;
    /// From now on what comes lasts. None: nothing comes yet.
    std::optional<KeepFile> keep() const;
    /// The disk is ready: chunks may come. True: the offerer does not know yet that we take it.
    bool on_created(const std::vector<ChunkRange>& held, Time now);

    enum class Verdict {
        elsewhere,  ///< belongs to something else
        taken,      ///< is to be written
        known,      ///< came before, or is more than fits now
        forged,     ///< says that it belongs here and does not open
    };
    struct Taken {
        Verdict verdict;
        std::optional<WriteChunk> write;
    };
    Taken on_chunk(ByteView body, Time now);
    void on_written(std::uint64_t index, Time now);
    /// Once, when everything was written.
    std::optional<FinishFile> take_finish();

    /// How far we are, when it is time to say so and the offerer hears it.
    std::optional<FileStatus> take_status(Time now);
    std::optional<Time> next_deadline() const;
    /// Somebody was away: what was on its way may be lost, and the offerer sends nothing before it hears how far we
    /// are. We tell it once all that came is on the disk, or that would come again.
    void ask_anew(Time now);

    /// True: progress is to be shown.
    bool measure(Time now);

    /// Which chunks are there is told by the disk, which alone can know it.
    void save(Saver& out) const;
    static FileReceiver restore(Loader& in, FileNumber number);

private:
    struct Offered {};
    struct Creating {
        bool answered;  ///< in a former run
    };
    struct Receiving {
        ChunkSet held{};
        std::set<std::uint64_t> writing{};
        std::size_t untold = 0;  ///< chunks written since we said how far we are
        std::optional<Time> status_at{};
        Time idle_at{};
        Duration patience{};
        bool anew = false;  ///< nothing is told before we are idle
    };
    struct Checking {};

    CreateFile creation(bool lasting) const;
    FileStatus status(const Receiving& state, bool idle) const;
    static std::optional<Time> status_due(const Receiving& state) {
        return state.anew ? std::nullopt : state.status_at;
    }
    bool is_idle(const Receiving& state, Time now) const { return state.writing.empty() && now >= state.idle_at; }

    FileNumber number_;
    IdentityId offerer_;
    FileOffer offer_;
    FileMeter meter_;
    Place place_{};  ///< once the user wants it
    std::variant<Offered, Creating, Receiving, Checking> state_;
};

}  // namespace parley::client
