"""Every way in to a real relay that no good peer takes, and every frame that none sends, while a room of others sings (FAULTS R, W, N)."""
import base64
import contextlib
import hashlib
import os
import random
import re
import shutil
import socket
import struct
import threading
import time
import zlib

from crowd_tests import PING, PONG
from doors import *
from raw_tls import *
from transport_tests import Folder, TlsServer, openssl, self_signed


# --- frames ---

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
        for number in range(400):
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
            for number, bit in enumerate(dice.sample(range(bits), 600)):
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


# --- WebSocket: the request ---

CUT = b""
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
GOOD = (b"GET / HTTP/1.1\r\nHost: relay.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n\r\n")


def plus(field):
    return GOOD[:-2] + field + b"\r\n\r\n"


def changed(old, new):
    check(old in GOOD, old)
    return GOOD.replace(old, new)


def without(name):
    return b"\r\n".join(line for line in GOOD.split(b"\r\n") if not line.startswith(name))


def first_line(line):
    return changed(b"GET / HTTP/1.1", line)


def each(shape, *parts):
    """Named by what is special in it."""
    return {part[:60].decode("latin-1"): shape(part) for part in parts}


def answer_to(relay, scheme, request):
    with contextlib.closing(Raw(relay.at[scheme])) as raw:
        raw.socket = wrap(scheme)(raw.socket)
        return heard_until_end(say(raw, request))


def expect_refusals(relay, status, requests):
    """One answer with this status, and the end of the connection."""
    for scheme in WEB:
        for name, request in requests.items():
            heard = answer_to(relay, scheme, request)
            one_answer = heard.startswith(b"HTTP/1.1 %d " % status) and heard.find(b"\r\n\r\n") == len(heard) - 4
            check(one_answer and b"\r\nConnection: close" in heard, f"{scheme}: {name}: {heard}, not {status}")
            check(status != 426 or b"\r\nSec-WebSocket-Version: 13\r\n" in heard, f"{scheme}: it says which would do: {heard}")


def expect_served(relay, requests):
    """The twins: the same with that one thing as it should be."""
    for scheme in WEB:
        for name, request in requests.items():
            with contextlib.closing(Raw(relay.at[scheme])) as raw:
                raw.socket = wrap(scheme)(raw.socket)
                raw.send(request + web_frame(PING, b"served?"))
                check(raw.hears(b"\x8a\7served?"), f"{scheme}: {name}: {raw.buffer}")


def many_fields(count):
    return b"\r\n".join(b"X%d: a" % number for number in range(count))


BAD_REQUESTS = {
    **each(without, b"Host", b"Upgrade", b"Connection", b"Sec-WebSocket-Key"),
    **each(lambda key: changed(KEY, key), b"", b"short", KEY[:-1], KEY + b"=", KEY[:-2], KEY[:-2] + b"AA", KEY.replace(b"G", b"*"), KEY * 100),
    **each(plus, b"Sec-WebSocket-Key: " + KEY, b"sec-websocket-key: " + KEY, b"Host: other.example.org", b"Connection: Upgrade",
           b"Upgrade: websocket"),
    **each(first_line, b"GET / HTTP/1.0", b"GET / HTTP/2.0", b"GET / HTTP/0.9", b"GET / HTTP/1.2", b"GET / http/1.1", b"GET /", b"GET  / HTTP/1.1",
           b"GET / HTTP/1.1 ", b"GET http://relay.example.org/ HTTP/1.1", b"GET * HTTP/1.1", b"GET relay HTTP/1.1", b"GET /\xc3\xa9 HTTP/1.1",
           b"GET /\t HTTP/1.1", b"GET /\0 HTTP/1.1", b"GETS / HTTP/1.1", b"GET / HTTP/1.1\r\nGET / HTTP/1.1"),
    "an upgrade to something else": changed(b"websocket", b"h2c"),
    "no upgrade": changed(b"Connection: Upgrade", b"Connection: close"),
    # A line that ends in LF or CR, NUL, folded lines, and what is no field.
    **each(plus, b"X: a\nY: b", b"X: a\rY: b", b"X: a\0b", b"X\0: a", b"X: a\r\n b", b"X: a\r\n\tb", b": a", b"X", b"X : a"),
}
OTHER_VERSIONS = {
    "none": without(b"Sec-WebSocket-Version"),
    "two": plus(b"Sec-WebSocket-Version: 13"),
    **each(lambda version: changed(b"Version: 13", b"Version: " + version), b"12", b"14", b"8", b"0", b"", b"13, 8", b"013", b"-13"),
}
TOO_LARGE = {
    "100 KB in one field": plus(b"X: " + b"a" * 100_000),
    "2,000 fields": plus(many_fields(2000)),
    "65 fields": plus(many_fields(60)),
}
# Not waited for: mostly a client that expects frames to be spoken here.
NO_GET = {
    **each(first_line, b"POST / HTTP/1.1", b"HEAD / HTTP/1.1", b"get / HTTP/1.1", b"OPTIONS * HTTP/1.1", b"CONNECT relay:1 HTTP/1.1", b"PRI * HTTP/2.0",
           b" GET / HTTP/1.1", b"\r\nGET / HTTP/1.1", b"\0GET / HTTP/1.1"),
    "frames": frame(6) * 10,
}
GOOD_REQUESTS = {
    "as it should be": GOOD,
    "64 fields": plus(many_fields(59)),
    "8 KiB": plus(b"X: " + b"a" * (8192 - len(GOOD) - 5)),
    "other letters": changed(b"websocket", b"WebSocket").replace(b"Connection: Upgrade", b"connection: keep-alive, Upgrade"),
    "a path": first_line(b"GET /any/path?query HTTP/1.1"),
}


