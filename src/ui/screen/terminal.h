// The only place that knows ncurses: shows pictures, puts the terminal into its state and back.
#pragma once

#include <cstdio>
#include <optional>

#include "ui/screen/screen.h"
#include "ui/terminal_mode.h"

struct screen;  // of ncurses

namespace parley::ui::screen {

/// What the environment says about the terminal.
struct Surrounding {
    bool unicode = true;
    bool colours = true;  ///< NO_COLOR is not set
};
/// Sets the locale for characters; without one of UTF-8, C.UTF-8 is used inside and ASCII outside.
Surrounding adopt_environment();

/// TERM names a terminal on which a cursor can be moved.
bool is_known_terminal();

class Terminal {
public:
    Terminal(int input, int output, Surrounding surrounding);
    /// Restores the terminal.
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    int colours() const;
    /// As the terminal has it now.
    Size size() const;

    void draw(const Picture& picture);
    void perform(const Effect& effect);
    /// Gives the terminal back and stops the job, as a shell expects; returns when it goes on.
    void suspend();
    /// After a stop from outside, or noise on the line.
    void take_back();

private:
    void on(const Ring&);
    void on(const Announce&);
    void on(const CopyOut& copy);
    void on(const SetMouse& mouse);
    void on(const Suspend&) { suspend(); }
    void on(const Redraw&);
    void enter();
    void leave();
    void define_inks();
    void draw_row(const Canvas& canvas, int row);
    void draw_cell(const Cell& cell, Point at);
    void take_mode();
    void write(std::string_view bytes) const;
    void send_collected();
    std::string take_collected();
    void cover();
    void resize(Size size);
    void forget_written();

    int output_;
    Surrounding surrounding_;
    std::FILE* out_;  ///< in memory: what ncurses writes is sent in one piece
    std::FILE* in_;
    TerminalMode mode_;
    ::screen* handle_;
    Size first_;  ///< which ncurses' buffers are made for
    bool mouse_ = true;
    std::optional<Canvas> shown_;
};

}  // namespace parley::ui::screen
