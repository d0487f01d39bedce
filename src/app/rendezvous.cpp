#include "app/rendezvous.h"

#include <boost/asio/io_context.hpp>

#include "app/reach.h"
#include "base/ensure.h"
#include "connect/driver.h"

namespace parley::app {
namespace {

void explain_code(const MeetingPoint& at, ui::View& view) {
    view.note("Tell this code to one person, who types it into: parley " + std::string(at.other_word) +
              " --code --relay " + identity::print(at.relay));
    view.note("Waiting for that person, for ten minutes at most. The code works once.");
}

}  // namespace

Result<client::Met> meet(std::unique_ptr<client::Pairing> pairing, const MeetingPoint& at, ui::View& view,
                         OnUnreachable on_unreachable) {
    boost::asio::io_context context{1};
    connect::Driver driver(context, *pairing, target_of(at.relay, at.proxy),
                           {.on_event =
                                [&](const client::Event& event) {
                                    view.show(event);
                                    if (std::holds_alternative<client::CodeReady>(event)) explain_code(at, view);
                                },
                            .on_stop = [&](const client::Stop&) { context.stop(); },
                            .on_unreachable = std::move(on_unreachable)});
    driver.start();
    context.run();
    auto result = pairing->take_result();
    ensure(result.has_value(), "a pairing that stopped came to something");
    return std::move(*result);
}

}  // namespace parley::app
