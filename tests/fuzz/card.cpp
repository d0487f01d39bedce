// Cards: what decodes encodes to the same bytes, and nothing but the sealed card opens.
#include <cstdlib>

#include "identity/card.h"
#include "world/random.h"

namespace parley::identity {
namespace {

constexpr std::size_t random_at = 203;  ///< behind the certificate: from here on all is the author's

void require(bool holds) {
    if (!holds) std::abort();
}

/// One card and where it is shown, the same on every run.
struct Shown {
    test::SeededRandom random{1};
    Identity ada = Identity::generate(random);
    RoomKey key = random.secret<RoomKey>();
    Place place{random.id<RoomId>(), random.id<SeatId>()};
    Bytes plaintext = encode({1, ada.public_identity(), ada.certificate(), random.bytes<32>(), "Ada"});
    Bytes sealed = seal_card(plaintext, key, place, random);
};

void decode_again(ByteView plaintext) {
    if (const auto card = decode_card(plaintext)) require(equal(encode(*card), plaintext));
}

/// The input laid over a whole card from one place on: behind valid keys the fuzzer finds the rest.
Bytes laid_over(ByteView whole, std::size_t at, ByteView input) {
    auto bytes = to_bytes(whole);
    const auto fitting = input.first(std::min(input.size(), bytes.size() - at));
    std::ranges::copy(fitting, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return bytes;
}

void read_all(ByteView input) {
    static const Shown shown;
    if (const auto identity = PublicIdentity::parse(input)) require(equal(identity->bytes(), input));
    decode_again(input);
    decode_again(laid_over(shown.plaintext, 0, input));
    decode_again(laid_over(shown.plaintext, random_at, input));

    const auto damaged = laid_over(shown.sealed, 0, input);
    require(open_card(damaged, shown.key, shown.place).has_value() == (damaged == shown.sealed));
}

}  // namespace
}  // namespace parley::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    parley::identity::read_all(parley::ByteView(data, size));
    return 0;
}
