#include "ratchet/header.h"

#include "base/codec.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/labels.h"
#include "ratchet/limits.h"
#include "ratchet/version.h"

namespace parley::ratchet {
namespace {

/// Writes fields one after the other into bytes that are already there.
class Placer {
public:
    explicit Placer(MutableBytes out) : rest_(out) {}

    void raw(ByteView field) {
        std::ranges::copy(field, rest_.begin());
        rest_ = rest_.subspan(field.size());
    }
    void number(std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            rest_.front() = static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift));
            rest_ = rest_.subspan(1);
        }
    }

private:
    MutableBytes rest_;
};

constexpr std::size_t aad_size = crypto::labels::ratchet_header_aad.text.size() + 1 + TranscriptHash::size;

FixedBytes<aad_size> header_aad(const TranscriptHash& transcript) {
    FixedBytes<aad_size> aad;
    Placer place(aad);
    place.raw(crypto::labels::ratchet_header_aad);
    place.raw(version_byte);
    place.raw(transcript.view());
    return aad;
}

/// PROTOCOL 3.5: synthetic, because no random number is trusted to be fresh.
crypto::Nonce header_nonce(const HeaderKeys& keys, const EncodedHeader& header) {
    FixedBytes<32> mac;
    crypto::hmac_sha256(keys.nonce.reveal(), {header}, mac);
    crypto::Nonce nonce;
    std::copy_n(mac.begin(), nonce.size(), nonce.begin());
    return nonce;
}

}  // namespace

EncodedHeader encode(const Header& header) {
    EncodedHeader bytes;
    Placer place(bytes);
    place.raw(header.announcement.ratchet_key);
    place.number(header.pn);
    place.number(header.n);
    place.raw(header.announcement.encapsulation_key);
    place.raw(header.announcement.ciphertext);
    place.raw(header.salt);
    return bytes;
}

std::optional<Header> decode(const EncodedHeader& bytes) {
    Reader reader(bytes);
    std::optional<Header> header(std::in_place);
    std::ranges::copy(reader.take(crypto::P256PublicKey::size), header->announcement.ratchet_key.begin());
    header->pn = reader.number<std::uint32_t>();
    header->n = reader.number<std::uint32_t>();
    std::ranges::copy(reader.take(crypto::kem_key_size), header->announcement.encapsulation_key.begin());
    std::ranges::copy(reader.take(crypto::kem_ciphertext_size), header->announcement.ciphertext.begin());
    header->salt = reader.array<sizeof(crypto::Salt)>();
    // PROTOCOL 3.7
    if (header->pn > message_number_end || header->n >= message_number_end) return std::nullopt;
    return header;
}

HeaderKeys derive_header_keys(const HeaderKey& key) {
    const auto derived = crypto::hkdf<64>({}, key.reveal(), {crypto::labels::ratchet_header});
    const auto both = derived.reveal();
    return {.seal = decltype(HeaderKeys::seal)(both.first<32>()),
            .nonce = decltype(HeaderKeys::nonce)(both.last<32>())};
}

void seal_header(const HeaderKeys& keys, const TranscriptHash& transcript, const EncodedHeader& header,
                 std::span<std::uint8_t, sealed_header_size> out) {
    const auto nonce = header_nonce(keys, header);
    std::ranges::copy(nonce, out.begin());
    crypto::seal(keys.seal.reveal(), nonce, header_aad(transcript), header, out.subspan(nonce.size()));
}

std::optional<Header> open_header(const HeaderKeys& keys, const TranscriptHash& transcript, SealedHeader sealed) {
    crypto::Nonce nonce;
    std::copy_n(sealed.begin(), nonce.size(), nonce.begin());
    EncodedHeader header;
    const auto opened =
        crypto::open(keys.seal.reveal(), nonce, header_aad(transcript), sealed.subspan<sizeof(nonce)>(), header);
    if (!opened) return std::nullopt;
    return decode(header);
}

}  // namespace parley::ratchet
