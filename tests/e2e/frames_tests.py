"""Frames that no good peer sends, at every door of a real relay, while a room of others sings (FAULTS R)."""
import contextlib
import os
import random
import socket
import struct

from doors import *


def r05_a_session_byte_by_byte_is_the_same_session_at_every_door():  # FAULTS R05
    relay = Doors()

    def attack():
        for scheme in EVERY:
            room, seats = os.urandom(32), [os.urandom(16), os.urandom(16)]
            for come in (guest_at, slow_guest):
                with guest_at(relay) as reader, come(relay, scheme) as writer:
                    reader.send(join(room, seats[0], grace=0)).receive_kind(WELCOME)
                    writer.send(join(room, seats[1], grace=0) + post(1, b"one") + post(2, b"two", seats[0]))
                    heard = [kind for kind, _ in writer.so_far()]
                    check(heard[:2] == [WELCOME, SEAT], f"{scheme}: {heard}")
                    check(reader.bodies(2) == [b"one", b"two"], f"{scheme}: both arrive")
    played(relay, attack)


def r06_ten_thousand_frames_in_one_write_arrive_in_order_at_every_door():  # FAULTS R06
    relay = Doors()
    bodies = [b"%d" % number for number in range(10_000)]
    frames = [post(number + 1, body) for number, body in enumerate(bodies)]

    def attack():
        for scheme in EVERY:
            room = os.urandom(32)
            with guest_at(relay) as reader, guest_at(relay, scheme) as writer:
                for guest in (reader, writer):
                    guest.comes_in(room)
                writer.send(b"".join(frames))
                check(reader.bodies(len(bodies)) == bodies, f"{scheme}: all arrive in order")
        # Each in a message of its own, and all messages in one write.
        for scheme in WEB:
            room = os.urandom(32)
            with guest_at(relay) as reader, guest_at(relay, scheme) as writer:
                for guest in (reader, writer):
                    guest.comes_in(room)
                writer.socket.web.send(b"".join(web_frame(MESSAGE, each) for each in frames))
                check(reader.bodies(len(bodies)) == bodies, f"{scheme}: all messages arrive in order")
    played(relay, attack)


def r08_frames_in_the_wrong_state_are_refused_and_close_that_connection_only():  # FAULTS R07, R08
    relay = Doors()
    before = [("Card", frame(2, b"c")), ("Post", post(1, b"p")), ("Ack", frame(4, bytes(8))), ("Leave", frame(5)), ("Ping", frame(6))]
    before += [(f"type {kind}", frame(kind)) for kind in (0, 7, 0x7f, WELCOME, REFUSED, 0xff)]

    def attack():
        for scheme in EVERY:
            for name, first in before:
                with guest_at(relay, scheme) as guest:
                    heard = guest.send(first + join(os.urandom(32), os.urandom(16))).rest()
                    check(heard == [(REFUSED, b"\0")], f"{scheme}: {name} before a Join: {heard}")
            room = os.urandom(32)
            with guest_at(relay, scheme) as guest:
                heard = guest.comes_in(room).send(join(room, os.urandom(16)) + frame(6)).rest()
                check(heard == [(REFUSED, b"\0")], f"{scheme}: a second Join: {heard}")
            with guest_at(relay) as witness, guest_at(relay, scheme) as guest:
                witness.comes_in(room)
                heard = guest.comes_in(room).send(frame(5) + frame(5) + join(room, os.urandom(16)) + frame(6)).rest()
                check(all(kind == SEAT for kind, _ in heard), f"{scheme}: who has left is told nothing more: {heard}")
                shown = [fields[16] for kind, fields in witness.so_far() if kind == SEAT]
                check(shown == [0, 2], f"{scheme}: it came and went, once: {shown}")
    played(relay, attack)


JOINED = "Join"


