// The real Terminal on a pty, and libvterm at its other end: what a terminal makes of what we send.
#pragma once

#include <vterm.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ui/screen/canvas.h"

namespace parley::ui::screen {

class VirtualTerminal {
public:
    explicit VirtualTerminal(Size size);
    ~VirtualTerminal();
    VirtualTerminal(const VirtualTerminal&) = delete;
    VirtualTerminal& operator=(const VirtualTerminal&) = delete;

    /// What a program has as its terminal.
    int end() const { return end_; }
    void resize(Size size);
    /// Past Terminal, as a program without a filter would: for twins.
    void write(std::string_view bytes);

    /// Everything that was written so far has arrived when these return.
    std::string text();
    std::string sent();

    struct Seen {
        int titles = 0;
        int bells = 0;
        int commands = 0;  ///< OSC and DCS that libvterm does not know
    };
    Seen seen();

private:
    void read_all();
    void settle();

    Size size_;
    int master_ = -1;
    int end_ = -1;
    VTerm* vterm_;
    VTermScreen* screen_;
    Seen seen_;
    int settled_ = 0;
    std::string sent_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::thread reader_;
};

}  // namespace parley::ui::screen