def w08_requests_that_are_no_good_opening_are_refused_with_their_status():  # FAULTS W08
    relay = Doors()
    check(len(BAD_REQUESTS) + len(OTHER_VERSIONS) + len(TOO_LARGE) + len(NO_GET) >= 60, "there are many")

    def attack():
        for status, requests in ((400, BAD_REQUESTS), (426, OTHER_VERSIONS), (431, TOO_LARGE), (431, NO_GET)):
            expect_refusals(relay, status, requests)
        expect_served(relay, GOOD_REQUESTS)
    played(relay, attack)


def expect_cut_at_the_deadline(relay, table):
    """All at once: none hears a word, and none is cut before its time."""
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        raws = []
        for name, scheme, opener in table:
            raw = stack.enter_context(contextlib.closing(Raw(relay.at[scheme])))
            # Who stops in the middle of TLS has not wrapped anything.
            raw.socket = wrap(scheme)(raw.socket) if scheme == "wss" else raw.socket
            raws.append((f"{scheme}: {name}", raw.send(opener)))
        for name, raw in raws:
            heard = heard_until_end(raw)
            check(heard == CUT, f"{name}: {heard}")
            check(time.monotonic() - begun > 0.95 * STALLED, f"{name} has its time")


STALLED = 2
IMPATIENT = ("--handshake-deadline", str(STALLED))


def w08_a_request_that_never_ends_is_cut_at_the_deadline():  # FAULTS F07, W08
    relay = Doors(*IMPATIENT)
    requests = {
        "nothing": b"",
        "a letter": b"G",
        "half a line": GOOD[:10],
        "half of it": GOOD[:90],
        "all but a byte": GOOD[:-1],
        # No line has ended.
        "lines that end in LF": GOOD.replace(b"\r\n", b"\n"),
        "lines that end in CR": GOOD.replace(b"\r\n", b"\r"),
    }
    table = [(name, scheme, request) for scheme in WEB for name, request in requests.items()]
    played(relay, lambda: expect_cut_at_the_deadline(relay, table))


