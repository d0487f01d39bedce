#include "files/disk.h"

#include "client/file_offer.h"

namespace parley::files {

using namespace client;

Disk::Disk(OnResult on_result) : on_result_(std::move(on_result)), thread_([this] { run(); }) {}

Disk::~Disk() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Disk::perform(FileJob job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void Disk::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
        if (ending_) return;
        const auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        std::visit([this](const auto& value) { on(value); }, job);
        lock.lock();
    }
}

void Disk::drop(FileNumber file) {
    outgoing_.erase(file);
    const auto found = incoming_.find(file);
    if (found == incoming_.end()) return;
    found->second.remove();
    incoming_.erase(found);
}

void Disk::give_up(FileNumber file, const Error& why) {
    drop(file);
    on_result_(FileTrouble{file, why.what, why == Errc::bad_tag});
}

void Disk::on(const OpenFile& job) {
    auto opened = Outgoing::open(job.path);
    if (!opened) return give_up(job.file, opened.error());
    const auto& file = outgoing_.emplace(job.file, std::move(*opened)).first->second;
    on_result_(FileOpened{job.file, file.name(), file.size(), file.hash()});
}

void Disk::on(const ReadChunk& job) {
    const auto found = outgoing_.find(job.file);
    if (found == outgoing_.end()) return;
    const auto size = size_of_chunk(found->second.size(), job.index);
    auto bytes = found->second.read(job.index * chunk_size, size);
    if (!bytes) return give_up(job.file, bytes.error());
    on_result_(ChunkRead{job.file, job.index, std::make_shared<const Bytes>(std::move(*bytes))});
}

void Disk::on(const CreateFile& job) { begin(job.file, Incoming::create(job)); }

void Disk::on(const ResumeFile& job) {
    if (!Incoming::is_there(job.what)) {
        if (auto path = find_whole(job)) return on_result_(FileFinished{job.what.file, std::move(*path)});
    }
    begin(job.what.file, Incoming::resume(job.what));
}

void Disk::begin(FileNumber number, Result<Incoming> file) {
    if (!file) return give_up(number, file.error());
    const auto& incoming = incoming_.emplace(number, std::move(*file)).first->second;
    on_result_(FileCreated{number, incoming.held().ranges()});
}

/// Where it cannot last it ends with the run, as it would have.
void Disk::on(const KeepFile& job) {
    const auto found = incoming_.find(job.file);
    if (found != incoming_.end()) (void)found->second.keep(job.part);
}

void Disk::on(const WriteChunk& job) {
    const auto found = incoming_.find(job.file);
    if (found == incoming_.end()) return;
    if (const auto written = found->second.write(job.index, *job.bytes); !written) {
        return give_up(job.file, written.error());
    }
    on_result_(ChunkWritten{job.file, job.index});
}

void Disk::on(const FinishFile& job) {
    const auto found = incoming_.find(job.file);
    if (found == incoming_.end()) return;
    auto path = found->second.finish(job.hash);
    if (!path) return give_up(job.file, path.error());
    drop(job.file);
    on_result_(FileFinished{job.file, std::move(*path)});
}

void Disk::on(const DropFile& job) { drop(job.file); }

}  // namespace parley::files
