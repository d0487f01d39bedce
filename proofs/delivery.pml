/* What two clients say to each other through a relay, whatever is cut (PROTOCOL 3.8, 4.2, 6.1 to 6.6).
 *
 *   client 0  ── up[0] ──▶        ◀── up[1] ──  client 1        Join, Post, Ack
 *             ◀─ down[0] ──  relay  ── down[1] ─▶               Welcome, Seat, Posted, Full, Deliver, Gap
 *
 * Follows src/client/posts.*, client_relay.cpp, delivery.* and src/relay/core*.cpp, room.cpp. The session is there
 * from the beginning (handshake.pml makes it); a body is what it says inside.
 *
 * Shown, for every order of events within the bounds:
 *   - a post is given its place in the order at most once in a life of the relay;
 *   - what a client is told as accepted is in the relay's hands or was opened;
 *   - what a person says is shown once, and in its order;
 *   - when nothing more can happen everything was shown and acknowledged, and nobody keeps anything. That the
 *     stored bytes are posted again after 30 s is not in the model: with a relay that keeps its word it is never needed.
 *
 * Bounds: two people who say SAYS_0 and SAYS_1 contents; CUTS lost connections (each may also be a killed client that
 * goes on from its last save), RESTARTS relays without memory, FULLS posts that are refused, FORGETS times that
 * the memory guard lets go of what a seat has not acknowledged. More of each is not shown, nor are several at once beyond
 * what tests/CMakeLists runs. A cut takes everything that is under way in both directions; what arrived before
 * is what a real connection would still have brought. Not here: grace that runs out, a relay that lies, patience for holes
 * (3 s, after which a content may be shown late), time at all.
 */

#ifndef SAYS_0
#define SAYS_0 2
#endif
#ifndef SAYS_1
#define SAYS_1 0
#endif
#ifndef CUTS
#define CUTS 0
#endif
#ifndef RESTARTS
#define RESTARTS 0
#endif
#ifndef FULLS
#define FULLS 0
#endif
#ifndef FORGETS
#define FORGETS 0
#endif

#define OTHER(who) (1 - (who))
#define BIT(i) (1 << (i))
#define ROOM 9 /* in a connection's buffers and a relay's memory; it is never all used, which is asserted */

mtype = { Welcome, Seat, Posted, Full, Deliver, Gap, offline, joining, online };

/* Type, two numbers, and a body: the number of its content (0: none), what it acknowledges, what it asks and tells. */
chan down[2] = [ROOM] of { mtype, byte, byte, byte, byte, byte };

/* --- what the relay has in memory --- */

byte epoch = 1;
byte next_seq = 1;
bool known[2];                                       /* there is a seat */
bool connected[2];
byte last_id[2];
bool owes_posted[2];
byte delivered[2];                                   /* highest given to a connection of this seat */
byte lost_first[2];
byte lost_last[2];                                   /* 0: none; said until it is acknowledged */
short refused[2];                                    /* bits: ids */
chan kept[2] = [ROOM] of { byte, byte, byte, byte }; /* seq, body */

/* --- what a client saves --- */

byte seen_epoch[2];                                  /* 0: none */
byte last_seq[2];
byte last_post[2];
chan in_flight[2] = [ROOM] of { byte, byte, byte, byte };
chan retries[2] = [ROOM] of { byte };
bool reachable[2];                                   /* the other's seat was shown in this epoch */
byte unsaid[2];
byte last_number[2];
byte outstanding[2];                                 /* bits: numbers, here and below */
byte repeated[2];
byte told_with[8];                                   /* of stored bodies, at 4 * who + number */
byte asked_with[8];
byte opened[2];
byte held[2];                                        /* opened, and behind a hole */
byte highest[2];                                     /* number that was seen or told of */
bool ack_due[2];
bool ask_again[2];

/* --- what it does not save --- */

mtype state[2] = offline;
bool relay_ack_due[2];
byte relay_ack[2];

/* --- what goes wrong --- */

bool deaf[2];                                        /* nothing that this client says arrives until it is cut */
bool dying;                                          /* the relay, which hears nobody any more */

/* --- what only the proof sees --- */

short placed[2];                                     /* ids that got a place in this life of the relay */
byte in_hands[2];                                    /* contents among them */
byte shown[2];

byte cuts = CUTS;
byte restarts = RESTARTS;
byte fulls = FULLS;
byte forgets = FORGETS;

/* Of one turn: the frame that came, and what is worked out of it. */
hidden byte p, q, its_n, its_told, its_asked;
hidden byte i, x, n, told, asked, again;

