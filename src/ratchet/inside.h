// What a Session is made of; for the handshake, which makes them. Private to ratchet and its tests.
#pragma once

#include "ratchet/double_ratchet.h"
#include "ratchet/session.h"
#include "ratchet/suite.h"

namespace parley::ratchet {

struct Session::Inside {
    DoubleRatchet<Suite> ratchet;
};

Session make_session(State<Suite> state);

}  // namespace parley::ratchet
