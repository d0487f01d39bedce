#include "ui/plain.h"

#include "ui/filter.h"

namespace parley::ui {

void PlainView::line(std::FILE* to, std::string_view text) {
    const auto whole = std::string(text) + "\n";
    if (prompt_ != nullptr) prompt_->hide();
    std::fwrite(whole.data(), 1, whole.size(), to);
    std::fflush(to);
    if (prompt_ != nullptr) prompt_->show();
}

void PlainView::say(Mark mark, std::string_view text) {
    line(news_, std::string(sign_of(mark)) + " " + std::string(text));
}

void PlainView::note(std::string_view text) { say(Mark::news, text); }
void PlainView::warn(std::string_view text) { say(Mark::wrong, text); }

void PlainView::show(const client::Event& event) {
    for (const auto& worded : wording_.of(event)) say(worded.mark, worded.text);
    if (const auto* message = std::get_if<client::MessageReceived>(&event)) {
        line(messages_, label_of(message->person) + ": " + displayable(message->text));
    }
    // Alone on its line and on standard output, as the link of an invitation.
    if (const auto* code = std::get_if<client::CodeReady>(&event)) line(messages_, code->code);
}

}  // namespace parley::ui
