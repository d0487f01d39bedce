#!/usr/bin/env python3
"""A file to one and to three receivers through a relay on loopback, without and with profiles, beside a bare copy over
a socket and, where there is an OpenSSH server, scp.

The time runs from the first sign of the file in a receiver's folder to its name there: sealing, the
relay, opening, writing and comparing the hash are in it. The floor sends the same file over one TCP
connection and writes it, without any of that.

  files_bench.py [MIB ROUNDS]
"""
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
os.environ.setdefault("PARLEY_BIN", str(ROOT / "build/release/bin"))
from support import BIN, Program, Relay, wait_until  # noqa: E402


def floor(path, into):
    listener = socket.create_server(("127.0.0.1", 0))

    def receive():
        connection, _ = listener.accept()
        buffer = bytearray(1 << 20)
        with open(os.path.join(into, "floor"), "wb") as file:
            while size := connection.recv_into(buffer):
                file.write(memoryview(buffer)[:size])

    thread = threading.Thread(target=receive)
    start = time.monotonic()
    thread.start()
    with socket.create_connection(listener.getsockname()) as connection, open(path, "rb") as file:
        connection.sendfile(file)
    thread.join()
    seconds = time.monotonic() - start
    os.unlink(os.path.join(into, "floor"))
    return seconds


class Scp:
    """A server of its own on loopback, with keys of its own in a folder of its own."""

    def __init__(self, base):
        self.folder = os.path.join(base, "ssh")
        os.mkdir(self.folder, 0o700)
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{self.folder}/{key}"], check=True)
        shutil.copy(f"{self.folder}/user.pub", f"{self.folder}/authorized")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.server = subprocess.Popen(
            [shutil.which("sshd", path="/usr/sbin:/usr/bin"), "-D", "-e", "-f", "/dev/null", "-p", str(self.port),
             "-h", f"{self.folder}/host", "-o", "ListenAddress=127.0.0.1", "-o", "StrictModes=no", "-o", "UsePAM=no",
             "-o", f"AuthorizedKeysFile={self.folder}/authorized", "-o", "PidFile=none",
             "-o", "Subsystem=sftp internal-sftp"],
            stderr=subprocess.DEVNULL)

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_until(answers, "the OpenSSH server")

    def copy(self, path, into):
        target = os.path.join(into, "scp")
        start = time.monotonic()
        subprocess.run(["scp", "-q", "-P", str(self.port), "-i", f"{self.folder}/user", "-o", "StrictHostKeyChecking=no",
                        "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", path, f"127.0.0.1:{target}"],
                       check=True)
        seconds = time.monotonic() - start
        os.unlink(target)
        return seconds

    def end(self):
        self.server.terminate()
        self.server.wait()


class Profiles:
    """Makes one for each name, and gives the words that use it."""

    def __init__(self, base):
        self.environment = {**os.environ, "XDG_DATA_HOME": base + "/data", "XDG_STATE_HOME": base + "/state"}
        self.key = base + "/key"
        with open(self.key, "wb") as file:
            file.write(os.urandom(32))

    def __call__(self, name):
        subprocess.run([os.path.join(BIN, "parley"), "profile", "new", name, "--key-file", self.key], check=True,
                       capture_output=True, env=self.environment)
        return ["--profile", name, "--key-file", self.key]


def transfer(relay, path, folders, profiles=None):
    def words(name):
        return [*(profiles(f"{name}{time.monotonic_ns()}") if profiles else ()), "--name", name, "--no-host"]

    environment = profiles.environment if profiles else None
    made = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{relay.port}"],
                          capture_output=True, text=True, check=True)
    link = path + ".link"
    with open(link, "w") as file:
        file.write(made.stdout)
    receivers = [Program("parley", "recv", "--yes", "--link-file", link, "--dir", folder, *words(f"r{i}"),
                         environment=environment)
                 for i, folder in enumerate(folders)]
    for one in receivers:
        one.wait_err("Connected")
    sender = Program("parley", "send", path, "--link-file", link, *words("anna"), environment=environment)
    name = os.path.basename(path)
    wait_until(lambda: any(os.listdir(folder) for folder in folders), "the first chunk", 300)
    start = time.monotonic()
    wait_until(lambda: all(os.path.exists(os.path.join(folder, name)) for folder in folders), "the file", 600)
    seconds = time.monotonic() - start
    for program in (sender, *receivers):
        assert program.wait_exit(60) == 0, program.err[-3:]
    for folder in folders:
        os.unlink(os.path.join(folder, name))
    return seconds


def main():
    mib, rounds = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else (512, 5)
    base = tempfile.mkdtemp(prefix="parley-files-bench-")
    scp = None
    try:
        path = os.path.join(base, "file")
        with open(path, "wb") as file:
            for _ in range(mib):
                file.write(os.urandom(1 << 20))
        folders = [os.path.join(base, f"to{i}") for i in range(3)]
        for folder in folders:
            os.mkdir(folder)
        relay = Relay()
        profiles = Profiles(base)
        ways = {
            "bare copy": lambda: floor(path, base),
            "one receiver": lambda: transfer(relay, path, folders[:1]),
            "three receivers, each": lambda: transfer(relay, path, folders),
            "one receiver, with profiles": lambda: transfer(relay, path, folders[:1], profiles),
            "three, with profiles, each": lambda: transfer(relay, path, folders, profiles),
        }
        if shutil.which("sshd", path="/usr/sbin:/usr/bin") and shutil.which("scp"):
            scp = Scp(base)
            ways["scp"] = lambda: scp.copy(path, base)
        rates = {what: [] for what in ways}
        for _ in range(rounds):
            for what, run in ways.items():
                rates[what].append(run())
        for what, seconds in rates.items():
            each = sorted(mib * 1.048576 / one for one in seconds)
            print(f"{what:28} {statistics.median(each):6.0f} MB/s   ({each[0]:.0f} to {each[-1]:.0f})")
    finally:
        if scp:
            scp.end()
        Program.end_all()
        shutil.rmtree(base, ignore_errors=True)


main()
