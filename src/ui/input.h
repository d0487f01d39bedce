// Lines from standard input, read on a thread of their own: files, pipes and terminals alike.
#pragma once

#include <atomic>
#include <functional>
#include <semaphore>
#include <string>
#include <thread>

namespace parley::ui {

/// A line that is too long is cut off and marked; the rest of it is skipped.
struct InputLine {
    std::string text;
    bool too_long = false;
};

class LineReader {
public:
    struct Callbacks {
        std::function<void(InputLine)> on_line;  ///< on the reading thread
        std::function<void()> on_end;
    };
    LineReader(int descriptor, Callbacks callbacks);
    /// Ends the thread, even in the middle of a read.
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// One of the lines it gave was dealt with. It never runs further ahead than max_ahead, so that
    /// an endless input fills nobody's memory.
    void line_done() { ahead_.release(); }

    static constexpr int max_ahead = 512;

private:
    void read_all();
    bool wait_readable() const;
    void on_bytes(std::string_view bytes);
    void finish_line();

    int descriptor_;
    int wake_[2];  ///< a pipe that ends the wait
    Callbacks callbacks_;
    InputLine line_;
    std::counting_semaphore<1 << 20> ahead_{max_ahead};
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace parley::ui
