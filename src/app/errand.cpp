#include "app/errand.h"

#include <algorithm>

namespace parley::app {

void Errand::on_event(const client::Event& event) {
    std::visit(
        [this](const auto& value) {
            if constexpr (requires { this->on(value); }) this->on(value);
        },
        event);
}

void Errand::on(const client::PresenceChanged& event) {
    if (event.person.presence == client::Presence::gone) here_.erase(event.person.id);
}

void Errand::on(const client::FileOffered& event) {
    files_[event.file.number].ours = event.file.ours;
    if (!event.file.ours) files_[event.file.number].taking.insert(event.file.person.id);
}

void Errand::on(const client::FileAnswered& event) {
    auto& file = files_[event.file.number];
    here_.insert(event.person.id);
    file.answered.insert(event.person.id);
    if (event.accepted) file.taking.insert(event.person.id);
}

void Errand::on(const client::FileDone& event) {
    auto& file = files_[event.file.number];
    file.taking.erase(event.person ? event.person->id : event.file.person.id);
    ++file.arrived;
}

void Errand::on(const client::FileFailed& event) {
    auto& file = files_[event.file.number];
    file.ours = event.file.ours;
    if (event.person) {
        file.taking.erase(event.person->id);
        file.answered.insert(event.person->id);
    } else {
        file.taking.clear();
        file.broken = true;
    }
}

bool Errand::everyone_answered(const File& file) const { return std::ranges::includes(file.answered, here_); }

bool Errand::is_settled(const File& file) const {
    if (file.broken) return true;
    if (!file.taking.empty()) return false;
    return file.arrived > 0 || (!file.answered.empty() && everyone_answered(file));
}

bool Errand::is_done() const {
    return !files_.empty() &&
           std::ranges::all_of(files_, [this](const auto& entry) { return is_settled(entry.second); });
}

bool Errand::somebody_hesitates() const {
    return std::ranges::any_of(files_, [this](const auto& entry) {
        return entry.second.ours && !entry.second.broken && !everyone_answered(entry.second);
    });
}

bool Errand::succeeded() const {
    return !files_.empty() && std::ranges::all_of(files_, [](const auto& entry) { return entry.second.arrived > 0; });
}

}  // namespace parley::app
