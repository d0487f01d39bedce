// The words and options of parley: declared once for parsing, for the manual and for completions.
#pragma once

#include <CLI/CLI.hpp>

#include "app/options.h"

namespace parley::app {

/// What CLI11 fills before it is checked.
struct Raw {
    std::string relay = "127.0.0.1:5555";
    std::string name = "guest";
    std::string link;
    std::string link_file;
    bool plain = false;
    bool json = false;
    bool no_host = false;
    bool insecure = false;
    std::string proxy;
    std::string token_file;
    bool print = false;
    bool by_code = false;
    bool relay_given = false;
    bool name_given = false;
    ProfileChoice profile;
    int passphrase_fd = -1;
    bool certain = false;
    bool yes = false;
    std::vector<std::string> files;
    std::string folder = ".";
    std::string max_size = "16G";
};

struct ProfileWord {
    const char* name;
    const char* help;
    ManageProfiles::What what;
    bool takes_name;
    bool takes_keys;
};
inline constexpr ProfileWord profile_words[] = {
    {"new", "make a profile", ManageProfiles::What::make, true, true},
    {"list", "the names of all", ManageProfiles::What::list, false, false},
    {"show", "who it is, and its rooms", ManageProfiles::What::show, true, true},
    {"export", "the sealed file, as it is, on standard output", ManageProfiles::What::export_, true, false},
    {"delete", "delete it for good", ManageProfiles::What::remove, true, false},
};

struct CommandLine {
    CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    CLI::App app;
    Raw raw;
};

}  // namespace parley::app
