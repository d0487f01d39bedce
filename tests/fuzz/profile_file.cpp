// The file of a profile under any change: it opens to what was sealed, or it is refused, whoever knows how its check
// is made.
#include <cstdlib>

#include "base/codec.h"
#include "crypto/hash.h"
#include "store/envelope.h"
#include "world/random.h"

namespace parley::store {
namespace {

// PROTOCOL 8.2
constexpr std::size_t check_at = 8 + 1 + 1 + 3 * 4 + 16 + 8;
constexpr std::size_t salt_at = check_at + 8;
constexpr std::size_t box_at = salt_at + 16;
constexpr std::size_t commitment_size = 32;

constexpr crypto::PasswordCost cheap{64, 1, 1};
constexpr std::string_view inside = "what is inside";

void require(bool holds) {
    if (!holds) std::abort();
}

struct Sealed {
    test::SeededRandom random{1};
    KeySource source = new_key_source(Unlock::Kind::passphrase, cheap, random);
    LockedKey key = derive_key({Unlock::Kind::passphrase, SecretBytes(bytes_of("correct horse"))}, source);
    Bytes file = seal_file({source, 5}, bytes_of(inside), key, random);
};

/// The input laid over the file from one place on, at the length that it says.
Bytes laid_over(ByteView whole, ByteView input) {
    Reader in(input);
    const auto longer = in.number<std::uint8_t>();
    const auto at = in.number<std::uint8_t>() % whole.size();
    auto bytes = to_bytes(whole);
    if (longer != 0) bytes.resize(whole.size() + longer - 0x80U);
    const auto rest = in.rest();
    const auto room = bytes.size() - std::min(bytes.size(), at);
    std::ranges::copy(rest.first(std::min(rest.size(), room)), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return bytes;
}

/// The fuzzer cannot guess a hash.
Bytes with_right_check(Bytes file) {
    if (file.size() < box_at + commitment_size) return file;
    const ByteView all(file);
    const auto check = crypto::sha256(
        {all.first(check_at), all.subspan(salt_at, box_at - salt_at), all.subspan(box_at, commitment_size)});
    std::ranges::copy(check.view().first(salt_at - check_at), file.begin() + check_at);
    return file;
}

void judge(const Sealed& sealed, const Bytes& file) {
    const auto opening = read_opening(file, cheap);
    const auto contents = open_file(file, sealed.key);
    if (!contents) return require(file != sealed.file);
    require(opening.has_value() && file == sealed.file && text_of(contents->reveal()) == inside);
}

}  // namespace
}  // namespace parley::store

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley::store;
    static const Sealed sealed;
    const parley::ByteView bytes(data, size);
    judge(sealed, parley::to_bytes(bytes));
    const auto changed = laid_over(sealed.file, bytes);
    judge(sealed, changed);
    judge(sealed, with_right_check(changed));
    return 0;
}
