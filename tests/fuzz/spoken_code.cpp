// Spoken codes: what is read is printed as a text that reads the same; completion never leaves the list.
#include <cstdlib>

#include "identity/spoken_code.h"
#include "identity/words.h"

namespace parley::identity {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void read_code(std::string_view text) {
    const auto code = SpokenCode::parse(text);
    if (!code) return require(code.error() == Errc::bad_input && !code.error().what.empty());
    const auto printed = code->print();
    require(SpokenCode::parse(printed).value().print() == printed);
}

void read_all(std::string_view text) {
    read_code(text);
    read_code("0815-" + std::string(text));
    read_code("0815 apple river " + std::string(text));
    for (const auto word : words_beginning_with(text)) require(word.starts_with(text));
    if (const auto found = find_word(text)) require(words().at(*found).starts_with(text));
}

}  // namespace
}  // namespace parley::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::identity::read_all(parley::text_of(parley::ByteView(data, size)));
    return 0;
}
