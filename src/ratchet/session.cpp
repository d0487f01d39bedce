#include "ratchet/session.h"

#include "ratchet/inside.h"
#include "ratchet/save.h"

namespace parley::ratchet {

Session::Session(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Session make_session(State<Suite> state) {
    return Session(std::make_unique<Session::Inside>(DoubleRatchet<Suite>(std::move(state))));
}

bool Session::confirmed() const { return inside_->ratchet.can_seal(); }

bool Session::has_opened() const { return inside_->ratchet.state().receiving.has_value(); }

const TranscriptHash& Session::transcript() const { return inside_->ratchet.state().transcript; }

Result<Bytes> Session::seal(ByteView content, Random& random) { return inside_->ratchet.seal(content, random); }

Result<SecretBytes> Session::open(ByteView body, Time now) { return inside_->ratchet.open(body, now); }

void Session::on_time(Time now) { inside_->ratchet.forget_old_keys(now); }

std::optional<std::uint32_t> Session::next_in_chain() const {
    const auto* sending = std::get_if<Sending<Suite>>(&inside_->ratchet.state().turn);
    return sending == nullptr ? std::nullopt : std::optional(sending->chain.n);
}

SecretBytes Session::save(Time now, std::uint32_t first_free) const {
    return ratchet::save(inside_->ratchet.state(), now, first_free);
}

Result<Session> Session::restore(ByteView saved, Time now) {
    auto state = ratchet::restore(saved, now);
    if (!state) return std::unexpected(state.error());
    return make_session(std::move(*state));
}

Session Session::duplicate() const {
    const auto& ours = inside_->ratchet.state();
    // Any time will do that none of the stored is after: ages become the same times again.
    const auto now = ours.skipped.newest();
    auto state = ratchet::restore(ratchet::save(ours, now).reveal(), now);
    ensure(state.has_value(), "a saved session restores");
    return make_session(std::move(*state));
}

}  // namespace parley::ratchet
