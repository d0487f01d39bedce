// From two seeded people to a shared session, and how tests read results.
#pragma once

#include <gtest/gtest.h>

#include "unit/ratchet/seeded.h"

namespace parley::ratchet::testing {

struct Sessions {
    Session initiator;
    Session responder;
};

/// The whole handshake, confirmation opened.
inline Sessions shake_hands(Pair& pair) {
    auto first = Initiator::start(pair.from_initiator(), pair.initiator.random);
    auto response = respond(pair.from_responder(), first.init(), pair.responder.random).value();
    auto finished = first.finish(pair.from_initiator(), response.answer, pair.initiator.random).value();
    EXPECT_EQ(response.session.open(finished.confirmation, noon).value().size(), 0U);
    return {std::move(finished.session), std::move(response.session)};
}

inline std::string text(const Result<SecretBytes>& content) {
    return content ? std::string(text_of(content->reveal())) : "refused: " + std::string(content.error().what);
}

inline Errc code(const auto& result) {
    EXPECT_FALSE(result.has_value()) << "was not refused";
    return result.has_value() ? Errc{} : result.error().code;
}

inline bool same(const SecretBytes& left, const SecretBytes& right) { return equal(left.reveal(), right.reveal()); }

}  // namespace parley::ratchet::testing
