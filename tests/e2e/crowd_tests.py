"""Many at once, and who pings without end (FAULTS F06, F11, F12, F14): at the limits, one above them, and afterwards."""
import os
import resource
import struct
import subprocess
import time

from attack_tests import *
from machine import go_on, stop


def beside(relay, scheme):
    """The port of another of its addresses."""
    return int(wait_until(lambda: next((line for line in relay.out if f" {scheme}://" in line), None), "its line").rsplit(":", 1)[1])


def handshakes(port, source, tries):
    """How many of them come to their end."""
    done, context = [], trusts_anyone()
    for _ in range(tries):
        try:
            done.append(context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(source, 0))))
        except OSError:
            pass
    for secured in done:
        secured.close()
    return len(done)


def f06_handshakes_of_an_address_and_of_all_end_at_their_value():  # FAULTS F06
    start = time.monotonic()
    relay, port = tls_relay("--new-per-address", "1", "--new-per-address-burst", "6", "--new-in-all", "1", "--new-in-all-burst", "12")
    oracle = Oracle(relay)  # two of them

    def within(done, value):
        # In a second one more may come.
        check(value <= done <= value + time.monotonic() - start, f"{done} where {value} may be, after {time.monotonic() - start:.1f} s")
        return done
    of_one = within(handshakes(port, address(2), 12), 6)
    of_others = sum(handshakes(port, address(3 + i), 1) for i in range(12))
    within(of_one + of_others, 10)
    oracle.holds()
    # The twin: with larger values the same ones come in.
    relay, port = tls_relay("--new-per-address-burst", "12")
    check(handshakes(port, address(2), 12) == 12, "the value is what decides")
    check(sum(handshakes(port, address(3 + i), 1) for i in range(12)) == 12, "of all too")


def room_for(descriptors):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < descriptors:
        raise Skip(f"{most} open files are too few")
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, most))


def idle_ones(port, count, wrap):
    """One after the other: handshakes at the same time cost more for a moment."""
    raws = []
    for _ in range(count):
        raws.append(Raw(port))
        raws[-1].socket = wrap(raws[-1].socket)
        raws[-1].send(join(os.urandom(32), os.urandom(16)))
        raws[-1].receive_kind(0x81)
    return raws


def f11_many_that_are_idle_cost_little_each_and_a_ping_is_answered():  # FAULTS F11
    room_for(4096)
    for scheme, count, most_kib, wrap in (("tcp", 800, 4, lambda plain: plain), ("tls", 150, 24, trusts_anyone().wrap_socket)):
        relay = Relay("--listen", f"{scheme}://127.0.0.1:0", "--not-joined-early", "2000", "--not-joined", "2000")
        port = int(wait_until(lambda: len(relay.out) > 1 and relay.out[1], "the second start line").rsplit(":", 1)[1])
        oracle = Oracle(relay)
        raws, each = idle_ones(port, 50, wrap), []  # what the first ones cost is not theirs
        for _ in range(2):
            before = rss_kib(relay.pid)
            raws += idle_ones(port, count, wrap)
            each.append((rss_kib(relay.pid) - before) / count)
        print(f"{scheme}: {each[0]:.1f} KiB for each of {count}, then {each[1]:.1f} KiB")
        for raw in raws:
            raw.send(frame(6))
        for raw in raws:
            raw.receive_kind(0x89)
        if not os.environ.get("PARLEY_SANITIZED"):
            check(max(each) <= most_kib, f"{scheme}: {each} KiB each")
            check(each[1] <= 1.5 * each[0] + 0.5, f"{scheme}: the later ones cost no more: {each}")
            expect_cost_of_busy_ones(relay, raws[:50], most_kib)
        close_all(raws)
        oracle.holds()


def expect_cost_of_busy_ones(relay, raws, idle_kib):
    """The twin: those of whom something is kept are seen in the same figure."""
    before = rss_kib(relay.pid)
    for raw in raws:
        raw.send(post(1, b"b" * 65_536)[:-1])
    grown = lambda: (rss_kib(relay.pid) - before) / len(raws)
    wait_until(lambda: grown() > idle_kib, lambda: f"{grown():.1f} KiB for each of which 64 are kept")


# --- WebSocket ---

