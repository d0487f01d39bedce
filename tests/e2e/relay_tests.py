"""The real relay under bad input and bad fortune (FAULTS R, F, O)."""
import ctypes
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import tempfile

from machine import *
from support import *


def run_relay(*words, environment=None):
    """One that ends by itself."""
    return subprocess.run([os.path.join(BIN, "parley-relay"), *words], capture_output=True, text=True, timeout=PATIENCE,
                          env=environment)


def r02_a_length_beyond_the_limit_closes_that_connection_only():  # FAULTS R01, R02
    relay = Relay()
    oracle = Oracle(relay)
    for length in (0, 65536 + 257, 2**31 - 1, 2**31, 2**32 - 1):
        check(Raw(relay.port).send(struct.pack(">I", length) + b"x").ended(), f"length {length} ends the connection")
    oracle.holds()


def r03_half_a_length_is_cut_at_its_deadline():  # FAULTS R03
    relay = Relay()
    oracle = Oracle(relay)
    raws = [Raw(relay.port).send(b"\0" * size) for size in (1, 2, 3)]
    for raw in raws:
        check(raw.ended(), "half a length ends the connection")
    oracle.holds()


GONE = 2


def r04_half_a_body_forwards_nothing():  # FAULTS R04
    relay = Relay("--frame-deadline", "1")
    oracle = Oracle(relay)
    room = os.urandom(32)
    reader = Raw(relay.port).send(join(room, os.urandom(16)))
    reader.receive_kind(0x81)
    whole = post(1, b"half" * 500)
    # An end, a reset, and silence.
    for end in (Raw.close, Raw.reset, Raw.ended):
        writer = Raw(relay.port).send(join(room, os.urandom(16), grace=0))
        writer.receive_kind(0x81)
        writer.send(whole[: len(whole) // 2])
        end(writer)
        # Its seat has gone, and nothing came of what it began.
        while (shown := reader.receive())[0] != 0x82 or shown[1][16] != GONE:
            check(shown[0] != 0x83, "nothing of half a body is delivered")
        writer.close()
    reader.close()
    oracle.holds()


def r05_a_session_byte_by_byte_is_the_same_session():  # FAULTS R05
    relay = Relay()
    oracle = Oracle(relay)
    room, seats = os.urandom(32), [os.urandom(16), os.urandom(16)]
    reader = Raw(relay.port).send(join(room, seats[0]))
    reader.receive_kind(0x81)
    writer = Raw(relay.port)
    for byte in join(room, seats[1]) + post(1, b"one") + post(2, b"two", seats[0]):
        writer.send(bytes([byte]))
    check(reader.bodies(2) == [b"one", b"two"], "both arrive")
    reader.close()
    writer.close()
    oracle.holds()


def r06_ten_thousand_frames_in_one_write_arrive_in_order():  # FAULTS R06
    relay = Relay()
    oracle = Oracle(relay)
    room = os.urandom(32)
    reader = Raw(relay.port).send(join(room, os.urandom(16)))
    reader.receive_kind(0x81)
    writer = Raw(relay.port).send(join(room, os.urandom(16)))
    writer.receive_kind(0x81)
    expected = [b"%d" % i for i in range(10_000)]
    writer.send(b"".join(post(i + 1, text) for i, text in enumerate(expected)))
    check(reader.bodies(10_000) == expected, "all arrive in order")
    reader.close()
    writer.close()
    oracle.holds()


def what_came_while_the_relay_could_not_look_is_read_to_its_end():  # FAULTS R04, R06
    """All of it is one arrival, and nothing tells the relay of it twice."""
    for words in ((), ("--limit-loopback",)):
        relay = Relay(*words)
        oracle = Oracle(relay)
        room = os.urandom(32)
        reader, writer, last = (Raw(relay.port).send(join(room, os.urandom(16), grace=0)) for _ in range(3))
        for raw in (reader, writer, last):
            raw.receive_kind(0x81)
        expected = [b"%d" % i + b"x" * 4000 for i in range(60)]  # more than one read takes where it is limited
        stop(relay)
        writer.send(b"".join(post(i + 1, text) for i, text in enumerate(expected)))
        last.send(post(1, b"and then no more")).socket.shutdown(socket.SHUT_WR)
        go_on(relay)
        heard, gone = [], False
        while len(heard) <= len(expected) or not gone:
            kind, fields = reader.receive()
            if kind == 0x83:
                heard.append(fields[24:])
            gone |= kind == 0x82 and fields[16] == GONE
        check(sorted(heard) == sorted([*expected, b"and then no more"]), "all of it arrives")
        for raw in (reader, writer, last):
            raw.close()
        oracle.holds()


def who_says_too_much_and_reads_too_little_loses_nothing():  # FAULTS F15
    """It is written to while it is not read."""
    # Room for all of it: nobody is cut for what the sockets do not take.
    relay = Relay("--limit-loopback", "--out-queue", "2 MiB")
    oracle = Oracle(relay)
    room = os.urandom(32)
    reader = Raw(relay.port, receive_buffer=4096).send(join(room, os.urandom(16)))
    writers = [Raw(relay.port).send(join(room, os.urandom(16))) for _ in range(2)]
    for raw in (reader, *writers):
        raw.receive_kind(0x81)
    bodies = [b"%d" % i + b"x" * 60_000 for i in range(30)]
    for writer in writers:
        writer.send(b"".join(post(i + 1, text) for i, text in enumerate(bodies)))
        writer.receive_kind(0x84)
    reader.send(frame(6) * 8000)  # the first 4,000 at once, then 2,000 a second
    heard, pongs = [], 0
    while len(heard) < 2 * len(bodies) or pongs < 8000:
        kind, fields = reader.receive()
        heard += [fields[24:]] if kind == 0x83 else []
        pongs += kind == 0x89
    check(sorted(heard) == sorted(2 * bodies), "everything arrives")
    reader.send(frame(6)).receive_kind(0x89)  # once it is read again
    reader.send(frame(6)).receive_kind(0x89)
    for raw in (reader, *writers):
        raw.close()
    oracle.holds()


def r07_unknown_and_misplaced_frames_close_that_connection_only():  # FAULTS R07
    relay = Relay()
    oracle = Oracle(relay)
    for kind in (0, 7, 0x7f, 0x81, 0xff):
        check(Raw(relay.port).send(frame(kind)).ended(), f"type {kind} ends the connection")
    check(Raw(relay.port).send(post(1, b"x")).ended(), "a Post before a Join ends the connection")
    seat = join(os.urandom(32), os.urandom(16))
    check(Raw(relay.port).send(seat + seat).ended(), "a second Join ends the connection")
    oracle.holds()


def rooms_on_two_loops_are_one_relay():
    relay = Relay("--threads", "2")
    for _ in range(12):  # both loops own some of these rooms, and accept some of the connections
        room = os.urandom(32)
        raws = []
        for _ in range(3):
            seat = os.urandom(16)
            raws.append(Raw(relay.port).send(join(room, seat) + frame(6) + post(1, b"early")))
            raws[-1].receive_kind(0x81)
        raws[0].send(post(2, b"to all"))
        for raw in raws[1:]:
            while raw.receive_kind(0x83)[24:] != b"to all":
                pass


def f03_a_reader_that_does_not_read_is_cut_and_resumes_without_loss():  # FAULTS F03
    relay = Relay()
    oracle = Oracle(relay)
    room, slow_seat, seat = os.urandom(32), os.urandom(16), os.urandom(16)
    slow = Raw(relay.port)
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.send(join(room, slow_seat)).receive_kind(0x81)
    writer = Raw(relay.port).send(join(room, seat))
    writer.receive_kind(0x81)
    accepted, number = [], 0
    body = b"b" * 16_000
    # Until the seat's share is full: everything before that was accepted and must arrive.
    while True:
        number += 1
        writer.send(post(number, body + b"%06d" % number))
        kind, fields = writer.receive()
        while kind not in (0x84, 0x85):
            kind, fields = writer.receive()
        if kind == 0x85:
            break
        accepted.append(body + b"%06d" % number)
        check(number < 1000, "the share has an end")
    oracle.sings()
    slow.close()
    again = Raw(relay.port).send(join(room, slow_seat))
    got = []
    while len(got) < len(accepted):
        kind, fields = again.receive()
        if kind == 0x83:
            got.append(fields[24:])
            again.send(frame(4, fields[:8]))
    check(got == accepted, "nothing accepted is lost")
    again.close()
    writer.close()
    oracle.holds()


def o01_without_descriptors_the_relay_waits_and_lives():  # FAULTS O01
    unsanitized("the sanitizer needs descriptors itself")
    relay = Relay(prefix=("sh", "-c", 'ulimit -n 64; exec "$0" "$@"'))
    oracle = Oracle(relay)
    raws = [socket.create_connection(("127.0.0.1", relay.port)) for _ in range(120)]
    oracle.sings()
    for raw in raws:
        raw.close()
    used = [int(word) for word in open(f"/proc/{relay.pid}/stat").read().split()[13:15]]
    check(sum(used) < 300, f"no spinning: {used} ticks")
    oracle.holds()


EVERY_OTHER, FIRST = "1+2", "1"


def o02_a_system_call_that_fails_is_tried_again_or_costs_one_connection():  # FAULTS O02
    for call, error, when in (("accept", "ECONNABORTED", EVERY_OTHER), ("accept", "EINTR", EVERY_OTHER),
                              ("accept", "ENFILE", FIRST), ("accept", "ENOBUFS", FIRST), ("accept", "ENOMEM", FIRST),
                              ("recvfrom", "EINTR", EVERY_OTHER), ("recvfrom", "EAGAIN", EVERY_OTHER), ("recvfrom", "ENOMEM", FIRST),
                              ("sendto,sendmsg", "EINTR", EVERY_OTHER), ("sendto,sendmsg", "EAGAIN", EVERY_OTHER),
                              ("sendto,sendmsg", "ENOBUFS", FIRST), ("epoll_wait", "EINTR", EVERY_OTHER), ("epoll_ctl", "ENOMEM", FIRST),
                              ("setsockopt", "ENOBUFS", EVERY_OTHER), ("getpeername", "ENOTCONN", FIRST)):
        what, relay = f"{error} of {call}", Relay()
        oracle = Oracle(relay)
        with tempfile.NamedTemporaryFile("r") as trace:
            tracer = attached(relay.pid, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}", into=trace.name)
            check(knocks(relay.port) or when == FIRST, f"{what} costs nobody the connection")
            oracle.sings()
            check(knocks(relay.port), f"after {what} the next one gets in")
            tracer.kill()
            check("(INJECTED)" in trace.read(), f"{what} was injected")
        oracle.holds()
        relay.kill()


def knocks(port):
    """Whether it gets in."""
    raw = Raw(port)
    try:
        raw.send(join(os.urandom(32), os.urandom(16), grace=0)).receive_kind(0x81)
        return True
    except (EOFError, ConnectionError):
        return False
    finally:
        raw.close()


def o05_a_reader_of_small_pieces_gets_everything_and_its_end_disturbs_nobody():  # FAULTS O05, O16
    relay = Relay()
    oracle = Oracle(relay)
    room = os.urandom(32)
    reader = Raw(relay.port, receive_buffer=4096).send(join(room, os.urandom(16)))
    reader.receive_kind(0x81)
    writer = Raw(relay.port).send(join(room, os.urandom(16)))
    writer.receive_kind(0x81)
    bodies = [bytes([i]) * 65_536 for i in range(12)]
    writer.send(b"".join(post(i + 1, body) for i, body in enumerate(bodies)))
    check(reader.bodies(12, piece=1000) == bodies, "every short write is continued where it ended")
    # The end comes as a reset, with bytes on their way to it.
    writer.send(b"".join(post(13 + i, body) for i, body in enumerate(bodies)))
    reader.reset()
    writer.close()
    oracle.holds()


def o07_sigterm_tells_everyone_and_ends():  # FAULTS O07
    relay = Relay()
    raw = Raw(relay.port).send(join(os.urandom(32), os.urandom(16)))
    raw.receive_kind(0x81)
    relay.process.send_signal(signal.SIGTERM)
    raw.receive_kind(0x88)
    check(relay.wait_exit() == 0, "it ends with 0")


def o07_whoever_does_not_read_delays_the_end_by_2_seconds_at_most():  # FAULTS O07
    # Whatever else would end it is far away.
    relay = Relay("--out-queue", "32 MiB", "--seat-share", "64 MiB", "--room-memory", "64 MiB", "--write-deadline", "600", "--tcp-user-timeout",
                  "600")
    room = os.urandom(32)
    frozen = Raw(relay.port, receive_buffer=4096).send(join(room, os.urandom(16)))
    frozen.receive_kind(0x81)
    writer = Raw(relay.port).send(join(room, os.urandom(16)))
    writer.receive_kind(0x81)
    # More than the sockets between them take, and less than a slow reader is cut for.
    for number in range(1, 250):
        writer.send(post(number, b"b" * 65_000))
    writer.send(frame(6)).receive_kind(0x89)
    start = time.monotonic()
    relay.process.send_signal(signal.SIGTERM)
    writer.receive_kind(0x88)
    check(relay.wait_exit() == 0, "it ends with 0")
    took = time.monotonic() - start
    check(took > 1.5, f"it waited for it: {took:.1f} s")


def o13_a_port_in_use_and_a_wrong_flag_are_one_line_each():  # FAULTS O13
    relay = Relay()
    for words, code in ((["--listen", f"127.0.0.1:{relay.port}"], 1), (["--nonsense"], 2), (["--listen", "nonsense"], 2),
                        (["--listen", "tcp://0.0.0.0:0"], 2), (["--listen", "198.51.100.1:5555", "--insecure"], 1),
                        (["--listen", "[2001:db8::1]:5555", "--insecure"], 1), (["--trusted-proxy", "localhost"], 2),
                        (["--token-digest", "1234"], 2), (["--not-joined-early", "600"], 2), (["--threads", "1", "--threads", "2"], 2)):
        done = run_relay(*words)
        check(done.returncode == code, f"{words}: exit {done.returncode}")
        check(len(done.stderr.strip().splitlines()) == 1, f"{words}: {done.stderr!r}")


def o13_a_port_and_an_address_that_are_not_ours_to_take_are_one_line_each():  # FAULTS O13
    own_network()
    need("setpriv")
    subprocess.run(["sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"], check=True)
    # Others than root may not have port 80; without IPv6 there is no ::1.
    nobody = ("setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")
    for prefix, address, text in ((nobody, "127.0.0.1:80", "needs more rights"), ((), "[::1]:0", "no such address")):
        done = subprocess.run([*prefix, shutil.which(os.path.join(BIN, "parley-relay")), "--listen", address], capture_output=True, text=True,
                              timeout=PATIENCE)
        check(done.returncode == 1 and text in done.stderr, f"{address}: exit {done.returncode}, {done.stderr}")
        check(len(done.stderr.strip().splitlines()) == 1, done.stderr)
    Canary(Relay().port).sings(1000)


def o19_garbage_in_a_file_of_settings_is_one_line_with_its_place():  # FAULTS O19
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "relay.toml")
        for text, line in (("threads = -1", 1), ("\nthreads = 1e99", 2), ("out-queue = nan", 1), ("unheard = 1", 1),
                           ("\n\n[threads]", 3), ("threads = 1\nthreads = 2", 2), ("\0", 1),
                           ("room-memory = \"9999999 GiB\"", 1)):
            with open(path, "w") as file:
                file.write(text)
            done = run_relay("--config", path)
            check(done.returncode == 2, f"{text!r}: exit {done.returncode}")
            check(len(done.stderr.splitlines()) == 1 and f"relay.toml:{line}: " in done.stderr, f"{text!r}: {done.stderr!r}")
        check(run_relay("--config", path + ".missing").returncode == 2, "a file that is missing is wrong use")


def settings_come_from_flag_then_environment_then_file_and_say_so():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "relay.toml")
        with open(path, "w") as file:
            file.write('seats-per-room = 10\njoin-burst = 11\nnot-joined = 600\n')
        environment = {**os.environ, "PARLEY_RELAY_CONFIG": path, "PARLEY_RELAY_JOIN_BURST": "12", "PARLEY_RELAY_NOT_JOINED": "700"}
        printed = run_relay("--not-joined", "800", "--print-config", environment=environment).stdout
        lines = {line.split(" = ")[0]: line for line in printed.splitlines()}
        for name, value, source in (("seats-per-room", "10", path + ":1"), ("join-burst", "12", "PARLEY_RELAY_JOIN_BURST"),
                                    ("not-joined", "800", "--not-joined"), ("threads", "1", "default")):
            check(f" = {value} " in lines[name] and lines[name].endswith("# " + source), lines[name])
        with open(path, "w") as file:
            file.write(printed)
        done = run_relay("--config", path, "--check-config")
        check(done.returncode == 0, f"what is printed is a file: {done.stderr}")


