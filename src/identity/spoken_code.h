// The spoken code (PROTOCOL 2.6): NNNN-word-word-word. The digits name a room where two people meet;
// the words are the password of one SPAKE2 exchange there, and nothing else is ever derived from them:
// whatever could be computed from the words alone could be tried out at home (ATTACKS 16).
#pragma once

#include <string>

#include "base/names.h"
#include "crypto/password.h"
#include "crypto/spake2.h"

namespace parley::identity {

inline constexpr std::size_t words_per_code = 3;

/// Four decimal digits: public, the relay may guess them.
using Nameplate = Id<struct NameplateTag, 4>;

class SpokenCode {
public:
    /// 13 bits of digits and 31 bits of words.
    static SpokenCode draw(Random& random);

    /// Forgiving: any case, blanks or dashes between the parts, each word by its first three letters or
    /// more. Error: bad_input, with one line that says what is wrong and never what was typed.
    static Result<SpokenCode> parse(std::string_view text);

    const Nameplate& nameplate() const { return nameplate_; }

    /// The one way to use the words.
    crypto::Spake2Password password(const crypto::PasswordCost& cost) const;

    /// For the person who made it to say aloud: canonical, lower case, whole words.
    std::string print() const;

private:
    using Numbers = Secret<struct CodeWordsTag, 2 * words_per_code>;  ///< each as a u16
    SpokenCode(const Nameplate& nameplate, Numbers words) : nameplate_(nameplate), words_(std::move(words)) {}

    SecretBytes text_of_words() const;

    Nameplate nameplate_;
    Numbers words_;
};

/// What Tab makes of a code that is being typed: its last word whole with the dash that follows, where only
/// one word begins so; as it is everywhere else.
std::string complete_code(std::string_view typed);

/// Where the two meet.
RoomId nameplate_room(const Nameplate& nameplate);
/// Who plays which part, the version and the nameplate; the relay's address is left out, because the two
/// may reach one relay by different names.
crypto::Spake2Context code_context(const Nameplate& nameplate);

}  // namespace parley::identity
