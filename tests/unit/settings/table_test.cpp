#include "settings/table.h"

#include <gtest/gtest.h>

namespace parley::settings {
namespace {

using namespace std::chrono_literals;

/// One setting of each kind.
struct Sample {
    std::size_t number = 4;
    std::size_t size = 1U << 20U;
    Duration period = 5s;
    bool on = false;
    std::string text = "as it was";
    std::vector<std::string> list{"one"};

    Table table{{
        {"number", Count{&number, 1, 100}, ""},
        {"the-size", Size{&size, 1, 1U << 30U}, ""},
        {"period", Period{&period, 1s, 1h}, ""},
        {"on", Switch{&on}, ""},
        {"text", Text{&text}, ""},
        {"list", List{&list}, ""},
    }};

    std::string complaint(std::string_view file) {
        const auto taken = take_toml(table, file, "relay.toml");
        return taken ? "" : taken.error();
    }
};

TEST(TomlFile, sets_every_kind) {
    Sample sample;
    EXPECT_EQ(sample.complaint(
                  "number = 7\nthe-size = \"2 MiB\"\nperiod = 9\non = true\ntext = \"x\"\nlist = [\"a\", \"b\"]"),
              "");
    EXPECT_EQ(sample.number, 7U);
    EXPECT_EQ(sample.size, 2U << 20U);
    EXPECT_EQ(sample.period, 9s);
    EXPECT_TRUE(sample.on);
    EXPECT_EQ(sample.text, "x");
    EXPECT_EQ(sample.list, (std::vector<std::string>{"a", "b"}));
}

// FAULTS O19
TEST(TomlFile, of_anything_else_is_refused_with_its_line) {
    for (const auto* wrong : {"number = 0",
                              "number = 101",
                              "number = -1",
                              "number = nan",
                              "number = 4.0",
                              "number = \"4\"",
                              "number = [4]",
                              "number = 99999999999999999999",
                              "on = 1",
                              "on = \"true\"",
                              "text = 4",
                              "text = [\"a\"]",
                              "list = [1]",
                              "the-size = true",
                              "the-size = \"1 MB\"",
                              "period = \"soon\"",
                              "period = 1979-05-27",
                              "unknown = 4",
                              "[section]\nnumber = 4",
                              "[.",
                              " \t[.",
                              "number",
                              "= 4",
                              "number = 4 4"}) {
        Sample sample;
        const auto complaint = sample.complaint(std::string("# two lines\n\n") + wrong);
        EXPECT_TRUE(complaint.starts_with("relay.toml:3: ")) << wrong << " gave: " << complaint;
        EXPECT_EQ(complaint.find('\n'), std::string::npos) << complaint;
        EXPECT_EQ(sample.number, 4U);
    }
}

// toml++ 3.3 ends the process at some of these, unless it is told otherwise.
TEST(TomlFile, that_the_library_stumbles_over_is_refused) {
    for (const auto* wrong : {" -e={ this= [}}", "a={b=[}", "a = {", "a = [{", "a.b.c = {x=[}"}) {
        Sample sample;
        EXPECT_TRUE(sample.complaint(wrong).starts_with("relay.toml:")) << wrong;
    }
}

TEST(TomlFile, with_a_letter_beyond_ascii_is_refused_with_its_line_and_an_escape_is_not) {
    EXPECT_TRUE(
        Sample().complaint("number = 4\n\xef\xbb\x9f = 2").starts_with("relay.toml:2: outside of comments only ASCII"));
    Sample sample;
    EXPECT_EQ(sample.complaint("text = \"caf\\u00E9\""), "");
    EXPECT_EQ(sample.text, "caf\xc3\xa9");
}

TEST(TomlFile, may_say_anything_in_its_comments) {
    Sample sample;
    EXPECT_EQ(sample.complaint("# von J\xc3\xbcrgen\r\n\tnumber = 5 # \xe5\x9b\x9b, \"four\n"
                               "list = ['a#', # \xc3\xa9 it's\n \"b\\\"#\"] # \xff\ntext = \"#\" #\xc3"),
              "");
    EXPECT_EQ(sample.number, 5U);
    EXPECT_EQ(sample.list, (std::vector<std::string>{"a#", "b\"#"}));
    EXPECT_EQ(sample.text, "#");
}

// What only looks like a comment is a part of a value, and no value is changed.
TEST(TomlFile, with_a_letter_beyond_ascii_after_a_hash_in_a_text_is_refused) {
    for (const auto* wrong : {"text = \"# \xc3\xa9\"", "text = '# \xc3\xa9'",
                              R"(text = "\"# )"
                              "\xc3\xa9\"",
                              "text = 'it\"s # \xc3\xa9'", "text = \"it's # \xc3\xa9\"", "text = '\\' # \n\xc3\xa9 = 1",
                              "text = '''\n# \xc3\xa9\n'''", "text = \"\"\"\n# \xc3\xa9\n\"\"\""}) {
        Sample sample;
        EXPECT_TRUE(sample.complaint(wrong).contains(": outside of comments only ASCII")) << wrong;
        EXPECT_EQ(sample.text, Sample().text);
    }
}

TEST(TomlFile, with_a_key_twice_is_refused) {
    EXPECT_TRUE(Sample().complaint("number = 4\nnumber = 5").starts_with("relay.toml:2: "));
}

TEST(Environment, has_the_same_names_in_capitals) {
    Sample sample;
    const char* variables[] = {"X_THE_SIZE=2 MiB", "X_LIST=a,b", "X_ON=true", "OTHER=1", nullptr};
    EXPECT_TRUE(sample.table.take_environment("X_", variables));
    EXPECT_EQ(sample.size, 2U << 20U);
    EXPECT_EQ(sample.list, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(sample.on);
}

TEST(Environment, with_an_unknown_name_or_a_bad_value_is_refused_by_its_name) {
    const char* unknown[] = {"X_THE_SIZES=2", nullptr};
    EXPECT_TRUE(Sample().table.take_environment("X_", unknown).error().starts_with("X_THE_SIZES: "));
    const char* bad[] = {"X_NUMBER=many", nullptr};
    EXPECT_TRUE(Sample().table.take_environment("X_", bad).error().starts_with("X_NUMBER: "));
}

TEST(Table, gives_the_later_source_the_last_word_and_names_it) {
    Sample sample;
    EXPECT_EQ(sample.complaint("number = 7\nperiod = 7"), "");
    const char* variables[] = {"X_NUMBER=8", nullptr};
    EXPECT_TRUE(sample.table.take_environment("X_", variables));
    EXPECT_TRUE(sample.table.take("text", std::vector<std::string>{"y"}, "--text"));
    const auto printed = sample.table.print();
    const auto has = [&](std::string_view setting, std::string_view source) {
        const auto at = printed.find(setting);
        const auto line = at == std::string::npos ? "" : printed.substr(at, printed.find('\n', at) - at);
        return line.ends_with(source);
    };
    EXPECT_TRUE(has("number = 8 ", "# X_NUMBER")) << printed;
    EXPECT_TRUE(has("period = \"7 s\" ", "# relay.toml:2")) << printed;
    EXPECT_TRUE(has("text = \"y\" ", "# --text")) << printed;
    EXPECT_TRUE(has("on = false ", "# default")) << printed;
}

TEST(Table, that_was_printed_can_be_read_again) {
    Sample written, read;
    written.number = 9;
    written.text = "\"\\\n\x7f";
    written.list = {"", "a b"};
    EXPECT_EQ(read.complaint(written.table.print()), "");
    EXPECT_EQ(read.number, 9U);
    EXPECT_EQ(read.text, written.text);
    EXPECT_EQ(read.list, written.list);
}

}  // namespace
}  // namespace parley::settings
