// How people tell keys apart: a short tag beside the name, and 60 digits to compare.
#pragma once

#include <string>

#include "identity/identity.h"

namespace parley::identity {

/// Four characters, 20 bits: tells two people of one name apart. It proves nothing.
std::string tag(const PublicIdentity& identity);

/// One party of a safety number: opaque key bytes and a stable id (empty in Parley).
struct Fingerprinted {
    ByteView key;
    ByteView stable_id;
};

/// 60 digits by Signal's published construction: 5,200 rounds of SHA-512 a party, the smaller 30
/// digits first, so that both sides see the same.
std::string safety_number(const Fingerprinted& one, const Fingerprinted& other);
std::string safety_number(const PublicIdentity& one, const PublicIdentity& other);

}  // namespace parley::identity
