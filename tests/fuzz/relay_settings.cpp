// Any file of settings: refused with one line, or taken and then printed as a file that means the same. FAULTS O19
#include "app/relay_settings.h"
#include "base/bytes.h"
#include "base/ensure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley;
    const auto text = text_of({data, size});
    app::RelaySettings settings, again;
    auto table = app::relay_table(settings);
    const auto taken = settings::take_toml(table, text, "file");
    if (!taken) {
        ensure(taken.error().starts_with("file:"), "a complaint has its line");
        return 0;
    }
    auto read = app::relay_table(again);
    ensure(settings::take_toml(read, table.print(), "printed").has_value(), "what is printed can be read");
    return 0;
}
