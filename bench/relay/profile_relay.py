"""Where a server's time goes: perf's samples of it while a workload runs, by what they belong to."""
import os
import re
import shutil
import subprocess

LINE = re.compile(r"^\s*([\d.]+)%\s+\[(.)\]\s+(.+?)(?:\s+-)*\s*$")
PATIENCE = 120
LEAST = {"kernel": 1.0, "program": 0.3}  # percent that are worth a line


class Samples:
    """Of the server's process while this is entered."""

    def __init__(self, relay):
        if not shutil.which("perf"):
            raise RuntimeError("perf is missing: apt-get install linux-perf")
        self.name, self.pid = type(relay).__name__, relay.pid
        self.path = os.path.join(relay.folder, "samples")

    def __enter__(self):
        command = ["perf", "record", "-q", "-o", self.path, "-e", "cpu-clock", "-F", "1999", "-p", str(self.pid)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(PATIENCE)
        if not failure[0]:
            print("\n".join(table(self.name, self.shares())), flush=True)

    def shares(self):
        """(percent, kernel or program, symbol), the largest first."""
        told = subprocess.run(["perf", "report", "-i", self.path, "--stdio", "--no-children", "--sort", "symbol"],
                              capture_output=True, text=True, timeout=PATIENCE).stdout
        found = [LINE.match(line) for line in told.splitlines()]
        return [(float(one[1]), "kernel" if one[2] == "k" else "program", one[3]) for one in found if one]


def table(title, shares):
    parts = {part: sum(share for share, whose, _ in shares if whose == part) for part in LEAST}
    yield f"{title}: " + ", ".join(f"{share:.1f} % {part}" for part, share in parts.items())
    yield from (f"  {share:5.1f} %  {part:7}  {symbol[:110]}" for share, part, symbol in shares if share >= LEAST[part])
