// The frozen vectors are what the code makes today. With PARLEY_WRITE_VECTORS set they are written anew,
// which changes the protocol: other implementations must be told.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "model/ratchet_vectors.h"
#include "unit/ratchet/people.h"

namespace parley::ratchet {
namespace {

const std::string path = std::string(PARLEY_SOURCE_DIR) + "/tests/vectors/ratchet.json";

std::string frozen() {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
}

TEST(RatchetVectors, are_still_what_the_code_makes) {
    const auto made = testing::ratchet_vectors();
    if (std::getenv("PARLEY_WRITE_VECTORS") != nullptr) std::ofstream(path) << made;
    EXPECT_TRUE(made == frozen()) << "tests/vectors/ratchet.json differs";
}

TEST(RatchetVectors, twin_one_changed_digit_is_seen) {
    auto changed = frozen();
    ASSERT_FALSE(changed.empty());
    changed[changed.size() / 2] = changed[changed.size() / 2] == '0' ? '1' : '0';
    EXPECT_FALSE(testing::ratchet_vectors() == changed);
}

}  // namespace
}  // namespace parley::ratchet
