// What one seat has not acknowledged: notes in the room's order, each with its share of a run.
#pragma once

#include <cstddef>
#include <utility>

#include "relay/run.h"

namespace parley::relay {

/// One delivery: a run, the same block for every seat, and how much of it this seat has not acknowledged.
struct Note {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Payload frames;
    std::uint32_t skip = 0;  ///< bytes in front, of the frames before `first`
    Note* next = nullptr;
};

/// Notes for reuse, up to a bound.
class NotePool {
public:
    NotePool() = default;
    NotePool(const NotePool&) = delete;
    NotePool& operator=(const NotePool&) = delete;
    ~NotePool() {
        while (free_ != nullptr) delete std::exchange(free_, free_->next);
    }

    Note* make(const Run& run) {
        auto* note = free_ != nullptr ? std::exchange(free_, free_->next) : new Note;
        if (free_count_ > 0) --free_count_;
        *note = Note{run.first, run.last, run.frames, 0, nullptr};
        return note;
    }
    void take_back(Note* note) {
        if (free_count_ == kept_notes) return delete note;
        ++free_count_;
        *note = Note{0, 0, {}, 0, free_};
        free_ = note;
    }

private:
    static constexpr std::size_t kept_notes = 16'384;

    Note* free_ = nullptr;
    std::size_t free_count_ = 0;
};

/// First in, first out, with a place in between: up to there everything was given to a connection.
class Kept {
public:
    bool empty() const { return front_ == nullptr; }
    Note& front() { return *front_; }
    const Note& front() const { return *front_; }
    const Note& back() const { return *back_; }
    /// The first one not given to a connection; none when it has everything.
    const Note* next_unsent() const { return unsent_; }

    void push(Note* note) {
        (front_ == nullptr ? front_ : back_->next) = note;
        back_ = note;
        if (unsent_ == nullptr) unsent_ = note;
    }
    Note* pop() {
        auto* note = std::exchange(front_, front_->next);
        if (unsent_ == note) unsent_ = note->next;
        return note;
    }
    void mark_sent() { unsent_ = unsent_->next; }
    /// A new connection gets everything again.
    void rewind() { unsent_ = front_; }

private:
    Note* front_ = nullptr;
    Note* back_ = nullptr;
    Note* unsent_ = nullptr;
};

}  // namespace parley::relay