#define BEYOND(number) (BIT((number) + 1) - 2) /* bits of all numbers through this one */
#define HAS_HOLE(who) (opened[who] != BEYOND(highest[who]))
#define ASKED(who) (2 * last_number[who] + ask_again[who])

inline say(who, type, a, b, number, acknowledges, asks) {
    assert(nfull(down[who]));
    down[who] ! type, a, b, number, acknowledges, asks
}

inline clear(frames) {
    do
    :: nempty(frames) -> frames ? _, _, _, _, _, _
    :: empty(frames) -> break
    od
}

inline clear_bodies(bodies) {
    do
    :: nempty(bodies) -> bodies ? _, _, _, _
    :: empty(bodies) -> break
    od
}

/* --- the relay --- */

/* Room::acknowledge */
inline acknowledge(who, seq) {
    do
    :: nempty(kept[who]) ->
        kept[who] ? <x, n, told, asked>;
        if
        :: x > seq -> break
        :: else -> kept[who] ? x, n, told, asked
        fi
    :: empty(kept[who]) -> break
    od;
    if
    :: lost_last[who] <= seq -> lost_first[who] = 0; lost_last[who] = 0
    :: else -> skip
    fi
}

inline give(who, seq, number, acknowledges, asks) {
    say(who, Deliver, seq, 0, number, acknowledges, asks);
    if
    :: delivered[who] < seq -> delivered[who] = seq
    :: else -> skip
    fi
}

/* Core::welcome. Who knows nothing of this life of the room goes on at the first that the seat has not acknowledged:
   an earlier Welcome may have been lost, and others have posted since. */
inline welcome_it(who) {
    x = next_seq;
#ifndef TWIN_WELCOMES_AT_THE_END
    if
    :: nempty(kept[who]) -> kept[who] ? <x, n, told, asked>
    :: empty(kept[who]) -> skip
    fi;
    x = (lost_last[who] > 0 -> lost_first[who] : x);
#endif
    say(who, Welcome, epoch, x, known[OTHER(who)], 0, 0);
    if
    :: connected[OTHER(who)] -> say(OTHER(who), Seat, 0, 0, 0, 0, 0)
    :: else -> skip
    fi
}

/* Room::resume, Core::catch_up */
inline resume(who, its_epoch, its_last_seq) {
    again = 0;
    if
    :: its_epoch == epoch ->
        again = (its_last_seq < delivered[who] -> its_last_seq : delivered[who]);
        acknowledge(who, again)
    :: else -> skip
    fi;
    if
    :: lost_last[who] > 0 ->
        say(who, Gap, lost_last[who], 0, 0, 0, 0);
        delivered[who] = (lost_last[who] > delivered[who] -> lost_last[who] : delivered[who])
    :: else -> skip
    fi;
    i = len(kept[who]);
    do
    :: i > 0 ->
        kept[who] ? x, n, told, asked;
        kept[who] ! x, n, told, asked;
        give(who, x, n, told, asked);
        i--
    :: i == 0 -> break
    od
}

inline on_join(who, its_epoch, its_last_seq) {
    if
    :: known[who] -> skip
    :: else ->
        known[who] = true;
        delivered[who] = next_seq - 1
    fi;
    connected[who] = true;
#ifndef TWIN_STILL_OWES_POSTED
    owes_posted[who] = false;
#endif
    welcome_it(who);
    resume(who, its_epoch, its_last_seq)
}

inline place(who, id, number, acknowledges, asks) {
    assert(!(placed[who] & BIT(id)));                /* a post has one place */
    placed[who] = placed[who] | BIT(id);
    in_hands[who] = in_hands[who] | BIT(number);
    refused[who] = refused[who] & ~BIT(id);
    last_id[who] = id;
    owes_posted[who] = true;
    if
    :: known[OTHER(who)] ->
        assert(nfull(kept[OTHER(who)]));
        kept[OTHER(who)] ! next_seq, number, acknowledges, asks;
        if
        :: connected[OTHER(who)] -> give(OTHER(who), next_seq, number, acknowledges, asks)
        :: else -> skip
        fi
    :: else -> skip
    fi;
    next_seq++
}

inline refuse(who, id) {
    refused[who] = refused[who] | BIT(id);
    say(who, Full, id, 0, 0, 0, 0)
}

inline on_post(who, id, number, acknowledges, asks) {
    if
#ifndef TWIN_FORGETS_LAST_ID
#ifndef TWIN_FORGETS_REFUSED
    :: id <= last_id[who] && (refused[who] & BIT(id)) -> say(who, Full, id, 0, 0, 0, 0)
    :: id <= last_id[who] && !(refused[who] & BIT(id)) -> owes_posted[who] = true
#else
    :: id <= last_id[who] -> owes_posted[who] = true
#endif
#endif
    :: else ->
        if
        :: fulls > 0 -> fulls--; refuse(who, id)
        :: true -> place(who, id, number, acknowledges, asks)
        fi
    fi
}