def random_frame(dice):
    """With what the relay says to it inside a room."""
    body = dice.randbytes(dice.randrange(40))
    return dice.choice((
        lambda: (frame(2, body), None),
        lambda: (post(dice.randrange(2**64), body), None),
        lambda: (frame(4, bytes(8)), None),
        lambda: (frame(4, struct.pack(">Q", dice.randrange(1, 2**64))), REFUSED),
        lambda: (frame(5), CLOSE),
        lambda: (frame(6), PONG_FRAME),
        lambda: (join(dice.randbytes(32), dice.randbytes(16), grace=0), JOINED),
        lambda: (frame(dice.choice((0, *range(7, 256))), body), REFUSED),
        lambda: (frame(dice.choice((5, 6)), b"left over"), REFUSED),
        lambda: (frame(3, body[:23]), REFUSED),
        lambda: (struct.pack(">I", dice.choice((0, 65_793, 2**31, 2**32 - 1))), REFUSED),
    ))()


def naive(answers, inside):
    """What a client hears that says these, and whether that is the end of it."""
    heard = []
    for answer in answers:
        joins = answer == JOINED
        if inside == joins or answer == REFUSED:
            return [*heard, REFUSED], True
        if answer == CLOSE:
            return heard, True
        inside = True
        heard += [WELCOME] if joins else [answer] if answer else []
    return heard, False


def r08_random_frames_are_answered_as_a_naive_relay_would():  # FAULTS R07, R08
    relay = Doors()
    dice = random.Random(8)

    def attack():
        for number in range(300):
            scheme = EVERY[number % 4]
            frames = [random_frame(dice) for _ in range(dice.randrange(12))] + [(frame(6), PONG_FRAME)]
            inside = dice.random() < 0.8
            expected, ends = naive([answer for _, answer in frames], inside)
            with guest_at(relay, scheme) as guest:
                if inside:
                    guest.comes_in(os.urandom(32))
                guest.send(b"".join(each for each, _ in frames))
                heard = []
                while ends or len(heard) < len(expected):
                    try:
                        kind = guest.receive()[0]
                    except (EOFError, ConnectionError):
                        break
                    heard += [kind] if kind != POSTED else []
                said = [each.hex()[:12] for each, _ in frames]
                check(heard == expected, f"{scheme}, {number}: {said}: {heard}, not {expected}")
    played(relay, attack)


# --- a session that was damaged on the way ---

def is_join(fields):
    """Of this version, as WIRE has it."""
    at = 81
    for optional, behind in ((24, 4), (16, 0)):
        if fields[at:at + 1] not in (b"\0", b"\1"):
            return False
        at += 1 + optional * fields[at] + behind
    return fields[0] == 1 and fields[33:49] != bytes(16) and len(fields) == at


def shown_of(stream, room):
    """The bodies that others in this room are shown of a connection that says this and ends: a reader of WIRE in Python."""
    shown, here, inside, last = [], False, False, -1
    while len(stream) >= 5:
        size = int.from_bytes(stream[:4], "big")
        if not 1 <= size <= 65_792 or len(stream) < 4 + size:
            break
        kind, fields, stream = stream[4], stream[5:4 + size], stream[4 + size:]
        number = int.from_bytes(fields[:8], "big")
        if kind == 1 and not inside and is_join(fields):
            inside, here = True, fields[1:33] == room
        elif not inside:
            break
        elif kind == 3 and 24 <= len(fields) <= 24 + 65_536:
            if number > last and here and fields[8:24] == bytes(16):
                shown.append(fields[24:])
            last = max(last, number)
        elif not ((kind == 2 and len(fields) <= 2048) or (kind == 4 and fields == bytes(8)) or (kind == 6 and not fields)):
            break
    return shown


def session(room):
    return [join(room, os.urandom(16), grace=0)] + [post(number, b"body %d" % number) for number in range(1, 6)]


def expect_as_damaged(relay, scheme, reader, room, damaged, name):
    with guest_at(relay, scheme) as writer:
        say(writer, damaged)
        writer.socket.shutdown(socket.SHUT_WR)
        with contextlib.suppress(EOFError, ConnectionError):
            while writer.socket.recv(65536):
                pass
    heard, expected = reader.bodies_so_far(), shown_of(damaged, room)
    check(heard == expected, f"{scheme}: {name}: {heard}, not {expected}")


ROOMY = ("--join-burst", "100000", "--seats-per-room", "1000")


