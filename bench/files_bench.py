#!/usr/bin/env python3
"""A file to one and to three receivers through a relay on loopback, beside a bare copy over a socket.

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


def transfer(relay, path, folders):
    made = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{relay.port}"],
                          capture_output=True, text=True, check=True)
    link = path + ".link"
    with open(link, "w") as file:
        file.write(made.stdout)
    receivers = [Program("parley", "recv", "--yes", "--link-file", link, "--dir", folder, "--name", f"r{i}", "--no-host")
                 for i, folder in enumerate(folders)]
    for one in receivers:
        one.wait_err("Connected")
    sender = Program("parley", "send", path, "--link-file", link, "--name", "anna", "--no-host")
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
    try:
        path = os.path.join(base, "file")
        with open(path, "wb") as file:
            for _ in range(mib):
                file.write(os.urandom(1 << 20))
        folders = [os.path.join(base, f"to{i}") for i in range(3)]
        for folder in folders:
            os.mkdir(folder)
        relay = Relay()
        rates = {"bare copy": [], "one receiver": [], "three receivers, each": []}
        for _ in range(rounds):
            rates["bare copy"].append(floor(path, base))
            rates["one receiver"].append(transfer(relay, path, folders[:1]))
            rates["three receivers, each"].append(transfer(relay, path, folders))
        for what, seconds in rates.items():
            each = sorted(mib * 1.048576 / one for one in seconds)
            print(f"{what:24} {statistics.median(each):6.0f} MB/s   ({each[0]:.0f} to {each[-1]:.0f})")
    finally:
        Program.end_all()
        shutil.rmtree(base, ignore_errors=True)


main()
