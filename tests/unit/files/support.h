// A folder of a test's own, and a disk whose results are waited for.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/file_offer.h"
#include "files/disk.h"

namespace parley::files {

namespace fs = std::filesystem;

/// Chunks that differ, the last one short.
inline std::string text_of_chunks(std::size_t chunks) {
    std::string text;
    for (std::size_t i = 0; i + 1 < chunks; ++i) text.append(client::chunk_size, static_cast<char>('a' + i));
    return text + "and the rest";
}
inline ByteView chunk_of(std::string_view text, std::uint64_t index) {
    return bytes_of(text.substr(index * client::chunk_size, client::chunk_size));
}

class Files : public testing::Test {
protected:
    Files() {
        std::string pattern = fs::temp_directory_path() / "parley-files-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Files() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    std::string path(const std::string& name) const { return folder_ / name; }
    void put(const std::string& name, std::string_view text) const { std::ofstream(path(name)) << text; }
    std::string content(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : fs::directory_iterator(folder_)) all.push_back(entry.path().filename());
        return all;
    }
    Result<std::string> receive(const std::string& name, std::string_view text) const {
        auto file = Incoming::create({1, folder_, name, text.size()});
        if (!file) return std::unexpected(file.error());
        if (const auto written = file->write(0, bytes_of(text)); !written) return std::unexpected(written.error());
        return file->finish(crypto::sha256({bytes_of(text)}));
    }

    fs::path folder_;
};

/// A disk whose results are waited for.
class Worked {
public:
    client::FileResult perform(client::FileJob job) {
        disk_.perform(std::move(job));
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !results_.empty(); });
        auto result = std::move(results_.front());
        results_.pop_front();
        return result;
    }
    void perform_unanswered(client::FileJob job) { disk_.perform(std::move(job)); }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<client::FileResult> results_;
    Disk disk_{[this](client::FileResult result) {
        const std::lock_guard lock(mutex_);
        results_.push_back(std::move(result));
        changed_.notify_one();
    }};
};

}  // namespace parley::files
