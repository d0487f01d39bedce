#include "ratchet/save.h"

#include "base/codec.h"
#include "ratchet/version.h"

namespace parley::ratchet {
namespace {

/// So that no sum with a time overflows; keys are forgotten long before.
constexpr Duration max_age = 2 * stored_key_life;

enum class TurnKind : std::uint8_t { awaiting, answering, sending };

class Saver {
public:
    Saver(Time now, std::uint32_t first_free) : now_(now), first_free_(first_free) { bytes_.reserve(16384); }

    void state(const State<Suite>& state) {
        write_.raw(version_byte);
        write_.id(state.transcript);
        write_.raw(state.root.reveal());
        keys(state.next_receiving);
        std::visit([this](const auto& turn) { this->turn(turn); }, state.turn);
        write_.number<std::uint8_t>(state.receiving ? 1 : 0);
        if (state.receiving) receiving(*state.receiving);
        write_.number(static_cast<std::uint8_t>(state.former.size()));
        for (const auto& former : state.former) {
            peer(former.peer);
            write_.number(former.end);
        }
        skipped(state.skipped);
        seen(state.seen);
    }
    SecretBytes finish() const { return SecretBytes(ByteView(bytes_)); }

private:
    void kind(TurnKind kind) { write_.number(static_cast<std::uint8_t>(kind)); }
    void keys(const HeaderKeys& keys) {
        write_.raw(keys.seal.reveal());
        write_.raw(keys.nonce.reveal());
    }
    void own(const Suite::OwnKeys& own) {
        write_.raw(own.key.save().reveal());
        write_.raw(own.decapsulation.save().reveal());
    }
    void announcement(const Announcement& announcement) {
        write_.raw(announcement.ratchet_key);
        write_.raw(announcement.encapsulation_key);
        write_.raw(announcement.ciphertext);
    }
    void chain(const Chain& chain) {
        write_.raw(chain.key.reveal());
        write_.number(chain.n);
    }
    Chain gone_on(const Chain& chain) const {
        auto later = chain.duplicate();
        (void)skip_to<Suite>(later, first_free_);
        return later;
    }
    void turn(const Awaiting<Suite>& turn) {
        kind(TurnKind::awaiting);
        own(turn.ours);
        keys(turn.next_sending);
        write_.raw(turn.their_last);
    }
    void turn(const Answering<Suite>& turn) {
        kind(TurnKind::answering);
        write_.raw(turn.theirs.key.view());
        write_.raw(turn.theirs.encapsulation.view());
        keys(turn.sending);
        write_.number(turn.pn);
    }
    void turn(const Sending<Suite>& turn) {
        kind(TurnKind::sending);
        own(turn.ours);
        announcement(turn.announcement);
        keys(turn.sending);
        keys(turn.next_sending);
        chain(gone_on(turn.chain));
        write_.number(turn.pn);
        write_.raw(turn.their_last);
    }
    void peer(const PeerChain<Suite>& peer) {
        write_.number(peer.number);
        keys(peer.header_keys);
        announcement(peer.announcement);
        write_.number(peer.pn);
    }
    void receiving(const Receiving<Suite>& receiving) {
        peer(receiving.peer);
        chain(receiving.chain);
    }
    void id(const MessageId& id) {
        write_.number(id.chain);
        write_.number(id.n);
    }
    void skipped(const SkippedKeys& skipped) {
        write_.number(static_cast<std::uint32_t>(skipped.all().size()));
        for (const auto& [message, stored] : skipped.all()) {
            id(message);
            write_.number(static_cast<std::uint64_t>(std::clamp(now_ - stored.since, Duration{}, max_age).count()));
            write_.raw(stored.key.reveal());
        }
    }
    void seen(const SeenHeaders& seen) {
        write_.number(static_cast<std::uint32_t>(seen.all().size()));
        for (const auto& one : seen.all()) {
            id(one.id);
            write_.raw(one.hash);
        }
    }

    Time now_;
    std::uint32_t first_free_;
    SecretVector bytes_;
    BasicWriter<SecretVector> write_{bytes_};
};

/// Reads what Saver wrote. After the first failure it goes on with zeros; the failure is asked for once.
class Restorer {
public:
    Restorer(ByteView saved, Time now) : read_(saved), now_(now) {}

