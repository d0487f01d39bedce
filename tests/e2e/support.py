"""Runs the real programs for tests: every wait polls a condition and has a deadline."""
import contextlib
import os
import queue
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

BIN = os.environ.get("PARLEY_BIN", "build/release/bin")
PATIENCE = float(os.environ.get("PARLEY_PATIENCE", "30"))


class Skip(Exception):
    pass


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def wait_until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            check(False, "waited in vain: " + (what() if callable(what) else what))
        time.sleep(0.01)


class Program:
    """A child with its lines collected; ended at the end of the test whatever happens."""

    all = []

    def __init__(self, *words, stdin=True, prefix=(), environment=None):
        self.process = subprocess.Popen(
            [*prefix, os.path.join(BIN, words[0]), *words[1:]],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.out, self.err = [], []
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self.readers:
            reader.start()
        Program.all.append(self)

    @staticmethod
    def _read(pipe, lines):
        for line in pipe:
            lines.append(line.decode("utf-8", "replace").rstrip("\n"))

    @property
    def pid(self):
        return self.process.pid

    def say(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def wait_out(self, text, patience=PATIENCE):
        wait_until(lambda: any(text in line for line in self.out), f"{text!r} on standard output; stderr: {self.err[-5:]}", patience)

    def wait_err(self, text, patience=PATIENCE):
        wait_until(lambda: any(text in line for line in self.err), f"{text!r} on standard error, which has {self.err[-5:]}", patience)

    def wait_exit(self, patience=PATIENCE):
        code = self.process.wait(patience)
        self._read_to_the_end()
        return code

    def start_line(self, number=0):
        """What it says once it is ready."""
        wait_until(lambda: len(self.out) > number or not self.alive(), lambda: f"its line {number + 1}; stderr: {self.err[-5:]}")
        if not self.alive():
            self._read_to_the_end()
        check(len(self.out) > number, f"it ended before its line {number + 1}; stderr: {self.err[-5:]}")
        return self.out[number]

    def _read_to_the_end(self):
        """What it wrote last may still be in the pipes when it has ended."""
        for reader in self.readers:
            reader.join(PATIENCE)
            check(not reader.is_alive(), f"it has ended, and somebody else holds its pipes; stderr: {self.err[-5:]}")

    def ask(self, request):
        """What a relay answers on its port of metrics; nothing, where that is busy."""
        line = wait_until(lambda: next((line for line in self.out if "metrics on" in line), None), "its line")
        with socket.create_connection(("127.0.0.1", int(line.rsplit(":", 1)[1])), PATIENCE) as raw:
            answer = b""
            with contextlib.suppress(ConnectionError):
                raw.sendall(request)
                while piece := raw.recv(65536):
                    answer += piece
        return answer.decode()

    def metric(self, name):
        """What a relay says of itself. A loop that is slow to tell is missing in it: what is counted may be more."""
        number = re.compile(rf"^{re.escape(name)} (\d+)$", re.M)
        return int(wait_until(lambda: number.search(self.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")), name)[1])

    def alive(self):
        return self.process.poll() is None

    def children(self):
        """Of a program that runs the one we mean, as strace does."""
        try:
            with open(f"/proc/{self.pid}/task/{self.pid}/children") as children:
                return [int(pid) for pid in children.read().split()]
        except OSError:
            return []

    def kill(self):
        children = set()
        while new := set(self.children()) - children:  # it may be about to have one more
            for pid in new:
                with contextlib.suppress(ProcessLookupError):  # what is being killed anyway may be faster
                    os.kill(pid, signal.SIGKILL)
            children |= new
        if self.alive():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        # Nobody waits for the children of a tracer that is gone: what they held is free when they have ended.
        wait_until(lambda: all(has_ended(pid) for pid in children), "the children to end")
        self._read_to_the_end()

    @staticmethod
    def end_all():
        with contextlib.ExitStack() as kills:  # all of them, whatever one says
            while Program.all:
                kills.callback(Program.all.pop().kill)


def has_ended(pid):
    """All threads of it: only then are its files closed."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return True
    return all(thread_has_ended(pid, thread) for thread in threads)


def thread_has_ended(pid, thread):
    try:
        with open(f"/proc/{pid}/task/{thread}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return True


class Relay(Program):
    def __init__(self, *words, port=0, **more):
        super().__init__("parley-relay", "--listen", f"127.0.0.1:{port or free_port()}", *words, stdin=False, **more)
        self.port = int(re.search(r":(\d+)$", self.start_line()).group(1))


class Person(Program):
    def __init__(self, relay_port, name, *words, **more):
        super().__init__("parley", *words, "--relay", f"127.0.0.1:{relay_port}", "--name", name, **more)
        self.name = name

    def wait_channel(self, name):
        self.wait_err(f"Secure channel established with {name}#")

    def messages(self):
        """Without the tags, which differ from run to run."""
        return [re.sub(r"^([^#]*)#[0-9A-Z]{4}: ", r"\1: ", line) for line in self.out]


def pump(source, sink, carry=lambda sink, data: sink.sendall(data)):
    """Forwards what comes until either end closes; then the other one learns it."""
    try:
        while data := source.recv(1 << 17):
            carry(sink, data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def free_port():
    """Nobody is given it while this test runs, and connections to it are refused. Who asks for it by its number, as all
    servers here do with SO_REUSEADDR, listens there, and again after an end."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))  # and never listens
    held_ports.append(holder)
    return holder.getsockname()[1]


held_ports = []


def rss_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


# --- raw frames (docs/WIRE.md) ---

def frame(kind, fields=b""):
    return struct.pack(">IB", 1 + len(fields), kind) + fields


def join(room, seat, grace=600, token=None):
    return frame(1, b"\1" + room + seat + b"s" * 32 + b"\0" + struct.pack(">I", grace) + (b"\1" + token if token else b"\0"))


def post(number, body, to=None):
    return frame(3, struct.pack(">Q", number) + (to or b"\0" * 16) + body)


class Raw:
    """A connection that speaks frames as they are."""

    def __init__(self, port, receive_buffer=None, source=None):
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.piece = 1 << 16

    def send(self, data):
        self.socket.sendall(data)
        return self

    def _exactly(self, size):
        while len(self.buffer) < size:
            piece = self.socket.recv(self.piece)
            if not piece:
                raise EOFError
            self.buffer += piece
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def receive(self):
        """(type, fields); raises EOFError at the end."""
        length, = struct.unpack(">I", self._exactly(4))
        data = self._exactly(length)
        return data[0], data[1:]

    def hears(self, text):
        """Whether it comes before the end."""
        while text not in self.buffer:
            piece = self.socket.recv(self.piece)
            if not piece:
                return False
            self.buffer += piece
        return True

    def receive_kind(self, kind):
        while True:
            got, fields = self.receive()
            if got == kind:
                return fields

    def bodies(self, count, piece=1 << 16):
        self.piece = piece
        return [self.receive_kind(0x83)[24:] for _ in range(count)]

    def ended(self):
        try:
            while True:
                self.receive()
        except (EOFError, ConnectionError):
            return True

    def close(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def asks_for_websocket(raw, *lines):
    """Whether the relay has let it in: its request is answered, and then a masked ping."""
    raw.send("\r\n".join(("GET / HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", *lines, "", "")).encode())
    try:
        return raw.hears(b"\r\n\r\n") and raw.send(b"\x89\x80\0\0\0\0").hears(b"\x8a\0")
    except OSError:
        return False


def heard_until_end(raw):
    """Everything that still comes."""
    heard = b""
    try:
        while piece := raw.socket.recv(65536):
            heard += piece
    except ConnectionError:
        pass
    return heard


def trusts_anyone():
    """For handshakes that are not about the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Canary:
    """Two in a room of their own: what an attack on others must not disturb."""

    def __init__(self, port):
        room = os.urandom(32)
        self.pair = [Raw(port).send(join(room, os.urandom(16))) for _ in range(2)]
        for raw in self.pair:
            raw.receive_kind(0x81)
        self.number = 0

    def ports(self):
        """As nft lists them."""
        return ", ".join(str(raw.socket.getsockname()[1]) for raw in self.pair)

    def sings(self, count=100):
        first = self.number
        expected = [b"canary %d" % (first + i) for i in range(count)]
        self.pair[0].send(b"".join(post(first + i + 1, text) for i, text in enumerate(expected)))
        self.number += count
        got = [self.pair[1].receive_kind(0x83) for _ in range(count)]
        check([fields[24:] for fields in got] == expected, "the canary's messages arrive intact and in order")
        # Read too, so that nothing of it is on its way: the next one to be read is the test's.
        self.pair[1].send(frame(4, got[-1][:8]) + frame(6)).receive_kind(0x89)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Oracle:
    """What must hold during and after each attack (FAULTS): alive, nobody else disturbed, nothing kept."""

    # What the relay keeps for reuse on purpose: free blocks (PayloadPool: 4 MiB of bodies, and as much again in front of
    # the smallest ones), notes, addresses.
    KEPT_KIB = 10 * 1024

    def __init__(self, relay):
        self.relay = relay
        self.canary = Canary(relay.port)
        self.canary.sings()
        self.descriptors = descriptors(relay.pid)
        self.rss = rss_kib(relay.pid)

    def sings(self, count=1000):
        check(self.relay.alive(), "the relay is alive")
        self.canary.sings(count)

    def holds(self):
        """Once the attackers have gone."""
        self.sings()
        wait_until(lambda: descriptors(self.relay.pid) <= self.descriptors, "all descriptors to come back")
        if not os.environ.get("PARLEY_SANITIZED"):
            most = self.rss * 1.05 + self.KEPT_KIB
            try:
                wait_until(lambda: rss_kib(self.relay.pid) <= most, "memory")
            except AssertionError:
                check(False, f"memory comes back to {most:.0f} KiB, and is {rss_kib(self.relay.pid)}")
        check(self.relay.alive(), "the relay is alive")


def main(tests):
    name = sys.argv[1]
    try:
        tests[name]()
    except Skip as why:
        print("skipped:", why)
        sys.exit(77)
    finally:
        Program.end_all()
