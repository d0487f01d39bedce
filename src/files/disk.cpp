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
    incoming_.erase(file);
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

void Disk::on(const CreateFile& job) {
    auto created = Incoming::create(job.folder, job.name, job.size);
    if (!created) return give_up(job.file, created.error());
    incoming_.emplace(job.file, std::move(*created));
    on_result_(FileCreated{job.file});
}

void Disk::on(const WriteChunk& job) {
    const auto found = incoming_.find(job.file);
    if (found == incoming_.end()) return;
    if (const auto written = found->second.write(job.index * chunk_size, *job.bytes); !written) {
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
