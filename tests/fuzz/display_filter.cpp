// Nothing that a terminal executes leaves the filter.
#include <cstdlib>

#include "base/utf8.h"
#include "ui/filter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& shown : {parley::ui::displayable(text), parley::ui::displayable_name(text)}) {
        if (!parley::is_valid_utf8(shown)) std::abort();
        for (const char c : shown) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || byte == 0x7f) std::abort();
        }
    }
    return 0;
}
