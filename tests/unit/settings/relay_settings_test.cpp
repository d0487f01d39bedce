#include "app/relay_settings.h"

#include <gtest/gtest.h>

#include <set>

namespace parley::app {
namespace {

TEST(RelaySettings, have_a_name_of_their_own_and_a_line_of_help) {
    RelaySettings settings;
    std::set<std::string_view> names;
    const auto table = relay_table(settings);
    for (const auto& setting : table.settings()) {
        EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
        EXPECT_FALSE(setting.help.empty()) << setting.name;
        EXPECT_EQ(setting.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos)
            << setting.name;
    }
}

TEST(RelaySettings, are_within_their_own_ranges_by_default) {
    RelaySettings defaults, read;
    auto table = relay_table(read);
    const auto taken = settings::take_toml(table, relay_table(defaults).print(), "printed");
    EXPECT_TRUE(taken) << taken.error();
}

TEST(RelaySettings, reach_the_limits) {
    RelaySettings settings;
    auto table = relay_table(settings);
    EXPECT_TRUE(settings::take_toml(table,
                                    "room-memory = \"16 MiB\"\nlongest-grace = 60\nhandshake-deadline = 7\n"
                                    "write-deadline = 8\ntcp-user-timeout = 9",
                                    "file"));
    EXPECT_EQ(settings.limits.handshake_deadline, std::chrono::seconds(7));
    EXPECT_EQ(settings.limits.write_deadline, std::chrono::seconds(8));
    EXPECT_EQ(settings.limits.user_timeout, std::chrono::seconds(9));
    EXPECT_EQ(settings.limits.room_memory, 16U << 20U);
    EXPECT_EQ(settings.limits.longest_grace, std::chrono::seconds(60));
}

}  // namespace
}  // namespace parley::app