def hears_nothing(raw):
    """As if its machine had vanished: what comes is thrown away before TCP sees it, and so is never acknowledged."""
    drop_all = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))  # the filter "return 0"
    SO_ATTACH_FILTER = 26
    raw.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(drop_all)))


def two_in_a_room(relay, **more):
    room = os.urandom(32)
    raws = [Raw(relay.port, **options).send(join(room, os.urandom(16))) for options in (more, {})]
    for raw in raws:
        raw.receive_kind(0x81)
    return raws


def o14_a_machine_that_vanished_is_cut_when_it_acknowledges_nothing():  # FAULTS O14
    # The second one is the twin: with more patience it holds on to it.
    relays = [Relay("--tcp-user-timeout", seconds) for seconds in ("1", "60")]
    pairs = [two_in_a_room(relay) for relay in relays]
    held = [descriptors(relay.pid) for relay in relays]
    for gone, writer in pairs:
        hears_nothing(gone)
        writer.send(post(1, b"are you there?")).receive_kind(0x84)
    wait_until(lambda: descriptors(relays[0].pid) < held[0], "the connection to be given up")
    check(descriptors(relays[1].pid) == held[1], "where the time is longer it is not")


def a_reader_that_takes_nothing_is_cut_at_the_write_deadline():
    roomy = ("--out-queue", "64 MiB", "--seat-share", "64 MiB", "--room-memory", "64 MiB", "--tcp-user-timeout", "60")
    # The second one is the twin: with more patience it waits.
    relays = [Relay(*roomy, "--write-deadline", seconds) for seconds in ("1", "60")]
    pairs = [two_in_a_room(relay, receive_buffer=4096) for relay in relays]
    held = [descriptors(relay.pid) for relay in relays]
    for _, writer in pairs:
        # More than the sockets between them take.
        for number in range(1, 250):
            writer.send(post(number, b"b" * 65_000))
        writer.send(frame(6)).receive_kind(0x89)
    wait_until(lambda: descriptors(relays[0].pid) < held[0], "the reader to be cut")
    check(descriptors(relays[1].pid) == held[1], "where the time is longer it is not")