def web_frame(kind, payload=b""):
    """With a mask of zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size) if size < 65_536 else b"\xff" + struct.pack(">Q", size)
    return bytes([0x80 | kind]) + length + bytes(4) + payload


MESSAGE, CLOSE, PING, PONG = 2, 8, 9, 10


class Web(Raw):
    """A client of WebSocket that writes frames of it as it likes."""

    def __init__(self, port, wrap=lambda plain: plain):
        super().__init__(port)
        self.socket = wrap(self.socket)
        self.send(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self._exactly(1)
        check(self.head.startswith(b"HTTP/1.1 101"), self.head)

    def hear(self):
        first, size = self._exactly(2)
        if size == 126:
            size, = struct.unpack(">H", self._exactly(2))
        elif size == 127:
            size, = struct.unpack(">Q", self._exactly(8))
        return first & 0x0f, self._exactly(size)

    def is_served(self):
        """Whether it gets into a room of its own."""
        try:
            self.send(web_frame(MESSAGE, join(os.urandom(32), os.urandom(16), grace=0)))
            while True:
                kind, payload = self.hear()
                if kind == MESSAGE:
                    return payload[4] == 0x81
                if kind == CLOSE:
                    return False
        except (EOFError, ConnectionError):
            return False


def f12_control_frames_of_websocket_have_a_size_and_a_rate():  # FAULTS F12
    relay = Relay("--listen", "ws://127.0.0.1:0")
    port = beside(relay, "ws")
    oracle = Oracle(relay)
    polite = Web(port).send(web_frame(PING, b"p" * 125))
    check(polite.hear() == (PONG, b"p" * 125), "125 bytes come back")
    check(polite.send(web_frame(PONG, b"p" * 125)).is_served(), "a pong that nobody asked for means nothing")
    polite.close()
    for kind in (PING, PONG, CLOSE):
        large = Web(port).send(web_frame(kind, b"\x03\xe8" + b"p" * 124))
        check(large.hear() == (CLOSE, struct.pack(">H", 1002)), f"126 bytes in a frame of kind {kind} are an error")
        large.close()
    for kind in (PING, PONG):
        for count in (64, 65):
            # In one write: where a message stands between them they are counted anew.
            raw = Web(port).send(web_frame(kind) * count)
            check(raw.is_served() == (count == 64), f"{count} of kind {kind} in a row")
            raw.close()
    oracle.holds()


# --- after a restart ---

def f14_all_come_back_after_a_restart_although_the_gate_lets_few_in_at_once():  # FAULTS F14
    before = Relay()
    pairs = []
    for _ in range(6):
        link = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{before.port}"],
                              capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
        pairs.append([Program("parley", "join", link, "--name", name, "--no-host", "--plain") for name in ("anna", "ben")])
    for anna, ben in pairs:
        anna.wait_err("Secure channel established with ben#")
        ben.wait_err("Secure channel established with anna#")
    before.kill()
    everyone = [one for pair in pairs for one in pair]
    for one in everyone:
        one.wait_err("Not connected")
    # Until the relay is there again: then each is due at once, however fast this machine is.
    stop(*everyone)
    for number, (anna, _) in enumerate(pairs):
        anna.say(f"said meanwhile {number}")
    start = time.monotonic()
    after = Relay(*LIMITED, "--new-in-all", "3", "--new-in-all-burst", "3", "--new-per-address-burst", "1000", "--new-per-address", "1000",
                  "--metrics", "127.0.0.1:0", port=before.port)
    oracle = Oracle(after)
    go_on(*everyone)
    oracle.sings()
    for number, (_, ben) in enumerate(pairs):
        ben.wait_out(f"said meanwhile {number}", patience=max(60, PATIENCE))
    took = time.monotonic() - start
    check([len(ben.out) for _, ben in pairs] == [1] * len(pairs), "each line once")
    welcome, too_fast = knocks(after, "welcome"), knocks(after, "too_fast_all")
    print(f"{2 * len(pairs)} came back in {took:.1f} s: {welcome} were let in, {too_fast} told to come later")
    check(too_fast > 0, "they came faster than the gate lets in")
    check(welcome <= 3 + 3 * (time.monotonic() - start + 1), f"{welcome} were let in within {took:.1f} s")
    for one in everyone:
        one.kill()
    oracle.holds()


def knocks(relay, answer):
    return relay.metric('parley_knocks_total{answer="%s"}' % answer)


if __name__ == "__main__":
    main(globals())
