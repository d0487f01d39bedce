// Who stands between clients and a relay and may do anything with their frames. Pure: frames go in
// with the connection they belong to, frames come out, and the time is told. A world in one process
// uses it, and parley-evil does on sockets.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::hostile {

enum class Direction { to_relay, to_client };

/// One frame on its way: what the length counts, without the length. An empty one to a client ends its connection.
struct Passing {
    std::size_t client;  ///< in the order in which clients first connected
    Direction direction;
    Bytes frame;
};

class Interceptor {
public:
    Interceptor() = default;
    Interceptor(const Interceptor&) = delete;
    Interceptor& operator=(const Interceptor&) = delete;
    virtual ~Interceptor() = default;

    /// What goes on instead, in order: nothing, the frame, another, several, also to others.
    virtual std::vector<Passing> pass(Passing frame, Time now) = 0;

    /// What was held back and is due, in order.
    virtual std::vector<Passing> on_time(Time) { return {}; }
    virtual std::optional<Time> next_deadline() const { return std::nullopt; }
};

/// An honest wire.
class Honest final : public Interceptor {
public:
    std::vector<Passing> pass(Passing frame, Time now) override;
};

/// Applies one change to the frames for which `applies` says so.
class Change final : public Interceptor {
public:
    using Applies = std::function<bool(const Passing&)>;
    using Apply = std::function<std::vector<Passing>(Passing)>;
    Change(Applies applies, Apply apply) : applies_(std::move(applies)), apply_(std::move(apply)) {}

    std::vector<Passing> pass(Passing frame, Time now) override;
    std::size_t times() const { return times_; }

private:
    Applies applies_;
    Apply apply_;
    std::size_t times_ = 0;
};

// Building blocks of attacks.

/// The frame alone, as a list.
std::vector<Passing> only(Passing frame);
std::vector<Passing> drop(Passing frame);
std::vector<Passing> repeat(Passing frame);
Change::Apply flip_bit(std::size_t bit);
Change::Apply cut_to(std::size_t size);

/// Damaged copies first, the honest frame last: every `stride`-th bit from `first_byte` on flipped.
Change::Apply spray_flipped(std::size_t first_byte, std::size_t stride);
/// Every `stride`-th prefix from `first` bytes on first, the honest frame last.
Change::Apply spray_prefixes(std::size_t first, std::size_t stride);

/// True for the n-th frame (from 0) for which `applies` is true, once.
Change::Applies nth(std::size_t n, Change::Applies applies);

/// True for a frame of this type in this direction.
Change::Applies of_type(Direction direction, std::uint8_t type);
/// True for a Post whose sealed body begins with this byte: which flight of the handshake it is.
Change::Applies post_of_kind(std::uint8_t kind);
/// Where the sealed body begins in a Post to one seat, and in a Deliver.
inline constexpr std::size_t post_body_at = 1 + 8 + 16;
inline constexpr std::size_t deliver_body_at = post_body_at;

}  // namespace parley::hostile
