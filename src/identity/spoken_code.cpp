#include "identity/spoken_code.h"

#include <optional>

#include "base/codec.h"
#include "crypto/hkdf.h"
#include "crypto/labels.h"
#include "identity/words.h"

namespace parley::identity {
namespace {

constexpr std::uint8_t code_version[] = {1};
constexpr std::size_t longest_word = 7;

/// Evenly below `count`, but for less than one part in 2^50.
std::uint64_t draw_below(std::uint64_t count, Random& random) {
    auto drawn = random.bytes<8>();
    const auto number = Reader(drawn).number<std::uint64_t>() % count;
    wipe(drawn);
    return number;
}

Nameplate draw_nameplate(Random& random) {
    FixedBytes<Nameplate::size> digits;
    for (auto& digit : digits) digit = static_cast<std::uint8_t>('0' + draw_below(10, random));
    return Nameplate(digits);
}

bool separates(char c) { return c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes the next part off the front of a text; empty at its end.
std::string_view next_part(std::string_view& rest) {
    while (!rest.empty() && separates(rest.front())) rest.remove_prefix(1);
    const auto end = std::ranges::find_if(rest, separates);
    const auto part = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(part.size());
    return part;
}

std::optional<Nameplate> parse_digits(std::string_view part) {
    if (part.size() != Nameplate::size || !std::ranges::all_of(part, is_digit)) return std::nullopt;
    return Nameplate(bytes_of(part).first<Nameplate::size>());
}

std::optional<std::size_t> parse_word(std::string_view part) {
    if (part.size() > longest_word) return std::nullopt;
    FixedBytes<longest_word> text{};
    std::ranges::transform(part, text.begin(), lowered);
    const auto found = find_word(text_of(ByteView(text).first(part.size())));
    wipe(text);
    return found;
}

constexpr auto no_digits = "a code begins with four digits, like 1234-apple-river-stone";
constexpr std::string_view unknown_word[words_per_code] = {"the first word of the code is none of the list: a typo?",
                                                           "the second word of the code is none of the list: a typo?",
                                                           "the third word of the code is none of the list: a typo?"};
constexpr auto too_few = "a code has three words after the digits, like 1234-apple-river-stone";
constexpr auto too_many = "a code ends after its third word, like 1234-apple-river-stone";

}  // namespace

SpokenCode SpokenCode::draw(Random& random) {
    const auto nameplate = draw_nameplate(random);
    return {nameplate, Numbers::filled([&](MutableBytes out) {
                for (std::size_t i = 0; i < words_per_code; ++i) {
                    const auto number = draw_below(word_count, random);
                    out[2 * i] = static_cast<std::uint8_t>(number >> 8U);
                    out[2 * i + 1] = static_cast<std::uint8_t>(number);
                }
            })};
}

Result<SpokenCode> SpokenCode::parse(std::string_view text) {
    const auto nameplate = parse_digits(next_part(text));
    if (!nameplate) return fail(Errc::bad_input, no_digits);
    FixedBytes<2 * words_per_code> numbers;
    for (std::size_t i = 0; i < words_per_code; ++i) {
        const auto part = next_part(text);
        if (part.empty()) return fail(Errc::bad_input, too_few);
        const auto number = parse_word(part);
        if (!number) return fail(Errc::bad_input, unknown_word[i]);
        numbers[2 * i] = static_cast<std::uint8_t>(*number >> 8U);
        numbers[2 * i + 1] = static_cast<std::uint8_t>(*number);
    }
    if (!next_part(text).empty()) return fail(Errc::bad_input, too_many);
    SpokenCode code(*nameplate, Numbers(numbers));
    wipe(numbers);
    return code;
}

SecretBytes SpokenCode::text_of_words() const {
    SecretBytes text;
    Reader numbers(words_.reveal());
    for (std::size_t i = 0; i < words_per_code; ++i) {
        if (i > 0) text.append(bytes_of("-"));
        text.append(bytes_of(words()[numbers.number<std::uint16_t>()]));
    }
    return text;
}

crypto::Spake2Password SpokenCode::password(const crypto::PasswordCost& cost) const {
    Bytes salt = to_bytes(crypto::labels::code_salt);
    append(salt, nameplate_.view());
    return crypto::hash_password<crypto::Spake2Password>(text_of_words().reveal(), salt, cost);
}

std::string SpokenCode::print() const {
    return std::string(text_of(nameplate_.view())) + "-" + std::string(text_of(text_of_words().reveal()));
}

std::string complete_code(std::string_view typed) {
    const auto last = std::find_if(typed.rbegin(), typed.rend(), separates).base();
    const auto begun = static_cast<std::size_t>(last - typed.begin());
    const auto candidates = words_beginning_with(typed.substr(begun));
    if (begun == typed.size() || candidates.size() != 1) return std::string(typed);
    const auto before = typed.substr(0, begun);
    const bool ends_it = std::ranges::count_if(before, separates) == std::ptrdiff_t{words_per_code};
    return std::string(before) + std::string(candidates.front()) + (ends_it ? "" : "-");
}

RoomId nameplate_room(const Nameplate& nameplate) {
    return RoomId(crypto::hkdf<32>({}, nameplate.view(), {crypto::labels::nameplate}).reveal());
}

crypto::Spake2Context code_context(const Nameplate& nameplate) {
    auto associated = to_bytes(crypto::labels::code_context);
    append(associated, code_version);
    append(associated, nameplate.view());
    return {to_bytes(crypto::labels::code_joiner), to_bytes(crypto::labels::code_inviter), std::move(associated)};
}

}  // namespace parley::identity
