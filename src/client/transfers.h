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

    // What the user asks.
    void send(const Person& self, const SendFile& command);
    void get(const GetFile& command);
    void decline(FileNumber number);
    void stop(FileNumber number);
    void list();

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
    void on_refused(FileNumber number, std::uint64_t index, Time now);
    /// A relay that was reborn has nothing of what was on its way.
    void on_new_relay(Time now);
    void on_time(Time now);

    std::optional<Time> next_deadline() const;
    /// Everything to do now. Chunks go out while the line is clear: a few at a time, so that what people
    /// say is never far behind.
    FileOrders take_orders(bool line_is_clear, Time now);

private:
    struct Opening {
        bool to_newcomers;
    };
    struct Sending {
        FileSender sender;
        bool to_newcomers;
    };
    struct Ended {
        bool done;
    };
    struct File {
        FileInfo info;
        std::variant<Opening, Sending, FileReceiver, Ended> state;
    };

    File& add(FileInfo info, std::variant<Opening, Sending, FileReceiver, Ended> state);
    File* find(FileNumber number);
    File* ours(const FileId& id);
    File* theirs(const FileId& id, const IdentityId& offerer);
    FileReceiver* receiver(FileNumber number);
    Sending* sending(FileNumber number);
    void end(File& file, bool done);
    void fail(File& file, std::string_view reason);
    void end_if_settled(File& file);
    void answer(const FileReceiver& receiver, Answer answer);
    void refuse(std::string_view why) { orders_.events.emplace_back(Refusal{why}); }

    void on_answer_to_us(File& file, const Person& from, Answer answer, Time now);
    void on(const FileOpened& result, Time now);
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
    static FileList::Entry entry_of(const File& file);

    const Audience& audience_;
    Random& random_;
    std::uint64_t max_size_ = default_max_file_size;
    FileNumber last_ = 0;
    std::map<FileNumber, File> files_;
    FileOrders orders_;
    std::uint64_t stray_chunks_ = 0;  ///< that open nowhere: of files we did not take, or of nobody
};

}  // namespace parley::client
