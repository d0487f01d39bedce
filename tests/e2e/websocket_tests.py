"""Requests and frames of WebSocket that no good client sends, to a real relay, while a room of others sings (FAULTS W)."""
import base64
import contextlib
import hashlib
import os
import re
import socket
import struct
import threading
import zlib

from crowd_tests import PING, PONG
from doors import *


# --- WebSocket: the request ---

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
        for status, requests in ((400, BAD_REQUESTS), (426, OTHER_VERSIONS), (431, TOO_LARGE), (400, NO_GET)):
            expect_refusals(relay, status, requests)
        expect_served(relay, GOOD_REQUESTS)
    played(relay, attack)


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


if __name__ == "__main__":
    main(globals())
