// Files in a world: somebody who has one, and others who take it when they are told to.
#pragma once

#include <gtest/gtest.h>

#include "client/file_limits.h"
#include "ratchet/body.h"
#include "wire/frames.h"
#include "world/world.h"

namespace parley::test {

using namespace std::chrono_literals;

inline constexpr auto chunk_kind = static_cast<std::uint8_t>(ratchet::BodyKind::chunk);

inline Bytes file_of(std::size_t size, std::uint64_t seed = 1) {
    Bytes bytes(size);
    SeededRandom(seed).fill(bytes);
    return bytes;
}

inline bool is_chunk(const hostile::Passing& passing) {
    const auto at = passing.direction == hostile::Direction::to_client ? hostile::deliver_body_at : std::size_t{0};
    if (passing.frame.empty()) return false;
    if (passing.direction == hostile::Direction::to_client) {
        return passing.frame[0] == wire::Deliver::type && passing.frame.size() > 65'536 &&
               passing.frame[at] == chunk_kind;
    }
    return passing.frame[0] == wire::Post::type && passing.frame.size() > 65'536 &&
           passing.frame[passing.frame.size() - 65'536] == chunk_kind;
}

/// Anna, who has a file, and others who take it when they are told to.
struct FileRoom {
    World world;
    Bytes file;

    enum class Keeping { nothing, profiles };

    explicit FileRoom(std::size_t receivers, std::size_t size, relay::Limits limits = {},
                      Keeping keeping = Keeping::nothing, std::uint64_t seed = 7)
        : world(seed, limits), file(file_of(size)) {
        const bool kept = keeping == Keeping::profiles;
        world.start(world.add({.name = "anna", .keeps_seat = kept}));
        for (std::size_t i = 1; i <= receivers; ++i) {
            world.start(world.add({.name = "r" + std::to_string(i), .keeps_seat = kept}));
            world.run_for(150ms);
        }
        world.settle();
        world.disk(0).files["/home/anna/photo.jpg"] = file;
    }
    void offer() {
        world.command(0, client::SendFile{"/home/anna/photo.jpg"});
        world.run_for(100ms);
    }
    void accept(std::size_t who) { world.command(who, client::GetFile{1, "/in"}); }
    bool has_it(std::size_t who) {
        const auto found = world.disk(who).files.find("/in/photo.jpg");
        return found != world.disk(who).files.end() && found->second == file;
    }
    bool run_until_there(std::size_t who, Duration patience = 120s) {
        for (Duration waited{}; waited < patience && !has_it(who); waited += 50ms) world.run_for(50ms);
        world.settle();
        return has_it(who);
    }
    /// Runs until this many chunks are with somebody.
    void run_until_written(std::size_t who, std::uint64_t bytes) {
        for (int i = 0; i < 100'000; ++i) {
            if (world.disk(who).written() >= bytes) return;
            world.run_for(1ms);
        }
        ADD_FAILURE() << "the file stands still";
    }
    template <class Event>
    std::size_t count(std::size_t who) const {
        return world.shown<Event>(who).size();
    }
};

inline std::string failure(const World& world, std::size_t who) {
    const auto failed = world.shown<client::FileFailed>(who);
    return failed.empty() ? "" : std::string(failed.back().reason);
}

}  // namespace parley::test