def o20_it_opens_no_file_for_writing():  # FAULTS O20
    as_people_run_it()
    need("strace")
    trace = f"/tmp/parley-trace-{os.getpid()}"
    relay = Program("parley-relay", "--listen", "127.0.0.1:0", stdin=False,
                    prefix=("strace", "-f", "-e", "trace=openat,open,creat", "-o", trace))
    try:
        line = wait_until(lambda: relay.out and relay.out[0], "the start line")
        canary = Canary(int(line.rsplit(":", 1)[1]))
        canary.sings()
        with open(trace) as text:
            opened = text.read()
        check("openat" in opened, "strace saw the start")
        wrong = [line for line in opened.splitlines() if "O_WRONLY" in line or "O_RDWR" in line or "creat(" in line]
        check(not wrong, f"opened for writing: {wrong}")
    finally:
        if os.path.exists(trace):
            os.unlink(trace)


def o20_once_it_runs_it_opens_no_file_and_writes_to_sockets_only():  # FAULTS O20
    unsanitized("a sanitizer opens and writes for itself")
    need("strace")
    trace = f"/tmp/parley-trace-{os.getpid()}"
    relay = Relay(prefix=("strace", "-f", "-qq", "-y", "-o", trace, "-e",
                          "trace=open,openat,openat2,creat,socket,write,writev,pwrite64,execve,clone,clone3,fork,vfork,ptrace"))
    try:
        canary = Canary(relay.port)
        canary.sings()
        wrong = Raw(relay.port).send(frame(0x7f))
        check(wrong.ended(), "a protocol error leaves no word either")
        with open(trace) as text:
            # A call that another thread interrupts has two lines, the second without arguments.
            calls = [line.split(None, 1)[1] for line in text if "resumed>" not in line]
        started = max(number for number, call in enumerate(calls) if "parley-relay listening on" in call)
        wrong = [call for call in calls[started + 1:] if not re.match(r"writev?\(\d+<(socket|TCP|anon_inode:\[eventfd\])", call)]
        check(not wrong, f"after its start: {wrong[:5]}")
    finally:
        relay.kill()
        os.unlink(trace)


