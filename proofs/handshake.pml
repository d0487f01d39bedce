/* How two clients come to share a session, and what becomes of it when one of them starts anew (PROTOCOL 3.1, 3.2, 3.9).
 *
 *   0, the smaller identity                       1
 *     Init(i)             ──▶                                    i: fresh ephemerals of 0
 *                         ◀──                 Answer(i, r)       r: fresh ephemerals of 1; a session is the pair of them
 *     Message(i, r, 0)    ──▶                 adopts             its confirmation
 *                         ◀──                 Message(i, r, 1)   what it owes: where its chain stands
 *
 * Who says Hello beside a session that is in use is asked inside it, by message 2, and believed where nothing answers.
 *
 * Follows src/client/handshake.*, client_seats.cpp, client_messages.cpp and accept_peer in client_commands.cpp. Only who
 * holds the keys of both can make an Answer that verifies or a message that opens: handshake.pv is about that. So the relay
 * here makes nothing of its own but a Hello, which proves nothing, and says again what was said before.
 *
 * Shown, for every order of events within the bounds:
 *   - 1 adopts a session only when 0 has it, and 0 only one that 1 answered with;
 *   - a session in which something was opened is replaced only when a person was told, and accepted that;
 *   - where nothing is lost no Hello that somebody made up makes anybody be told anything (NOBODY_IS_TOLD);
 *   - when nothing more can happen both hold the same session, and nothing waits.
 *
 * Bounds: LOSSES flights that are lost, TIMERS that run out early (a flight is repeated, or has lived for 60 s), so that
 * repetitions cross what they repeat; when nothing else can happen timers run out as often as it takes. REPLAYS flights that
 * the relay says again, or Hellos that it makes up; RESTARTS of a client that comes back in a new seat with its identity and
 * nothing else. Users accept whenever they like, in the end always. Not here: cards that change, seats that go, what is said
 * inside the sessions beyond the first message of each side, and time at all.
 */

#ifndef LOSSES
#define LOSSES 0
#endif
#ifndef TIMERS
#define TIMERS 0
#endif
#ifndef REPLAYS
#define REPLAYS 0
#endif
#ifndef RESTARTS
#define RESTARTS 0
#endif

#define OTHER(who) (1 - (who))
#define SESSION(i, r) (8 * (i) + (r)) /* 0: none */
#define ROOM 10                       /* of what is under way; it is never all used, which is asserted */

mtype = { Hello, Init, Answer, Message, resting, waiting, initiated, responded };

chan to[2] = [ROOM] of { mtype, byte, byte }; /* i and r, or a session and a number */

/* --- a client --- */

mtype state[2] = resting;
byte init_of[2];                      /* initiated, responded: i */
byte pending[2];                      /* responded: the session that waits for its confirmation */
byte session[2];
bool has_opened[2];                   /* under it */
byte confirmation[2];                 /* of 0: of this session, posted again until something is opened */
byte replacement[2];                  /* confirmed beside a session that was in use: waits for a person */
bool replacement_opened[2];
bool asking[2];                       /* whether the other one still has the session */
bool repeated[2];                     /* since its state changed, when nothing else could happen */

byte last_i, last_r;

/* --- what the proof and a hostile relay see --- */

bool finished[64];                    /* sessions that an initiator has */
bool answered[64];                    /* sessions that a responder offered */
byte seen_init; byte seen_answer_i; byte seen_answer_r; byte seen_message;

byte losses = LOSSES;
byte timers = TIMERS;
byte replays = REPLAYS;
byte restarts = RESTARTS;

/* Of one turn. */
hidden byte x, p, q, opened_it;

#ifdef TWIN_BOTH_INITIATE
#define INITIATES(who) true
#define ANSWERS(who) true
#else
#define INITIATES(who) ((who) == 0)
#define ANSWERS(who) ((who) == 1)
#endif

inline post(who, type, x, y) {
    assert(nfull(to[OTHER(who)]));
    to[OTHER(who)] ! type, x, y
}

inline rest(who) {
    state[who] = resting;
    repeated[who] = false;
    init_of[who] = 0;
    pending[who] = 0
}

/* Handshake::initiate */
inline initiate(who) {
    last_i++;
    assert(last_i < 8);               /* nobody begins for ever */
    state[who] = initiated;
    repeated[who] = false;
    init_of[who] = last_i;
    seen_init = last_i;
    post(who, Init, last_i, 0)
}

