// A folder that is gone with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/ensure.h"

namespace parley::test {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = "/tmp/parley-test-XXXXXX";
        ensure(::mkdtemp(name.data()) != nullptr, "a temporary folder");
        path_ = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string path(std::string_view below = {}) const { return path_ + "/" + std::string(below); }

private:
    std::string path_;
};

}  // namespace parley::test
