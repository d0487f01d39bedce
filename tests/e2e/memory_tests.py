"""What is to be found in the memory of the real programs, and by whom (FAULTS O21, H06, H07, H08, C22)."""
import contextlib
import tempfile

from client_tests import invited_by_code, joining_by_code
from machine import *
from profile_tests import Home
from screen_tests import Chatter
from support import *

NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")


# --- the relay's, after everybody has gone ---

def o21_the_relay_forgets_rooms_ciphertexts_and_addresses():  # FAULTS O21
    unsanitized("a sanitizer keeps copies of its own")
    own_network()
    network = bytes([0xfd]) + os.urandom(7)  # a /64 of somebody's, as limits know it
    address = socket.inet_ntop(socket.AF_INET6, network + os.urandom(8))
    subprocess.run(["ip", "address", "add", address, "dev", "lo", "nodad"], check=True)
    relay = Relay("--listen", "[::1]:0")
    port = int(wait_until(lambda: len(relay.out) > 1 and relay.out[1], "its second line").rsplit(":", 1)[1])
    needles, raws = {"network": network, "address": address.encode(), "ciphertext": b"cipher" + os.urandom(10)}, []
    for end in ("left", "lost"):
        room = needles["room " + end] = os.urandom(32)
        pair = [From(address, port).send(join(room, os.urandom(16), grace=0)) for _ in range(2)]
        for raw in pair:
            raw.receive_kind(0x81)
        pair[1].send(post(1, needles["ciphertext"] * 200))
        pair[0].receive_kind(0x83)
        raws += pair
    here = read_memory(relay.pid)
    for what in needles.keys() - {"address"}:  # as a text it is never there
        check(needles[what] in here, f"the twin: {what} is found while it is needed")
    for raw in raws[:2]:
        raw.send(frame(5))
    for raw in raws:
        raw.close()

    def left():
        memory = read_memory(relay.pid)
        return [what for what, needle in needles.items() if needle in memory]

    wait_until(lambda: not left(), lambda: f"what is left: {left()}", 20)
    Canary(relay.port).sings(1000)


class From(Raw):
    """From an address of one's own."""

    def __init__(self, address, port):
        self.socket = socket.create_connection(("::1", port), PATIENCE, source_address=(address, 0))
        self.buffer, self.piece = b"", 1 << 16


# --- the client's ---

def h07_what_opened_a_profile_and_a_spent_code_are_wiped():  # FAULTS H07
    unsanitized("a sanitizer keeps copies of its own")
    relay = Relay()
    home = Home("anna")
    with open(home.key, "rb") as file:
        key = file.read()
    home.make()
    anna = home.start(relay.port, "--plain")
    anna.wait_err("Connected")
    memory = read_memory(anna.pid)
    check(key not in memory, "the key file is nowhere any more")
    check(b"anna" in memory and home.key.encode() in memory, "the twin: the search finds what is kept")

    inviter, code = invited_by_code(relay)
    joiner = joining_by_code(relay, code)
    inviter.wait_err("Secure channel established")
    joiner.wait_err("Secure channel established")
    words = code[5:].encode()
    for one in (inviter, joiner):
        memory = read_memory(one.pid)
        check(words not in memory, "neither who printed it nor who typed it has it any more")
        check(b"--code" in memory, "the twin: the search finds what is kept")


def h07_a_passphrase_is_wiped_once_it_has_opened():  # FAULTS H07
    unsanitized("a sanitizer keeps copies of its own")
    relay = Relay()
    home = Home("anna")
    passphrase = b"open " + os.urandom(12).hex().encode()
    with piped(passphrase) as reader:
        made = home.run("profile", "new", "anna", "--passphrase-fd", str(reader), pass_fds=(reader,))
        check(made.returncode == 0, made)
    with piped(passphrase) as reader:
        # Its standard input is taken: a shell hands on the other one.
        anna = Person(relay.port, "anna", "--profile", "anna", "--no-host", "--plain", "--passphrase-fd", "9", environment=home.environment,
                      prefix=("sh", "-c", f'exec 9</proc/{os.getpid()}/fd/{reader}; exec "$0" "$@"'))
        anna.wait_err("Connected")
    memory = read_memory(anna.pid)
    check(passphrase not in memory, "the passphrase is nowhere any more")
    check(b"passphrase-fd" in memory, "the twin: the search finds what is kept")