/* Room::forget: what was given to a connection is said to be lost only if that connection is. */
inline forget(who) {
    kept[who] ? <x, n, told, asked>;
    lost_first[who] = (lost_first[who] > 0 -> lost_first[who] : x);
    do
    :: nempty(kept[who]) -> kept[who] ? x, n, told, asked
    :: empty(kept[who]) -> break
    od;
    lost_last[who] = x
}

/* What a client says is heard at once, or not at all any more on this connection. */

inline hear_join(who, its_epoch, its_last_seq) {
    if
    :: deaf[who] -> skip
    :: else -> on_join(who, its_epoch, its_last_seq)
    fi
}

inline hear_post(who, id, number, acknowledges, asks) {
    if
    :: deaf[who] -> skip
    :: else -> on_post(who, id, number, acknowledges, asks)
    fi
}

inline hear_ack(who, seq) {
    if
    :: deaf[who] -> skip
    :: else -> assert(seq <= delivered[who]); acknowledge(who, seq)
    fi
}

/* --- the client --- */

/* Client::post, Posts::add */
inline post_body(who, number, acknowledges, asks) {
    last_post[who]++;
    assert(last_post[who] < 15 && nfull(in_flight[who]));
    in_flight[who] ! last_post[who], number, acknowledges, asks;
    hear_post(who, last_post[who], number, acknowledges, asks)
}

inline post_stored(who, number) { post_body(who, number, told_with[4 * who + number], asked_with[4 * who + number]) }

/* Client::post_again for all of a set of numbers. */
inline post_again(who, numbers) {
    i = 1;
    do
    :: i <= 3 && (numbers & BIT(i)) ->
        repeated[who] = repeated[who] | BIT(i);
#ifndef TWIN_TRIES_AGAIN_WHAT_CAME
        do
        :: retries[who] ?? eval(i) -> skip
        :: !(retries[who] ?? [eval(i)]) -> break
        od;
#endif
        post_stored(who, i);
        i++
    :: i <= 3 && !(numbers & BIT(i)) -> i++
    :: i > 3 -> break
    od
}

/* Client::flush for one content: it is sealed, and from now on exactly these bytes are posted. */
inline seal_and_post(who) {
    unsaid[who]--;
    last_number[who]++;
    outstanding[who] = outstanding[who] | BIT(last_number[who]);
    told_with[4 * who + last_number[who]] = opened[who];
    asked_with[4 * who + last_number[who]] = ASKED(who);
    ask_again[who] = false;
    ack_due[who] = false;
    post_stored(who, last_number[who])
}

inline send_ack(who) {
    ack_due[who] = false;
    again = ASKED(who);
    ask_again[who] = false;
    post_body(who, 0, opened[who], again)
}

inline reach(who) {
    if
    :: reachable[who] -> skip
    :: else ->
        reachable[who] = true;
        post_again(who, outstanding[who])
    fi
}

inline on_welcome(who, its_epoch, its_next_seq, somebody) {
    state[who] = online;
    if
    :: seen_epoch[who] != its_epoch ->               /* Client::begin_epoch */
        seen_epoch[who] = its_epoch;
        last_seq[who] = its_next_seq - 1;
        relay_ack_due[who] = false;
        relay_ack[who] = 0;
        reachable[who] = false;
        clear_bodies(in_flight[who]);
        do
        :: nempty(retries[who]) -> retries[who] ? _
        :: empty(retries[who]) -> break
        od
    :: else ->
        i = len(in_flight[who]);
        do
        :: i > 0 ->
            in_flight[who] ? x, n, told, asked;
            in_flight[who] ! x, n, told, asked;
            hear_post(who, x, n, told, asked);
            i--
        :: i == 0 -> break
        od
    fi;
    if
    :: somebody -> reach(who)
    :: else -> skip
    fi
}

inline on_posted(who, through) {
    do
    :: nempty(in_flight[who]) ->
        in_flight[who] ? <x, n, told, asked>;
        if
        :: x > through -> break
        :: else ->
            in_flight[who] ? x, n, told, asked;
            /* Nothing is told as accepted that could be lost. */
            assert(n == 0 || (in_hands[who] & BIT(n)) || (opened[OTHER(who)] & BIT(n)))
        fi
    :: empty(in_flight[who]) -> break
    od
}

