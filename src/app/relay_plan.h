// What a relay is to do, made of its settings.
#pragma once

#include "app/relay_settings.h"
#include "serve/relay.h"

namespace parley::app {

/// Judges what no setting alone can know.
std::expected<serve::Options, settings::Complaint> plan_of(const RelaySettings& settings);

/// The address to hand out, as parley --relay takes it.
std::string print(const serve::Address& address, const std::optional<net::Pin>& pin);

}  // namespace parley::app
