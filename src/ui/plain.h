// Plain mode: messages on standard output, one a line, `NAME: text`; everything else on standard
// error, beginning [*] news, [+] good, [!] wrong. The lines are part of the interface.
#pragma once

#include <cstdio>

#include "ui/prompt.h"
#include "ui/view.h"
#include "ui/wording.h"

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
    void say(Mark mark, std::string_view text);
    void line(std::FILE* to, std::string_view text);

    std::FILE* messages_;
    std::FILE* news_;
    Prompt* prompt_ = nullptr;
    Wording wording_;
};

}  // namespace parley::ui
