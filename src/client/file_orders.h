// What an event in a file transfer leads to: for the client to carry out, in order.
#pragma once

#include <set>
#include <vector>

#include "client/content.h"
#include "client/event.h"
#include "client/file_job.h"

namespace parley::client {

/// A sealed chunk on its way to those who miss it.
struct ChunkPost {
    FileNumber file;
    std::uint64_t index;
    std::set<IdentityId> to;
    std::shared_ptr<const Bytes> body;
};
struct StatusPost {
    IdentityId to;
    FileStatus status;
};

struct FileOrders {
    std::vector<FileJob> jobs;
    std::vector<Said> say;  ///< to the whole room
    std::vector<StatusPost> statuses;
    std::vector<Event> events;
    std::vector<ChunkPost> chunks;
    bool lasting = false;  ///< something changed that a later run must know
};

}  // namespace parley::client
