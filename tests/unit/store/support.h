// A folder of its own for each test, and a cost that tests can pay.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/ensure.h"
#include "store/profile.h"
#include "support/temporary_folder.h"
#include "world/random.h"

namespace parley::test {

/// With the places of profiles in it.
class ProfileFolder : public TemporaryFolder {
public:
    store::Surroundings surroundings() const {
        return {{path("data/parley/profiles"), path("state/parley/witness")}, {64, 1, 1}};
    }
    std::string profile(std::string_view name) const {
        return surroundings().places.profiles + "/" + std::string(name) + ".parley";
    }
};

inline Bytes read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, ByteView bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline store::Unlock passphrase(std::string_view text) {
    return {store::Unlock::Kind::passphrase, SecretBytes(bytes_of(text))};
}
inline store::Unlock key_file(std::uint8_t byte = 7) {
    return {store::Unlock::Kind::key_file, SecretBytes(ByteView(Bytes(32, byte)))};
}

}  // namespace parley::test
