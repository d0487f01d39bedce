// Numbers about a relay for whoever operates it: counts and nothing else, no address, no room.
#pragma once

#include <array>
#include <cstdint>

#include "relay/admission.h"
#include "wire/frames.h"

namespace parley::serve {

inline constexpr std::size_t reasons = wire::last_value(wire::RefuseReason{}) + 1;

struct Counts {
    // now
    std::uint64_t connections = 0;
    std::uint64_t rooms = 0;
    std::uint64_t blocks = 0;   ///< of frames in memory
    std::uint64_t charged = 0;  ///< bytes, as the limits count them
    // since the start
    std::uint64_t frames_in = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t pauses = 0;  ///< of reading, of connections that sent too much
    std::array<std::uint64_t, reasons> refused{};
    std::array<std::uint64_t, relay::knocks> knocks{};

    Counts& operator+=(const Counts& other) {
        connections += other.connections;
        rooms += other.rooms;
        blocks += other.blocks;
        charged += other.charged;
        frames_in += other.frames_in;
        bytes_in += other.bytes_in;
        bytes_out += other.bytes_out;
        pauses += other.pauses;
        for (std::size_t i = 0; i < reasons; ++i) refused[i] += other.refused[i];
        for (std::size_t i = 0; i < relay::knocks; ++i) knocks[i] += other.knocks[i];
        return *this;
    }
};

}  // namespace parley::serve
