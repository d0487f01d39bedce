#include "ui/screen/terminal.h"

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cwchar>

namespace parley::ui::screen {
namespace {

// What ncurses has no word for. Terminals that do not know these ignore them.
constexpr std::string_view paste_and_focus_on = "\x1b[?2004h\x1b[?1004h";
constexpr std::string_view paste_and_focus_off = "\x1b[?1004l\x1b[?2004l";
constexpr std::string_view mouse_on = "\x1b[?1000h\x1b[?1006h";
constexpr std::string_view mouse_off = "\x1b[?1006l\x1b[?1000l";

constexpr Size assumed{80, 24};

short pair_of(Ink ink) { return static_cast<short>(static_cast<int>(ink) + 1); }

attr_t attributes_of(const Look& look) {
    attr_t attributes = 0;
    if (look.bold) attributes |= WA_BOLD;
    if (look.reverse) attributes |= WA_REVERSE;
    if (look.underline) attributes |= WA_UNDERLINE;
    return attributes;
}

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

std::string base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
        const auto bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (unsigned k = 0; k < 4; ++k) out += i + k > text.size() ? '=' : alphabet[bits >> (18U - 6U * k) & 63U];
    }
    return out;
}

/// What leave() comes to, for ways out on which ncurses cannot be asked any more.
std::string farewell() {
    std::string bytes(mouse_off);
    bytes += paste_and_focus_off;
    for (const char* name : {"sgr0", "cnorm", "rmcup"}) {
        const char* sequence = ::tigetstr(name);
        if (sequence != nullptr) bytes += sequence;
    }
    return bytes;
}

}  // namespace

Surrounding adopt_environment() {
    std::setlocale(LC_ALL, "");
    Surrounding surrounding{.colours = !is_set("NO_COLOR")};
    if (std::string_view(::nl_langinfo(CODESET)) == "UTF-8") return surrounding;
    // Where nobody chose a locale, as over many SSH connections, the terminal knows UTF-8 all the same.
    surrounding.unicode = !is_set("LC_ALL") && !is_set("LC_CTYPE") && !is_set("LANG");
    std::setlocale(LC_CTYPE, "C.UTF-8");
    return surrounding;
}

Terminal::Terminal(int input, int output, Surrounding surrounding)
    : output_(output),
      surrounding_(surrounding),
      out_(::fdopen(::memfd_create("screen", MFD_CLOEXEC), "w")),
      in_(::fdopen(::dup(input), "r")),
      mode_(input),  // before ncurses changes it
      handle_(::newterm(nullptr, out_, in_)),
      first_(handle_ == nullptr ? Size{} : Size{COLS, LINES}) {
    if (handle_ == nullptr) return;
    ::nonl();
    ::nodelay(::stdscr, TRUE);
    ::typeahead(-1);
    ::leaveok(::stdscr, FALSE);
    ::scrollok(::stdscr, FALSE);
    if (surrounding_.colours && ::has_colors()) {
        ::start_color();
        ::use_default_colors();
    }
    define_inks();
    enter();
}

Terminal::~Terminal() {
    if (handle_ != nullptr) {
        forget_written();
        leave();
        ::delscreen(handle_);
    }
    std::fclose(out_);
    std::fclose(in_);
}

int Terminal::colours() const { return surrounding_.colours && ::has_colors() ? COLORS : 0; }

void Terminal::define_inks() {
    if (!::has_colors()) return;
    ::start_color();
    ::use_default_colors();
    const Theme theme(colours(), surrounding_.unicode);
    for (int i = 0; i < static_cast<int>(Ink::author) + author_colours; ++i) {
        const auto look = theme.look(static_cast<Ink>(i));
        ::init_pair(pair_of(static_cast<Ink>(i)), static_cast<short>(look.foreground),
                    static_cast<short>(look.background));
    }
}

void Terminal::enter() {
    take_mode();
    ::clearok(::curscr, TRUE);
    ::refresh();
    send_collected();
    write(paste_and_focus_on);
    if (mouse_) write(mouse_on);
}

void Terminal::leave() {
    write(mouse_off);
    write(paste_and_focus_off);
    ::endwin();
    send_collected();
    mode_.leave(TCSANOW);
}

/// Each key as it is, and what is written as it is: the terminal's driver does nothing in between.
void Terminal::take_mode() {
    auto mode = mode_.before();
    ::cfmakeraw(&mode);
    mode_.enter(mode, TCSADRAIN, {output_, farewell()});
}

void Terminal::take_back() {
    enter();
    shown_.reset();
}