def nothing_is_left_of(texts, pid):
    """Of a program that is held at its end: neither as bytes nor in the cells of a screen."""
    memory = read_memory(pid)
    for text in texts:
        check(text.encode() not in memory, f"{text}: as it was said")
        check(not cells_of(text).search(memory), f"{text}: on a screen")


def cells_of(text):
    """As ncurses has it: attributes, up to five characters and a colour for each place."""
    return re.compile(b".{24}".join(re.escape(letter.encode("utf-32-le")) for letter in text), re.S)


def texts_of_their_own(*names):
    return [f"{name} {os.urandom(8).hex()}" for name in names]


def h07_what_was_said_leaves_memory_with_the_client():  # FAULTS H07
    relay = Relay()
    anna = Person(relay.port, "anna", "--no-host", "--plain", prefix=held_at_its_end())
    ben = Person(relay.port, "ben", "--no-host")
    ben.wait_channel("anna")
    ours, theirs = said = texts_of_their_own("ours", "theirs")
    pid, = anna.children()
    stop(ben)
    anna.say(ours)
    wait_until(lambda: ours.encode() in read_memory(pid), "the twin: while it may have to be said again it is there")
    go_on(ben)
    ben.wait_out(ours)
    short = os.urandom(6).hex()  # it fits into a string itself
    anna.say(short)
    ben.wait_out(short)
    ben.say(theirs)
    anna.wait_out(theirs)
    anna.end_input()
    wait_until(lambda: state(pid) == "t", "its end")
    nothing_is_left_of([short, *said], pid)


def h07_panic_wipes_what_was_said_and_shown():  # FAULTS H07
    relay = Relay()
    anna = Chatter(relay.port, "anna", environment="LANG=C.UTF-8 " + " ".join(held_at_its_end()))
    try:
        ben = Person(relay.port, "ben", "--no-host")
        ben.wait_channel("anna")
        pid, = wait_until(lambda: children_of(anna.child()), "the program under strace")
        ours, theirs, draft = said = texts_of_their_own("ours", "theirs", "draft")
        filling = texts_of_their_own(*(f"ä漢{number}" for number in range(40)))
        for text in filling:
            ben.say(text)
        anna.shows(filling[-1])
        anna.resize(90, 30)
        anna.shows(filling[-20])
        anna.resize(60, 20)
        anna.line(ours)
        ben.wait_out(ours)
        ben.say(theirs)
        anna.shows(theirs)
        anna.type(draft)
        anna.shows(draft)
        for text in said:
            check(text.encode() in (memory := read_memory(pid)) and cells_of(text).search(memory), f"the twin: {text} is there while it is shown")
        anna.keys("C-u")
        anna.line("/panic")
        wait_until(lambda: state(pid) == "t", "its end")
        nothing_is_left_of([*said, *(text.split()[1][:8] for text in filling)], pid)
    finally:
        anna.close()


@contextlib.contextmanager
def piped(line):
    """A descriptor where this line can be read, once."""
    reader, writer = os.pipe()
    os.write(writer, line + b"\n")
    os.close(writer)
    try:
        yield reader
    finally:
        os.close(reader)


def copies_of(*programs):
    """In a place where anybody may run them."""
    folder = tempfile.mkdtemp(prefix="parley-bin-")
    os.chmod(folder, 0o755)
    for program in programs:
        shutil.copy(os.path.join(BIN, program), folder)
    return folder


def as_nobody(*words, **more):
    need("setpriv")
    need_root("to be somebody else")
    return subprocess.run([*NOBODY, *words], capture_output=True, text=True, **more)


ATTACH = "import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0) != 0)"  # PTRACE_SEIZE


