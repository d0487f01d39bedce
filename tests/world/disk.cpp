#include "world/disk.h"

#include "client/file_offer.h"

namespace parley::test {

using namespace client;

void Disk::perform(const FileJob& job) {
    std::visit([this](const auto& value) { on(value); }, job);
}

std::optional<FileResult> Disk::take_result() {
    if (held_ || results_.empty()) return std::nullopt;
    auto result = std::move(results_.front());
    results_.pop_front();
    return result;
}

void Disk::change(const std::string& path) { files.at(path).push_back(1); }

void Disk::on(const OpenFile& job) {
    const auto found = files.find(job.path);
    if (found == files.end()) return results_.emplace_back(FileTrouble{job.file, "no such file"}), void();
    opened_[job.file] = {job.path, found->second};
    const auto slash = job.path.find_last_of('/');
    results_.emplace_back(FileOpened{job.file, job.path.substr(slash == job.path.npos ? 0 : slash + 1),
                                     found->second.size(), crypto::sha256({found->second})});
}

void Disk::on(const ReadChunk& job) {
    const auto found = opened_.find(job.file);
    if (found == opened_.end()) return;
    const auto& [path, as_opened] = found->second;
    if (files.at(path) != as_opened) {
        opened_.erase(found);
        return results_.emplace_back(FileTrouble{job.file, "the file changed while it was sent"}), void();
    }
    ++chunks_read_;
    const auto chunk = ByteView(as_opened).subspan(job.index * chunk_size, size_of_chunk(as_opened.size(), job.index));
    results_.emplace_back(ChunkRead{job.file, job.index, std::make_shared<const Bytes>(to_bytes(chunk))});
}

void Disk::crash() {
    for (auto& [file, part] : parts_) {
        if (part.lasting) left_.emplace(*part.lasting, std::move(part));
    }
    opened_.clear();
    parts_.clear();
    results_.clear();
}

void Disk::shorten_left(std::size_t size) {
    for (auto& [id, part] : left_) {
        part.bytes.resize(std::min(part.bytes.size(), size));
        client::ChunkSet held;
        if (size >= chunk_size) held.add({0, size / chunk_size - 1});
        part.held = std::move(held);
    }
}

void Disk::on(const ResumeFile& job) {
    const auto& [file, folder, name, size, lasting] = job.what;
    auto found = left_.extract(lasting.value());
    if (found.empty()) {
        const auto whole = files.find(folder + "/" + name);
        const bool done = whole != files.end() && crypto::sha256({whole->second}) == job.hash;
        if (!done) return on(job.what);
        return results_.emplace_back(FileFinished{file, whole->first}), void();
    }
    const auto& part = parts_[file] = std::move(found.mapped());
    results_.emplace_back(FileCreated{file, part.held.ranges()});
}

void Disk::on(const KeepFile& job) { parts_.at(job.file).lasting = job.part; }

void Disk::on(const CreateFile& job) {
    parts_[job.file] = {job.folder + "/" + job.name, {}, job.lasting, {}};
    results_.emplace_back(FileCreated{job.file});
}

void Disk::on(const WriteChunk& job) {
    const auto found = parts_.find(job.file);
    if (found == parts_.end()) return;
    written_ += job.bytes->size();
    if (capacity_ && written_ > *capacity_) {
        parts_.erase(found);
        return results_.emplace_back(FileTrouble{job.file, "the disk is full"}), void();
    }
    auto& bytes = found->second.bytes;
    const auto at = job.index * chunk_size;
    bytes.resize(std::max<std::size_t>(bytes.size(), at + job.bytes->size()));
    std::ranges::copy(*job.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    found->second.held.add(job.index);
    results_.emplace_back(ChunkWritten{job.file, job.index});
}

void Disk::on(const FinishFile& job) {
    const auto part = parts_.extract(job.file);
    if (part.empty()) return;
    auto& [path, bytes, lasting, held] = part.mapped();
    if (crypto::sha256({bytes}) != job.hash) {
        return results_.emplace_back(FileTrouble{job.file, "not what was offered", true}), void();
    }
    files[path] = std::move(bytes);
    results_.emplace_back(FileFinished{job.file, path});
}

void Disk::on(const DropFile& job) {
    opened_.erase(job.file);
    parts_.erase(job.file);
}

}  // namespace parley::test
