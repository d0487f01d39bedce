#include "app/run.h"

#include "ui/json.h"
#include "ui/plain.h"

namespace parley::app {
namespace {

std::unique_ptr<ui::View> make_view(const Options& options) {
    if (options.mode == Mode::json) return std::make_unique<ui::JsonView>(stdout);
    return std::make_unique<ui::PlainView>(stdout, stderr);
}

}  // namespace

Run::Run(const Options& chosen, Home& whose)
    : options(chosen),
      home(whose),
      view(make_view(chosen)),
      random(whose.random()),
      host(chosen.may_host && !chosen.proxy ? Host::Allowed::yes : Host::Allowed::no) {}

}  // namespace parley::app
