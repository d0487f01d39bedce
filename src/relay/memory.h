// The memory that all rooms of one loop share, and what of it is in use.
#pragma once

#include <cstddef>

#include "relay/kept.h"

namespace parley::relay {

struct Memory {
    PayloadPool payloads;  ///< before whatever holds its blocks
    NotePool notes;
    std::size_t charged = 0;  ///< bytes, as Limits counts them
};

}  // namespace parley::relay
