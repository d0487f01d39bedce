// What a typed line means: text, or a command that begins with a slash.
#pragma once

#include <expected>
#include <variant>
#include <vector>

#include "client/command.h"

namespace parley::ui {

struct Help {};

// What the full screen does by itself.
struct Search {
    std::string text;  ///< empty: no more
};
struct SwitchTo {
    std::size_t number;  ///< of a window, from 1 on
};
struct ToggleMembers {};
struct Clear {};
enum class NotifyWish { on, off, bell };
struct Notify {
    NotifyWish wish;
};
struct Mouse {
    bool on;
};
using ScreenCommand = std::variant<Search, SwitchTo, ToggleMembers, Clear, Notify, Mouse>;

// What concerns the rooms of a run.
struct InviteHere {};  ///< makes a room at the same relay and opens it
struct JoinRoom {
    std::string link;
};
struct CloseRoom {};
struct ShowLink {};  ///< of the open room, as a QR code
struct CopyLink {};
struct QuitAll {
    Duration patience;
};
/// The identity of this run becomes a profile.
struct Keep {
    std::string name;
};
/// Hides the screen until the profile's passphrase is typed: now, or whenever nobody typed for so long.
struct LockNow {};
struct LockWhenIdle {
    std::uint32_t seconds;  ///< 0: never
};
struct Panic {};  ///< wipes what is in memory and leaves at once
using RoomCommand =
    std::variant<Keep, InviteHere, JoinRoom, CloseRoom, ShowLink, CopyLink, QuitAll, LockNow, LockWhenIdle, Panic>;

using Typed = std::variant<client::Command, Help, ScreenCommand, RoomCommand>;

/// The error is one line for the user: unknown commands are never sent as text.
std::expected<Typed, std::string> parse_typed(std::string_view line);

/// All of them, with their slash: for completion.
std::vector<std::string> command_names();

/// One line each, for /help.
std::string_view help_text();

}  // namespace parley::ui