SECOND = b"GET /second HTTP/1.1\r\nHost: relay.example.org\r\n\r\n"
TWO_WAYS_TO_READ = {
    **each(lambda field: plus(field) + b"5\r\nhello\r\n0\r\n\r\n" + SECOND,
           b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: 1, 1", b"Content-Length: 0x5",
           b"Content-Length: 99999999999999999999", b"Content-Length: 5\r\nContent-Length: 5", b"Content-Length: 5\r\nContent-Length: 6",
           b"Content-Length:", b"Content-Length : 5", b"Content-Length: 5\r\nTransfer-Encoding: chunked",
           b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Transfer-Encoding: chunked", b"transfer-encoding:\tchunked",
           b"Transfer-Encoding:\x0bchunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked",
           b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
    "a body that is a request": plus(b"Content-Length: %d" % len(SECOND)) + SECOND,
    "a request in a chunk": plus(b"Transfer-Encoding: chunked") + b"%x\r\n" % len(SECOND) + SECOND + b"\r\n0\r\n\r\n",
    "a request in front that asks for nothing": SECOND + GOOD,
    "a request in a folded line": plus(b"X: a\r\n " + SECOND[:-4]),
}


def w09_requests_that_two_readers_could_read_differently_are_refused():  # FAULTS W09
    relay = Doors()
    check(len(TWO_WAYS_TO_READ) >= 25, "there are many")

    def attack():
        expect_refusals(relay, 400, TWO_WAYS_TO_READ)
        for scheme in WEB:
            # What comes behind the request are frames, and G is none.
            heard = answer_to(relay, scheme, GOOD + SECOND)
            head, _, rest = heard.partition(b"\r\n\r\n")
            check(head.startswith(b"HTTP/1.1 101 ") and rest == closing(1002), f"{scheme}: a second request: {heard}")
        expect_served(relay, {"without a body": GOOD})
    played(relay, attack)


def w10_a_page_connects_only_where_it_is_allowed_and_disturbs_nobody():  # FAULTS W10
    page = b"https://chat.example.org"
    relay = Doors("--origin", page.decode())
    others = each(lambda origin: plus(b"Origin: " + origin), b"https://evil.example.org", b"http://chat.example.org", page + b":444",
                  page + b".evil.org", page + b"/", page.upper(), b"null", b"", page + b"\r\nOrigin: " + page)
    # Its name leads here by now.
    others["a host of its own"] = plus(b"Origin: http://evil.example.org").replace(b"relay.example.org", b"evil.example.org")

    def attack():
        expect_refusals(relay, 403, others)
        expect_served(relay, {"that page": plus(b"Origin: " + page), "no page": GOOD})
    played(relay, attack)


OFFERS = (b"permessage-deflate", b"permessage-deflate; client_max_window_bits",
          b"permessage-deflate; server_no_context_takeover; client_max_window_bits=15",
          b"permessage-bzip2, permessage-deflate, x-webkit-deflate-frame",
          b"permessage-deflate\r\nSec-WebSocket-Extensions: permessage-deflate")


def w11_compression_is_never_agreed_to():  # FAULTS W11
    relay = Doors()
    packer = zlib.compressobj(9, wbits=-15)
    bomb = packer.compress(bytes(32 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    check(len(bomb) < 65_536, "a bomb is small")

    def attack():
        for scheme in WEB:
            for offer in OFFERS:
                compressed = bytes([0xc0 | MESSAGE]) + web_frame(MESSAGE, bomb)[1:]
                heard = answer_to(relay, scheme, plus(b"Sec-WebSocket-Extensions: " + offer) + compressed)
                head, _, rest = heard.partition(b"\r\n\r\n")
                check(head.startswith(b"HTTP/1.1 101 ") and b"extension" not in head.lower(), f"{scheme}: {offer}: {head}")
                check(rest == closing(1002), f"{scheme}: {offer}: what is compressed is refused: {rest}")
    played(relay, attack)


# --- WebSocket: the frames ---

def closing(code):
    return b"\x88\x02" + struct.pack(">H", code)


def web_raw(first, payload=b"", size=None):
    """With a mask of zeros, and the bytes of its length as they are wanted."""
    return bytes([first]) + (size or bytes([0x80 | len(payload)])) + bytes(4) + payload


def expect_closed(relay, code, frames, schemes=WEB):
    """A close with this code comes in return, and then the end of the connection."""
    for scheme in schemes:
        for name, said in frames.items():
            with web_at(relay, scheme) as web:
                heard = heard_until_end(say(web, said))
                check(heard == closing(code), f"{scheme}: {name}: {heard}, not {code}")


def expect_taken(relay, frames):
    """The twins: what they say carries a Ping, and that is answered."""
    for scheme in WEB:
        for name, said in frames.items():
            with web_at(relay, scheme) as web:
                check(web.send(said).hears(PINGED), f"{scheme}: {name}: {web.buffer}")


PINGED = frame(PONG_FRAME)


def come_in(grace=0):
    return join(os.urandom(32), os.urandom(16), grace)


def w01_frames_without_a_mask_end_it():  # FAULTS W01
    relay = Doors()
    unmasked = {"binary": (0x82, come_in()), "text": (0x81, b"hi"), "a ping": (0x89, b""), "a pong": (0x8a, b""), "a close": (0x88, b"\x03\xe8"),
                "a piece": (0x02, b"x"), "a continuation": (0x80, b"x"), "nothing": (0x82, b"")}
    frames = {name: bytes([first, len(payload)]) + payload for name, (first, payload) in unmasked.items()}
    frames["the second of two"] = web_frame(MESSAGE) + b"\x82\1x"

    def attack():
        expect_closed(relay, 1002, frames)
        expect_taken(relay, {"with its mask": web_frame(MESSAGE, come_in() + frame(6))})
    played(relay, attack)


class Server:
    """Stands in for a relay of WebSocket: answers a client's request, says this, and keeps what it hears then."""

    def __init__(self, said):
        self.said, self.heard = said, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            raw = Raw.__new__(Raw)
            raw.socket, raw.buffer, raw.piece = self.socket.accept()[0], b"", 1
            with contextlib.suppress(OSError, EOFError):
                raw.hears(b"\r\n\r\n")
                key = re.search(rb"(?i)Sec-WebSocket-Key: (\S+)", raw.buffer).group(1)
                accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
                raw.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
                kind, payload = client_frame(raw)
                check(kind == MESSAGE, payload)
                raw.send(self.said(payload))
                self.heard.append(client_frame(raw))


def client_frame(raw):
    raw.buffer = b""
    first, size = raw._exactly(2)
    check(size & 0x80, "a client's frame has a mask")
    size &= 0x7f
    if size == 126:
        size, = struct.unpack(">H", raw._exactly(2))
    mask = raw._exactly(4)
    return first & 0x0f, bytes(byte ^ mask[at % 4] for at, byte in enumerate(raw._exactly(size)))


def w01_a_client_ends_at_a_frame_of_a_relay_with_a_mask():  # FAULTS W01
    def welcome(joined):
        return frame(WELCOME, bytes(16) + joined[38:54] + struct.pack(">QIHI", 1, 65_536, 256, 600))

    def in_mask(payload):
        return web_frame(MESSAGE, welcome(payload))

    def without_mask(payload):
        return bytes([0x82, len(welcome(payload))]) + welcome(payload)
    for said, kind in ((in_mask, CLOSE), (without_mask, MESSAGE)):
        server = Server(said)
        anna = Program("parley", "--relay", f"ws://127.0.0.1:{server.port}", "--name", "anna", "--no-host", "--plain")
        heard = wait_until(lambda: server.heard and server.heard[0], "what it says to that")
        check(heard[0] == kind, f"{said.__name__}: {heard}")
        check(kind != CLOSE or heard[1] == struct.pack(">H", 1002), f"a protocol error: {heard}")
        anna.kill()


def w02_reserved_bits_and_kinds_end_it():  # FAULTS W02
    relay = Doors()
    reserved = [first for first in range(256) if first & 0x70 or first & 0x0f not in (0, 1, MESSAGE, CLOSE, PING, PONG)]
    check(len(reserved) == 256 - 2 * 6, len(reserved))
    frames = {f"{first:#x}": web_raw(first, b"x") for first in reserved}

    def attack():
        expect_closed(relay, 1002, frames, ["ws"])
        expect_closed(relay, 1002, dict(list(frames.items())[::5]), ["wss"])
        expect_taken(relay, {"binary": web_raw(0x82, come_in() + frame(6))})
    played(relay, attack)


MEBIBYTE = 1 << 20


def long(size):
    return b"\xff" + struct.pack(">Q", size)


def of_size(size):
    """Frames of so many bytes, the last of them a Ping."""
    frames = come_in()
    while left := size - len(frames) - len(frame(6)):
        card = min(left, len(frame(2)) + 2048)
        frames += frame(2, bytes(card - len(frame(2)) - (len(frame(2)) if 0 < left - card < len(frame(2)) else 0)))
    return frames + frame(6)


def w03_lengths_that_are_longer_than_they_need_or_than_anybody_needs_end_it():  # FAULTS R13, W03
    relay = Doors()
    huge = (MEBIBYTE + 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**62, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1)
    wrong, too_large = {}, {f"a byte and {MEBIBYTE} more": web_raw(0x02, b"\0") + web_raw(0x80, size=long(MEBIBYTE))}
    for first in (0x82, 0x89):
        wrong |= {f"{first:#x}, {size} in 16 bits": web_raw(first, size=b"\xfe" + struct.pack(">H", size)) for size in (0, 1, 125)}
        wrong |= {f"{first:#x}, {size} in 64 bits": web_raw(first, size=long(size)) for size in (0, 125, 126, 65_535)}
    for size in huge:
        wrong[f"a ping of {size}"] = web_raw(0x89, size=long(size))
        too_large[f"{size}"] = web_raw(0x82, size=long(size))
        too_large[f"a byte and {size} more"] = web_raw(0x02, b"\0") + web_raw(0x80, size=long(size))

    def attack():
        expect_closed(relay, 1002, wrong)
        expect_closed(relay, 1009, too_large)
        expect_taken(relay, {f"{size} bytes": web_frame(MESSAGE, of_size(size)) for size in (125, 126, 65_535, 65_536, MEBIBYTE)})
    played(relay, attack)


def w03_what_is_announced_takes_no_memory():  # FAULTS W03
    relay = Doors()

    def attack():
        before = rss_kib(relay.pid)
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                web = stack.enter_context(web_at(relay, "ws"))
                check(web.send(web_frame(PING) + web_raw(0x82, size=long(MEBIBYTE))).hear() == (PONG, b""), "it has been heard")
            grown = rss_kib(relay.pid) - before
        check(os.environ.get("PARLEY_SANITIZED") or grown < 10 * 1024, f"{grown} KiB for 100 MiB that were announced")
    played(relay, attack)


def w05_control_frames_have_a_size_and_stand_alone():  # FAULTS F12, W05
    relay = Doors()
    frames = {
        "a piece of nothing": web_raw(0x80, b"x"),
        "a piece of nothing, and more to come": web_raw(0x00, b"x"),
        "a piece behind the last one": web_raw(0x02) + web_raw(0x80) + web_raw(0x80),
        "a message inside a message": web_raw(0x02) + web_raw(0x82),
        "text inside a message": web_raw(0x02) + web_raw(0x81, b"hi"),
    }
    for name, kind in (("ping", PING), ("pong", PONG), ("close", CLOSE)):
        frames[f"a {name} in pieces"] = web_raw(kind, b"\x03\xe8")
        frames[f"a {name} of 126 bytes"] = web_raw(0x80 | kind, b"\x03\xe8" + bytes(124), b"\xfe\0\x7e")

    def attack():
        expect_closed(relay, 1002, frames)
        for scheme in WEB:
            with web_at(relay, scheme) as web:
                said = come_in() + frame(6)
                web.send(web_raw(0x02, said[:40]) + web_raw(0x89, b"p" * 125) + web_raw(0x00, said[40:60])
                         + web_raw(0x8a, b"unasked") + web_raw(0x80, said[60:]))
                check(web.hear() == (PONG, b"p" * 125), f"{scheme}: a ping between the pieces of a message is answered")
                check(web.hears(PINGED), f"{scheme}: and the message is whole")
    played(relay, attack)


def w06_text_ends_it():  # FAULTS W06
    relay = Doors()
    text = {
        "text": web_raw(0x81, b"hi"),
        "text of no length": web_raw(0x81),
        "a piece of text": web_raw(0x01, b"hi"),
        "text in two pieces": web_raw(0x01) + web_raw(0x80, b"hi"),
        "half a character": web_raw(0x01, b"\xc3"),
        "frames in text": web_raw(0x81, frame(6)),
        "text behind a message": web_frame(MESSAGE) + web_raw(0x81, b"hi"),
    }
    # It has a code of its own (RFC 6455 section 8.1).
    no_text = {"no character": web_raw(0x81, b"\xff"), "a Join": web_raw(0x81, b"\xff" + come_in()), "half a character": web_raw(0x81, b"\xc3")}

    def attack():
        expect_closed(relay, 1003, text)
        expect_closed(relay, 1007, no_text)
    played(relay, attack)


def w07_close_codes_that_nobody_may_send_end_it_with_another():  # FAULTS W07
    relay = Doors()
    normal = web_raw(0x88, b"\3\xe8")
    wrong = {f"{code}": web_raw(0x88, struct.pack(">H", code)) for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999)}
    wrong |= {"half a code": web_raw(0x88, b"\3"), "a reason that is no text": web_raw(0x88, b"\3\xe8\xff\xff")}
    right = {
        "no code": web_raw(0x88),
        "a reason": web_raw(0x88, b"\3\xe8bye"),
        "data behind it": normal + web_frame(MESSAGE, come_in() + frame(6)),
        "a ping behind it": normal + web_frame(PING),
        "another one behind it": normal + web_raw(0x88, b"\3\xe9"),
        "in the middle of a message": web_raw(0x02, b"\0") + normal,
    }

    def attack():
        expect_closed(relay, 1002, wrong)
        expect_closed(relay, 1000, right)
        # What is beyond all ranges is said back as well.
        for code in (1000, 1001, 1002, 1003, 1007, 1011, 3000, 4999, 5000, 65_535):
            expect_closed(relay, code, {"said back": web_raw(0x88, struct.pack(">H", code))})
    played(relay, attack)


# --- TLS: the first hello ---

def alert(number):
    FATAL = 2
    return [(ALERT, bytes([FATAL, number]))]


def tls_raw(relay, scheme):
    return contextlib.closing(Raw(relay.at[scheme]))


def expect_answers(relay, answer, openers):
    """These records come in return, and then the end of the connection."""
    for scheme in SECURED:
        for name, said in openers.items():
            with tls_raw(relay, scheme) as raw:
                heard = list(records_of(heard_until_end(say(raw, said))))
                check(heard == answer, f"{scheme}: {name}: {heard}, not {answer}")


def server_hello(raw):
    """The content of the first record, which has to be one: (random, extensions by kind)."""
    kind, _, size = struct.unpack(">BHH", raw._exactly(5))
    said = raw._exactly(size)
    check(kind == HANDSHAKE and said[0] == SERVER_HELLO, f"{kind}: {said}")
    after_session = 4 + 2 + 32 + 1 + said[38]
    extensions, rest = {}, said[after_session + 2 + 1 + 2:]
    while rest:
        size = int.from_bytes(rest[2:4], "big")
        extensions[int.from_bytes(rest[:2], "big")], rest = rest[4:4 + size], rest[4 + size:]
    return said[6:38], extensions


def expect_hellos(relay, openers):
    """The twins: a hello is answered with the relay's own."""
    for scheme in SECURED:
        for name, said in openers.items():
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))