def all_its_threads_are_fenced_in():
    unsanitized("a sanitizer makes calls of its own")
    relay = Relay("--threads", "3")
    tasks = os.listdir(f"/proc/{relay.pid}/task")
    check(len(tasks) == 4, f"{len(tasks)} threads")
    for task in tasks:
        with open(f"/proc/{relay.pid}/task/{task}/status") as status:
            fields = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
        check(fields["NoNewPrivs"] == "1", "no new privileges")
        check(fields["Seccomp"] == "2", "a list of calls")
    Canary(relay.port).sings(1000)


def a_certificate_is_read_again_behind_the_fence():
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "relay.key")
        relay = Program("parley-relay", "--listen", "tls://127.0.0.1:0", "--key", key, stdin=False)
        first = wait_until(lambda: relay.out and relay.out[0], "the start line")
        relay.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(relay.out) == 2, "what to hand out, again")
        check(relay.out[1] == first, "the same key has the same pin")
        # It may read there, and nothing else: a key that is gone is not made anew.
        os.unlink(key)
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_err("the certificate in use stays")
        check(not os.path.exists(key), "it writes no file once it runs")
        with socket.create_connection(("127.0.0.1", int(first.rsplit(":", 1)[1]))) as plain:
            with trusts_anyone().wrap_socket(plain) as secured:
                check(secured.version() == "TLSv1.3", "and it serves on")


