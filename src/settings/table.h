// All settings of a program in one table: flags, environment, file and --print-config follow from it.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "settings/value.h"

namespace parley::settings {

/// One line: where it stands, which setting, what it may be.
using Complaint = std::string;
using Outcome = std::expected<void, Complaint>;

struct Setting {
    /// As --name, PREFIX_NAME in the environment, and name = ... in the file.
    std::string_view name;
    Value value;
    std::string_view help;
};

class Table {
public:
    explicit Table(std::vector<Setting> settings);

    const std::vector<Setting>& settings() const { return settings_; }
    /// nullptr: there is none.
    const Setting* find(std::string_view name) const;

    /// Later ones win: call in the order file, environment, flags. `source` is shown to people.
    Outcome take(std::string_view name, std::span<const std::string> texts, std::string source);
    /// Variables that begin with the prefix, a list's texts with a comma between them.
    Outcome take_environment(std::string_view prefix, const char* const* variables);

    /// A file with every setting as it is now, each with where it comes from.
    std::string print() const;

private:
    std::vector<Setting> settings_;
    std::vector<std::string> sources_;
};

/// TOML, flat: one key for each setting. `name` is what complaints call the text; they have lines.
Outcome take_toml(Table& table, std::string_view text, std::string_view name);

}  // namespace parley::settings
