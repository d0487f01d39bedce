// Two ends of a connection on this machine, and a loop that runs until what a test waits for has come.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "net/bridge.h"
#include "net/coroutine.h"
#include "net/transport.h"

namespace parley::net::test {

namespace asio = boost::asio;
using asio::ip::tcp;

inline tcp::acceptor listener(asio::io_context& context) {
    return tcp::acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
}

struct Ends {
    tcp::socket client;
    tcp::socket server;
};
inline Ends connected_ends(asio::io_context& context) {
    auto acceptor = listener(context);
    tcp::socket client(context);
    client.connect(acceptor.local_endpoint());
    return {std::move(client), acceptor.accept()};
}

/// What a coroutine comes to, if it comes to it in time.
template <class T>
class Outcome {
public:
    Outcome(asio::io_context& context, asio::awaitable<T> work) : context_(context) {
        asio::co_spawn(context, keep(std::move(work), result_), rethrow);
    }
    bool is_there() const { return result_->has_value(); }
    T& wait() {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        context_.restart();
        while (!is_there() && std::chrono::steady_clock::now() < end) context_.run_one_for(std::chrono::seconds(1));
        EXPECT_TRUE(is_there()) << "waited in vain";
        return result_->value();
    }

private:
    static asio::awaitable<void> keep(asio::awaitable<T> work, std::shared_ptr<std::optional<T>> result) {
        auto value = co_await std::move(work);
        result->emplace(std::move(value));
    }

    asio::io_context& context_;
    std::shared_ptr<std::optional<T>> result_ = std::make_shared<std::optional<T>>();
};

/// So many bytes, or fewer where the connection ended before.
inline asio::awaitable<Bytes> read_bytes(Transport& from, std::size_t size) {
    Bytes all;
    Bytes buffer(64U << 10U);
    while (all.size() < size) {
        const bool readable = co_await from.wait_readable();
        if (!readable) break;
        const auto got = from.read_some(buffer);
        if (!got) break;
        append(all, ByteView(buffer).first(*got));
    }
    co_return all;
}

inline Bytes pattern(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
    return bytes;
}

/// Both ends carry it whole, in both directions at once.
inline void expect_to_carry(asio::io_context& context, Transport& one, Transport& other, std::size_t size) {
    const auto bytes = pattern(size);
    Outcome<bool> there(context, write_all(one, bytes));
    Outcome<bool> back(context, write_all(other, bytes));
    Outcome<Bytes> arrived(context, read_bytes(other, size));
    Outcome<Bytes> returned(context, read_bytes(one, size));
    EXPECT_TRUE(there.wait());
    EXPECT_TRUE(back.wait());
    EXPECT_EQ(arrived.wait(), bytes);
    EXPECT_EQ(returned.wait(), bytes);
}

}  // namespace parley::net::test
