"""The real relay without descriptors and without memory (FAULTS O01, O03, O04)."""
import signal
import tempfile

from machine import *
from support import *


# --- descriptors ---

def ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return sum(int(word) for word in stat.read().rsplit(")", 1)[1].split()[11:13])


def o01_accept_that_fails_without_descriptors_is_left_alone_for_a_while():  # FAULTS O01
    relay = Relay()
    oracle = Oracle(relay)
    with tempfile.NamedTemporaryFile() as trace:
        strace = attached(relay.pid, "-ttt", "-e", "trace=accept", "-e", "inject=accept:error=EMFILE:when=1..5", into=trace.name)
        late = [Raw(relay.port).send(join(os.urandom(32), os.urandom(16))) for _ in range(20)]
        oracle.sings(1000)
        came_in = sum(welcomed(raw) for raw in late)
        strace.kill()
        with open(trace.name) as lines:
            tries = [float(line.split()[1]) for line in lines if "(INJECTED)" in line]
    check(len(tries) == 5, f"{len(tries)} were refused")
    check(min(later - earlier for earlier, later in zip(tries, tries[1:])) > 0.05, f"it does not spin: {tries}")
    # Each time the first one that waits is turned away, so that it need not wait for ever.
    check(15 <= came_in < 20, f"{came_in} of 20 came in")
    for raw in late:
        raw.close()
    oracle.holds()


def welcomed(raw):
    try:
        return raw.receive_kind(0x81) is not None
    except (EOFError, ConnectionError):
        return False


# --- memory that is refused ---

def denied(number, at_signal=False, on=False):
    unsanitized("a sanitizer has an allocator of its own")
    more = {"PARLEY_DENY_AT_SIGNAL": "1"} if at_signal else {}
    return {**os.environ, "LD_PRELOAD": os.path.join(BIN, "../lib/libdeny_memory.so"), "PARLEY_DENY": str(number), **more,
            **({"PARLEY_DENY_ON": "1"} if on else {})}


def starting(environment):
    return Program("parley-relay", "--listen", "tls://127.0.0.1:0", "--listen", "127.0.0.1:0", stdin=False, environment=environment)


def o03_without_memory_at_its_start_it_says_so_and_ends():  # FAULTS O03
    # The first ones belong to the libraries before main; those beyond to the threads and the fences, which are the last step.
    for number in range(50, 3000, 147):
        relay = starting(denied(number, on=True))
        check(relay.wait_exit() == 1, f"{number}: exit {relay.process.returncode}")
        check(relay.err[1:] == ["parley-relay: std::bad_alloc"] or "memory" in relay.err[-1], f"{number}: {relay.err}")
    relay = starting(denied(0))
    wait_until(lambda: len(relay.out) == 2, "the twin, with memory, to start")


def work(port):
    """What takes memory: people who come and go, and large bodies."""
    reader, writer = Raw(port), Raw(port)
    room = os.urandom(32)
    for raw in (reader, writer):
        raw.send(join(room, os.urandom(16))).receive_kind(0x81)
    writer.send(b"".join(post(number + 1, b"b" * 60_000) for number in range(8)))
    check(reader.bodies(8) == [b"b" * 60_000] * 8, "all of them arrive")
    reader.close()
    writer.close()


def works(port):
    """Not, where a connection or all of it ends in the middle."""
    try:
        work(port)
        return True
    except (OSError, EOFError):
        return False


def o03_without_memory_it_serves_on_or_stops_with_a_word():  # FAULTS O03
    # Without TLS: OpenSSL itself may crash where it gets no memory for the layer of its records.
    stopped = 0
    for number in range(1, 60, 2):
        relay = Program("parley-relay", "--listen", "127.0.0.1:0", stdin=False, environment=denied(number, at_signal=True))
        port = int(wait_until(lambda: relay.out and relay.out[0], "its start line").rsplit(":", 1)[1])
        relay.process.send_signal(signal.SIGUSR1)
        if not works(port) and not works(port):
            # Half of something was done: nobody is served from a room that may be wrong.
            check(relay.wait_exit() == -signal.SIGABRT, f"{number}: exit {relay.process.returncode}, {relay.err}")
            check(relay.err[-1] == "parley: internal error: std::bad_alloc", f"{number}: {relay.err}")
            stopped += 1
        relay.kill()
    print(f"it stopped {stopped} times")
    check(stopped > 0, "memory was refused")


# --- a machine with little memory ---

def o04_its_budget_refuses_before_the_system_kills_it():  # FAULTS O04
    unsanitized("a sanitizer needs more memory")
    group = MemoryLimit(64 << 20)
    try:
        relay = Relay("--total-memory", "32 MiB", "--not-joined", "5000", "--not-joined-early", "5000", prefix=group.prefix())
        oracle = Oracle(relay)
        full = 0
        raws = []
        for _ in range(40):
            room = os.urandom(32)
            pair = [Raw(relay.port, receive_buffer=4096).send(join(room, os.urandom(16), grace=0)) for _ in range(2)]
            raws += pair
            if not all(welcomed(raw) for raw in pair):
                full += 1
                continue
            pair[1].send(b"".join(post(number + 1, b"b" * 60_000) for number in range(30)) + frame(6))
            while (kind := pair[1].receive()[0]) != 0x89:
                full += kind == 0x85
        check(full > 15, f"beyond its budget it takes no more: {full} were refused")
        check(group.killed() == 0, "the system killed nobody")
        oracle.sings()
        for raw in raws:
            raw.close()
        oracle.holds()
        # The twin: with a budget beyond what there is, the system does kill it.
        check(is_killed_without_a_budget(group), "the limit is one")
    finally:
        Program.end_all()
        group.remove()


def is_killed_without_a_budget(group):
    relay = Relay("--total-memory", "8 GiB", "--room-memory", "4 GiB", "--seat-share", "4 GiB", "--out-queue", "1 GiB", prefix=group.prefix())
    room = os.urandom(32)
    try:
        pair = [Raw(relay.port, receive_buffer=4096).send(join(room, os.urandom(16))) for _ in range(2)]
        for number in range(2000):
            pair[1].send(post(number + 1, b"b" * 60_000))
    except OSError:
        pass
    return group.killed() > 0 or not relay.alive()


if __name__ == "__main__":
    main(globals())
