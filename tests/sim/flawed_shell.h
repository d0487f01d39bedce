// A client with one flaw: what its core asks for is not quite what is done.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sim/flaw.h"
#include "sim/plan.h"
#include "world/world.h"

namespace parley::sim {

class FlawedShell {
public:
    explicit FlawedShell(Flaw flaw) : flaw_(flaw) {}

    /// What the world itself does wrong for it.
    test::World::Shell shell() const;
    void spoil(std::size_t who, std::vector<client::Action>& actions);

private:
    bool is_left_out(const client::Action& action) const;
    void seal_alike(std::size_t who, Bytes& frame);
    void spoil_message(std::size_t who, const client::MessageReceived& message, std::vector<client::Action>& out);

    const Flaw flaw_;
    std::array<std::optional<client::MessageReceived>, people> kept_back_;
    std::array<Bytes, people> last_posts_;
    std::size_t spoiled_ = 0;
};

}  // namespace parley::sim
