// The keys of the ratchet, each a type of its own, and the words of Signal's specification.
#pragma once

#include "base/id.h"
#include "base/secret.h"

namespace parley::ratchet {

/// T of PROTOCOL 3.1: the hash of all that both sides said and are. Public, equal on both sides.
using TranscriptHash = Id<struct TranscriptHashTag, 32>;

using RootKey = Secret<struct RootKeyTag, 32>;        // RK
using ChainKey = Secret<struct ChainKeyTag, 32>;      // CK
using MessageKey = Secret<struct MessageKeyTag, 32>;  // MK
using HeaderKey = Secret<struct HeaderKeyTag, 32>;    // HK, only until HE and HN are derived from it

/// What is sealed for a chain's whole life stands in memory as it is used.
struct HeaderKeys {
    Secret<struct HeaderSealKeyTag, 32> seal;    // HE
    Secret<struct HeaderNonceKeyTag, 32> nonce;  // HN

    HeaderKeys duplicate() const { return {seal.duplicate(), nonce.duplicate()}; }
};

/// Cuts the next key off the front of derived bytes.
template <class Key>
Key cut(ByteView& derived) {
    Key key(derived.first<Key::size>());
    derived = derived.subspan(Key::size);
    return key;
}

}  // namespace parley::ratchet
