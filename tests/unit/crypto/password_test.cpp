// Argon2id as RFC 9106 prints it, and what it costs in a program.
#include "crypto/password.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "support/residue.h"

namespace parley::crypto {
namespace {

using test::from_hex;
using PasswordHash = Secret<struct PasswordHashTag, 32>;

constexpr PasswordCost cheap{.memory_kib = 64, .passes = 1};

Bytes hashed(std::string_view password, std::string_view salt, const PasswordCost& cost) {
    return to_bytes(hash_password<PasswordHash>(bytes_of(password), bytes_of(salt), cost).reveal());
}

// RFC 9106 section 5.3.
TEST(Password, gives_the_hash_of_the_rfc) {
    const Bytes password(32, 1), salt(16, 2), secret(8, 3), associated_data(12, 4);
    Bytes tag(32);
    argon2id({password, salt, secret, associated_data}, {.memory_kib = 32, .passes = 3, .lanes = 4}, tag);
    EXPECT_EQ(tag, from_hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

// A program that hashes with less makes every code and every profile cheaper to guess (PROTOCOL 1).
TEST(Password, costs_64_MiB_and_three_passes_where_nobody_says_otherwise) {
    EXPECT_EQ(production_cost.memory_kib, 64U * 1024);
    EXPECT_EQ(production_cost.passes, 3U);
    const auto by_default = hash_password<PasswordHash>(bytes_of("word"), bytes_of("a salt of some"));
    EXPECT_EQ(to_bytes(by_default.reveal()), hashed("word", "a salt of some", {64 * 1024, 3, 1}));
}

TEST(Password, differs_by_every_input) {
    const auto whole = hashed("word", "a salt of some", cheap);
    EXPECT_EQ(hashed("word", "a salt of some", cheap), whole);
    EXPECT_NE(hashed("Word", "a salt of some", cheap), whole);
    EXPECT_NE(hashed("word", "A salt of some", cheap), whole);
    EXPECT_NE(hashed("word", "a salt of some", {.memory_kib = 128, .passes = 1}), whole);
    EXPECT_NE(hashed("word", "a salt of some", {.memory_kib = 64, .passes = 2}), whole);
}

TEST(Password, may_be_empty) { EXPECT_NE(hashed("", "a salt of some", cheap), hashed("a", "a salt of some", cheap)); }

TEST(Password, leaves_no_residue) {
    const test::Marker marker(9);
    const auto hash = [&] {
        const auto password = Secret<struct MarkedTag, 32>::filled([&](auto out) { marker.write(out); });
        return hash_password<PasswordHash>(password.reveal(), bytes_of("a salt of some"), cheap);
    }();
    EXPECT_FALSE(test::remains_in_memory(marker));
    Bytes copied(32);
    marker.write(copied);
    EXPECT_TRUE(test::remains_in_memory(marker)) << "twin: a copy in plain bytes";
    wipe(copied);
}

}  // namespace
}  // namespace parley::crypto
