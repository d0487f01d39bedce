// How a coroutine of ours is started on its own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>

namespace parley::net {

/// The last argument of co_spawn: what the coroutine throws comes out of the loop's run(), where only
/// main catches. asio::detached would swallow it, and a program would wait for ever for what has failed.
inline constexpr auto rethrow = [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
};

}  // namespace parley::net
