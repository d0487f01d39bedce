// The user's own lines and how far each has come with whom (PROTOCOL 6: queued, v, vv, !).
#pragma once

#include <map>

#include "client/event.h"

namespace parley::client {

class Saver;
class Loader;

class Lines {
public:
    LineNumber add();

    /// The line is meant for this person too.
    void expect(LineNumber line, const IdentityId& person);

    /// Each returns the state of the whole line where that changed.
    std::optional<LineState> accepted(LineNumber line, const IdentityId& person);
    std::optional<LineState> opened(LineNumber line, const IdentityId& person);
    std::optional<LineState> failed(LineNumber line, const IdentityId& person);

    /// Lines that nobody could be found for yet, or that are not accepted by the relay for everyone.
    std::uint64_t undelivered() const;
    /// Meant for nobody yet: waits for the first person who proves an identity.
    bool is_unaddressed(LineNumber line) const;

    void save(Saver& out) const;
    static Lines restore(Loader& in);

private:
    struct Line {
        std::map<IdentityId, LineState> people;
        LineState shown = LineState::queued;
    };
    std::optional<LineState> update(LineNumber line, const IdentityId& person, LineState state);

    LineNumber last_ = 0;
    std::map<LineNumber, Line> lines_;  ///< only those not opened by everyone
};

}  // namespace parley::client
