// What stands on the screen while it is locked: a place to type the passphrase, and nothing of any room.
#pragma once

#include <string_view>

#include "base/secret.h"
#include "ui/screen/keys.h"

namespace parley::ui::screen {

class Lock {
public:
    enum class Outcome { nothing, changed, entered };
    Outcome press(const Key& key);
    /// From a password manager: its first line.
    void paste(std::string_view text);

    /// What was typed, for one try.
    SecretBytes take();
    /// It was wrong: says so until something is typed.
    void refuse() { refused_ = true; }

    std::size_t characters() const;
    bool refused() const { return refused_; }

private:
    void erase_character();

    SecretBytes typed_;
    bool refused_ = false;
};

}  // namespace parley::ui::screen
