#include "app/display.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;

/// Between two pictures that nobody asked for with a key: more than 60 a second nobody sees, and over
/// SSH they would be in the way.
constexpr auto interval = 16ms;

}  // namespace

void Display::request() {
    if (std::exchange(requested_, true)) return;
    timer_.expires_at(std::max(drawn_at_ + interval, std::chrono::steady_clock::now()));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && requested_) draw();
    });
}

void Display::draw() {
    requested_ = false;
    timer_.cancel();
    // An effect may cause the next one, as a suspended screen that is drawn again.
    for (const auto& effect : screen_.take_effects()) terminal_.perform(effect);
    terminal_.draw(screen_.paint(terminal_.size()));
    drawn_at_ = std::chrono::steady_clock::now();
}

}  // namespace parley::app
