// Every label of the code base, once. No two are equal and none begins another, so that no output
// of one use can ever be the output of another (ATTACKS 1).
#pragma once

#include "base/bytes.h"

namespace parley::crypto {

struct Label {
    std::string_view text;

    operator ByteView() const { return bytes_of(text); }
};

namespace labels {

inline constexpr Label identity_certificate{"parley/1 identity certificate."};
inline constexpr Label identity_id{"parley/1 identity id."};
inline constexpr Label identity_tag{"parley/1 identity tag."};
inline constexpr Label room_id{"parley/1 room id."};
inline constexpr Label room_key{"parley/1 room key."};
inline constexpr Label lobby{"parley/1 the lobby's public secret."};
inline constexpr Label card_box{"parley/1 card box."};
inline constexpr Label handshake_transcript{"parley/1 handshake transcript."};
inline constexpr Label handshake_keys{"parley/1 handshake keys."};
inline constexpr Label handshake_card{"parley/1 handshake card."};
inline constexpr Label handshake_responder{"parley/1 handshake responder."};
inline constexpr Label ratchet_root{"parley/1 ratchet root."};
inline constexpr Label ratchet_header{"parley/1 ratchet header."};
inline constexpr Label ratchet_content_aad{"parley/1 ratchet content aad."};
inline constexpr Label ratchet_header_aad{"parley/1 ratchet header aad."};
inline constexpr Label ratchet_box{"parley/1 ratchet content box."};
inline constexpr Label nameplate{"parley/1 nameplate."};
inline constexpr Label code_salt{"parley/1 code salt."};
inline constexpr Label code_joiner{"parley/1 code joiner."};
inline constexpr Label code_inviter{"parley/1 code inviter."};
inline constexpr Label code_context{"parley/1 code context."};
inline constexpr Label code_box_keys{"parley/1 code box keys."};
inline constexpr Label code_proof_box{"parley/1 code proof box."};
inline constexpr Label code_invitation_box{"parley/1 code invitation box."};
inline constexpr Label code_receipt_box{"parley/1 code receipt box."};
inline constexpr Label file_locator{"parley/1 file locator."};
inline constexpr Label file_locator_mask{"parley/1 file locator mask."};
inline constexpr Label file_chunk_box{"parley/1 file chunk box."};
inline constexpr Label content_hash{"parley/1 content hash."};
inline constexpr Label roster_hash{"parley/1 roster hash."};
inline constexpr Label profile_key_file{"parley/1 profile key file."};
inline constexpr Label profile_box{"parley/1 profile box."};
inline constexpr Label profile_witness{"parley/1 profile witness."};

/// For the test that compares each with every other.
inline constexpr Label all[] = {
    identity_certificate,
    identity_id,
    identity_tag,
    room_id,
    room_key,
    lobby,
    card_box,
    handshake_transcript,
    handshake_keys,
    handshake_card,
    handshake_responder,
    ratchet_root,
    ratchet_header,
    ratchet_content_aad,
    ratchet_header_aad,
    ratchet_box,
    nameplate,
    code_salt,
    code_joiner,
    code_inviter,
    code_context,
    code_box_keys,
    code_proof_box,
    code_invitation_box,
    code_receipt_box,
    file_locator,
    file_locator_mask,
    file_chunk_box,
    content_hash,
    roster_hash,
    profile_key_file,
    profile_box,
    profile_witness,
};

}  // namespace labels
}  // namespace parley::crypto
