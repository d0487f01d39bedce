"""FAULTS W12: what a client may say to the relay's WebSocket, judged by ours and by wsproto, which we did not write.

    differential.py WEB-PEER requests|streams|twin     PARLEY_WEB_CASES: how many, PARLEY_WEB_SEED: which
"""
import os
import random
import re
import struct
import subprocess
import sys

sys.path.append("/usr/lib/python3/dist-packages")  # where Debian's packages are, whichever interpreter runs this
try:
    import wsproto
    from wsproto import connection, events, frame_protocol, utilities
except ImportError:
    print("skipped: python3-wsproto is missing")
    sys.exit(77)

CASES = int(os.environ.get("PARLEY_WEB_CASES", "4000"))
SEED = os.environ.get("PARLEY_WEB_SEED", "parley")
LARGEST_MESSAGE, LARGEST_HEAD, MOST_FIELDS = 1 << 20, 8 << 10, 64


class Ours:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"it ended at {words}"
        return answer.split()


def shown(data):
    return data.hex() or "-"


def read(text):
    return b"" if text == "-" else bytes.fromhex(text)


# --- requests ---

GOOD = [b"GET / HTTP/1.1", b"Host: relay.example.org", b"Upgrade: websocket", b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"]
LINES = [b"GET /chat?a=b HTTP/1.1", b"POST / HTTP/1.1", b"GET / HTTP/1.0", b"GET http://a/ HTTP/1.1", b"GET * HTTP/1.1", b"get / HTTP/1.1",
         b"GET  / HTTP/1.1", b"GET / HTTP/1.1 ", b"GET / http/1.1", b"GET / HTTP/2.0", b"GET /\xc3\xa9 HTTP/1.1", b"GET /%zz HTTP/1.1", b"GET / HTTP/1.12"]
FIELDS = [b"Host: other", b"Host:", b"Upgrade: h2c, websocket", b"Upgrade: WEBSOCKET", b"Connection: keep-alive, Upgrade", b"Connection: close",
          b"connection:upgrade", b"Sec-WebSocket-Key: short", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", b"Sec-WebSocket-Version: 12",
          b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Extensions: permessage-deflate", b"Sec-WebSocket-Protocol: a, b", b"Content-Length: 0",
          b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"Origin: https://evil.example.org", b"Cookie: a=b",
          b"X-Forwarded-For: 192.0.2.1", b" folded", b"\tfolded", b"X : a", b"X", b": a", b"X: a\0b", b"X: \x7f", b"X: a\rb", b"X: a\nY: b", b"X:",
          b"X: \xff", b"X(: a", b"Expect: 100-continue", b"X: " + b"a" * 9000] + [b"X%d: a" % i for i in range(3)]


def make_request(random):
    lines = list(GOOD)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        at = random.randrange(len(lines))
        what = random.randrange(6)
        if what == 0:
            lines[0] = random.choice(LINES)
        elif what == 1 and len(lines) > 1:
            del lines[at]
        elif what == 2:
            lines.insert(max(1, at), random.choice(FIELDS))
        elif what == 3:
            lines[at] = random.choice(FIELDS) if at else random.choice(LINES)
        elif what == 4:
            lines[at] = damaged(random, lines[at])
        else:
            lines += [b"X%d: a" % i for i in range(random.choice((1, 57, 58, 59, 60)))]
    ends = random.choice([b"\r\n"] * 20 + [b"\n"])
    return ends.join(lines) + ends + ends


def damaged(random, data):
    if not data:
        return data
    at, what = random.randrange(len(data)), random.randrange(3)
    if what == 0:
        return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]
    return data[:at] + data[at + 1:] if what == 1 else data[:at] + bytes([random.randrange(256)]) + data[at:]


def wsproto_takes(head):
    server = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    try:
        server.receive_data(head)
        return any(isinstance(event, events.Request) for event in server.events())
    except utilities.RemoteProtocolError:
        return False
    except UnicodeError:
        return None  # it stumbles over a letter beyond ASCII, and says neither