/* Handshake::begin */
inline begin(who) {
    if
    :: INITIATES(who) -> initiate(who)
    :: else -> state[who] = waiting
    fi
}

inline replace_session(who, its, opened) {
    session[who] = its;
    has_opened[who] = opened;
    confirmation[who] = 0;
    replacement[who] = 0;
    replacement_opened[who] = false;
    asking[who] = false
}

/* Client::establish, keep_beside. `confirms`: as the initiator, whose first message is the confirmation. */
inline establish(who, its, confirms) {
    if
#ifndef TWIN_REPLACES_IN_SILENCE
    :: session[who] != 0 && has_opened[who] ->
#ifdef NOBODY_IS_TOLD
        assert(false);                /* "lost its state, or someone copied its key" */
#endif
        replacement[who] = its;
        replacement_opened[who] = !confirms;
        if
        :: confirms -> post(who, Message, its, 0)
        :: else -> skip
        fi
#endif
    :: else ->
        assert(!has_opened[who]);     /* in use: only a person lets it go */
        replace_session(who, its, !confirms);
        if
        :: confirms ->
            confirmation[who] = its;
            seen_message = its;
            post(who, Message, its, 0)
        :: else -> skip
        fi;
        post(who, Message, its, 1)
    fi
}

inline adopt_pending(who) {
    x = pending[who];
    rest(who);
    assert(finished[x]);              /* never a session that nobody confirmed */
    establish(who, x, false)
}

/* Handshake::on_init, ratchet::respond */
inline on_init(who, i) {
    if
    :: !ANSWERS(who) -> skip          /* an alarm */
    :: ANSWERS(who) && state[who] == responded && init_of[who] == i -> post(who, Answer, i, pending[who] % 8)
    :: else ->
        last_r++;
        assert(last_r < 8);
        if
        :: state[who] == initiated -> skip
        :: else -> state[who] = responded; init_of[who] = i; repeated[who] = false
        fi;
        pending[who] = SESSION(i, last_r);
        answered[pending[who]] = true;
        seen_answer_i = i;
        seen_answer_r = last_r;
        post(who, Answer, i, last_r)
#ifdef TWIN_ADOPTS_UNCONFIRMED
        ; adopt_pending(who)
#endif
    fi
}

/* Client::on_answer, Handshake::on_answer, Initiator::finish */
inline on_answer(who, i, r) {
    if
    :: state[who] == initiated && init_of[who] == i ->
        rest(who);
        assert(answered[SESSION(i, r)]);
        finished[SESSION(i, r)] = true;
        establish(who, SESSION(i, r), true)
    :: state[who] != initiated && confirmation[who] != 0 -> post(who, Message, confirmation[who], 0)
    :: else -> skip                   /* a repetition, or the answer to ephemerals that are gone: an alarm */
    fi
}

#define IN_USE(who) (session[who] != 0 && has_opened[who] && replacement[who] == 0)
#ifdef TWIN_BELIEVES_A_HELLO
#define ASKS_FIRST(who) false
#else
#define ASKS_FIRST(who) IN_USE(who)
#endif

/* Client::on_hello, ask; Handshake::on_hello */
inline on_hello(who) {
    if
    :: INITIATES(who) && state[who] == initiated -> post(who, Init, init_of[who], 0)
    :: INITIATES(who) && state[who] != initiated && ASKS_FIRST(who) && !asking[who] ->
        asking[who] = true;
        post(who, Message, session[who], 2)
    :: INITIATES(who) && state[who] != initiated && !ASKS_FIRST(who) -> initiate(who)
    :: else -> skip
    fi
}

/* Client::on_unanswered */
inline on_unanswered(who) {
    asking[who] = false;
    initiate(who)
}

/* Client::on_answered: who has the session needs no other. */
inline on_answered(who) {
    asking[who] = false;
    if
    :: state[who] == initiated && IN_USE(who) -> rest(who)
    :: else -> skip
    fi
}

/* Client::on_message: its session, the one that is pending, then what only a replacement may open. */
inline on_message(who, its, number) {
    if
    :: session[who] == its ->
        has_opened[who] = true;
        confirmation[who] = 0;
        on_answered(who);
        if
        :: number == 2 && replacement[who] == 0 -> post(who, Message, its, 1)
        :: else -> skip
        fi
    :: session[who] != its && pending[who] == its -> adopt_pending(who)
    :: session[who] != its && pending[who] != its && replacement[who] == its -> replacement_opened[who] = true
    :: else -> skip                   /* no key of ours opens it: an alarm */
    fi
}

