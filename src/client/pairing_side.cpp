#include "client/pairing_side.h"

namespace parley::client {

PairingStep burn(std::string_view why, Errc code) {
    PairingStep step;
    step.post.push_back({std::nullopt, encode(BurnedMessage{})});
    step.end = std::unexpected(Error{code, why});
    return step;
}

PairingStep say_to(const SeatId& seat, Bytes body) {
    PairingStep step;
    step.post.push_back({seat, std::move(body)});
    return step;
}

}  // namespace parley::client
