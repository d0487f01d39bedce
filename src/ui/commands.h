// What a typed line means: text, or a command that begins with a slash.
#pragma once

#include <expected>
#include <variant>

#include "client/command.h"

namespace parley::ui {

struct Help {};
using Typed = std::variant<client::Command, Help>;

/// The error is one line for the user: unknown commands are never sent as text.
std::expected<Typed, std::string> parse_typed(std::string_view line);

/// One line each, for /help.
std::string_view help_text();

}  // namespace parley::ui
