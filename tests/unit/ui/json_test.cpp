#include "ui/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "ui/filter.h"
#include "unit/ui/random_text.h"

namespace parley::ui {
namespace {

/// What the view writes.
template <class Event>
std::string written(const Event& event) {
    char* data = nullptr;
    std::size_t size = 0;
    auto* file = open_memstream(&data, &size);
    {
        JsonView view(file);
        view.show(event);
    }
    std::fclose(file);
    std::string text(data, size);
    std::free(data);
    return text;
}

TEST(Json, StringsOfAnyTextAreValidAndSafeAndComeBack) {
    RandomText random;
    for (int i = 0; i < 200'000; ++i) {
        const auto text = random.next();
        const auto quoted = json_string(text);
        ASSERT_EQ(displayable(quoted), quoted);  // nothing that a terminal would execute
        const auto parsed = nlohmann::json::parse(quoted, nullptr, false);
        ASSERT_FALSE(parsed.is_discarded()) << quoted;
        if (is_valid_utf8(text)) {
            ASSERT_EQ(parsed.get<std::string>(), text);
        }
    }
}

TEST(Json, AnEventIsOneObjectOnOneLine) {
    const client::Person anna{{}, "anna \"the\nfirst\"", "7Q4K", client::Trust::verified, client::Presence::away};
    const auto text = written(client::MessageReceived{anna, "two\nlines", true});
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    const auto event = nlohmann::json::parse(text);
    EXPECT_EQ(event["event"], "message");
    EXPECT_EQ(event["name"], "anna \"the\nfirst\"");
    EXPECT_EQ(event["trust"], "verified");
    EXPECT_EQ(event["presence"], "away");
    EXPECT_EQ(event["text"], "two\nlines");
    EXPECT_EQ(event["late"], true);
}

TEST(Json, EveryKindOfEventIsAnObjectWithItsName) {
    const client::Person person{{}, "p", "0000", client::Trust::not_verified, client::Presence::present};
    const std::vector<std::pair<client::Event, std::string>> events{
        {client::Connected{true}, "connected"},
        {client::ConnectionLost{{Errc::closed, "gone"}, std::chrono::seconds(1)}, "connection_lost"},
        {client::ChannelEstablished{person}, "channel"},
        {client::PresenceChanged{person}, "presence"},
        {client::Renamed{person, "q"}, "renamed"},
        {client::LineChanged{1, client::LineState::failed, person, "left"}, "line"},
        {client::Alarm{client::AlarmKind::fork, std::nullopt, "what", 2}, "alarm"},
        {client::Roster{person, {person, person}, 1}, "roster"},
        {client::SafetyNumber{person, "1"}, "safety_number"},
        {client::Verified{person, false}, "verified"},
        {client::Notice{"n"}, "note"},
        {client::Refusal{"r"}, "error"},
        {client::Drained{3}, "end"},
    };
    for (const auto& [event, name] : events) EXPECT_EQ(nlohmann::json::parse(written(event))["event"], name);
}

}  // namespace
}  // namespace parley::ui