def why_we_are_stricter(head):
    """A rule of ours that wsproto does not have, and by which this request is refused."""
    fields = [line.split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line]
    of = lambda name: [value.strip(b" \t") for key, value in fields if key.lower() == name]
    if re.search(rb"(?<!\r)\n", head):
        return "lines end with CR LF"
    if b"\r\n " in head or b"\r\n\t" in head:
        return "no folded lines"
    if re.search(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", head):
        return "no control characters"
    if head.startswith(b"\r\n"):
        return "nothing before the request"
    if len(head) > LARGEST_HEAD or len(fields) > MOST_FIELDS:
        return "a size"
    if of(b"content-length") or of(b"transfer-encoding"):
        return "no body of any kind"
    if not re.match(rb"GET /[^ ]* HTTP/1\.1\r\n", head):
        return "a path, and HTTP/1.1"
    if len(of(b"connection")) != 1 or len(of(b"upgrade")) != 1:
        return "no field twice that decides"
    if len(of(b"host")) != 1 or of(b"sec-websocket-version") != [b"13"] or of(b"origin"):
        return "one host, one version, and no page unless it is allowed"
    if len(of(b"sec-websocket-key")) != 1 or not re.fullmatch(rb"[A-Za-z0-9+/]{22}==", of(b"sec-websocket-key")[0]):
        return "one key of 16 bytes"
    return None


def why_we_are_looser(head):
    """wsproto wants no other word beside websocket; it is a list (RFC 6455 section 4.2.1)."""
    return re.search(rb"\r\nupgrade:[^\r]*,", head, re.I)


def judge_request(ours, head):
    """None when both agree, or we are stricter on purpose."""
    status = ours.ask("request", shown(head))[0]
    taken, theirs = status == "101", wsproto_takes(head)
    explained = theirs is None or (why_we_are_stricter(head) if theirs else why_we_are_looser(head))
    if taken == theirs or explained:
        return None, taken
    return f"ours says {status}, wsproto {'takes' if theirs else 'refuses'} {head!r}", taken


# --- frames ---

SIZES = (0, 1, 2, 5, 20, 125, 126, 127, 300, 5000)
CODES = (0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1011, 1015, 1016, 2999, 3000, 4000, 4999)


def make_frame(random, inside):
    """One that fits most of the time; `inside`: a message has begun and not ended."""
    kind = random.choice((0, 0, 0, 0, 2, 8, 9, 10)) if inside else random.choice((2, 2, 2, 2, 0, 1, 8, 9, 9, 10))
    if random.random() < 0.02:
        kind = random.randrange(16)
    control = kind >= 8
    end = random.random() < (0.97 if control else 0.6)
    reserved = random.choice((0x10, 0x20, 0x40)) if random.random() < 0.02 else 0
    payload = random.randbytes(random.choice(SIZES[:6] if control and random.random() < 0.97 else SIZES))
    if kind == 8 and payload and random.random() < 0.9:
        payload = struct.pack(">H", random.choice(CODES)) + random.choice((b"", b"bye", b"\xff", "grüße".encode()))
    mask = random.randbytes(4) if random.random() < 0.98 else None
    inside = inside if control else not end
    return frame(0x80 * end | reserved | kind, mask, payload, declared(random, len(payload))), inside


def declared(random, size):
    """How a length is written: as short as it can be, or wrong."""
    chance = random.random()
    if chance < 0.01:
        return 127, random.choice((size, 2**63, 2**63 - 1, 2**40, LARGEST_MESSAGE, LARGEST_MESSAGE + 1))
    if chance < 0.02:
        return 126, min(size, 65535)
    return (size, size) if size < 126 else (126, size)


def frame(first, mask, payload, length):
    short, size = length
    head = bytes([first, (0x80 if mask else 0) | short])
    head += {126: struct.pack(">H", size & 0xffff), 127: struct.pack(">Q", size)}.get(short, b"")
    if not mask:
        return head + payload
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def make_stream(random):
    data, inside = b"", False
    for _ in range(random.choice((1, 2, 3, 4, 6))):
        more, inside = make_frame(random, inside)
        data += more
    if random.random() < 0.1:
        data = damaged(random, data)
    return data[:random.randrange(len(data))] if data and random.random() < 0.1 else data


# Codes between which either may choose: what is too large is often wrong as well, text is wrong here anyway, and a Close
# need not give a reason.
SAME = {1002: {1002, 1009}, 1009: {1002, 1009}, 1007: {1002, 1003, 1007}, 1005: {1000, 1005}}
LARGEST_HEADER = 14


class Limited(frame_protocol.FrameDecoder):
    """wsproto with our one limit: of a message."""

    total = 0

    def parse_header(self):
        if not super().parse_header():
            return False
        header = self.header
        if not header.opcode.iscontrol():
            self.total = header.payload_len + (self.total if header.opcode is frame_protocol.Opcode.CONTINUATION else 0)
            if self.total > LARGEST_MESSAGE:
                raise frame_protocol.ParseFailed("too large", frame_protocol.CloseReason.MESSAGE_TOO_BIG)
        return True


class Lenient(Limited):
    """The broken twin: reserved bits do not matter to it."""

    def extension_processing(self, opcode, rsv, size):
        pass


def wsproto_hears(data, decoder):
    """Payload, pongs and the codes with which it may close, among them None where it need not. No codes: it ends somehow."""
    server = connection.Connection(wsproto.ConnectionType.SERVER)
    server._proto._frame_decoder = decoder(False, [])
    server.receive_data(data)
    payload, pongs, reader = b"", [], server._proto._frame_decoder
    for event in server.events():
        if isinstance(event, events.BytesMessage):
            payload += event.data
        elif isinstance(event, events.Ping):
            pongs.append(bytes(event.payload))
        elif isinstance(event, events.TextMessage):
            return payload, pongs, None  # text is not for us: it ends where we see it
        elif isinstance(event, events.CloseConnection):
            # We judge a header when it is whole.
            cut = {None} if reader.header is None and len(reader.buffer) < LARGEST_HEADER else set()
            return payload, pongs, cut | SAME.get(int(event.code), {int(event.code)})
    # We need not wait for the rest of a frame that leads to nothing good.
    cut = {1002, 1009} if reader.header or len(reader.buffer) else set()
    return payload, pongs, cut | {None}


def said(data):
    """Pongs and the close code among what a server of WebSocket writes."""
    pongs, code, at = [], None, 0
    while at < len(data):
        kind, size = data[at] & 0x0f, data[at + 1]
        body = data[at + 2:at + 2 + size]
        at += 2 + size
        if kind == 10:
            pongs.append(body)
        elif kind == 8:
            code = struct.unpack(">H", body[:2])[0] if body else 1005
    return pongs, code


def may_be(code, codes):
    """Ours says a word of its own where the stream ends without one, and says back codes that mean nothing to anybody."""
    if code in codes or (code == 1000 and None in codes):
        return True
    return 1002 in codes and code is not None and code >= 5000


def judge_stream(ours, data, piece, decoder):
    payload, told = map(read, ours.ask("stream", str(piece), shown(data)))
    pongs, code = said(told)
    expected, expected_pongs, codes = wsproto_hears(data, decoder)
    if codes is None:
        agreed = payload == expected and pongs[:len(expected_pongs)] == expected_pongs
    else:
        agreed = payload == expected and pongs == expected_pongs and may_be(code, codes)
    told = None if agreed else f"""ours {len(payload)} {pongs} {code}, wsproto {len(expected)} {expected_pongs} {codes}:
    {data.hex()} in {piece}"""
    return told, code in (1000, None)


def run(cases, judge):
    """How many were taken; those about which the two differ."""
    taken, differences = 0, []
    for case in range(cases):
        # Each case has a seed of its own, so that it can be run alone.
        difference, good = judge(random.Random(f"{SEED} {case}"))
        taken += good
        if difference:
            differences.append(f"case {case}: {difference}")
    return taken, differences


def main(path, what):
    ours = Ours(path)
    if what == "requests":
        taken, differences = run(CASES, lambda random: judge_request(ours, make_request(random)))
    else:
        decoder = Lenient if what == "twin" else Limited
        taken, differences = run(CASES // 4 if what == "twin" else CASES, lambda random: judge_stream(ours, make_stream(random), random.choice((1, 2, 7, 4096)), decoder))
    print(f"{CASES} {what}: {taken} are good ones; {len(differences)} differences")
    if what == "twin":
        sys.exit(0 if differences else 1)
    print("\n".join(differences[:10]))
    sys.exit(1 if differences or not CASES // 10 < taken < CASES - CASES // 10 else 0)


main(*sys.argv[1:])