    Result<State<Suite>> state() {
        if (read_.number<std::uint8_t>() != version_byte[0]) return fail(Errc::unknown_type, "no version of a session");
        auto transcript = read_.id<TranscriptHash>();
        auto root = secret<RootKey>();
        auto next_receiving = keys();
        auto turn = this->turn();
        if (!turn) return std::unexpected(turn.error());
        State<Suite> state{transcript, std::move(root), std::move(next_receiving), std::move(*turn)};
        if (flag()) state.receiving = receiving();
        former(state.former);
        skipped(state.skipped);
        seen(state.seen);
        if (const auto whole = read_.finish(); !whole) return std::unexpected(whole.error());
        if (!canonical_) return fail(Errc::not_canonical, "a session is not saved like this");
        return state;
    }

private:
    void expect(bool holds) { canonical_ = canonical_ && holds; }
    bool flag() {
        const auto value = read_.number<std::uint8_t>();
        expect(value <= 1);
        return value == 1;
    }
    /// A number of entries, refused above its limit before anything is made of it.
    std::uint32_t count(std::uint32_t limit) {
        const auto value = read_.number<std::uint32_t>();
        expect(value <= limit);
        return value <= limit ? value : 0;
    }
    template <class SecretType>
    SecretType secret() {
        return SecretType::filled([this](auto out) {
            const auto bytes = read_.take(out.size());
            std::ranges::copy(bytes, out.begin());
        });
    }
    HeaderKeys keys() {
        auto seal = secret<decltype(HeaderKeys::seal)>();
        return {std::move(seal), secret<decltype(HeaderKeys::nonce)>()};
    }
    template <std::size_t N>
    void into(FixedBytes<N>& out) {
        std::ranges::copy(read_.take(N), out.begin());
    }
    Announcement announcement() {
        Announcement announcement{};
        into(announcement.ratchet_key);
        into(announcement.encapsulation_key);
        into(announcement.ciphertext);
        return announcement;
    }
    Chain chain() {
        auto key = secret<ChainKey>();
        return {std::move(key), read_.number<std::uint32_t>()};
    }
    Result<Suite::OwnKeys> own() {
        const auto scalar = secret<crypto::P256PrivateKey::Scalar>();
        const auto seed = secret<crypto::DecapsulationKey::Seed>();
        auto key = crypto::P256PrivateKey::restore(scalar.reveal());
        if (!key) return std::unexpected(key.error());
        return Suite::OwnKeys{std::move(*key), crypto::DecapsulationKey::restore(seed)};
    }
    Result<Turn<Suite>> turn() {
        switch (static_cast<TurnKind>(read_.number<std::uint8_t>())) {
            case TurnKind::awaiting: return awaiting();
            case TurnKind::answering: return answering();
            case TurnKind::sending: return sending();
        }
        return fail(Errc::unknown_type, "no kind of turn");
    }
    Result<Turn<Suite>> awaiting() {
        auto ours = own();
        if (!ours) return std::unexpected(ours.error());
        auto next = keys();
        return Awaiting<Suite>{std::move(*ours), std::move(next), read_.array<Suite::RatchetKey{}.size()>()};
    }
    Result<Turn<Suite>> answering() {
        auto key = crypto::P256PublicKey::parse(read_.take(crypto::P256PublicKey::size));
        if (!key) return std::unexpected(key.error());
        auto encapsulation = crypto::EncapsulationKey::parse(read_.take(crypto::kem_key_size));
        if (!encapsulation) return std::unexpected(encapsulation.error());
        auto sending = keys();
        return Answering<Suite>{
            {std::move(*key), std::move(*encapsulation)}, std::move(sending), read_.number<std::uint32_t>()};
    }
    Result<Turn<Suite>> sending() {
        auto ours = own();
        if (!ours) return std::unexpected(ours.error());
        const auto said = announcement();
        expect(equal(said.ratchet_key, ours->key.public_key().view()) &&
               equal(said.encapsulation_key, ours->decapsulation.encapsulation_key().view()));
        auto sending = keys();
        auto next = keys();
        auto chain = this->chain();
        const auto pn = read_.number<std::uint32_t>();
        return Sending<Suite>{std::move(*ours),
                              said,
                              std::move(sending),
                              std::move(next),
                              std::move(chain),
                              pn,
                              read_.array<Suite::RatchetKey{}.size()>()};
    }
    PeerChain<Suite> peer() {
        const auto number = read_.number<std::uint32_t>();
        auto header_keys = keys();
        const auto said = announcement();
        return {number, std::move(header_keys), said, read_.number<std::uint32_t>()};
    }
    Receiving<Suite> receiving() {
        auto peer = this->peer();
        return {std::move(peer), chain()};
    }
    MessageId id() {
        const auto chain = read_.number<std::uint32_t>();
        return {chain, read_.number<std::uint32_t>()};
    }
    Duration age() {
        const auto nanoseconds = read_.number<std::uint64_t>();
        const bool believable = nanoseconds <= static_cast<std::uint64_t>(max_age.count());
        expect(believable);
        return believable ? Duration(static_cast<Duration::rep>(nanoseconds)) : Duration{};
    }
    void former(std::deque<Former<Suite>>& former) {
        const auto chains = read_.number<std::uint8_t>();
        expect(chains <= max_stored_chains);
        for (std::size_t i = 0; i < std::min<std::size_t>(chains, max_stored_chains); ++i) {
            auto peer = this->peer();
            former.push_back({std::move(peer), read_.number<std::uint32_t>()});
        }
    }
    void skipped(SkippedKeys& skipped) {
        for (auto left = count(max_stored_keys); left > 0; --left) {
            const auto message = id();
            expect(skipped.all().empty() || skipped.all().rbegin()->first < message);
            const auto since = now_ - age();
            skipped.insert(message, {secret<MessageKey>(), since});
        }
    }
    void seen(SeenHeaders& seen) {
        for (auto left = count(max_seen_headers); left > 0; --left) {
            const auto message = id();
            seen.add({message, read_.array<16>()});
        }
    }

    Reader read_;
    Time now_;
    bool canonical_ = true;
};

}  // namespace

SecretBytes save(const State<Suite>& state, Time now, std::uint32_t first_free) {
    Saver saver(now, first_free);
    saver.state(state);
    return saver.finish();
}

Result<State<Suite>> restore(ByteView saved, Time now) { return Restorer(saved, now).state(); }

}  // namespace parley::ratchet