def r10_a_flipped_bit_is_carried_or_ends_that_connection():  # FAULTS R10
    relay = Doors(*ROOMY)
    dice = random.Random(10)

    def attack():
        room = os.urandom(32)
        with guest_at(relay) as reader:
            reader.comes_in(room)
            expect_as_damaged(relay, "tcp", reader, room, b"".join(session(room)), "the twin: without a flip all arrive")
            bits = 8 * len(b"".join(session(room)))
            for number, bit in enumerate(dice.sample(range(bits), 400)):
                flipped = bytearray(b"".join(session(room)))
                flipped[bit // 8] ^= 1 << bit % 8
                expect_as_damaged(relay, EVERY[number % 4], reader, room, bytes(flipped), f"bit {bit}")
    played(relay, attack)


def r11_what_is_cut_repeated_dropped_or_swapped_is_carried_as_it_is_or_ends_that_connection():  # FAULTS R11
    relay = Doors(*ROOMY)

    def attack():
        room = os.urandom(32)
        with guest_at(relay) as reader:
            reader.comes_in(room)
            whole = session(room)
            for at in range(len(b"".join(whole))):
                expect_as_damaged(relay, "tcp", reader, room, b"".join(session(room))[:at], f"cut at {at}")
            for scheme in EVERY:
                for at in range(len(whole)):
                    frames = session(room)
                    for name, damaged in ((f"frame {at} twice", frames[:at + 1] + frames[at:]),
                                          (f"without frame {at}", frames[:at] + frames[at + 1:]),
                                          (f"frame {at} after the next", frames[:at] + frames[at:at + 2][::-1] + frames[at + 2:])):
                        expect_as_damaged(relay, scheme, reader, room, b"".join(damaged), name)
                        frames[0] = join(room, os.urandom(16), grace=0)
    played(relay, attack)


def r13_numbers_at_the_end_of_all_numbers_wrap_nowhere():  # FAULTS R13
    relay = Doors()
    ids = [0, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1]

    def attack():
        for scheme in EVERY:
            room, seat = os.urandom(32), os.urandom(16)
            with guest_at(relay) as reader, guest_at(relay, scheme) as writer:
                for guest in (reader, writer):
                    guest.comes_in(room)
                # None after the last one is new, whatever comes of it plus one.
                writer.send(b"".join(post(number, b"%d" % number) for number in [*ids, 2**64 - 1, 0, 1, 2**63]))
                while int.from_bytes(writer.receive_kind(POSTED)[:8], "big") < 2**64 - 1:
                    pass
                heard = reader.bodies_so_far()
                check(heard == [b"%d" % number for number in ids], f"{scheme}: each once and in order: {heard}")
            for seq in (1, 2**32 - 1, 2**63, 2**64 - 1):
                with guest_at(relay, scheme) as guest:
                    heard = guest.comes_in(os.urandom(32)).send(frame(4, struct.pack(">Q", seq)) + frame(6)).rest()
                    check(heard == [(REFUSED, b"\0")], f"{scheme}: an Ack of {seq}, which nobody was sent: {heard}")
            with guest_at(relay, scheme) as guest:
                welcome = guest.send(join(room, seat, grace=2**32 - 1)).receive_kind(WELCOME)
                check(int.from_bytes(welcome[-4:], "big") == 86_400, f"{scheme}: a day is kept, and no more: {welcome}")
                epoch = welcome[:16]
            for seq in (2**32 - 1, 2**63, 2**64 - 1):
                point = b"\1" + epoch + struct.pack(">Q", seq)
                with guest_at(relay, scheme) as guest:
                    guest.send(frame(1, b"\1" + room + seat + b"s" * 32 + point + bytes(5)))
                    kind, welcome = guest.receive()
                    check(kind == WELCOME and int.from_bytes(welcome[32:40], "big") == 1, f"{scheme}: it goes on where the relay is: {welcome}")
                    check(GAP not in [kind for kind, _ in guest.so_far()], f"{scheme}: from {seq} on nothing is missing")
    played(relay, attack)


if __name__ == "__main__":
    main(globals())