Size Terminal::size() const {
    winsize size{};
    if (::ioctl(output_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return assumed;
    return {size.ws_col, size.ws_row};
}

void Terminal::draw(const Picture& picture) {
    if (handle_ == nullptr) return;
    const auto& canvas = picture.canvas;
    if (!shown_ || shown_->size() != canvas.size()) {
        resize(canvas.size());
        ::werase(::stdscr);
        ::clearok(::curscr, TRUE);
        shown_.reset();
    }
    for (int row = 0; row < canvas.size().rows; ++row) draw_row(canvas, row);
    shown_ = canvas;
    ::wmove(::stdscr, picture.cursor.row, picture.cursor.column);
    ::wnoutrefresh(::stdscr);
    ::doupdate();
    send_collected();
}

void Terminal::draw_row(const Canvas& canvas, int row) {
    const auto columns = canvas.size().columns;
    bool same = shown_.has_value();
    for (int column = 0; same && column < columns; ++column) {
        same = shown_->at({column, row}) == canvas.at({column, row});
    }
    if (same) return;
    for (int column = 0; column < columns; ++column) draw_cell(canvas.at({column, row}), {column, row});
}

/// A character is drawn where it has exactly the columns that the picture counted; otherwise, and
/// where the terminal has ASCII alone, something of that width stands for it.
void Terminal::draw_cell(const Cell& cell, Point at) {
    if (cell.columns == 0) return;
    std::array<wchar_t, 5> text{};
    for (std::size_t i = 0; i < cell.text.size(); ++i) text[i] = static_cast<wchar_t>(cell.text[i]);
    const bool shows = ::wcwidth(text[0]) == cell.columns && (surrounding_.unicode || cell.text[0] < 0x80);
    if (!shows) text = {surrounding_.unicode ? L'\xfffd' : L'?'};
    if (!surrounding_.unicode) text[1] = 0;
    const Theme theme(colours(), surrounding_.unicode);
    cchar_t character{};
    const auto attributes = attributes_of(theme.look(cell.ink));
    ::setcchar(&character, text.data(), attributes, ::has_colors() ? pair_of(cell.ink) : short{0}, nullptr);
    ::mvwadd_wch(::stdscr, at.row, at.column, &character);
    if (shows || cell.columns == 1) return;
    const std::array<wchar_t, 2> blank{L' '};
    ::setcchar(&character, blank.data(), attributes, ::has_colors() ? pair_of(cell.ink) : short{0}, nullptr);
    ::mvwadd_wch(::stdscr, at.row, at.column + 1, &character);
}

void Terminal::perform(const Effect& effect) {
    std::visit([this](const auto& value) { on(value); }, effect);
}

void Terminal::on(const Ring&) { write("\a"); }
void Terminal::on(const Announce&) { write("\x1b]9;Parley: a new message\a"); }
void Terminal::on(const CopyOut& copy) { write("\x1b]52;c;" + base64(copy.text) + "\a"); }
void Terminal::on(const Redraw&) { take_back(); }

void Terminal::on(const SetMouse& mouse) {
    mouse_ = mouse.on;
    write(mouse_ ? mouse_on : mouse_off);
}

void Terminal::suspend() {
    leave();
    struct sigaction ours{};
    struct sigaction stops{};
    stops.sa_handler = SIG_DFL;
    ::sigaction(SIGTSTP, &stops, &ours);
    ::kill(0, SIGTSTP);
    ::sigaction(SIGTSTP, &ours, nullptr);
    take_back();
}

/// ncurses writes after every move of the cursor. In one piece nobody sees half a picture, and a busy
/// machine does not let us wait for its turn forty times.
void Terminal::send_collected() { write(take_collected()); }

/// Nothing of what was shown stays behind.
std::string Terminal::take_collected() {
    const int memory = ::fileno(out_);
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(::lseek(memory, 0, SEEK_CUR), 0)), '\0');
    const auto held = ::pread(memory, bytes.data(), bytes.size(), 0);
    ::lseek(memory, 0, SEEK_SET);
    if (::ftruncate(memory, 0) != 0 || held < 0) return {};
    bytes.resize(static_cast<std::size_t>(held));
    return bytes;
}

/// Puts a screen that nobody gets to see where ncurses keeps what was shown. No cell is like its neighbour, or it would
/// be written in short.
void Terminal::cover() {
    for (int at = 0; at < LINES * COLS; ++at) ::mvaddch(at / COLS, at % COLS, at % 2 == 0 ? '-' : '=');
    ::clearok(::curscr, TRUE);
    ::refresh();
    take_collected();
}

/// Rows of another length take the place of those that are there, which are freed as they are.
void Terminal::resize(Size size) {
    if (size == Size{COLS, LINES}) return;
    cover();
    ::resizeterm(size.rows, size.columns);
}

/// ncurses frees the buffer that it writes through as it is. It was made for a screen of the first size and some more;
/// the one of the stream behind it has 4 KiB.
void Terminal::forget_written() {
    const Size now{COLS, LINES};
    constexpr Size beyond_any_stream{200, 60};
    resize({std::max({now.columns, first_.columns + 6, beyond_any_stream.columns}),
            std::max({now.rows, first_.rows + 2, beyond_any_stream.rows})});
    cover();
    resize(now);
}

void Terminal::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto written = ::write(output_, bytes.data(), bytes.size());
        if (written <= 0) return;  // the terminal has gone; the reader notices
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace parley::ui::screen
