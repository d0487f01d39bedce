// Does the core's jobs on a thread of its own, so that a slow disk does not stop a conversation.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "client/file_job.h"
#include "files/incoming.h"
#include "files/outgoing.h"

namespace parley::files {

class Disk {
public:
    /// Called on the disk's thread.
    using OnResult = std::function<void(client::FileResult)>;
    explicit Disk(OnResult on_result);
    /// Ends the thread; what is not whole is removed, unless it lasts.
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// From any thread; returns at once. Jobs are done in their order.
    void perform(client::FileJob job);

private:
    void run();
    void on(const client::OpenFile& job);
    void on(const client::ReadChunk& job);
    void on(const client::CreateFile& job);
    void on(const client::ResumeFile& job);
    void on(const client::KeepFile& job);
    void on(const client::WriteChunk& job);
    void on(const client::FinishFile& job);
    void on(const client::DropFile& job);
    void begin(client::FileNumber number, Result<Incoming> file);
    void drop(client::FileNumber file);
    void give_up(client::FileNumber file, const Error& why);

    OnResult on_result_;
    std::map<client::FileNumber, Outgoing> outgoing_;  // of the thread alone
    std::map<client::FileNumber, Incoming> incoming_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<client::FileJob> jobs_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace parley::files
