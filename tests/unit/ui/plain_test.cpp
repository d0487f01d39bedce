// The lines of plain mode are part of the interface (PRODUCT).
#include "ui/plain.h"

#include <gmock/gmock.h>

namespace parley::ui {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// A stream that keeps what is written to it.
class Kept {
public:
    Kept() : file_(open_memstream(&data_, &size_)) {}
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;
    ~Kept() {
        std::fclose(file_);
        std::free(data_);
    }
    std::FILE* file() { return file_; }
    std::string text() {
        std::fflush(file_);
        return {data_, size_};
    }

private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::FILE* file_;
};

class Plain : public testing::Test {
protected:
    Kept out_;
    Kept err_;
    PlainView view_{out_.file(), err_.file()};
    client::Person anna_{{}, "anna", "7Q4K", client::Trust::not_verified, client::Presence::present};
};

TEST_F(Plain, AMessageIsOneLineOnStandardOutput) {
    view_.show(client::MessageReceived{anna_, "two\nlines", false});
    EXPECT_EQ(out_.text(), "anna#7Q4K: two<000A>lines\n");
    EXPECT_THAT(err_.text(), IsEmpty());
}

TEST_F(Plain, ANewChannelSaysThatItIsNotVerified) {
    view_.show(client::ChannelEstablished{anna_});
    EXPECT_EQ(err_.text(), "[+] Secure channel established with anna#7Q4K (not verified: /verify)\n");
    EXPECT_THAT(out_.text(), IsEmpty());
}

TEST_F(Plain, AChangedKeyIsSaidInCapitals) {
    view_.show(client::Alarm{client::AlarmKind::key_changed, anna_, "this seat shows another key"});
    EXPECT_THAT(err_.text(), StartsWith("[!] KEY CHANGED: anna#7Q4K: "));
}

TEST_F(Plain, AFailedLineSaysWhoAndWhy) {
    view_.show(client::LineChanged{7, client::LineState::failed, anna_, "left before opening it"});
    EXPECT_EQ(err_.text(), "[!] ! Message 7 did not reach anna#7Q4K: left before opening it\n");
}

TEST_F(Plain, SixtyDigitsStandInGroupsOfFive) {
    view_.show(client::SafetyNumber{anna_, std::string(30, '1') + std::string(30, '2')});
    EXPECT_THAT(err_.text(), HasSubstr("11111 11111 11111 11111 11111 11111\n"));
    EXPECT_THAT(err_.text(), HasSubstr("22222 22222 22222 22222 22222 22222\n"));
}

// FAULTS T06, T09
TEST_F(Plain, ANameThatImitatesASystemLineIsShownAsTheNameItIs) {
    anna_.name = "[+] Secure channel established with ben";
    view_.show(client::MessageReceived{anna_, "hello", false});
    EXPECT_THAT(out_.text(), StartsWith("<005B>+<005D> Secure"));
    EXPECT_THAT(out_.text(), HasSubstr("#7Q4K: hello"));
}

TEST_F(Plain, TheRosterTellsWhoIsVerifiedInWords) {
    auto ben = anna_;
    ben.name = "ben";
    ben.trust = client::Trust::verified;
    view_.show(client::Roster{anna_, {ben}, 1});
    EXPECT_THAT(err_.text(), HasSubstr("ben#7Q4K (verified)"));
    EXPECT_THAT(err_.text(), HasSubstr("1 seat of someone, unconfirmed"));
}

}  // namespace
}  // namespace parley::ui
