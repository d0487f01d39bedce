// Who is in a room, as its events tell: the list beside the text, and the words of the title.
#pragma once

#include <map>

#include "client/event.h"
#include "ui/wording.h"

namespace parley::ui::screen {

/// The colour of a person: from the key, never from the name.
std::uint8_t colour_of(const client::IdentityId& id);

enum class Tone { plain, good, bad };
struct Standing {
    std::string who;    ///< ben#55DJ; may be empty
    std::string words;  ///< not verified
    Tone tone;

    /// Both where there is room; what must be read stays.
    std::string within(int columns) const;
};

class People {
public:
    void on(const client::Event& event);
    /// The user decided about a changed key: the title need not shout any longer.
    void decided() { changed_key_.reset(); }

    /// Those who have proven who they are, by label.
    std::vector<client::Person> present() const;
    std::vector<std::string> labels() const;
    /// For the title.
    Standing standing() const;

private:
    void learn(const client::Person& person);
    Standing standing_of_all() const;

    std::map<client::IdentityId, client::Person> people_;
    std::optional<std::string> changed_key_;  ///< whose key changed, as far as that is known
};

}  // namespace parley::ui::screen
