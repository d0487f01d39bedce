// One room on the screen: its scrollback, its people, and what is being typed for it alone, so that
// nothing typed for one room is sent to another.
#pragma once

#include <functional>

#include "ui/screen/completion.h"
#include "ui/screen/editor.h"
#include "ui/screen/people.h"
#include "ui/screen/rows.h"
#include "ui/view.h"

namespace parley::ui::screen {

struct RoomLabel {
    std::string name;   ///< lobby, or four characters made of the room
    std::string place;  ///< HOST:PORT
};

class Window final : public View {
public:
    struct Surroundings {
        std::function<WallSeconds()> clock;
        std::function<void(Window&)> on_change;
        std::function<void(Window&)> on_message;  ///< somebody said something
        std::function<void(Window&, const client::SafetyNumber&)> on_safety_number;
    };
    Window(RoomLabel label, Surroundings surroundings)
        : label_(std::move(label)), surroundings_(std::move(surroundings)) {}

    void show(const client::Event& event) override;
    void note(std::string_view text) override { add(Mark::news, text); }
    void warn(std::string_view text) override { add(Mark::wrong, text); }
    void commanded(const client::Command& command) override;
    void introduce_self(const client::Person& self) override;

    // What the person at the keyboard does.
    void scroll(int rows);
    void scroll_page(bool up);
    void scroll_to_end() { scroll_.to_end(); }
    bool jump_to_unread();
    /// How many entries read like it; the next call with the same text goes on upwards.
    std::size_t search(const std::string& text);
    void clear();
    void toggle_folding() { folded_ = !folded_; }
    /// The person looks at the room, or no longer does.
    void attend(bool attended);

    void forget_due() { transcript_.forget_due(surroundings_.clock()); }

    // What there is to draw.
    const RoomLabel& label() const { return label_; }
    const Transcript& transcript() const { return transcript_; }
    const People& people() const { return people_; }
    const std::string& own_label() const { return own_label_; }
    const std::string& searched() const { return searched_; }
    const std::string& connection() const { return connection_; }
    /// ben#55DJ is typing; empty where nobody does.
    std::string typing() const;
    bool is_attended() const { return attended_; }
    bool is_connected() const { return connection_.empty(); }
    std::size_t unread() const { return unread_; }
    std::size_t found() const { return found_; }  ///< entries that read like what is searched
    std::uint64_t below() const { return scroll_.below(transcript_); }
    std::uint32_t ttl() const { return time_to_live_; }  ///< seconds, for what is said from now on; 0: for ever
    bool has_spoken() const { return has_spoken_; }
    /// Remembers how the text is cut, so that scrolling knows.
    std::vector<Row> visible_rows(Cut cut, int height);

    Editor editor;
    TabWalk completion;

private:
    void add(Mark mark, std::string_view text);
    EntryId add(Entry entry);
    void add_message(const client::MessageReceived& message);
    void on_line(const client::LineChanged& change);
    void on_signs(const client::Event& event);
    void note_connection(const client::Event& event);

    RoomLabel label_;
    Surroundings surroundings_;
    Wording wording_;
    Transcript transcript_;
    Scroll scroll_;
    Cut cut_;
    int height_ = 1;
    People people_;
    std::map<client::IdentityId, std::string> typing_;
    std::uint32_t time_to_live_ = 0;  ///< of what the user says, in seconds
    std::string own_label_ = "you";
    std::optional<std::string> saying_;  ///< given to the client, which will number it
    std::string connection_ = "connecting";
    std::string searched_;
    EntryId search_from_ = 0;
    std::size_t found_ = 0;
    std::optional<EntryId> unread_from_;
    std::size_t unread_ = 0;
    bool attended_ = false;
    bool folded_ = true;
    bool has_spoken_ = false;
};

}  // namespace parley::ui::screen
