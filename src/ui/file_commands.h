// What is typed about files: /send, /files, /get, /decline, /stop.
#pragma once

#include <expected>
#include <string>

#include "client/command.h"

namespace parley::ui {

/// The error is one line for the user.
using ParsedFileCommand = std::expected<client::Command, std::string>;

/// `words` is what stands behind the command. A name may hold blanks; ~/ is the home folder.
ParsedFileCommand parse_send(std::string_view words);
ParsedFileCommand parse_get(std::string_view words);
ParsedFileCommand parse_decline(std::string_view words);
ParsedFileCommand parse_stop(std::string_view words);

}  // namespace parley::ui