def hello_record(**shape):
    return record(HANDSHAKE, hello(**shape))


def ssl_2(version):
    """A length with its highest bit, type 1, a version, three ciphers, a challenge."""
    return b"\x80\x22\x01" + struct.pack(">H", version) + b"\x00\x09\x00\x00\x00\x10\x01\x00\x80\x02\x00\x80\x06\x00\x40" + bytes(16)


def n01_older_versions_are_refused_and_never_agreed_on():  # FAULTS N01
    relay = Doors()
    offered = ((TLS_1_2,), (TLS_1_1,), (TLS_1_0,), (0x0300,), (0x0002,), (TLS_1_0, TLS_1_1, TLS_1_2), (0x0305,), (0x7f1c,))
    refused = {
        **{f"{versions}": hello_record(versions=versions) for versions in offered},
        "as TLS 1.2 says it": hello_record(versions=()),
        "as TLS 1.0 says it": hello_record(versions=(), legacy_version=TLS_1_0),
        "TLS 1.4 as TLS 1.2 says it": hello_record(versions=(), legacy_version=0x0305),
        "SSL 2": ssl_2(2),
        "SSL 2 that speaks of TLS 1.3": ssl_2(TLS_1_3),
    }

    def attack():
        expect_answers(relay, alert(PROTOCOL_VERSION), refused)
        expect_answers(relay, alert(HANDSHAKE_FAILURE), {"as SSL 3 says it": hello_record(versions=(), legacy_version=0x0300)})
        for scheme in SECURED:
            for versions in ((TLS_1_3,), (TLS_1_2, TLS_1_3), (TLS_1_0, TLS_1_2, TLS_1_3, 0x0305)):
                with tls_raw(relay, scheme) as raw:
                    chance, extensions = server_hello(raw.send(hello_record(versions=versions)))
                check(extensions[43] == struct.pack(">H", TLS_1_3), f"{scheme}: {versions}: {extensions}")
                # RFC 9846 section 4.1.3: what a server says that was brought down.
                check(chance[-8:-1] != b"DOWNGRD", f"{scheme}: {versions}: {chance}")
    played(relay, attack)


