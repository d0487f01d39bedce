// What events are called, once: plain mode and the full screen say the same.
#pragma once

#include <string>
#include <vector>

#include "client/event.h"

namespace parley::ui {

/// How a line of ours begins; a peer's name never does.
enum class Mark { news, good, wrong };
/// "[*]", "[+]", "[!]"
std::string_view sign_of(Mark mark);

struct Worded {
    Mark mark;
    std::string text;  ///< passed the display filter

    friend bool operator==(const Worded&, const Worded&) = default;
};

/// alice#7Q4K: the name is the peer's claim, the tag comes from the key.
std::string label_of(const client::Person& person);
std::string_view words_for(client::Trust trust);
/// 60 digits in groups of five.
std::string grouped(std::string_view digits);

/// The lines of one room's events. Text that people say and codes are not among them: each view
/// shows these its own way.
class Wording {
public:
    std::vector<Worded> of(const client::Event& event);

private:
    bool connected_before_ = false;
};

}  // namespace parley::ui
