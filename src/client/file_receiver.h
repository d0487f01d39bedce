// A file that somebody offers us: waits for the user, then takes chunks until it is whole (PROTOCOL 4.3).
#pragma once

#include <set>
#include <variant>

#include "client/file_orders.h"
#include "client/file_progress.h"

namespace parley::client {

class FileReceiver {
public:
    FileReceiver(FileNumber number, IdentityId offerer, FileOffer offer)
        : number_(number), offerer_(offerer), offer_(std::move(offer)), meter_(offer_.size) {}

    const FileOffer& offer() const { return offer_; }
    const IdentityId& offerer() const { return offerer_; }
    const FileMeter& meter() const { return meter_; }
    bool is_offered() const { return std::holds_alternative<Offered>(state_); }
    bool is_receiving() const { return std::holds_alternative<Receiving>(state_); }

    /// The user wants it.
    CreateFile accept(std::string folder);
    /// The disk is ready: chunks may come.
    void on_created(Time now);

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
    /// What was on its way may be lost.
    void on_new_relay(Time now);

    /// True: progress is to be shown.
    bool measure(Time now);

private:
    struct Offered {};
    struct Creating {};
    struct Receiving {
        ChunkSet held{};
        std::set<std::uint64_t> writing{};
        std::size_t untold = 0;  ///< chunks written since we said how far we are
        std::optional<Time> status_at{};
        Time idle_at{};
        Duration patience{};
    };
    struct Checking {};

    FileStatus status(const Receiving& state, bool idle) const;
    bool is_idle(const Receiving& state, Time now) const { return state.writing.empty() && now >= state.idle_at; }

    FileNumber number_;
    IdentityId offerer_;
    FileOffer offer_;
    FileMeter meter_;
    std::variant<Offered, Creating, Receiving, Checking> state_;
};

}  // namespace parley::client