def n03_weak_groups_signatures_and_compression_are_refused():  # FAULTS N03
    relay = Doors()
    weak = {f"group {group}": hello_record(groups=(group,)) for group in (P_384, P_521, X448, FFDHE_2048, 1, 19, 0x0a0a)}
    weak |= {f"signature {signature:#x}": hello_record(signatures=(signature,)) for signature in (0x0203, 0x0201, 0x0101, 0x0401, 0x0402, 0x0804)}
    compression = {f"compression {methods}": hello_record(compression=methods) for methods in (b"\1", b"\1\0", b"\0\1", b"\x40")}
    strong_too = hello_record(groups=(X25519, P_384, FFDHE_2048), signatures=(0x0203, ECDSA_SHA256))

    def attack():
        expect_answers(relay, alert(HANDSHAKE_FAILURE), weak)
        expect_answers(relay, alert(ILLEGAL_PARAMETER), compression)
        expect_hellos(relay, {"as it should be": hello_record(), "weak ones beside": strong_too})
    played(relay, attack)


def n05_first_records_that_are_none_end_it():  # FAULTS N03, N05
    relay = Doors()
    whole = hello()
    silent = {"a request": GOOD, "a Join": come_in(), "zeros": bytes(300), "mail": b"EHLO relay.example.org\r\n", "SSH": b"SSH-2.0-parley\r\n"}
    too_long = {f"a length of {size}": record(HANDSHAKE, b"", size) for size in (MOST_CONTENT + 1, MOST_CONTENT + 256, MOST_CONTENT + 257, 2**16 - 1)}
    too_long["a hello of 2^14 and one byte"] = record(HANDSHAKE, message(CLIENT_HELLO, bytes(MOST_CONTENT - 3)))
    unexpected = {f"a record of kind {kind}": record(kind, b"\1\2") for kind in (CHANGE_CIPHER_SPEC, ALERT, DATA, 24, 99, 255)}
    unexpected |= {f"a message of kind {kind}": record(HANDSHAKE, message(kind, whole[4:])) for kind in (0, 2, 4, 8, 11, 15, 20, 24, 254)}
    damaged = {f"a hello of {size} bytes": record(HANDSHAKE, message(CLIENT_HELLO, whole[4:4 + size])) for size in range(0, len(whole) - 4, 7)}
    damaged["a byte left over"] = record(HANDSHAKE, message(CLIENT_HELLO, whole[4:] + b"\0"))
    far_too_long = {"a hello of 16 MiB": record(HANDSHAKE, bytes([CLIENT_HELLO]) + b"\xff\xff\xff" + bytes(100))}

    def attack():
        for answer, openers in (([], silent), (alert(RECORD_OVERFLOW), too_long), (alert(UNEXPECTED_MESSAGE), unexpected),
                                (alert(DECODE_ERROR), damaged), (alert(ILLEGAL_PARAMETER), far_too_long)):
            expect_answers(relay, answer, openers)
        expect_hellos(relay, {"a whole one": record(HANDSHAKE, whole)})
    played(relay, attack)


