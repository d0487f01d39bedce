// Limits of file transfer (PROTOCOL 4.3): each with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::client {

using namespace std::chrono_literals;

/// Bytes of UTF-8 in a file's name (PROTOCOL 4.3): what file systems take.
inline constexpr std::size_t max_file_name = 255;
/// Files that others offer and that are not answered yet; what comes beyond is declined.
inline constexpr std::size_t max_open_offers = 64;
/// Offers that came to their end, remembered so that one that is said again for others is no news.
inline constexpr std::size_t max_known_offers = 200;
/// Bytes a file may have if the user said nothing else: 16 GiB.
inline constexpr std::uint64_t default_max_file_size = 16ULL << 30U;
/// Chunks that a sender has posted and a receiver that takes them has not confirmed: half a MiB, half of what
/// the relay keeps for one slow reader.
inline constexpr std::size_t chunk_window = 8;
/// Posts of chunks on their way where only some of a room take a file and each gets a copy, so that they fit into
/// the relay's share of one seat (2 MiB).
inline constexpr std::size_t max_posts_in_flight = 20;
/// Chunks read ahead of the window, so that the disk and the network work at the same time.
inline constexpr std::size_t chunks_read_ahead = 8;
/// Chunks that wait for the disk of a receiver: an honest sender has no more on their way.
inline constexpr std::size_t max_chunks_unwritten = 2 * chunk_window;
/// A receiver says how far it is after so many chunks, or this long after the last one.
inline constexpr std::size_t chunks_per_status = 2;
inline constexpr Duration status_delay = 20ms;
/// Ranges of chunks one status tells: 1 KiB, so that it stays a small body.
inline constexpr std::size_t max_status_ranges = 60;
inline constexpr std::uint64_t max_chunk_index = 1ULL << 49U;  // 2^64 bytes have fewer chunks
/// From the first who takes a file to its first chunk: who takes it within this time gets the same chunks.
inline constexpr Duration gather_time = 200ms;
/// A receiver to whom nothing comes for this long asks; the pause doubles up to the second.
inline constexpr Duration chunk_patience = 2s;
inline constexpr Duration longest_chunk_patience = 30s;
/// A receiver who takes nothing for this long is left behind; it gets the rest when it comes back.
inline constexpr Duration stall_patience = 10s;
/// Progress is shown so often at most.
inline constexpr Duration progress_interval = 250ms;

}  // namespace parley::client
