// The command line of parley (PRODUCT, command line).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/command.h"
#include "identity/link.h"
#include "identity/spoken_code.h"
#include "net/socks5.h"

namespace parley::app {

enum class Mode { automatic, plain, json };

/// The documented exit codes.
enum class Exit { done = 0, failed = 1, wrong_use = 2, unreachable = 3, key_changed = 4 };

/// Shows the link of a new room.
struct NewRoom {};
/// Makes a spoken code and waits for the one who joins with it: a new room for two who are verified.
struct NewRoomByCode {};
struct RoomOfLink {
    std::string link;
    bool from_argument = false;  ///< others on this machine can see it with ps
};
struct RoomOfCode {
    identity::SpokenCode code;
};
/// How a run comes into its room.
using Entrance = std::variant<NewRoom, NewRoomByCode, RoomOfLink, RoomOfCode>;

/// In the lobby, or where a profile was last.
struct Chat {};
struct Talk {
    Entrance entrance;
};
struct PrintLink {};
/// Sends files into a room and ends when everyone who takes them has them.
struct Send {
    Entrance entrance;
    std::vector<std::string> files;
};
/// Takes what is offered in a room, then ends.
struct Receive {
    Entrance entrance;
    bool yes_to_all = false;
};
struct ManageProfiles {
    enum class What { make, list, show, export_, remove };
    What what;
    bool certain = false;  ///< delete without asking
};
using Task = std::variant<Chat, Talk, PrintLink, Send, Receive, ManageProfiles>;

/// Which profile, and what opens it. Never a passphrase: ps shows arguments, and children inherit an environment.
struct ProfileChoice {
    std::string name;  ///< empty: none
    std::optional<int> passphrase_fd;
    std::string key_file;
};

struct Options {
    Task task;
    identity::RelayAddress relay{"127.0.0.1", 5555};
    bool relay_given = false;
    std::optional<std::string> name;
    ProfileChoice profile;
    Mode mode = Mode::automatic;
    bool may_host = true;
    client::ChooseFiles files{};
    std::optional<FixedBytes<16>> token{};  ///< what the relay asks newcomers for
    std::optional<net::Proxy> proxy{};
    bool insecure = false;
};

/// One line of what was used wrongly, on standard error.
Exit complain(std::string_view what);

/// Options, or the exit code after help, a version or one line of what is wrong was printed.
std::variant<Options, Exit> parse_options(int argc, char** argv);

}  // namespace parley::app