def has_had_a_turn(witness):
    """What came before this has been read."""
    witness.send(frame(6)).receive_kind(PONG_FRAME)


def n05_a_first_hello_may_come_in_any_pieces():  # FAULTS N05
    relay = Doors()

    def attack():
        with guest_at(relay) as witness:
            witness.comes_in(os.urandom(32))
            for scheme in SECURED:
                for at in range(1, len(hello_record())):
                    with tls_raw(relay, scheme) as raw:
                        said = hello_record()
                        raw.send(said[:at])
                        has_had_a_turn(witness)
                        server_hello(raw.send(said[at:]))
        expect_hellos(relay, {"records of a byte": b"".join(record(HANDSHAKE, bytes([byte])) for byte in hello())})
    played(relay, attack)


def n04_a_hello_that_is_cut_is_answered_with_an_alert_or_not_at_all():  # FAULTS N04
    relay = Doors()

    def attack():
        for scheme in SECURED:
            said = hello_record()
            for at in range(0, len(said), 5):
                with tls_raw(relay, scheme) as raw:
                    raw.send(said[:at]).socket.shutdown(socket.SHUT_WR)
                    heard = list(records_of(heard_until_end(raw)))
                    check(heard == alert(DECODE_ERROR), f"{scheme}: an end after {at} bytes: {heard}")
                with tls_raw(relay, scheme) as raw:
                    raw.send(said[:at]).reset()
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))
                raw.socket.shutdown(socket.SHUT_WR)
                heard_until_end(raw)
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))
                raw.reset()
    played(relay, attack)


def n05_handshakes_that_stop_are_cut_at_the_deadline():  # FAULTS F07, N05
    relay = Doors(*IMPATIENT)
    said = hello_record()
    table = [(name, "tls", opener) for name, opener in
             (("nothing", b""), ("a byte", said[:1]), ("the head of a record", said[:5]), ("half a hello", said[:60]), ("all but a byte", said[:-1]),
              ("an empty record", record(HANDSHAKE, b"")), ("a record of 2^14 bytes that does not come", record(HANDSHAKE, b"", MOST_CONTENT)))]

    def attack():
        with contextlib.ExitStack() as stack:
            answered = [stack.enter_context(tls_raw(relay, scheme)).send(hello_record()) for scheme in SECURED]
            for raw in answered:
                server_hello(raw)
            expect_cut_at_the_deadline(relay, table)
            for raw in answered:
                check(all(kind in (CHANGE_CIPHER_SPEC, DATA) for kind, _ in records_of(heard_until_end(raw))), "nothing more comes of it")
    played(relay, attack)


# --- TLS: what comes behind the handshake ---

def sealed_at(relay):
    return contextlib.closing(RawTls(relay.at["tls"]))


def comes_in_sealed(raw):
    raw.seal(DATA, come_in())
    check(raw.hear(4 + 51)[4] == WELCOME, "its Join is answered")
    return raw


def expect_ends(relay, table):
    """How it ends for records (kind, content, padding) behind a Join."""
    for name, records, end in table:
        with sealed_at(relay) as raw:
            comes_in_sealed(raw)
            for one in records:
                raw.seal(*one)
            heard = raw.end()
            check(heard.endswith(end), f"{name}: {heard}, not {end}")


