#include "ui/passphrase.h"

#include <fcntl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/utf8.h"
#include "ui/terminal_mode.h"

namespace parley::ui {
namespace {

constexpr std::size_t max_passphrase = 1U << 20U;

/// Does not show what is typed.
termios unseen(termios mode) {
    mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    mode.c_lflag |= ICANON | ISIG;
    return mode;
}

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Result<SecretBytes> read_passphrase(int descriptor) {
    SecretBytes line;
    while (true) {
        std::uint8_t byte = 0;
        const auto got = ::read(descriptor, &byte, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(Errc::bad_input, "the passphrase cannot be read from this descriptor");
        if (got == 0 || byte == '\n') return normalized(std::move(line));
        if (line.size() == max_passphrase) return fail(Errc::too_large, "a passphrase has 1 MiB at most");
        line.append({&byte, 1});
    }
}

Result<SecretBytes> ask_passphrase(const std::string& prompt) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        return fail(Errc::bad_input,
                    "there is no terminal to ask for the passphrase: --passphrase-fd N or --key-file FILE");
    }
    const auto read = [&] {
        TerminalMode mode(terminal);
        mode.enter(unseen(mode.before()), TCSAFLUSH);
        write_all(terminal, prompt);
        auto typed = read_passphrase(terminal);
        mode.leave(TCSAFLUSH);
        return typed;
    };
    auto passphrase = read();
    write_all(terminal, "\n");
    ::close(terminal);
    return passphrase;
}

SecretBytes normalized(SecretBytes passphrase) {
    if (!is_valid_utf8(text_of(passphrase.reveal()))) return passphrase;
    utf8proc_uint8_t* made = nullptr;
    const auto bytes = passphrase.reveal();
    const auto size = utf8proc_map(bytes.data(), static_cast<utf8proc_ssize_t>(bytes.size()), &made,
                                   static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    if (size < 0) return passphrase;
    SecretBytes normal(ByteView(made, static_cast<std::size_t>(size)));
    wipe({made, static_cast<std::size_t>(size)});
    std::free(made);
    return normal;
}

}  // namespace parley::ui
