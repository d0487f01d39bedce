// JSON mode: one event a line on standard output, for bots. docs/JSON.md lists them.
#pragma once

#include <cstdio>

#include "ui/view.h"

namespace parley::ui {

class JsonView final : public View {
public:
    explicit JsonView(std::FILE* out) : out_(out) {}

    void show(const client::Event& event) override;
    void note(std::string_view text) override;
    void warn(std::string_view text) override;

private:
    void write(const std::string& object);

    std::FILE* out_;
};

/// A JSON string with its quotes. Beyond what JSON asks, everything the display filter would show as
/// a code is escaped, so that a terminal that shows the line is safe too.
std::string json_string(std::string_view text);

}  // namespace parley::ui