def expect_pongs(relay, table):
    """The twins: with these records in front a Ping is answered."""
    for name, records in table:
        with sealed_at(relay) as raw:
            comes_in_sealed(raw)
            for one in [*records, (DATA, frame(6))]:
                raw.seal(*one)
            check(raw.hear(5) == PINGED, f"{name}: it goes on")


def n03_nothing_is_negotiated_again():  # FAULTS N03, N08
    relay = Doors()
    messages = {
        "a second hello": hello(),
        "a second hello of TLS 1.2": hello(versions=()),
        "a request for a hello": message(0, b""),
        "a ticket": message(4, b""),
        "an end of early data": message(5, b""),
        "a certificate that nobody asked for": message(11, bytes(4)),
        "a request for one": message(13, bytes(3)),
        "a Finished": message(20, bytes(48)),
        "no message": b"",
    }
    table = [(name, [(HANDSHAKE, content)], "ALERT_UNEXPECTED_MESSAGE") for name, content in messages.items()]
    table += [("another cipher from here on", [(CHANGE_CIPHER_SPEC, b"\1")], "ALERT_UNEXPECTED_MESSAGE"),
              ("a record of no kind", [(99, b"x")], "ALERT_UNEXPECTED_MESSAGE")]

    def attack():
        expect_ends(relay, table)
        expect_pongs(relay, [("nothing in front", [])])
    played(relay, attack)


def n04_a_stream_that_is_cut_delivers_no_part_of_a_message_whatever_carries_it():  # FAULTS N04, R04
    relay = Doors()
    whole, half = post(1, b"whole" * 100), post(2, b"half" * 500)[:1000]

    def expect_the_whole(reader, writer_ends, name):
        check(reader.bodies(1) == [b"whole" * 100], f"{name}: what came whole is delivered")
        writer_ends()
        # Its seat goes, and nothing came of the half.
        while (got := reader.receive())[0] != SEAT or got[1][16] != 2:
            check(got[0] != DELIVER, f"{name}: nothing of the half")

    def sealed_ends(room, *pieces):
        """Between the pieces everything that came is read."""
        with guest_at(relay) as reader, sealed_at(relay) as raw:
            reader.comes_in(room)
            raw.seal(DATA, join(room, os.urandom(16), grace=0) + whole)

            def ends():
                for piece in pieces:
                    raw.send(piece(raw.sealer))
                raw.socket.shutdown(socket.SHUT_WR)
            expect_the_whole(reader, ends, "sealed")

    def attack():
        for scheme in EVERY:
            for name, end in (("an end", lambda writer: writer.socket.shutdown(socket.SHUT_WR)), ("a reset", Guest.reset)):
                room = os.urandom(32)
                with guest_at(relay) as reader, guest_at(relay, scheme) as writer:
                    reader.comes_in(room)
                    writer.comes_in(room).send(whole)
                    expect_the_whole(reader, lambda: end(writer.send(half)), f"{scheme}, {name}")
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half)[:-10])
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half), lambda sealer: sealer.seal(ALERT, b"\1\0"))
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half[:500]), lambda sealer: sealer.seal(DATA, half[500:])[:3])
    played(relay, attack)


def n05_records_have_a_size_and_may_come_in_any_pieces():  # FAULTS N05
    relay = Doors()
    # Sealed, one may have 256 bytes more: its kind, 16 of the tag, and padding.
    most_padded = MOST_CONTENT + 256 - 17
    full = post(1, bytes(MOST_CONTENT - 29))
    over, empty = "ALERT_RECORD_OVERFLOW", (DATA, b"")
    ends = [("2^14 bytes and one", [(DATA, full + b"\0")], over),
            ("padded beyond the limit", [(DATA, full[:100], most_padded - 99)], over),
            ("nothing but content", [(DATA, bytes(most_padded))], over),
            ("33 empty records in a row", [empty] * 33, "ALERT_UNEXPECTED_MESSAGE")]
    pongs = [("2^14 bytes", [(DATA, full)]),
             ("padded up to the limit", [(DATA, frame(2, b"c"), most_padded - 6)]),
             ("32 empty records", [empty] * 32)]

    def attack():
        expect_ends(relay, ends)
        expect_pongs(relay, pongs)
        for name, said, end in (("a length beyond the limit", record(DATA, b"", MOST_CONTENT + 257), over),
                                ("garbage", record(DATA, os.urandom(100)), "ALERT_BAD_RECORD_MAC"),
                                ("a record in the clear", record(HANDSHAKE, hello()), "ALERT_UNEXPECTED_MESSAGE")):
            with sealed_at(relay) as raw:
                comes_in_sealed(raw).send(said)
                heard = raw.end()
                check(heard.endswith(end), f"{name}: {heard}, not {end}")
        with guest_at(relay) as witness, sealed_at(relay) as raw:
            witness.comes_in(os.urandom(32))
            comes_in_sealed(raw)
            for at in range(1, len(frame(6)) + 1 + 16 + 5):
                sealed = raw.sealer.seal(DATA, frame(6))
                raw.send(sealed[:at])
                has_had_a_turn(witness)
                check(raw.send(sealed[at:]).hear(5) == PINGED, f"split at {at}")
    played(relay, attack)


