// All files of one room: who offers what, what the user wants of it, and what goes where (PROTOCOL 4.3).
#pragma once

#include "client/command.h"
#include "client/file_limits.h"
#include "client/file_receiver.h"
#include "client/file_sender.h"

namespace parley::client {

class Transfers {
public:
    Transfers(const Audience& audience, Random& random) : audience_(audience), random_(random) {}

    /// Beyond so many bytes nothing is taken.
    void take_at_most(std::uint64_t bytes) { max_size_ = bytes; }

    // What the user asks: transfers_commands.cpp
    void send(const Person& self, const SendFile& command);
    void get(const GetFile& command);
    void decline(FileNumber number);
    void stop(FileNumber number);
    void list();
    void withdraw();

    /// From now on what comes lasts beyond this run.
    void keep();

    // What others say.
    void on_offer(const Person& from, FileOffer offer);
    void on_answer(const Person& from, const FileAnswer& answer, Time now);
    void on_status(const IdentityId& from, const FileStatus& status, Time now);
    /// False: it says that it belongs to a file of this person, and does not open.
    bool on_chunk(const IdentityId& from, ByteView body, Time now);

    // What the disk says.
    void on_result(const FileResult& result, Time now);

    // What happens in the room.
    void on_said(const FileOffer& offer, const IdentityId& to);
    void on_newcomer(const IdentityId& who);
    void on_gone(const IdentityId& who);
    void on_back(const IdentityId& who, Time now);
    /// We were away ourselves, and have what the relay kept for us.
    void on_caught_up(Time now);
    void on_refused(FileNumber number, std::uint64_t index, Time now);
    /// A relay that was reborn has nothing of what was on its way.
    void on_new_relay(Time now);
    void on_time(Time now);

    std::optional<Time> next_deadline() const;
    /// Somebody is told again and again how far a file of theirs is.
    bool receives_from(const IdentityId& who) const;
    /// Everything to do now. Chunks go out while the line is clear: a few at a time, so that what people
    /// say is never far behind.
    FileOrders take_orders(bool line_is_clear, Time now);

    // transfers_save.cpp
    void save(Saver& out) const;
    void load(Loader& in, const Person& self);
    /// What a former run left goes on.
    void resume();

private:
    struct Opening {
        SendFile what;
    };
    struct Sending {
        SendFile what;
        FileSender sender;
    };
    struct Ended {
        bool done;
    };
    /// Sealed, of a file whose part the disk still reads: the relay had it ready when we came back.
    struct EarlyChunk {
        IdentityId from;
        Bytes body;
    };
    /// An offer that was dealt with: it may be said again for others.
    struct Known {
        IdentityId offerer;
        FileId id;

        friend bool operator==(const Known&, const Known&) = default;
    };
    struct File {
        FileInfo info;
        std::variant<Opening, Sending, FileReceiver, Ended> state;
    };
    using State = decltype(File::state);

    File& add(FileInfo info, State state);
    File* find(FileNumber number);
    File* ours(const FileId& id);
    File* theirs(const FileId& id, const IdentityId& offerer);
    FileReceiver* receiver(FileNumber number);
    Sending* sending(FileNumber number);
    bool is_resumed(const std::string& path) const;
    bool resumes_from(const IdentityId& offerer) const;
    bool may_tell(const FileReceiver& receiver) const;
    bool is_known(const FileId& id, const IdentityId& offerer);
    void end(File& file, bool done);
    void settle(File& file, bool done);
    void fail(File& file, std::string_view reason);
    void end_if_settled(File& file);
    void answer(const FileReceiver& receiver, Answer answer);
    void refuse(std::string_view why) { orders_.events.emplace_back(Refusal{why}); }

    void on_answer_to_us(File& file, const Person& from, Answer answer, Time now);
    void on(const FileOpened& result, Time now);
    void on_reopened(File& file, Sending& sending, const FileOpened& result);
    void on(const ChunkRead& result, Time now);
    void on(const FileCreated& result, Time now);
    void on(const ChunkWritten& result, Time now);
    void on(const FileFinished& result, Time now);
    void on(const FileTrouble& result, Time now);
    void go_on(FileReceiver& receiver, Time now);

    struct InFlight {
        std::size_t chunks = 0;
        std::size_t posts = 0;
    };
    InFlight in_flight() const;
    std::size_t open_offers() const;
    void post_chunks(Time now);
    void load_file(Loader& in, const Person& self);
    void resume(File& file);
    void resume_sending(File& file);
    static FileList::Entry entry_of(const File& file);

    const Audience& audience_;
    Random& random_;
    std::uint64_t max_size_ = default_max_file_size;
    FileNumber last_ = 0;
    std::map<FileNumber, File> files_;
    std::deque<Known> known_;  ///< that ended, the oldest first
    bool lasting_ = false;     ///< what comes outlives the run
    FileOrders orders_;
    std::vector<EarlyChunk> early_;   ///< at most max_chunks_unwritten
    std::uint64_t stray_chunks_ = 0;  ///< that open nowhere: of files we did not take, or of nobody
};

}  // namespace parley::client
