#include "settings/table.h"

#include <algorithm>

namespace parley::settings {
namespace {

std::string setting_name(std::string_view variable) {
    std::string name(variable);
    for (auto& c : name) {
        if (c == '_') c = '-';
        else if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return name;
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        if (!part.empty()) parts.emplace_back(part);
        text.remove_prefix(std::min(text.size(), part.size() + 1));
    }
    return parts;
}

}  // namespace

Table::Table(std::vector<Setting> settings) : settings_(std::move(settings)), sources_(settings_.size(), "default") {}

const Setting* Table::find(std::string_view name) const {
    const auto found = std::ranges::find(settings_, name, &Setting::name);
    return found == settings_.end() ? nullptr : &*found;
}

Outcome Table::take(std::string_view name, std::span<const std::string> texts, std::string source) {
    const auto* setting = find(name);
    if (setting == nullptr) return std::unexpected(source + ": there is no setting of this name");
    if (!assign(setting->value, texts)) {
        return std::unexpected(source + ": " + std::string(name) + " takes " + what_it_takes(setting->value));
    }
    sources_[static_cast<std::size_t>(setting - settings_.data())] = std::move(source);
    return {};
}

Outcome Table::take_environment(std::string_view prefix, const char* const* variables) {
    for (; *variables != nullptr; ++variables) {
        const std::string_view variable = *variables;
        const auto name = variable.substr(0, variable.find('='));
        if (!name.starts_with(prefix) || name.size() == variable.size()) continue;
        const auto text = variable.substr(name.size() + 1);
        const auto known = setting_name(name.substr(prefix.size()));
        const auto* setting = find(known);
        const bool is_list = setting != nullptr && std::holds_alternative<List>(setting->value);
        const auto texts = is_list ? split_at_commas(text) : std::vector{std::string(text)};
        if (auto taken = take(known, texts, std::string(name)); !taken) return taken;
    }
    return {};
}

std::string Table::print() const {
    std::string out;
    for (std::size_t i = 0; i < settings_.size(); ++i) {
        auto line = std::string(settings_[i].name) + " = " + shown(settings_[i].value);
        line.resize(std::max<std::size_t>(line.size() + 1, 40), ' ');
        out += line + "# " + sources_[i] + '\n';
    }
    return out;
}

}  // namespace parley::settings
