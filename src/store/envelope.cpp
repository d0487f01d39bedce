#include "store/envelope.h"

#include "base/codec.h"
#include "base/ensure.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"

namespace parley::store {
namespace {

constexpr std::string_view magic = "parleypf";
constexpr std::uint8_t version = 1;
constexpr std::size_t header_size = 8 + 1 + 1 + 3 * 4 + 16 + 8;
constexpr std::size_t check_size = 8;
constexpr std::size_t salt_size = 16;
constexpr std::size_t body_at = header_size + check_size + salt_size;
constexpr std::size_t generation_size = 8;
constexpr std::size_t smallest_file = body_at + crypto::box_overhead + generation_size;

std::unexpected<Error> damaged() {
    return fail(Errc::damaged, "the profile is damaged: nothing was changed; put back a copy of the file");
}

Bytes encode(const Opening& opening) {
    Bytes bytes;
    Writer out(bytes);
    out.raw(bytes_of(magic));
    out.number(version);
    out.number(static_cast<std::uint8_t>(opening.source.kind));
    out.number(opening.source.cost.memory_kib);
    out.number(opening.source.cost.passes);
    out.number(opening.source.cost.lanes);
    out.raw(opening.source.salt);
    out.number(opening.generation);
    ensure(bytes.size() == header_size, "a header has its size");
    return bytes;
}

crypto::Digest256 check_of(ByteView file) {
    return crypto::sha256({file.first(header_size), file.subspan(header_size + check_size, salt_size),
                           file.subspan(body_at, crypto::commitment_size)});
}

bool is_intact(ByteView file) {
    return file.size() >= smallest_file && file.size() <= max_profile_file &&
           equal(check_of(file).view().first(check_size), file.subspan(header_size, check_size));
}

bool same(const crypto::PasswordCost& left, const crypto::PasswordCost& right) {
    return left.memory_kib == right.memory_kib && left.passes == right.passes && left.lanes == right.lanes;
}

constexpr crypto::PasswordCost no_cost{0, 0, 0};

}  // namespace

KeySource new_key_source(Unlock::Kind kind, const crypto::PasswordCost& cost, Random& random) {
    return {kind, kind == Unlock::Kind::passphrase ? cost : no_cost, random.bytes<16>()};
}

LockedKey derive_key(const Unlock& unlock, const KeySource& source) {
    LockedKey key;
    if (source.kind == Unlock::Kind::passphrase) {
        crypto::argon2id({unlock.secret.reveal(), source.salt}, source.cost, key.writable());
    } else {
        (void)crypto::hkdf_sha256(source.salt, unlock.secret.reveal(), {crypto::labels::profile_key_file},
                                  key.writable());
    }
    return key;
}

Result<Opening> read_opening(ByteView file, const crypto::PasswordCost& expected) {
    if (!is_intact(file)) return damaged();
    Reader in(file);
    if (!equal(in.take(magic.size()), bytes_of(magic))) return damaged();
    if (in.number<std::uint8_t>() != version) {
        return fail(Errc::unknown_type, "the profile was made by a newer parley: update this one");
    }
    const auto kind = in.number<std::uint8_t>();
    const auto memory = in.number<std::uint32_t>();
    const auto passes = in.number<std::uint32_t>();
    const crypto::PasswordCost cost{memory, passes, in.number<std::uint32_t>()};
    const bool by_passphrase = kind == static_cast<std::uint8_t>(Unlock::Kind::passphrase);
    const bool by_file = kind == static_cast<std::uint8_t>(Unlock::Kind::key_file);
    const bool fits = (by_passphrase && same(cost, expected)) || (by_file && same(cost, no_cost));
    if (!fits) return damaged();
    const KeySource source{static_cast<Unlock::Kind>(kind), cost, in.array<16>()};
    return Opening{source, in.number<std::uint64_t>()};
}

Result<SecretBytes> open_file(ByteView file, const LockedKey& key) {
    if (!is_intact(file)) return damaged();
    Reader in(file.subspan(header_size + check_size));
    const auto salt = in.array<salt_size>();
    const auto box = in.rest();
    // The check says that salt and commitment are as they were written: then it is the key that differs.
    if (!crypto::commits_to(key.reveal(), crypto::labels::profile_box, salt, box)) {
        return fail(Errc::wrong_key, "this is not the passphrase, or not the key file, of the profile");
    }
    SecretBytes contents(box.size() - crypto::box_overhead);
    const auto header = file.first(header_size);
    const auto opened =
        crypto::open_box(key.reveal(), crypto::labels::profile_box, salt, header, box, contents.writable());
    if (!opened) return damaged();
    const auto generation = contents.reveal().first(generation_size);
    if (!equal(generation, header.last(generation_size))) return damaged();
    return SecretBytes(contents.reveal().subspan(generation_size));
}

Bytes seal_file(const Opening& opening, ByteView contents, const LockedKey& key, Random& random) {
    auto file = encode(opening);
    const SecretBytes plaintext({ByteView(file).last(generation_size), contents});
    const auto salt = crypto::box_salt(key.reveal(), crypto::labels::profile_box, plaintext.reveal(), random);
    file.resize(body_at + plaintext.size() + crypto::box_overhead);
    const MutableBytes whole(file);
    std::ranges::copy(salt, whole.subspan(header_size + check_size).begin());
    crypto::seal_box(key.reveal(), crypto::labels::profile_box, salt, ByteView(file).first(header_size),
                     plaintext.reveal(), whole.subspan(body_at));
    std::ranges::copy(check_of(file).view().first(check_size), whole.subspan(header_size).begin());
    return file;
}

}  // namespace parley::store
