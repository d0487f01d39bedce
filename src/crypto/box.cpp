#include "crypto/box.h"

#include "base/ensure.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"

namespace parley::crypto {
namespace {

constexpr Nonce zero_nonce{};

struct BoxKeys {
    Secret<HkdfOutputTag, 64> both;

    FixedView<32> key() const { return both.reveal().first<32>(); }
    FixedView<32> commitment() const { return both.reveal().last<32>(); }
};

BoxKeys derive(BoxSecret secret, Label label, const Salt& salt) { return {hkdf<64>(salt, secret, {label})}; }

}  // namespace

Salt box_salt(BoxSecret secret, Label label, ByteView plaintext, Random& random) {
    FixedBytes<32> mac;
    hmac_sha256(secret, {label, random.bytes<16>(), plaintext}, mac);
    Salt salt;
    std::copy_n(mac.begin(), salt.size(), salt.begin());
    return salt;
}

void seal_box(BoxSecret secret, Label label, const Salt& salt, ByteView aad, ByteView plaintext, MutableBytes out) {
    ensure(out.size() == plaintext.size() + box_overhead, "room for the box");
    const auto keys = derive(secret, label, salt);
    std::ranges::copy(keys.commitment(), out.begin());
    seal(keys.key(), zero_nonce, aad, plaintext, out.subspan(commitment_size));
}

bool commits_to(BoxSecret secret, Label label, const Salt& salt, ByteView boxed) {
    if (boxed.size() < box_overhead) return false;
    const auto keys = derive(secret, label, salt);
    return equal_constant_time(keys.commitment(), boxed.first(commitment_size));
}

Status open_box(BoxSecret secret, Label label, const Salt& salt, ByteView aad, ByteView boxed, MutableBytes out) {
    if (boxed.size() < box_overhead) return fail(Errc::truncated, "shorter than an empty box");
    const auto keys = derive(secret, label, salt);
    if (!equal_constant_time(keys.commitment(), boxed.first(commitment_size))) {
        return fail(Errc::bad_tag, "the commitment does not verify");
    }
    return open(keys.key(), zero_nonce, aad, boxed.subspan(commitment_size), out);
}

}  // namespace parley::crypto
