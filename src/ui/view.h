// What shows the client's events, and what turns typed lines into commands.
#pragma once

#include <string>

#include "client/action.h"
#include "client/command.h"

namespace parley::ui {

class Prompt;

class View {
public:
    View() = default;
    View(const View&) = delete;
    View& operator=(const View&) = delete;
    virtual ~View() = default;

    virtual void show(const client::Event& event) = 0;
    /// Something of the program's own: [*].
    virtual void note(std::string_view text) = 0;
    /// Something that went wrong: [!].
    virtual void warn(std::string_view text) = 0;
    /// The user asks for this; the client is told next.
    virtual void commanded(const client::Command&) {}
    /// What the others see the user as, now.
    virtual void introduce_self(const client::Person&) {}
    /// A person types into the terminal it writes to.
    virtual void make_way_for(Prompt*) {}
};

}  // namespace parley::ui
