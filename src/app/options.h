// The command line of parley (PRODUCT, command line).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/command.h"
#include "identity/link.h"
#include "identity/spoken_code.h"

namespace parley::app {

enum class Mode { automatic, plain, json };

/// The documented exit codes.
enum class Exit { done = 0, failed = 1, wrong_use = 2, unreachable = 3, key_changed = 4 };

struct Chat {};
/// Makes a room and shows its link; with print_only that is all.
struct Invite {
    bool print_only = false;
};
struct Join {
    std::string link;
    bool from_argument = false;  ///< others on this machine can see it with ps
};
/// Makes a spoken code, waits for the one who joins with it, and chats with that person in a new room.
struct InviteByCode {};
struct JoinByCode {
    identity::SpokenCode code;
};
struct ManageProfiles {
    enum class What { make, list, show, export_, remove };
    What what;
    bool certain = false;  ///< delete without asking
};
/// Sends files into a room and ends when everyone who takes them has them.
struct Send {
    std::vector<std::string> files;
    std::string link;  ///< none: makes a room, shows its link and waits
};
/// Takes what is offered in a room, then ends.
struct Receive {
    std::string link;
    bool yes_to_all = false;
};
using Task = std::variant<Chat, Invite, Join, InviteByCode, JoinByCode, ManageProfiles, Send, Receive>;

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
};

/// Options, or the exit code after help, a version or one line of what is wrong was printed.
std::variant<Options, Exit> parse_options(int argc, char** argv);

}  // namespace parley::app
