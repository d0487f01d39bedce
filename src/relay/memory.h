// The memory that all rooms of one loop share, and what of it is in use.
#pragma once

#include <cstddef>

#include "relay/intake.h"
#include "relay/kept.h"

namespace parley::relay {

struct Memory {
    PayloadPool payloads;  ///< before whatever holds its blocks
    Intake intake{payloads};
    NotePool notes;
    std::size_t charged = 0;  ///< bytes, as Limits counts them

    bool has_stale() const { return payloads.has_stale() || intake.has_stale(); }
    void wipe_stale() {
        payloads.wipe_stale();
        intake.wipe_stale();
    }
};

}  // namespace parley::relay