def n06_nobody_goes_on_with_an_earlier_session():  # FAULTS N06
    relay = Doors()

    def session_of(port, earlier=None):
        """What there is after a word of the server, and whether it went on with an earlier one."""
        with careless_once.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE), session=earlier) as tls:
            tls.sendall(come_in())
            tls.recv(65536)
            return tls.session, tls.session_reused
    careless_once = careless()

    def attack():
        session, _ = session_of(relay.at["tls"])
        check(not session.has_ticket, "no ticket is given")
        check(not session_of(relay.at["tls"], session)[1], "and nothing is remembered")
        for scheme in SECURED:
            for more in (unknown_session(), extension(42, b"") + unknown_session(), extension(35, os.urandom(100))):
                with tls_raw(relay, scheme) as raw:
                    _, extensions = server_hello(raw.send(hello_record(more=more)))
                    check(set(extensions) == {43, 51}, f"{scheme}: it begins anew: {extensions}")
    played(relay, attack)
    # The twin: another server's ticket is seen.
    with Folder() as folder:
        server = TlsServer(*self_signed(folder, "generous"))
        session, _ = session_of(server.port)
        check(session.has_ticket and session_of(server.port, session)[1], "where there are tickets, they are found")


def n07_a_flood_of_key_updates_ends():  # FAULTS N07
    relay = Doors()
    not_requested, requested = message(24, b"\0"), message(24, b"\1")

    def updated(raw, count, update):
        """So many, and a Ping behind them."""
        sealed = []
        for _ in range(count):
            sealed.append(raw.sealer.seal(HANDSHAKE, update))
            raw.sealer.update()
        say(raw, b"".join([*sealed, raw.sealer.seal(DATA, frame(6))]))

    def attack():
        for update in (not_requested, requested):
            for count in (1, 64, 65, 2000):
                with sealed_at(relay) as raw:
                    comes_in_sealed(raw)
                    updated(raw, count, update)
                    if count <= 64:
                        check(raw.hear(5) == PINGED, f"{count} of {update} are followed")
                    else:
                        # Who sends on is reset, and may miss the last word.
                        heard = raw.end()
                        check(heard == "closed" or (count > 65 and heard == "cut"), f"{count} of {update}: {heard}")
        expect_ends(relay, [("two in a record", [(HANDSHAKE, 2 * not_requested)], "ALERT_UNEXPECTED_MESSAGE"),
                            ("one that asks for something unknown", [(HANDSHAKE, message(24, b"\2"))], "ALERT_ILLEGAL_PARAMETER"),
                            ("one of no length", [(HANDSHAKE, message(24, b""))], "ALERT_DECODE_ERROR")])
    played(relay, attack)


def run_openssl(*words):
    openssl("version")
    return Program(shutil.which("openssl"), *words)


def openssl_client(port, *words):
    return run_openssl("s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", *words)


def openssl_server(folder, *words):
    """With the port that it has."""
    certificate, key = self_signed(folder, "server")
    server = run_openssl("s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-tls1_3", *words)
    line = wait_until(lambda: next((line for line in server.out if line.startswith("ACCEPT")), None), "its line")
    return int(line.rsplit(":", 1)[1])


def n03_data_before_the_handshake_is_thrown_away():  # FAULTS N03
    relay = Doors()
    early_room, room = os.urandom(32), os.urandom(32)
    with Folder() as folder, guest_at(relay) as early_witness, guest_at(relay) as witness:
        early_witness.comes_in(early_room)
        witness.comes_in(room)
        with open(folder("early"), "wb") as file:
            file.write(join(early_room, os.urandom(16)) + frame(6))
        # The twin gives the session that is needed, and takes what comes early.
        twin = openssl_server(folder, "-early_data", "-max_early_data", "16384", "-no_anti_replay")
        first_time = openssl_client(twin, "-sess_out", folder("session"))
        wait_until(lambda: os.path.exists(folder("session")) and os.path.getsize(folder("session")), "a ticket")
        wait_until(lambda: open(folder("session")).read().endswith("END SSL SESSION PARAMETERS-----\n"), "all of it")
        first_time.kill()
        early = ("-sess_in", folder("session"), "-early_data", folder("early"))
        openssl_client(twin, *early).wait_out("Early data was accepted")

        def attack():
            client = openssl_client(relay.at["tls"], *early)
            client.wait_out("Early data was rejected")
            client.process.stdin.write(join(room, os.urandom(16), grace=0))
            client.process.stdin.flush()
            check(witness.receive_kind(SEAT)[16] == 0, "what comes at its time is heard")
            check(early_witness.so_far() == [], "what came early is not")
            client.kill()
            check(witness.receive_kind(SEAT)[16] == 2, "it goes")
        played(relay, attack)


def n08_no_certificate_of_a_client_is_asked_for():  # FAULTS N08
    relay = Doors()
    with Folder() as folder:
        certificate, key = self_signed(folder, "client")

        def asked(port):
            client = openssl_client(port, "-cert", certificate, "-key", key, "-msg")
            wait_until(lambda: any(line.startswith(">>>") and "Finished" in line for line in client.out), "a handshake")
            client.kill()
            messages = [line.rsplit(", ", 1)[1] for line in client.out if line[:3] in ("<<<", ">>>") and "Handshake" in line]
            return "CertificateRequest" in messages, messages.count("Certificate")

        def attack():
            for scheme in SECURED:
                check(asked(relay.at[scheme]) == (False, 1), f"{scheme}: none is asked for, and the only one is the relay's")
        played(relay, attack)
        check(asked(openssl_server(folder, "-verify", "1")) == (True, 2), "the twin: a server that asks is given one")


if __name__ == "__main__":
    main(globals())
