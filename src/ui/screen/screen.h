// The full screen as a model: keys go in, pictures and effects come out. Knows no terminal, decides
// nothing about rooms: what was typed goes to whoever runs them.
#pragma once

#include <utility>
#include <variant>

#include "ui/commands.h"
#include "ui/screen/keys.h"
#include "ui/screen/lock.h"
#include "ui/screen/paint.h"

namespace parley::ui::screen {

// What a terminal does besides showing a picture.
struct Ring {};      ///< the bell
struct Announce {};  ///< a notification of the desktop, without content (OSC 9)
struct CopyOut {
    std::string text;
};  ///< to the clipboard (OSC 52)
struct SetMouse {
    bool on;
};
struct Suspend {};
struct Redraw {};  ///< forget what the terminal shows
using Effect = std::variant<Ring, Announce, CopyOut, SetMouse, Suspend, Redraw>;

struct Picture {
    Canvas canvas;
    Point cursor;
};

class Screen {
public:
    struct Callbacks {
        std::function<WallSeconds()> clock;
        std::function<void(Window&, std::string)> on_line;  ///< something was entered for that room
        std::function<void(Window&)> on_typing;             ///< the person writes a message in that room
        std::function<void(Window&)> on_seen;               ///< all that is in it was in front of the person
        std::function<void()> on_leave;                     ///< Ctrl-C or Ctrl-D twice
        std::function<void(SecretBytes)> on_passphrase;     ///< the screen is locked and somebody wants in
        std::function<void()> on_dirty;                     ///< there is something new to draw
    };
    Screen(Theme theme, Callbacks callbacks);

    // Rooms.
    Window& add_window(RoomLabel label);
    std::unique_ptr<Window> remove_window(const Window& window);
    void open(const Window& window);
    Window& current() { return *windows_[current_]; }
    const Windows& windows() const { return windows_; }

    void on_input(const Input& input);
    void obey(const ScreenCommand& command);
    void show_help();
    /// A QR code and lines that take the whole screen until a key is pressed.
    void cover_with(Overlay overlay) { overlay_ = std::move(overlay); }
    void copy_out(std::string text);

    /// Messages whose authors ask for it are removed when their time has come; false: there are none.
    bool forget_due();
    /// Everything that was said and typed, in every room.
    void wipe();

    /// Shows nothing of any room and takes no keys but a passphrase, until unlock().
    void lock();
    /// Asks for a passphrase in the same way; Escape answers with none.
    using OnAnswer = std::function<void(std::optional<SecretBytes>)>;
    void ask_passphrase(std::string title, OnAnswer on_answer);
    bool is_locked() const { return lock_.has_value(); }
    void unlock();
    /// What was typed does not unlock it.
    void refuse_unlocking() { lock_->refuse(); }

    Picture paint(Size size);
    std::vector<Effect> take_effects() { return std::exchange(effects_, {}); }

private:
    void on(const Key& key);
    void on_locked(const Input& input);
    void on_asked(const Input& input);
    void on(const Paste& paste);
    void on(const Wheel& wheel);
    void on(const Focus& focus);
    bool on_screen_key(const Key& key);
    bool on_control(char32_t letter);
    bool on_alt(const Key& key);
    void on_editor_key(const Key& key);
    void enter();
    void note_typing();
    void complete(bool backwards);
    void leave();
    void go_to(std::size_t index);
    void step(int by);
    void attend();
    void announce(const Window& window);
    void show_safety_number(const Window& window, const client::SafetyNumber& number);
    Vocabulary vocabulary();

    void on(const Search& command);
    void on(const SwitchTo& command);
    void on(const ToggleMembers&);
    void on(const Clear&);
    void on(const Notify& command);
    void on(const Mouse& command);

    Theme theme_;
    Callbacks callbacks_;
    Windows windows_;
    std::size_t current_ = 0;
    MembersWish members_ = MembersWish::automatic;
    bool members_shown_ = false;
    NotifyWish notify_ = NotifyWish::on;
    bool focused_ = true;   ///< until a terminal says otherwise
    bool leaving_ = false;  ///< the next Ctrl-C leaves
    std::optional<Overlay> overlay_;
    struct Question {
        Lock box;
        OnAnswer on_answer;
    };
    std::optional<Lock> lock_;
    std::optional<Question> question_;
    std::vector<Effect> effects_;
};

}  // namespace parley::ui::screen