def h06_another_program_of_the_same_user_reads_nothing():  # FAULTS H06
    need("setpriv")
    need_root("to be somebody else")
    folder = copies_of("parley", "parley-relay")
    try:
        relay = Program(os.path.join(folder, "parley-relay"), "--listen", f"127.0.0.1:{free_port()}", prefix=NOBODY, stdin=False)
        relay.port = int(relay.start_line().rsplit(":", 1)[1])
        anna = Program(os.path.join(folder, "parley"), "--relay", f"127.0.0.1:{relay.port}", "--name", "anna", "--no-host", "--plain",
                       prefix=NOBODY, environment={"HOME": "/nonexistent", "PATH": os.environ["PATH"]})
        anna.wait_err("Connected")
        sleeper = Program(shutil.which("sleep"), "60", prefix=NOBODY)
        wait_until(lambda: as_nobody("cat", f"/proc/{sleeper.pid}/maps").returncode == 0, "the twin: another program can be read")
        check(as_nobody("python3", "-c", ATTACH, str(sleeper.pid)).returncode == 0, "the twin: and traced")
        for program in (anna, relay):
            for file in ("maps", "mem", "environ", "fd/0"):
                done = as_nobody("cat", f"/proc/{program.pid}/{file}")
                check(done.returncode != 0 and "Permission denied" in done.stderr, f"{file}: {done.stderr}")
            check(as_nobody("python3", "-c", ATTACH, str(program.pid)).returncode != 0, "it is not traced")
            # What the privileged may do is theirs, and said in docs/THREATS.md.
            with open(f"/proc/{program.pid}/maps") as maps:
                check(maps.read(), "root can")
    finally:
        Program.end_all()
        shutil.rmtree(folder)


def h08_memory_that_may_reach_a_disk_is_said():  # FAULTS H08
    unsanitized("a sanitizer's memory is too large to lock")
    need("setpriv", "unshare")
    need_root("a list of swaps of its own")
    folder = copies_of("parley")
    with open(folder + "/swaps", "w") as file:
        file.write("Filename\tType\tSize\tUsed\tPriority\n/dev/some\tpartition\t1\t0\t-2\n")
    os.chmod(folder + "/swaps", 0o644)

    def said(limit, swaps):
        script = f'mount --bind {folder}/{swaps} /proc/swaps && ulimit -l {limit} && exec "$@"'
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", *NOBODY, folder + "/parley", "profile", "list"],
                              capture_output=True, text=True, env={"HOME": "/nonexistent", "PATH": os.environ["PATH"]})
        if "mount:" in done.stderr:
            raise Skip("mounting is not allowed here")
        return "may reach swap" in done.stderr

    try:
        with open(folder + "/none", "w") as file:
            file.write("Filename\tType\tSize\tUsed\tPriority\n")
        check(said(0, "swaps"), "it may not lock memory, and there is a swap: it says so")
        check(not said("unlimited", "swaps"), "it may: nothing to say")
        check(not said(0, "none"), "there is no swap: nothing to say")
    finally:
        shutil.rmtree(folder)


# --- no randomness ---

def c22_without_randomness_nothing_is_made():  # FAULTS C22
    need("unshare")
    need_root("a machine without randomness")
    home = Home("anna")
    # The call fails, and the devices that OpenSSL would ask then are empty.
    blind = ("unshare", "--mount", "sh", "-c", 'for it in random urandom; do mount --bind /dev/null /dev/$it || exit 99; done; exec "$@"', "sh",
             *traced("-e", "trace=getrandom", "-e", "inject=getrandom:error=ENOSYS"))
    program = Program("parley", "profile", "new", "anna", "--key-file", home.key, prefix=blind, environment=home.environment, stdin=False)
    code = program.wait_exit()
    if code == 99:
        raise Skip("mounting is not allowed here")
    check(code == 1 and not program.out and len(program.err) == 1, f"exit {code}, {program.out}, {program.err}")
    check(not os.path.exists(home.file), "no profile was made")
    # A relay has to draw for each room: it hands out none that somebody could guess.
    relay = Relay(prefix=blind)
    check(Raw(relay.port).send(join(os.urandom(32), os.urandom(16))).ended(), "nobody gets in")
    check(relay.wait_exit() != 0 and "internal error: getrandom" in relay.err[-1], relay.err)
    check(home.make(), "the twin: with randomness it is")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        Home.remove_all()
