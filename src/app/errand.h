// What has become of the files of one errand, seen from one end.
#pragma once

#include <map>
#include <set>

#include "client/event.h"

namespace parley::app {

class Errand {
public:
    void on_event(const client::Event& event);

    /// Everyone who took a file has it, and nothing is on its way.
    bool is_done() const;
    /// Somebody who is here has not answered yet.
    bool somebody_hesitates() const;
    bool succeeded() const;

private:
    struct File {
        bool ours = false;
        bool broken = false;  ///< cannot be sent at all
        std::set<client::IdentityId> taking{};
        std::set<client::IdentityId> answered{};
        std::size_t arrived = 0;
    };
    void on(const client::FileOffered& event);
    void on(const client::FileAnswered& event);
    void on(const client::FileDone& event);
    void on(const client::FileFailed& event);
    void on(const client::ChannelEstablished& event) { here_.insert(event.person.id); }
    void on(const client::PresenceChanged& event);
    bool is_settled(const File& file) const;
    bool everyone_answered(const File& file) const;

    std::map<client::FileNumber, File> files_;
    std::set<client::IdentityId> here_;
};

}  // namespace parley::app
