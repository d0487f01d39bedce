#include "unit/ui/screen/vterm.h"

#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

namespace parley::ui::screen {
namespace {

/// Stands behind what was written; no terminal shows it.
std::string sentinel(int number) { return "\x1b]7777;" + std::to_string(number) + "\x07"; }

VirtualTerminal::Seen& seen_of(void* user) { return *static_cast<VirtualTerminal::Seen*>(user); }

#if VTERM_VERSION_MAJOR == 0 && VTERM_VERSION_MINOR == 1  // Debian 12's
using Fallbacks = VTermParserCallbacks;

bool begins(const VTermValue&) { return true; }
void watch_clipboard(VTerm*, VirtualTerminal::Seen&) {}  // a command like others
int on_osc(const char* command, std::size_t size, void* user) {
    seen_of(user).commands += std::string_view(command, size).starts_with("7777;") ? 0 : 1;
    return 1;
}
int on_dcs(const char*, std::size_t, void* user) { return ++seen_of(user).commands; }
#else  // Newer ones give a string in pieces, and the number of a command apart.
using Fallbacks = VTermStateFallbacks;

bool begins(const VTermValue& title) { return title.string.initial; }
int on_osc(int command, VTermStringFragment piece, void* user) {
    seen_of(user).commands += command != 7777 && piece.initial ? 1 : 0;
    return 1;
}
int on_dcs(const char*, std::size_t, VTermStringFragment piece, void* user) {
    seen_of(user).commands += piece.initial ? 1 : 0;
    return 1;
}

int on_clipboard(VTermSelectionMask, VTermStringFragment, void* user) { return ++seen_of(user).commands; }
const VTermSelectionCallbacks on_selection{on_clipboard, nullptr};
void watch_clipboard(VTerm* vterm, VirtualTerminal::Seen& seen) {
    static std::array<char, 4096> buffer;
    auto* state = ::vterm_obtain_state(vterm);
    ::vterm_state_set_selection_callbacks(state, &on_selection, &seen, buffer.data(), buffer.size());
}
#endif

int on_prop(VTermProp prop, VTermValue* value, void* user) {
    const bool is_title = prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME;
    seen_of(user).titles += is_title && begins(*value) ? 1 : 0;
    return 1;
}
int on_bell(void* user) { return ++seen_of(user).bells; }

VTermScreenCallbacks screen_callbacks() {
    VTermScreenCallbacks callbacks{};
    callbacks.settermprop = on_prop;
    callbacks.bell = on_bell;
    return callbacks;
}
Fallbacks fallbacks() {
    Fallbacks callbacks{};
    callbacks.osc = on_osc;
    callbacks.dcs = on_dcs;
    return callbacks;
}
const auto on_screen = screen_callbacks();
const auto on_unknown = fallbacks();

winsize winsize_of(Size size) {
    return {static_cast<unsigned short>(size.rows), static_cast<unsigned short>(size.columns), 0, 0};
}

}  // namespace

VirtualTerminal::VirtualTerminal(Size size)
    : size_(size), vterm_(::vterm_new(size.rows, size.columns)), screen_(::vterm_obtain_screen(vterm_)) {
    const auto window = winsize_of(size);
    ::openpty(&master_, &end_, nullptr, nullptr, &window);
    ::vterm_set_utf8(vterm_, 1);
    ::vterm_screen_enable_altscreen(screen_, 1);
    ::vterm_screen_set_callbacks(screen_, &on_screen, &seen_);
    ::vterm_screen_set_unrecognised_fallbacks(screen_, &on_unknown, &seen_);
    watch_clipboard(vterm_, seen_);
    ::vterm_screen_reset(screen_, 1);
    reader_ = std::thread([this] { read_all(); });
}

VirtualTerminal::~VirtualTerminal() {
    settle();
    ::close(end_);
    reader_.join();
    ::close(master_);
    ::vterm_free(vterm_);
}

void VirtualTerminal::read_all() {
    std::array<char, 4096> buffer;
    for (;;) {
        const auto size = ::read(master_, buffer.data(), buffer.size());
        if (size <= 0) return;
        const std::lock_guard lock(mutex_);
        sent_.append(buffer.data(), static_cast<std::size_t>(size));
        ::vterm_input_write(vterm_, buffer.data(), static_cast<std::size_t>(size));
        arrived_.notify_all();
    }
}

void VirtualTerminal::settle() {
    const auto mark = sentinel(++settled_);
    write(mark);
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return sent_.contains(mark); });
    sent_.erase(sent_.find(mark), mark.size());
}

void VirtualTerminal::resize(Size size) {
    settle();
    const auto window = winsize_of(size);
    ::ioctl(end_, TIOCSWINSZ, &window);
    const std::lock_guard lock(mutex_);
    size_ = size;
    ::vterm_set_size(vterm_, size.rows, size.columns);
}

void VirtualTerminal::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(end_, bytes.data(), bytes.size());
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string VirtualTerminal::text() {
    settle();
    const std::lock_guard lock(mutex_);
    std::string text;
    for (int row = 0; row < size_.rows; ++row) {
        std::string line(static_cast<std::size_t>(size_.columns) * 24, '\0');
        const auto size = ::vterm_screen_get_text(screen_, line.data(), line.size(), {row, row + 1, 0, size_.columns});
        line.resize(size);
        for (auto& c : line) c = c == '\0' ? ' ' : c;
        const auto last = line.find_last_not_of(' ');
        text += line.substr(0, last == line.npos ? 0 : last + 1) + "\n";
    }
    return text;
}

std::string VirtualTerminal::sent() {
    settle();
    const std::lock_guard lock(mutex_);
    return sent_;
}

VirtualTerminal::Seen VirtualTerminal::seen() {
    settle();
    const std::lock_guard lock(mutex_);
    return seen_;
}

}  // namespace parley::ui::screen
