// The command line of parley-evil.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "app/evil_wire.h"
#include "hostile/catalogue.h"

namespace parley::app {

enum class EvilExit { done = 0, failed = 1, wrong_use = 2 };

struct EvilOptions {
    hostile::AttackPtr attack;
    RelayPlace relay;
    std::uint16_t port = 0;
};

/// What to run with, or how the program ends instead: help, --list, wrong use.
std::variant<EvilOptions, EvilExit> read_evil_options(int argc, char** argv);

EvilExit complain_of_evil(std::string_view what, EvilExit code);

}  // namespace parley::app
