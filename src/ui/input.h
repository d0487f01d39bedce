// Standard input, read on a thread of its own: files, pipes and terminals alike.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>

namespace parley::ui {

/// A line that is too long is cut off and marked; the rest of it is skipped.
struct InputLine {
    std::string text;
    bool too_long = false;
};

/// Cuts what is read into lines of at most 60,000 bytes.
class LineCutter {
public:
    /// Calls `on_line(InputLine)` for each line that is whole.
    template <class OnLine>
    void feed(std::string_view bytes, OnLine&& on_line) {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            add(bytes.substr(0, end));
            if (end == bytes.npos) return;
            on_line(take());
            bytes.remove_prefix(end + 1);
        }
    }
    bool has_rest() const { return !line_.text.empty() || line_.too_long; }
    InputLine take();

private:
    void add(std::string_view part);

    InputLine line_;
};

/// One line, and not a byte beyond it: what follows belongs to somebody else. A longer line than a person
/// types is cut. None: the input has ended.
std::optional<std::string> read_line(int descriptor);

class InputReader {
public:
    /// Both are called on the reading thread, with at most max_ahead pieces not yet done.
    struct Callbacks {
        std::function<void(std::string)> on_bytes;
        std::function<void()> on_end;
    };
    InputReader(int descriptor, Callbacks callbacks);
    /// Ends the thread, even in the middle of a read.
    ~InputReader();
    InputReader(const InputReader&) = delete;
    InputReader& operator=(const InputReader&) = delete;

    /// A piece was dealt with, and so was what it led to: an endless input fills nobody's memory.
    void piece_done() { ahead_.release(); }

private:
    void read_all();
    bool wait_readable() const;

    static constexpr int max_ahead = 4;

    int descriptor_;
    int wake_[2];  ///< a pipe that ends the wait
    Callbacks callbacks_;
    std::counting_semaphore<1024> ahead_{max_ahead};
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace parley::ui
