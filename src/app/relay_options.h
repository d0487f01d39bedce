// The command line of parley-relay: flags over environment over file over default, the same names in all.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <variant>

#include "app/relay_plan.h"

namespace parley::app {

enum class RelayExit { done = 0, failed = 1, wrong_use = 2 };

/// What to run with, or how the program ends instead: help, --print-config, --check-config, wrong use.
std::variant<serve::Options, RelayExit> read_relay_options(int argc, char** argv);

/// All that the program may be told, for whoever describes it.
void describe_relay(const std::function<void(const CLI::App&)>& to);

RelayExit complain(std::string_view what, RelayExit code);

}  // namespace parley::app
