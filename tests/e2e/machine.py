"""What a test needs of this machine, and what it does to it. Whatever is not allowed here is a Skip that says so."""
import ctypes
import os
import re
import shutil
import signal
import subprocess

from support import Program, Skip, check, wait_until


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is missing")


def need_root(why):
    if os.geteuid() != 0:
        raise Skip(why + " needs root")


def unsanitized(why="a sanitizer makes calls of its own"):
    if os.environ.get("PARLEY_SANITIZED"):
        raise Skip(why)


def as_people_run_it(why="what is counted or checked writes and allocates for itself"):
    unsanitized(why)
    if os.environ.get("PARLEY_COVERAGE"):
        raise Skip(why)


def traced(*words, into="/dev/null"):
    """Runs a program under strace, which may make its calls fail."""
    need("strace")
    unsanitized()
    return ("strace", "-f", "-qq", "-o", into, *words)


def held_at_its_end():
    """A program under it has done all it does, and is still there to be looked at."""
    as_people_run_it("an allocator that people do not have")
    return traced("--seccomp-bpf", "-e", "trace=exit_group", "-e", "inject=exit_group:delay_enter=600s")


def attached(pid, *words, into):
    """A strace of a program that runs already, from here on."""
    need("strace")
    unsanitized()
    tracer = Program(shutil.which("strace"), "-f", "-o", into, *words, "-p", str(pid), stdin=False)
    wait_until(lambda: tracer.err, "a word of strace")
    if "attached" not in tracer.err[0]:
        raise Skip("tracing is not allowed here: " + tracer.err[0])
    return tracer


# --- a network that may be broken ---

def own_network():
    """From here on this process and what it starts are alone on a network of their own."""
    need("ip")
    need_root("a network of its own")
    CLONE_NEWNET = 0x40000000
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise Skip("a network of its own is not allowed here: " + os.strerror(ctypes.get_errno()))
    link("up")


def link(state, *more):
    subprocess.run(["ip", "link", "set", "lo", state, *more], check=True)


def filter_packets(*rules):
    """For all that comes in, in place of what was there before; nft's words."""
    need("nft")
    chain = "\n".join(("chain in {", "type filter hook input priority 0;", *rules, "}"))
    text = f"table inet faults\ndelete table inet faults\ntable inet faults {{\n{chain}\n}}\n"
    done = subprocess.run(["nft", "-f", "-"], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise Skip("nft is not allowed here: " + done.stderr)


# --- memory ---

def read_memory(pid):
    """All of it that can be written to."""
    need_root("reading another process's memory")
    pieces = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not match or int(match.group(2), 16) - int(match.group(1), 16) > 1 << 30:
                continue
            start, end = (int(text, 16) for text in match.groups())
            try:
                memory.seek(start)
                pieces.append(memory.read(end - start))
            except OSError:
                pass
    return b"".join(pieces)


class MemoryLimit:
    """A control group whose members get no more memory than this; version 1 or 2, whichever this machine has."""

    def __init__(self, limit):
        need_root("a limit of memory")
        with open("/proc/self/cgroup") as lines:
            ours = dict(line.rstrip().split(":", 2)[1:] for line in lines)
        first, second = "/sys/fs/cgroup/memory", "/sys/fs/cgroup"
        by_first = os.path.exists(first + "/memory.limit_in_bytes")
        parent = first + ours.get("memory", "/") if by_first else second + ours.get("", "/")
        self.path = f"{parent}/parley-{os.getpid()}"
        try:
            os.mkdir(self.path)
            self.write("memory.limit_in_bytes" if by_first else "memory.max", str(limit))
        except OSError as error:
            raise Skip(f"a limit of memory is not allowed here: {error}")

    def write(self, name, text):
        with open(f"{self.path}/{name}", "w") as file:
            file.write(text)

    def prefix(self):
        return ("sh", "-c", f'echo $$ >{self.path}/cgroup.procs && exec "$0" "$@"')

    def killed(self):
        """How often the system ended a process here to get its memory back."""
        for name in ("memory.events", "memory.oom_control"):
            try:
                with open(f"{self.path}/{name}") as file:
                    return int(re.search(r"^oom_kill (\d+)", file.read(), re.M).group(1))
            except (OSError, AttributeError):
                continue
        return 0

    def remove(self):
        os.rmdir(self.path)


def stop(*programs):
    for program in programs:
        program.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state(program.pid) == "T", "it to stand still")


def go_on(*programs):
    for program in programs:
        program.process.send_signal(signal.SIGCONT)


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(child) for child in children.read().split()]


def state(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]
