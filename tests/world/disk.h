// Somebody's disk in memory: does what the core asks, as slowly and as badly as a test wants.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "client/file_job.h"

namespace parley::test {

class Disk {
public:
    /// Whole files by path. What is received appears here only when it is whole.
    std::map<std::string, Bytes> files;

    void perform(const client::FileJob& job);
    /// The next thing that was done; none while the disk is held.
    std::optional<client::FileResult> take_result();

    /// A disk that answers nothing for a while.
    void hold(bool on) { held_ = on; }
    /// Bytes after which it is full.
    void fill_after(std::size_t bytes) { capacity_ = bytes; }
    /// Another program writes to a file that was opened.
    void change(const std::string& path);

    /// The process ends: what lasts stays, and is found by whoever comes next.
    void crash();
    /// Somebody removes what a former run left, or all of it from a byte on.
    void remove_left() { left_.clear(); }
    void shorten_left(std::size_t size);

    std::size_t parts() const { return parts_.size() + left_.size(); }
    std::size_t written() const { return written_; }
    std::size_t chunks_read() const { return chunks_read_; }

private:
    struct Opened {
        std::string path;
        Bytes as_opened;
    };
    struct Part {
        std::string path{};
        Bytes bytes{};
        std::optional<client::PartId> lasting{};
        client::ChunkSet held{};
    };
    void on(const client::OpenFile& job);
    void on(const client::ReadChunk& job);
    void on(const client::CreateFile& job);
    void on(const client::ResumeFile& job);
    void on(const client::KeepFile& job);
    void on(const client::WriteChunk& job);
    void on(const client::FinishFile& job);
    void on(const client::DropFile& job);

    std::map<client::FileNumber, Opened> opened_;
    std::map<client::FileNumber, Part> parts_;
    std::map<client::PartId, Part> left_;
    std::deque<client::FileResult> results_;
    std::optional<std::size_t> capacity_;
    std::size_t written_ = 0;
    std::size_t chunks_read_ = 0;
    bool held_ = false;
};

}  // namespace parley::test
