// Plain mode: messages on standard output, one a line, `NAME: text`; everything else on standard
// error, beginning [*] news, [+] good, [!] wrong. The lines are part of the interface.
#pragma once

#include <cstdio>

#include "ui/prompt.h"
#include "ui/view.h"

namespace parley::ui {

class PlainView final : public View {
public:
    PlainView(std::FILE* messages, std::FILE* news) : messages_(messages), news_(news) {}

    void show(const client::Event& event) override;
    void note(std::string_view text) override;
    void warn(std::string_view text) override;
    /// A person types into the same terminal: the typed line gives way to each line that is shown.
    void make_way_for(Prompt* prompt) override { prompt_ = prompt; }

private:
    void on(const client::Connected& event);
    void on(const client::ConnectionLost& event);
    void on(const client::ChannelEstablished& event);
    void on(const client::PresenceChanged& event);
    void on(const client::Renamed& event);
    void on(const client::MessageReceived& event);
    void on(const client::LineChanged& event);
    void on(const client::Alarm& event);
    void on(const client::Roster& event);
    void on(const client::SafetyNumber& event);
    void on(const client::Verified& event);
    void on(const client::CodeReady& event);
    void on(const client::Notice& event);
    void on(const client::Refusal& event);
    void on(const client::Drained& event);

    void line(std::FILE* to, std::string_view mark, std::string_view text);

    std::FILE* messages_;
    std::FILE* news_;
    Prompt* prompt_ = nullptr;
    bool connected_before_ = false;
};

/// alice#7Q4K: the name is the peer's claim, the tag comes from the key.
std::string label_of(const client::Person& person);
std::string_view words_for(client::Trust trust);
/// 60 digits in groups of five.
std::string grouped(std::string_view digits);

}  // namespace parley::ui
