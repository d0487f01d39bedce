// The scrollback of one room: what was said and what happened, compact, the oldest forgotten first.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "client/event.h"
#include "ui/wording.h"

namespace parley::ui::screen {

/// Text that passed the display filter: no control character is in it but \n between its lines.
class SafeText {
public:
    SafeText() = default;
    /// Line breaks stay, tabs become blanks, everything else that a terminal executes is shown as a code.
    static SafeText of(std::string_view text);

    const std::string& text() const { return text_; }
    /// Overwrites it; its length stays until it is replaced.
    void wipe() { parley::wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }

private:
    explicit SafeText(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

using EntryId = std::uint64_t;     ///< rises, never used twice
using AuthorId = std::uint32_t;    ///< of this transcript
using WallSeconds = std::int64_t;  ///< since 1970

struct Author {
    std::string label;  ///< ben#55DJ, passed the display filter
    std::uint8_t colour;
    bool own = false;
};

enum class EntryKind : std::uint8_t { message, news, good, wrong };

struct Entry {
    WallSeconds at = 0;
    SafeText text;
    client::LineNumber line = 0;  ///< of a message of our own
    AuthorId author = 0;          ///< of a message
    EntryKind kind = EntryKind::news;
    client::LineState state = client::LineState::queued;
    bool read = false;          ///< a message of our own that somebody saw
    WallSeconds forget_at = 0;  ///< its author asks to remove it then; 0: never
};

class Transcript {
public:
    /// Nobody scrolls back further by hand; together at most about 100 MB a room.
    static constexpr std::size_t max_entries = 100'000;
    static constexpr std::size_t max_text_bytes = 64U << 20U;

    AuthorId author(Author author);
    const Author& author(AuthorId id) const { return authors_[id]; }

    EntryId add(Entry entry);
    /// The mark of a line of ours: `.`, `v`, `vv`, `!`.
    void set_state(client::LineNumber line, client::LineState state);
    /// Somebody saw every line of ours up to this one.
    void mark_read(client::LineNumber through);
    /// Removes the text of what is to be forgotten by now.
    void forget_due(WallSeconds now);
    /// When the next text is to be forgotten.
    std::optional<WallSeconds> next_forgetting() const { return next_forgetting_; }
    /// An entry that goes on changing, as progress does. False when it is no longer kept.
    bool replace(EntryId id, SafeText text);
    void clear();

    bool empty() const { return entries_.empty(); }
    EntryId first() const { return first_; }
    EntryId next() const { return first_ + entries_.size(); }  ///< of the entry that comes next
    bool holds(EntryId id) const { return id >= first_ && id < next(); }
    const Entry& operator[](EntryId id) const { return entries_[id - first_]; }

    /// The nearest entry before `before` that reads like `wanted`, but for upper and lower case.
    std::optional<EntryId> search_back(std::string_view wanted, EntryId before) const;
    std::size_t count_matches(std::string_view wanted) const;

private:
    struct OwnLine {
        client::LineNumber line;
        EntryId entry;
    };
    bool matches(EntryId id, std::string_view wanted) const;
    void forget_oldest();

    std::deque<Entry> entries_;
    EntryId first_ = 0;
    std::size_t text_bytes_ = 0;
    std::optional<WallSeconds> next_forgetting_;
    std::vector<Author> authors_;
    std::deque<OwnLine> own_lines_;  ///< in the order of both
};

}  // namespace parley::ui::screen