/* Client::accept_peer */
inline accept(who) {
    x = replacement[who];
    opened_it = replacement_opened[who];
    replace_session(who, x, opened_it)
}

#define WAITS(who) (state[who] != resting)

/* Handshake::on_time. What has lived for 60 s is dropped: then the initiator begins anew, and the responder asks, unless
   it has a session and was at rest when the Init came. */
inline on_time(who, over) {
    if
    :: state[who] == waiting -> post(who, Hello, 0, 0)
    :: state[who] == initiated && !over -> post(who, Init, init_of[who], 0)
    :: state[who] == initiated && over -> initiate(who)
    :: state[who] == responded && !over -> post(who, Answer, init_of[who], pending[who] % 8)
    :: state[who] == responded && over -> rest(who); state[who] = (session[who] == 0 -> waiting : resting)
    :: else -> skip
    fi
}

/* What waits beside a session is dropped in silence, after 60 s: longer than anything is under way. */
#define PENDS_BESIDE(who) (state[who] == responded && session[who] != 0)

proctype Client(bool me) {
    atomic { begin(me) };
end:
    do
    :: atomic { to[me] ? Init, p, _ -> on_init(me, p) }
    :: atomic { to[me] ? Answer, p, q -> on_answer(me, p, q) }
    :: atomic { to[me] ? Hello, _, _ -> on_hello(me) }
    :: atomic { to[me] ? Message, p, q -> on_message(me, p, q) }
    :: atomic { replacement[me] != 0 -> accept(me) }
    :: atomic { timers > 0 && WAITS(me) -> timers--; on_time(me, false) }
    :: atomic { timers > 0 && WAITS(me) && !PENDS_BESIDE(me) -> timers--; on_time(me, true) }
    :: atomic { timers > 0 && asking[me] -> timers--; on_unanswered(me) }
    /* A question is over before anything is repeated. */
    :: atomic { timeout && asking[me] -> on_unanswered(me) }
    :: atomic { timeout && !asking[OTHER(me)] && WAITS(me) && !repeated[me] -> repeated[me] = true; on_time(me, false) }
    :: atomic { timeout && !asking[OTHER(me)] && WAITS(me) && repeated[me] -> on_time(me, true) }
    od
}

/* Back with its identity and nothing else, in a new seat: what was for the old one does not come. The other one meets
   a card that it has seen before, and begins nothing where it holds a session. */
inline start_anew(who) {
    do
    :: nempty(to[who]) -> to[who] ? _, _, _
    :: empty(to[who]) -> break
    od;
    rest(who);
    replace_session(who, 0, false);
    begin(who);
    rest(OTHER(who));
    asking[OTHER(who)] = false;
    if
    :: session[OTHER(who)] == 0 -> begin(OTHER(who))
    :: else -> skip
    fi
}

proctype Faults() {
end:
    do
    :: atomic { losses > 0 && nempty(to[0]) -> losses--; to[0] ? _, _, _ }
    :: atomic { losses > 0 && nempty(to[1]) -> losses--; to[1] ? _, _, _ }
    :: atomic { replays > 0 && nfull(to[0]) -> replays--; to[0] ! Hello, 0, 0 }
    :: atomic { replays > 0 && nfull(to[0]) && seen_answer_i > 0 -> replays--; to[0] ! Answer, seen_answer_i, seen_answer_r }
    :: atomic { replays > 0 && nfull(to[1]) && seen_init > 0 -> replays--; to[1] ! Init, seen_init, 0 }
    :: atomic { replays > 0 && nfull(to[1]) && seen_message > 0 -> replays--; to[1] ! Message, seen_message, 0 }
    :: atomic { restarts > 0 && session[0] != 0 -> restarts--; start_anew(0) }
    :: atomic { restarts > 0 && session[1] != 0 -> restarts--; start_anew(1) }
    od
}

proctype Rest() {
    timeout && !WAITS(0) && !WAITS(1) && !asking[0] && !asking[1] ->
    assert(session[0] != 0 && session[0] == session[1] && replacement[0] == 0 && replacement[1] == 0)
}

init {
    atomic { run Client(0); run Client(1); run Faults(); run Rest() }
}
