#include "ui/screen/people.h"

#include <algorithm>

#include "ui/screen/graphemes.h"

namespace parley::ui::screen {
namespace {

using client::Presence;
using client::Trust;

/// The person an event is about, where it is about one who is in the room.
const client::Person* subject_of(const client::Event& event) {
    return std::visit(
        [](const auto& value) -> const client::Person* {
            if constexpr (requires { value.person.id; }) return &value.person;
            else if constexpr (requires { value.person->id; }) return value.person ? &*value.person : nullptr;
            else return nullptr;
        },
        event);
}

Tone tone_of(Trust trust) {
    if (trust == Trust::verified) return Tone::good;
    return trust == Trust::not_verified ? Tone::plain : Tone::bad;
}

}  // namespace

std::string Standing::within(int columns) const {
    const auto both = who.empty() ? words : who + ": " + words;
    return columns_of(both) <= columns ? both : words;
}

std::uint8_t colour_of(const client::IdentityId& id) { return id.view()[0]; }

void People::learn(const client::Person& person) {
    if (person.presence == Presence::gone) people_.erase(person.id);
    else people_[person.id] = person;
}

void People::on(const client::Event& event) {
    if (const auto* roster = std::get_if<client::Roster>(&event)) {
        people_.clear();
        for (const auto& person : roster->people) learn(person);
        return;
    }
    const auto* person = subject_of(event);
    const auto* alarm = std::get_if<client::Alarm>(&event);
    if (alarm != nullptr && alarm->kind == client::AlarmKind::key_changed) {
        changed_key_ = person != nullptr ? label_of(*person) : std::string();
    }
    if (person == nullptr) return;
    // Others are told of before they proved anything, or after they left.
    const bool comes = std::holds_alternative<client::ChannelEstablished>(event) ||
                       std::holds_alternative<client::PresenceChanged>(event);
    if (comes || people_.contains(person->id)) learn(*person);
}

std::vector<client::Person> People::present() const {
    std::vector<client::Person> all;
    for (const auto& [id, person] : people_) all.push_back(person);
    std::ranges::sort(all, {}, label_of);
    return all;
}

std::vector<std::string> People::labels() const {
    std::vector<std::string> all;
    for (const auto& person : present()) all.push_back(label_of(person));
    return all;
}

Standing People::standing() const {
    if (changed_key_) {
        return {*changed_key_, "KEY CHANGED", Tone::bad};
    }
    if (people_.empty()) return {"", "nobody else is here", Tone::plain};
    if (people_.size() > 1) return standing_of_all();
    const auto& person = people_.begin()->second;
    const auto away = person.presence == Presence::away ? ", away" : "";
    return {label_of(person), std::string(words_for(person.trust)) + away, tone_of(person.trust)};
}

/// The worst is named; only when all are verified it says so.
Standing People::standing_of_all() const {
    const auto others = std::to_string(people_.size()) + " others";
    for (const auto bad : {Trust::key_changed, Trust::restarted}) {
        for (const auto& [id, person] : people_) {
            if (person.trust == bad) return {label_of(person), std::string(words_for(bad)), Tone::bad};
        }
    }
    const auto verified =
        std::ranges::count_if(people_, [](const auto& entry) { return entry.second.trust == Trust::verified; });
    const auto count = static_cast<std::size_t>(verified);
    if (count == people_.size()) return {others, "all verified", Tone::good};
    if (count == 0) return {others, "not verified", Tone::plain};
    return {others, std::to_string(count) + " verified, " + std::to_string(people_.size() - count) + " not verified",
            Tone::plain};
}

}  // namespace parley::ui::screen