inline on_full(who, id) {
    i = len(in_flight[who]);
    do
    :: i > 0 ->
        in_flight[who] ? x, n, told, asked;
        if
        :: x != id -> in_flight[who] ! x, n, told, asked
        :: x == id && n > 0 -> retries[who] ! n
        :: x == id && n == 0 ->
            ask_again[who] = ask_again[who] || HAS_HOLE(who);
            ack_due[who] = true
        fi;
        i--
    :: i == 0 -> break
    od
}

/* What was acknowledged is kept by nobody. */
inline forget_bodies(who) {
    i = 1;
    do
    :: i <= 3 && !(outstanding[who] & BIT(i)) -> told_with[4 * who + i] = 0; asked_with[4 * who + i] = 0; i++
    :: i <= 3 && (outstanding[who] & BIT(i)) -> i++
    :: i > 3 -> break
    od
}

/* Outgoing::acknowledge. Whether a repetition is on its way still is a question of time: both are tried. */
inline on_ack(who, acknowledges, asks) {
    outstanding[who] = outstanding[who] & ~acknowledges;
    repeated[who] = repeated[who] & ~acknowledges;
    forget_bodies(who);
    again = outstanding[who];
    if
    :: !asks -> again = again & (acknowledges >> 1 | acknowledges >> 2)  /* below what came */
    :: else -> skip
    fi;
    if
    :: again & repeated[who] -> again = again & ~repeated[who]
#ifdef QUICK
    :: else -> skip
#else
    :: true -> skip
#endif
    fi;
    post_again(who, again);
#ifndef TWIN_IS_ASKED_AND_SAYS_NOTHING
    if
    :: asks -> ack_due[who] = true    /* there may be nothing to post */
    :: else -> skip
    fi
#endif
}

/* Client::release */
inline release(who) {
    i = 1;
    do
    :: i <= 3 && (held[who] & BIT(i)) && (opened[who] & BEYOND(i)) == BEYOND(i) ->
        held[who] = held[who] & ~BIT(i);
        show_it(who, i);
        i++
    :: i <= 3 && !((held[who] & BIT(i)) && (opened[who] & BEYOND(i)) == BEYOND(i)) -> i++
    :: i > 3 -> break
    od
}

inline show_it(who, number) {
    assert(!(shown[who] & BIT(number)));             /* never twice */
    assert(shown[who] == BEYOND(number - 1));        /* never before one that was said before */
    shown[who] = shown[who] | BIT(number)
}

inline on_numbered(who, number) {
    ack_due[who] = true;
    if
#ifndef TWIN_FORGETS_NUMBERS
    :: opened[who] & BIT(number) -> skip
#endif
    :: else ->
        opened[who] = opened[who] | BIT(number);
        if
        :: highest[who] < number -> highest[who] = number
        :: else -> skip
        fi;
#ifdef TWIN_SHOWS_AT_ONCE
        show_it(who, number)
#else
        held[who] = held[who] | BIT(number);
        release(who)
#endif
    fi
}

/* Client::note_delivered */
inline note_delivered(who, seq) {
    if
    :: last_seq[who] < seq -> last_seq[who] = seq
    :: else -> skip
    fi;
    if
    :: relay_ack[who] < seq -> relay_ack[who] = seq
    :: else -> skip
    fi;
#ifdef ACKS_AT_ONCE
    hear_ack(who, relay_ack[who])
#else
    relay_ack_due[who] = true
#endif
}

/* What a session says of a body that it opened before is known: it counts once (PROTOCOL 3.9). */
inline on_deliver(who, seq, number, acknowledges, asks) {
    note_delivered(who, seq);
    if
#ifndef TWIN_FORGETS_NUMBERS
    :: number > 0 && (opened[who] & BIT(number)) ->
#ifdef QUICK
        assert(false);                               /* a repetition that nobody caused is an alarm */
#endif
        ack_due[who] = true
#endif
    :: else ->
        on_ack(who, acknowledges, (asks & 1));
        if
        :: number > 0 -> on_numbered(who, number)
        :: else -> skip
        fi;
        if
        :: asks / 2 > highest[who] ->
            highest[who] = asks / 2;
            ask_again[who] = true;
            ack_due[who] = true
        :: else -> skip
        fi
    fi
}

inline on_gap(who, last) {
    note_delivered(who, last);
    ask_again[who] = true;
    ack_due[who] = true
}

#define CAN_WRITE(who) (state[who] == online && reachable[who])