def what_it_holds_reaches_no_core_dump_and_no_disk():
    relay = Relay()
    with open(f"/proc/{relay.pid}/limits") as file:
        limits = file.read()
    check(re.search(r"Max core file size\s+0\s+0", limits), limits)
    as_people_run_it("what a sanitizer keeps is too large to lock")
    with open(f"/proc/{relay.pid}/status") as file:
        locked = int(re.search(r"VmLck:\s+(\d+)", file.read())[1])
    may = os.geteuid() == 0 or re.search(r"Max locked memory\s+unlimited", limits)
    check(locked > 1024 if may else locked == 0, f"{locked} KiB are locked")


def without_a_fence_it_says_so_and_runs():
    unsanitized("a sanitizer makes calls of its own")
    need("strace")
    relay = Relay(prefix=("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=landlock_create_ruleset:error=ENOSYS",
                          "-e", "inject=seccomp:error=EINVAL"))
    relay.wait_err("this system has no Landlock")
    relay.wait_err("this system has no seccomp")
    Canary(relay.port).sings()


def metrics_are_counts_on_a_port_of_their_own():
    relay = Relay("--threads", "2", "--metrics", "127.0.0.1:0", "--listen", "tls://127.0.0.1:0")
    port = int(wait_until(lambda: next((line for line in relay.out if "metrics on" in line), None), "its line").rsplit(":", 1)[1])

    def counts(name, expected):
        wait_until(lambda: expected(relay.metric(name)), lambda: f"{name} is {relay.metric(name)}")

    def answers(request, status):
        wait_until(lambda: relay.ask(request).startswith(f"HTTP/1.1 {status} "), lambda: f"{status} to {request[:30]}: {relay.ask(request)}")

    canary = Canary(relay.port)
    canary.sings(100)
    counts("parley_connections", lambda number: number == 2)
    counts("parley_rooms", lambda number: number == 1)
    counts("parley_frames_in_total", lambda number: number >= 102)
    counts("parley_bytes_out_total", lambda number: number > 100)
    check(Raw(relay.port).send(frame(0x7f)).ended(), "a protocol error ends the connection")
    counts('parley_refused_total{reason="protocol_error"}', lambda number: number == 1)
    counts('parley_knocks_total{answer="welcome"}', lambda number: number == 3)
    check(relay.metric("parley_certificate_expires_seconds") > time.time(), "the certificate has time left")
    for path, status in ((b"/healthz", 200), (b"/readyz", 200), (b"/", 404)):
        answers(b"GET " + path + b" HTTP/1.1\r\n\r\n", status)
    answers(b"POST /metrics HTTP/1.1\r\n\r\n", 400)  # GET and nothing else
    answers(b"GET /" + b"x" * 2000, 400)  # a request has an end
    # Silent ones have a deadline, and hold up neither the port for ever nor the relay.
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    canary.sings(1000)
    answers(b"GET /healthz HTTP/1.1\r\n\r\n", 200)  # once it is free again
    for raw in silent:
        raw.close()
    for words in (["--metrics", "0.0.0.0:0"], ["--metrics", "nonsense"]):
        check(run_relay(*words).returncode == 2, f"{words} is wrong use")
    relay.process.send_signal(signal.SIGTERM)
    check(relay.wait_exit() == 0, "it ends with 0")


def a_killed_relay_starts_again_on_its_port():
    relay = Relay()
    Canary(relay.port).sings()
    relay.kill()
    again = Relay(port=relay.port)
    Canary(again.port).sings()


def an_idle_relay_is_small():
    relay = Relay()
    kib = rss_kib(relay.pid)
    print(f"idle relay: {kib} KiB resident")
    check(os.environ.get("PARLEY_SANITIZED") or kib <= 8 * 1024, f"{kib} KiB")


if __name__ == "__main__":
    main(globals())
