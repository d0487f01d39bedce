// A place to type a passphrase, and nothing of any room beside it: while the screen is locked, or when a new one is
// asked for.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/secret.h"
#include "ui/screen/keys.h"

namespace parley::ui::screen {

class Lock {
public:
    explicit Lock(std::string title) : title_(std::move(title)) {}

    enum class Outcome { nothing, changed, entered };
    Outcome press(const Key& key);
    /// From a password manager: its first line.
    void paste(std::string_view text);

    /// What was typed, for one try.
    SecretBytes take();
    /// It was wrong: says so until something is typed.
    void refuse() { refused_ = true; }

    const std::string& title() const { return title_; }
    std::size_t characters() const;
    bool refused() const { return refused_; }

private:
    void erase_character();

    std::string title_;
    SecretBytes typed_;
    bool refused_ = false;
};

}  // namespace parley::ui::screen
