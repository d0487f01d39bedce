// Many connections that stay: each with its seat, the client's own policy of coming back, and a count of what it
// should have heard. One of each room speaks once a second.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "client/connection.h"
#include "net/dial.h"
#include "net/random.h"
#include "wire/codec.h"
#include "wire/stream.h"

namespace parley::bench {

struct Plan {
    net::Target target;
    std::size_t connections = 0;
    std::size_t rooms = 0;
    std::size_t dials_at_once = 0;  ///< at first: as many people do not open their terminals in one moment
};

struct Counts {
    std::size_t online = 0;
    std::size_t cut = 0;  ///< connections that ended without a word from the relay
    std::size_t told = 0;
    std::size_t failed_dials = 0;
    std::uint64_t heard = 0;
    std::uint64_t missed = 0;
};

class Member;

class Crowd {
public:
    Crowd(boost::asio::io_context& context, Plan plan);
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    const Counts& counts() const { return counts_; }

private:
    boost::asio::awaitable<void> run();

    boost::asio::io_context& context_;
    Plan plan_;
    net::KernelRandom random_;
    Counts counts_;
    std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace parley::bench
