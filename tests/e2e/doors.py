"""A relay with a door of each kind, guests at them, and a room of others that must not notice what is played there."""
import contextlib
import os
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from crowd_tests import CLOSE, MESSAGE, Web, beside, web_frame
from support import *

SECURED, WEB, EVERY = ("tls", "wss"), ("ws", "wss"), ("tcp", "tls", "ws", "wss")
WELCOME, SEAT, DELIVER, POSTED, GAP, REFUSED, PONG_FRAME = 0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x89
PINGED = frame(PONG_FRAME)


class Doors(Relay):
    """A relay with a door of each kind."""

    def __init__(self, *words):
        super().__init__(*(word for scheme in EVERY[1:] for word in ("--listen", f"{scheme}://127.0.0.1:0")), *words)
        self.at = {"tcp": self.port, **{scheme: beside(self, scheme) for scheme in EVERY[1:]}}


def played(relay, attack):
    """While others sing, and again where it is over before they are; then nothing of it is left."""
    oracle, sung = Oracle(relay), threading.Event()

    def play():
        attack()
        while not sung.is_set():
            attack()
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play)
        try:
            while not sung.is_set() or not playing.done():
                oracle.sings()
                sung.set()
        finally:
            sung.set()
    playing.result()
    oracle.holds()


def wrap(scheme):
    return trusts_anyone().wrap_socket if scheme in SECURED else lambda plain: plain


def web_at(relay, scheme):
    return contextlib.closing(Web(relay.at[scheme], wrap(scheme)))


def masked(data):
    mask = os.urandom(4)
    return mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


class Messages:
    """What looks like a socket and is the binary messages of a WebSocket."""

    def __init__(self, web):
        self.web = web

    def sendall(self, data):
        plain = web_frame(MESSAGE, data)
        head = len(plain) - len(data) - 4
        self.web.send(plain[:head] + masked(data))

    def recv(self, _):
        while True:
            kind, payload = self.web.hear()
            if kind == CLOSE:
                return b""
            if kind == MESSAGE and payload:
                return payload

    def shutdown(self, how):
        self.web.socket.shutdown(how)

    def setsockopt(self, *option):
        self.web.socket.setsockopt(*option)

    def close(self):
        self.web.close()


class Guest(Raw):
    """Speaks frames at a door, in whatever carries them there."""

    def __init__(self, relay, scheme="tcp"):
        if scheme not in WEB:
            super().__init__(relay.at[scheme])
            self.socket = wrap(scheme)(self.socket)
            return
        self.socket = Messages(Web(relay.at[scheme], wrap(scheme)))
        self.buffer, self.piece = b"", 1 << 16

    def comes_in(self, room, **more):
        self.send(join(room, os.urandom(16), grace=0, **more)).receive_kind(WELCOME)
        return self

    def rest(self):
        """All frames that still come, up to the end of the connection."""
        heard = []
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                heard.append(self.receive())
        return heard

    def so_far(self):
        """All that was meant for it until now."""
        self.send(frame(6))
        heard = []
        while (got := self.receive())[0] != PONG_FRAME:
            heard.append(got)
        return heard

    def bodies_so_far(self):
        delivered = [fields for kind, fields in self.so_far() if kind == DELIVER]
        if delivered:
            self.send(frame(4, delivered[-1][:8]))
        return [fields[24:] for fields in delivered]


def come_in(grace=0):
    return join(os.urandom(32), os.urandom(16), grace)


def guest_at(relay, scheme="tcp"):
    return contextlib.closing(Guest(relay, scheme))


def say(raw, data):
    """All that is listened to: where it is too much, the relay is gone before its end."""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        raw.send(data)
    return raw


# --- who stalls, and who is slow ---

CUT = b""
STALLED = 2
IMPATIENT = ("--handshake-deadline", str(STALLED))


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



class Crumbs:
    """What looks like a socket and sends byte by byte."""

    def __init__(self, plain):
        self.plain = plain

    def sendall(self, data):
        for at in range(len(data)):
            self.plain.sendall(data[at:at + 1])

    def __getattr__(self, name):
        return getattr(self.plain, name)


class SlowTls:
    """What looks like a socket and is TLS whose own bytes go one by one, those of its handshake too."""

    def __init__(self, plain):
        self.plain = Crumbs(plain)
        self.received, self.to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusts_anyone().wrap_bio(self.received, self.to_send)
        self.until_done(self.tls.do_handshake)

    def until_done(self, what, *words):
        while True:
            try:
                return what(*words)
            except ssl.SSLWantReadError:
                self.plain.sendall(self.to_send.read())
                piece = self.plain.recv(65536)
                self.received.write(piece) if piece else self.received.write_eof()
            finally:
                self.plain.sendall(self.to_send.read())

    def sendall(self, data):
        self.until_done(self.tls.write, data)

    def recv(self, size):
        return self.until_done(self.tls.read, size)

    def close(self):
        self.plain.close()


def slow_guest(relay, scheme):
    slowly = SlowTls if scheme in SECURED else Crumbs
    guest = Guest.__new__(Guest)
    if scheme in WEB:
        guest.socket = Messages(Web(relay.at[scheme], slowly))
        guest.buffer, guest.piece = b"", 1 << 16
    else:
        Raw.__init__(guest, relay.at[scheme])
        guest.socket = slowly(guest.socket)
    return contextlib.closing(guest)
