#include "ratchet/suite.h"

#include <cstring>
#include <stdexcept>

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/labels.h"
#include "ratchet/session.h"
#include "ratchet/version.h"

namespace parley::ratchet {
namespace {

namespace labels = crypto::labels;

constexpr FixedBytes<1> message_key_input{1};
constexpr FixedBytes<1> chain_key_input{2};

constexpr std::size_t box_at = 1 + sealed_header_size;
constexpr std::size_t length_size = 2;
static_assert(box_at + crypto::box_overhead + length_size == body_overhead);
static_assert(Suite::max_content == ratchet::max_content);

/// PROTOCOL 3.6: nothing is in it that a retry, a resume or a new seat changes.
Bytes content_aad(const TranscriptHash& transcript, SealedHeader header) {
    Bytes aad;
    aad.reserve(128 + header.size());
    append(aad, labels::ratchet_content_aad);
    append(aad, version_byte);
    append(aad, transcript.view());
    append(aad, header);
    return aad;
}

std::size_t body_size_for(std::size_t content) {
    if (content <= max_small_content) return small_body;
    return content <= max_medium_content ? medium_body : large_body;
}

/// u16 length || content || zeros, up to the size of the body's class.
SecretBytes pad(ByteView content, std::size_t body_size) {
    SecretBytes padded(body_size - body_overhead + length_size);
    const auto out = padded.writable();
    out[0] = static_cast<std::uint8_t>(content.size() >> 8U);
    out[1] = static_cast<std::uint8_t>(content.size());
    std::ranges::copy(content, out.begin() + length_size);
    return padded;
}

/// A run of one byte equals itself one further on.
bool only_zeros(ByteView bytes) {
    return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

/// Nothing if it says more than is there, or anything but zeros follows.
std::optional<SecretBytes> unpad(ByteView padded) {
    const auto length = static_cast<std::size_t>(padded[0] << 8U | padded[1]);
    const auto rest = padded.subspan(length_size);
    if (length > rest.size() || !only_zeros(rest.subspan(length))) return std::nullopt;
    return SecretBytes(rest.first(length));
}

Suite::StepInput step_input(const crypto::SharedSecret& dh, const crypto::SharedSecret& kem,
                            const FixedBytes<32>& context) {
    return {.secret = decltype(Suite::StepInput::secret)::filled([&](auto out) {
                std::ranges::copy(dh.reveal(), out.begin());
                std::ranges::copy(kem.reveal(), out.begin() + 32);
            }),
            .context = context};
}

/// SHA-256(both P-256 keys, ek used, ct), the key of the side that steps first. All have fixed sizes.
FixedBytes<32> step_context(const crypto::P256PublicKey& stepping, const crypto::P256PublicKey& other,
                            const crypto::EncapsulationKey& used, const crypto::KemCiphertext& ciphertext) {
    const auto digest = crypto::sha256({stepping.view(), other.view(), used.view(), ciphertext});
    FixedBytes<32> context;
    std::ranges::copy(digest.view(), context.begin());
    return context;
}

Suite::Announcement announce(const Suite::OwnKeys& ours, const crypto::KemCiphertext& ciphertext) {
    Suite::Announcement announcement;
    std::ranges::copy(ours.key.public_key().view(), announcement.ratchet_key.begin());
    std::ranges::copy(ours.decapsulation.encapsulation_key().view(), announcement.encapsulation_key.begin());
    announcement.ciphertext = ciphertext;
    return announcement;
}

}  // namespace

Suite::OwnKeys Suite::generate(Random& random) {
    auto key = crypto::P256PrivateKey::generate(random);
    return {.key = std::move(key), .decapsulation = crypto::DecapsulationKey::generate(random)};
}

Suite::RatchetKey Suite::ratchet_key(const crypto::P256PublicKey& key) {
    RatchetKey bytes;
    std::ranges::copy(key.view(), bytes.begin());
    return bytes;
}

Result<Suite::TheirKeys> Suite::parse(const Announcement& announcement) {
    auto key = crypto::P256PublicKey::parse(announcement.ratchet_key);
    if (!key) return std::unexpected(key.error());
    auto encapsulation = crypto::EncapsulationKey::parse(announcement.encapsulation_key);
    if (!encapsulation) return std::unexpected(encapsulation.error());
    return TheirKeys{.key = std::move(*key), .encapsulation = std::move(*encapsulation)};
}

// PROTOCOL 3.3, the half of a step that makes new keys.
Suite::SendHalf Suite::send_half(const TheirKeys& theirs, Random& random) {
    auto ours = generate(random);
    const auto dh = crypto::agree(ours.key, theirs.key);
    if (!dh) throw std::runtime_error("the random generator gave the peer's own key");
    const auto kem = crypto::encapsulate(theirs.encapsulation, random);
    const auto context = step_context(ours.key.public_key(), theirs.key, theirs.encapsulation, kem.ciphertext);
    auto announcement = announce(ours, kem.ciphertext);
    return {.ours = std::move(ours), .announcement = announcement, .input = step_input(*dh, kem.shared, context)};
}

// PROTOCOL 3.3, the half of a step that follows the peer's new keys.
Result<Suite::StepInput> Suite::receive_half(const OwnKeys& ours, const TheirKeys& theirs,
                                             const Announcement& announcement) {
    const auto dh = crypto::agree(ours.key, theirs.key);
    if (!dh) return std::unexpected(dh.error());
    const auto kem = crypto::decapsulate(ours.decapsulation, announcement.ciphertext);
    if (!kem) return std::unexpected(kem.error());
    const auto context = step_context(theirs.key, ours.key.public_key(), ours.decapsulation.encapsulation_key(),
                                      announcement.ciphertext);
    return step_input(*dh, *kem, context);
}

Suite::RootStep Suite::root_step(const RootKey& root, const StepInput& input) {
    const auto derived = crypto::hkdf<96>(root.reveal(), input.secret.reveal(), {labels::ratchet_root, input.context});
    ByteView rest = derived.reveal();
    auto next_root = cut<RootKey>(rest);
    auto chain = cut<ChainKey>(rest);
    return {std::move(next_root), std::move(chain), derive_header_keys(cut<HeaderKey>(rest))};
}

ChainStep Suite::advance(const ChainKey& key) {
    return {.message_key = crypto::hmac_to<MessageKey>(key.reveal(), {message_key_input}),
            .next = crypto::hmac_to<ChainKey>(key.reveal(), {chain_key_input})};
}

Bytes Suite::seal(const HeaderKeys& keys, Header header, const MessageKey& key, const TranscriptHash& transcript,
                  ByteView content, Random& random) {
    Bytes body(body_size_for(content.size()));
    body[0] = static_cast<std::uint8_t>(BodyKind::message);
    const auto padded = pad(content, body.size());
    header.salt = crypto::box_salt(key.reveal(), labels::ratchet_box, padded.reveal(), random);
    const auto sealed_header = MutableBytes(body).subspan<1, sealed_header_size>();
    seal_header(keys, transcript, encode(header), sealed_header);
    crypto::seal_box(key.reveal(), labels::ratchet_box, header.salt, content_aad(transcript, sealed_header),
                     padded.reveal(), MutableBytes(body).subspan(box_at));
    return body;
}

Result<Suite::Sealed> Suite::take_apart(ByteView body) {
    const auto kind = kind_of(body);
    if (!kind) return std::unexpected(kind.error());
    if (*kind != BodyKind::message) return fail(Errc::unknown_type, "a body of the handshake is no message");
    return Sealed{.header = body.subspan<1, sealed_header_size>(), .box = body.subspan(box_at)};
}

std::optional<Header> Suite::open_header(const HeaderKeys& keys, const TranscriptHash& transcript,
                                         const Sealed& sealed) {
    return ratchet::open_header(keys, transcript, sealed.header);
}

Result<SecretBytes> Suite::open_content(const MessageKey& key, const Header& header, const TranscriptHash& transcript,
                                        const Sealed& sealed) {
    SecretBytes padded(sealed.box.size() - crypto::box_overhead);
    const auto opened = crypto::open_box(key.reveal(), labels::ratchet_box, header.salt,
                                         content_aad(transcript, sealed.header), sealed.box, padded.writable());
    auto content = opened ? unpad(padded.reveal()) : std::nullopt;
    // One error for commitment, tag and padding: which of them it was is nobody's business.
    if (!content) return fail(Errc::bad_tag, "the content does not verify");
    return std::move(*content);
}

FixedBytes<16> Suite::header_hash(const Sealed& sealed) {
    // The nonce is a MAC of the header, and the tag one of it sealed: hashing all 2,389 bytes would tell no more.
    const auto digest =
        crypto::sha256({sealed.header.first<sizeof(crypto::Nonce)>(), sealed.header.last<crypto::tag_size>()});
    FixedBytes<16> hash;
    std::ranges::copy(digest.view().first<16>(), hash.begin());
    return hash;
}

}  // namespace parley::ratchet
