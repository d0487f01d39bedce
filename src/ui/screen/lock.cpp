#include "ui/screen/lock.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace parley::ui::screen {
namespace {

/// Longer than anybody types: a key that is stuck fills no memory.
constexpr std::size_t max_typed = 1024;

bool continues_a_character(std::uint8_t byte) { return (byte & 0xc0U) == 0x80U; }

}  // namespace

Lock::Outcome Lock::press(const Key& key) {
    if (key.code == KeyCode::enter) return typed_.size() == 0 ? Outcome::nothing : Outcome::entered;
    refused_ = false;
    if (key.code == KeyCode::backspace) {
        erase_character();
        return Outcome::changed;
    }
    if (key.code != KeyCode::character || key.alt || typed_.size() > max_typed) return Outcome::nothing;
    if (key.ctrl) {
        if (key.character == 'u') typed_ = SecretBytes();
        return Outcome::changed;
    }
    auto character = as_utf8(key.character);
    typed_.append(bytes_of(character));
    wipe({reinterpret_cast<std::uint8_t*>(character.data()), character.size()});
    return Outcome::changed;
}

void Lock::paste(std::string_view text) {
    refused_ = false;
    typed_.append(bytes_of(text.substr(0, std::min(text.find('\n'), max_typed))));
}

void Lock::erase_character() {
    auto bytes = typed_.reveal();
    while (!bytes.empty() && continues_a_character(bytes.back())) bytes = bytes.first(bytes.size() - 1);
    typed_.resize(bytes.empty() ? 0 : bytes.size() - 1);
}

SecretBytes Lock::take() { return std::exchange(typed_, SecretBytes()); }

std::size_t Lock::characters() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(typed_.reveal(), [](auto b) { return !continues_a_character(b); }));
}

}  // namespace parley::ui::screen