proctype Client(bool me) {
    unsaid[me] = (me -> SAYS_1 : SAYS_0);
end:
    do
    :: atomic { state[me] == offline ->
        state[me] = joining;
        hear_join(me, seen_epoch[me], last_seq[me]) }
    :: atomic { down[me] ? Welcome, p, q, its_n, _, _ -> on_welcome(me, p, q, its_n) }
    :: atomic { down[me] ? Seat, _, _, _, _, _ -> reach(me) }
    :: atomic { down[me] ? Posted, p, _, _, _, _ -> on_posted(me, p) }
    :: atomic { down[me] ? Full, p, _, _, _, _ -> on_full(me, p) }
    :: atomic { down[me] ? Deliver, p, _, its_n, its_told, its_asked -> on_deliver(me, p, its_n, its_told, its_asked) }
    :: atomic { down[me] ? Gap, p, _, _, _, _ -> on_gap(me, p) }
    :: atomic { CAN_WRITE(me) && unsaid[me] > 0 -> seal_and_post(me) }
    :: atomic { CAN_WRITE(me) && ack_due[me] -> send_ack(me) }
    :: atomic { state[me] == online && nempty(retries[me]) ->
        retries[me] ? its_n;
        if
        :: outstanding[me] & BIT(its_n) ->
            repeated[me] = repeated[me] | BIT(its_n);
            post_stored(me, its_n)
        :: else -> skip                              /* acknowledged: it was asked for in between, and came */
        fi }
    :: atomic { state[me] == online && relay_ack_due[me] ->
        relay_ack_due[me] = false;
        hear_ack(me, relay_ack[me]) }
    od
}

proctype Relay() {
end:
    do
    :: atomic { owes_posted[0] && connected[0] ->
        owes_posted[0] = false; say(0, Posted, last_id[0], 0, 0, 0, 0) }
    :: atomic { owes_posted[1] && connected[1] ->
        owes_posted[1] = false; say(1, Posted, last_id[1], 0, 0, 0, 0) }
    od
}

/* --- what goes wrong --- */

inline lose_connection(who) {
    clear(down[who]);
    deaf[who] = false;
    connected[who] = false;
    state[who] = offline;
    relay_ack_due[who] = false
}

/* Killed, and back from what was saved last: in flight are only posts whose bytes stand with a peer. */
inline kill(who) {
    lose_connection(who);
    relay_ack[who] = 0;
    i = len(in_flight[who]);
    do
    :: i > 0 ->
        in_flight[who] ? x, n, told, asked;
        if
        :: n > 0 && (outstanding[who] & BIT(n)) -> in_flight[who] ! x, n, told, asked
        :: else -> skip
        fi;
        i--
    :: i == 0 -> break
    od;
    ack_due[who] = true;
    ask_again[who] = HAS_HOLE(who)
}

inline restart_relay() {
    lose_connection(0);
    lose_connection(1);
    dying = false;
    epoch++;
    next_seq = 1;
    x = 0;
    do
    :: x < 2 ->
        known[x] = false; last_id[x] = 0; owes_posted[x] = false; delivered[x] = 0; refused[x] = 0;
        lost_first[x] = 0; lost_last[x] = 0; placed[x] = 0; in_hands[x] = 0;
        clear_bodies(kept[x]);
        x++
    :: x == 2 -> break
    od
}

proctype Faults() {
end:
    do
    :: atomic { cuts > 0 && !deaf[0] -> cuts--; deaf[0] = true }
    :: atomic { cuts > 0 && !deaf[1] -> cuts--; deaf[1] = true }
    :: atomic { deaf[0] && !dying && state[0] != offline -> lose_connection(0) }
    :: atomic { deaf[1] && !dying && state[1] != offline -> lose_connection(1) }
    :: atomic { deaf[0] && !dying && state[0] != offline -> kill(0) }
    :: atomic { deaf[1] && !dying && state[1] != offline -> kill(1) }
    :: atomic { restarts > 0 -> restarts--; dying = true; deaf[0] = true; deaf[1] = true }
    :: atomic { dying -> restart_relay() }
    :: atomic { forgets > 0 && nempty(kept[0]) -> forgets--; forget(0) }
    :: atomic { forgets > 0 && nempty(kept[1]) -> forgets--; forget(1) }
    od
}

/* --- at rest --- */

#define AT_REST(who) (state[who] == online && unsaid[who] == 0 && outstanding[who] == 0 && empty(in_flight[who]) && \
                      empty(retries[who]) && empty(kept[who]) && shown[OTHER(who)] == BEYOND(last_number[who]))

proctype Rest() {
    timeout -> assert(AT_REST(0) && AT_REST(1))
}

init {
    atomic { run Client(0); run Client(1); run Relay(); run Faults(); run Rest() }
}
