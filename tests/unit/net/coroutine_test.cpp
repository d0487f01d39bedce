#include "net/coroutine.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace parley::net {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> fails() {
    throw std::runtime_error("no memory");
    co_return;
}

TEST(Coroutine, what_it_throws_comes_out_of_the_loop) {
    asio::io_context context;
    asio::co_spawn(context, fails(), rethrow);
    EXPECT_THROW(context.run(), std::runtime_error);
}

TEST(Coroutine, twin_that_is_detached_swallows_it) {
    asio::io_context context;
    asio::co_spawn(context, fails(), asio::detached);
    EXPECT_NO_THROW(context.run());
}

}  // namespace
}  // namespace parley::net
