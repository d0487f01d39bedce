#!/usr/bin/env python3
"""The full screen while it is busy: from a key to its echo, and what 100,000 messages take.

The real programs on loopback: a relay, a peer that says lines through a pipe at a steady rate, and
parley on a pty. A key counts as echoed when its character comes out of the terminal.

  screen_bench.py [KEYS MESSAGES]
"""
import fcntl
import itertools
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
os.environ.setdefault("PARLEY_BIN", str(ROOT / "build/release/bin"))
from support import BIN, Person, Program, Relay, rss_kib, wait_until  # noqa: E402

# No word of a message or of the screen has one of these.
MARKS = "QXZ"


class Screen:
    def __init__(self, port):
        master, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.master = master
        self.process = subprocess.Popen(
            [os.path.join(BIN, "parley"), "--no-host", "--relay", f"127.0.0.1:{port}", "--name", "anna"],
            stdin=end, stdout=end, stderr=end, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"})
        os.close(end)

    def read(self, patience):
        ready, _, _ = select.select([self.master], [], [], patience)
        return os.read(self.master, 1 << 16) if ready else b""

    def wait_for(self, text, patience=30):
        seen, deadline = b"", time.monotonic() + patience
        while text not in seen:
            assert time.monotonic() < deadline, f"{text} did not come; the end: {seen[-300:]}"
            seen = seen[-4096:] + self.read(0.1)

    def echo_time(self, key):
        begun = time.perf_counter()
        os.write(self.master, key)
        while key not in self.read(1):
            assert time.perf_counter() - begun < 5, "no echo"
        return time.perf_counter() - begun


def drain(screen, until):
    while not until():
        screen.read(0.01)


def say_steadily(rate):
    """Runs as a process of its own, so that it takes no turn of the one that measures."""
    begun = time.monotonic()
    for count in itertools.count(1):
        print(f"message number {count} of a peer who has a lot to say today", flush=True)
        time.sleep(max(0, begun + count / rate - time.monotonic()))


def echoes(screen, keys):
    times = []
    for i in range(keys):
        times.append(screen.echo_time(MARKS[i % len(MARKS)].encode()))
        if i % 50 == 49:
            os.write(screen.master, b"\x15")  # an empty line again
        resting = time.monotonic() + 0.02
        drain(screen, lambda: time.monotonic() > resting)
    return sorted(times)


def told(what, times):
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000
    print(f"{what:44} p50 {at(0.5):6.2f} ms   p99 {at(0.99):6.2f} ms   max {times[-1] * 1000:6.2f} ms")


def fill(screen, peer, wanted):
    """Says so many lines as fast as they go; the last one is waited for."""
    def say_all():
        for i in range(wanted):
            peer.say(f"line {i}: a message of ordinary length, as people write them")
        peer.say("WWW the last")

    sayer = threading.Thread(target=say_all)
    sayer.start()
    screen.wait_for(b"WWW", 600)
    sayer.join()


def main():
    keys, messages = (int(word) for word in (sys.argv[1:] or ["500", "100000"]))
    relay = Relay()
    screen = Screen(relay.port)
    screen.wait_for(b"Connected")
    peer = Person(relay.port, "ben", "--no-host")
    screen.wait_for(b"Secure channel")
    told("key to echo, quiet", echoes(screen, keys))
    sayer = subprocess.Popen([sys.executable, __file__, "say", "1000"], stdout=peer.process.stdin)
    screen.wait_for(b"message number")
    times = echoes(screen, keys)
    sayer.terminate()
    sayer.wait()
    told("key to echo, 1,000 messages a second", times)
    before = rss_kib(screen.process.pid)
    fill(screen, peer, messages)
    after = rss_kib(screen.process.pid)
    print(f"{messages} more messages: {after} KiB resident, {before} KiB before")
    screen.process.kill()
    screen.process.wait()


if sys.argv[1:2] == ["say"]:
    say_steadily(int(sys.argv[2]))
try:
    main()
finally:
    Program.end_all()
