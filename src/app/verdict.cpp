#include "app/verdict.h"

namespace parley::app {

void Verdict::on_event(const client::Event& event) {
    const auto* alarm = std::get_if<client::Alarm>(&event);
    const auto* verified = std::get_if<client::Verified>(&event);
    const auto* end = std::get_if<client::Drained>(&event);
    const bool changed = alarm != nullptr && alarm->kind == client::AlarmKind::key_changed;
    if (changed || (verified != nullptr && !verified->matches)) exit_ = Exit::key_changed;
    if (end != nullptr && end->undelivered > 0) worsen(Exit::failed);
}

}  // namespace parley::app
