"""Many TLS connections: how long they last, what they cost the relay, and how soon all are back after a restart.

    hold_bench.py [CONNECTIONS [SECONDS]]        10,000 for 600 s
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

BIN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build/release/bin")
ROOMS = 100
BACK = 45  # seconds after a restart


class Lines:
    """What a program says, read while it runs."""

    def __init__(self, *words):
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.last, self.first = None, None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.first = self.first or line
            self.last = line

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


class Relay(Lines):
    def __init__(self, key, port=0):
        super().__init__(os.path.join(BIN, "parley-relay"), "--listen", f"tls://127.0.0.1:{port}", "--key", key)
        while not self.first:
            time.sleep(0.01)
        self.pin, self.port = re.search(r"tls://([0-9a-f]+)@.*:(\d+)", self.first).groups()

    def kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def online(hold):
    return json.loads(hold.last)["online"] if hold.last else 0


def wait_for_all(hold, count, patience=300):
    begin = time.monotonic()
    while online(hold) < count:
        if time.monotonic() - begin > patience:
            sys.exit(f"only {hold.last}")
        time.sleep(0.05)
    return time.monotonic() - begin


def back_after(how, relay, hold, key, count):
    before = json.loads(hold.last)
    begin = time.monotonic()
    relay.end(how)
    again = Relay(key, relay.port)
    while online(hold) == count:  # it has not heard yet
        time.sleep(0.01)
    wait_for_all(hold, count)
    seconds = time.monotonic() - begin
    failed = json.loads(hold.last)["failed_dials"] - before["failed_dials"]
    print(f"{how.name}: all {count} back {seconds:.1f} s after it, {failed} dials in vain (bar {BACK} s)")
    return again, seconds


def main():
    count, seconds = (int(word) for word in (sys.argv[1:] + ["10000", "600"][len(sys.argv) - 1:]))
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key")
        relay = Relay(key)
        empty = relay.kib()
        hold = None
        try:
            hold = Lines(os.path.join(BIN, "relay_hold"), "127.0.0.1", relay.port, relay.pin, str(count), str(ROOMS))
            print(f"{count} TLS connections in {ROOMS} rooms, open after {wait_for_all(hold, count):.1f} s")
            time.sleep(5)
            sizes, end = [], time.monotonic() + seconds
            before = json.loads(hold.last)
            while time.monotonic() < end:
                sizes.append(relay.kib())
                time.sleep(1)
            now = json.loads(hold.last)
            print(f"{seconds} s: {now['cut'] - before['cut']} cut, {now['heard'] - before['heard']} heard, "
                  f"{now['missed'] - before['missed']} missed")
            print(f"relay: {empty} KiB when empty, {sizes[0]} KiB at first, {min(sizes)} to {max(sizes)}, {sizes[-1]} at the end; "
                  f"{(sizes[-1] - empty) / count:.2f} KiB a connection")
            relay, planned = back_after(signal.SIGTERM, relay, hold, key, count)
            relay, killed = back_after(signal.SIGKILL, relay, hold, key, count)
            return 1 if now["cut"] > before["cut"] or max(planned, killed) > BACK else 0
        finally:
            for program in filter(None, (hold, relay)):
                program.end(signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
