"""Files through the real programs: sent, taken, cut, resumed, refused."""
import filecmp
import math
import pty
import shutil
import subprocess
import tempfile

from support import *


class Folder:
    """A folder of one test, removed at its end."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="parley-files-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        Program.end_all()
        shutil.rmtree(self.path, ignore_errors=True)

    def __call__(self, *names):
        return os.path.join(self.path, *names)

    def file(self, name, size, magic=b""):
        with open(self(name), "wb") as file:
            file.write(magic + os.urandom(size - len(magic)))
        return self(name)

    def folder(self, name):
        os.mkdir(self(name))
        return self(name)


def link_file(folder, port):
    made = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{port}"],
                          capture_output=True, text=True, timeout=PATIENCE)
    with open(folder("link"), "w") as file:
        file.write(made.stdout)
    return folder("link")


def receiver(link, into, name, *words):
    return Program("parley", "recv", "--yes", "--link-file", link, "--dir", into, "--name", name, "--no-host", *words)


def sender(link, *words):
    return Program("parley", "send", *words, "--link-file", link, "--name", "anna", "--no-host")


class Cutter:
    """Stands between clients and the relay, forwards, and cuts every connection when told to; keeps what passed.

    It can be told how much may pass: what is on its way then stays on its way until it is told again."""

    def __init__(self, port, keep=False, allowed=math.inf):
        self.target, self.keep, self.passed = port, keep, []
        self.lock, self.pairs = threading.Lock(), set()
        self.moved, self.bytes, self.allowed = threading.Condition(), 0, allowed
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            with self.lock:
                self.pairs.add((client, server))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pump, args=(*pair, self._carry), daemon=True).start()

    def _carry(self, sink, data):
        with self.moved:
            self.moved.wait_for(lambda: self.bytes < self.allowed)
            self.bytes += len(data)
            if self.keep:
                self.passed.append(data)
        sink.sendall(data)

    def allow(self, bytes_=math.inf):
        """In all; those who carry something then may each bring a piece more."""
        with self.moved:
            self.allowed = bytes_
            self.moved.notify_all()

    def passes(self, more):
        """So many from now on, and then no more."""
        self.allow(goal := self.bytes + more)
        wait_until(lambda: self.bytes >= goal, lambda: f"{goal} bytes to pass; there were {self.bytes}", max(60, PATIENCE))

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def same(one, other):
    return os.path.exists(other) and filecmp.cmp(one, other, shallow=False)


def a_file_is_sent_with_a_link_and_both_sides_end():
    with Folder() as folder:
        relay = Relay()
        file, into = folder.file("photo.jpg", 300_000), folder.folder("in")
        anna = Program("parley", "send", file, "--relay", f"127.0.0.1:{relay.port}", "--name", "anna")
        link = wait_until(lambda: anna.out and anna.out[0], "the link on standard output")
        check(link.startswith("parley://"), link)
        with open(folder("link"), "w") as out:
            out.write(link + "\n")
        ben = receiver(folder("link"), into, "ben")
        check(ben.wait_exit() == 0 and anna.wait_exit() == 0, (ben.err, anna.err))
        check(same(file, folder("in", "photo.jpg")), "the file arrives identical")
        check(anna.out == [link], "nothing else on standard output")
        check(os.listdir(into) == ["photo.jpg"], "nothing else is left in the folder")


def a_spoken_code_hands_a_file_to_one_who_is_verified_by_it():
    with Folder() as folder:
        relay = Relay()
        file, into = folder.file("photo.jpg", 300_000), folder.folder("in")
        anna = Person(relay.port, "anna", "send", "--code", "--no-host", file)
        code = wait_until(lambda: anna.out and anna.out[0], "the code on standard output")
        anna.wait_err(f"types it into: parley recv --code --relay 127.0.0.1:{relay.port}")
        ben = Person(relay.port, "ben", "recv", "--code", "--yes", "--no-host", into)
        ben.say(code)
        check(ben.wait_exit() == 0 and anna.wait_exit() == 0, (ben.err, anna.err))
        check(same(file, folder("in", "photo.jpg")), "the file arrives identical, in the folder of the argument")
        check(anna.out == [code], "nothing else on standard output")


def a_wrong_code_hands_over_nothing():
    with Folder() as folder:
        relay = Relay()
        anna = Person(relay.port, "anna", "send", "--code", "--no-host", folder.file("a", 10))
        code = wait_until(lambda: anna.out and anna.out[0], "the code on standard output")
        wrong = code[:5] + ("apple-river-stone" if code[5:] != "apple-river-stone" else "apple-river-table")
        ben = Person(relay.port, "ben", "recv", "--code", "--yes", "--no-host", folder.folder("in"))
        ben.say(wrong)
        check(ben.wait_exit() == 4 and anna.wait_exit() == 4, (ben.err, anna.err))
        check(os.listdir(folder("in")) == [], "nothing was written")


class AtTerminal:
    """parley recv where a person sits: standard input and error are a terminal."""

    def __init__(self, *words):
        self.terminal, end = pty.openpty()
        os.set_blocking(self.terminal, False)
        self.process = subprocess.Popen([os.path.join(BIN, "parley"), "recv", "--no-host", *words],
                                        stdin=end, stdout=end, stderr=end)
        os.close(end)
        self.seen = ""

    def shows(self, text):
        def looked():
            try:
                self.seen += os.read(self.terminal, 65536).decode("utf-8", "replace")
            except (BlockingIOError, OSError):
                pass
            return text in self.seen
        wait_until(looked, f"{text!r} in {self.seen}")

    def line(self, text):
        os.write(self.terminal, text.encode() + b"\n")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


def a_person_is_asked_for_the_link_and_for_each_file():
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        link = link_file(folder, relay.port)
        files = [folder.file(name, 1000) for name in ("wanted.txt", "unwanted.txt")]
        ben = AtTerminal(into)
        try:
            ben.shows("Link: ")
            ben.line(open(link).read().strip())
            anna = sender(link, *files)
            for name in ("wanted.txt", "unwanted.txt"):
                ben.shows(f"Take {name}")
                ben.line("perhaps")
                ben.shows("y or n, please")
                ben.line("y" if name == "wanted.txt" else "n")
            check(ben.process.wait(PATIENCE) == 1, "one file was declined")
            check(anna.wait_exit() == 1, anna.err)
            check(os.listdir(into) == ["wanted.txt"], os.listdir(into))
            check(same(files[0], folder("in", "wanted.txt")), "identical")
        finally:
            ben.close()


def who_ends_the_input_takes_nothing():
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        link = link_file(folder, relay.port)
        ben = AtTerminal("--link-file", link, into)
        try:
            anna = sender(link, folder.file("a", 10))
            ben.shows("Take a")
            os.write(ben.terminal, b"\x04")
            check(ben.process.wait(PATIENCE) == 1, ben.seen)
            check(anna.wait_exit() == 1 and os.listdir(into) == [], anna.err)
        finally:
            ben.close()


def several_files_arrive_and_none_is_overwritten():
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        files = [folder.file(name, size) for name, size in (("a.txt", 1), ("b.bin", 200_000), ("empty", 0))]
        with open(folder("in", "a.txt"), "w") as mine:
            mine.write("mine")
        link = link_file(folder, relay.port)
        ben = receiver(link, into, "ben")
        anna = sender(link, *files)
        check(ben.wait_exit() == 0 and anna.wait_exit() == 0, (ben.err, anna.err))
        for file, name in zip(files, ("a (2).txt", "b.bin", "empty")):
            check(same(file, folder("in", name)), name)
        check(open(folder("in", "a.txt")).read() == "mine", "what was there stays")


def sixty_four_megabytes_reach_three_through_twenty_cuts():
    with Folder() as folder:
        relay = Relay()
        cutter = Cutter(relay.port)
        # PARLEY_FILE_MB=1000 is the same at full length.
        usual = "16" if os.environ.get("PARLEY_SANITIZED") else "64"
        size = int(os.environ.get("PARLEY_FILE_MB", usual)) * 1_000_000
        file = folder.file("big.bin", size)
        link = link_file(folder, cutter.port)
        folders = [folder.folder(f"in{i}") for i in range(3)]
        people = [receiver(link, into, f"r{i}") for i, into in enumerate(folders)]
        for person in people:
            person.wait_err("Connected")
        for one, other in ((0, 1), (1, 2), (2, 0)):
            people[one].wait_err(f"Secure channel established with r{other}#")
        anna = sender(link, file)
        for i in range(20):
            cutter.passes(size // 12)
            cutter.cut()
        cutter.allow()
        codes = [person.wait_exit(120) for person in (*people, anna)]
        check(codes == [0, 0, 0, 0], (codes, anna.err[-5:], [person.err[-5:] for person in people]))
        for into in folders:
            check(same(file, os.path.join(into, "big.bin")), f"{into}: identical")


def a_killed_relay_only_delays_a_file():
    with Folder() as folder:
        relay = Relay()
        file, into = folder.file("big.bin", 30_000_000), folder.folder("in")
        cutter = Cutter(relay.port)
        link = link_file(folder, cutter.port)
        ben = receiver(link, into, "ben")
        anna = sender(link, file)
        for i in range(3):
            cutter.passes(10_000_000)
            relay.kill()
            relay = Relay(port=relay.port)
        cutter.allow()
        check(ben.wait_exit(max(60, PATIENCE)) == 0 and anna.wait_exit(max(60, PATIENCE)) == 0, (ben.err[-5:], anna.err[-5:]))
        check(same(file, folder("in", "big.bin")), "identical")


def no_byte_of_a_file_or_its_name_passes_the_relay():  # ATTACKS 17
    with Folder() as folder:
        relay = Relay()
        magic = b"\x89PNG\r\n\x1a\n" + b"plaintext magic " * 4
        file, into = folder.file("secret-name.png", 500_000, magic), folder.folder("in")
        cutter = Cutter(relay.port, keep=True)
        link = link_file(folder, cutter.port)
        ben = receiver(link, into, "ben")
        anna = sender(link, file)
        check(ben.wait_exit() == 0 and anna.wait_exit() == 0, (ben.err, anna.err))
        passed = b"".join(cutter.passed)
        tail = open(file, "rb").read()[-32:]
        check(len(passed) > 1_000_000, "the search has something to search")
        for needle in (magic[:8], b"plaintext magic", b"secret-name", tail):
            check(needle not in passed, f"{needle!r} passed in clear")


def what_cannot_be_sent_or_taken_is_said_and_exits_1():
    with Folder() as folder:
        relay = Relay()
        anna = Program("parley", "send", folder("nowhere"), "--relay", f"127.0.0.1:{relay.port}")
        check(anna.wait_exit() == 1, anna.err)
        anna.wait_err("cannot be opened")
        link = link_file(folder, relay.port)
        ben = receiver(link, folder("no-such-folder"), "ben")
        anna = sender(link, folder.file("a", 10))
        check(ben.wait_exit() == 1 and anna.wait_exit() == 1, (ben.err, anna.err))
        ben.wait_err("folder for files cannot be opened")
        check(Program("parley", "recv", stdin=False).wait_exit() == 2, "recv asks, and there is nobody to ask")


def a_file_larger_than_the_limit_is_not_taken():  # FAULTS H10
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        link = link_file(folder, relay.port)
        ben = receiver(link, into, "ben", "--max-size", "1k")
        anna = sender(link, folder.file("a", 1025))
        ben.wait_err("larger than you take")
        check(os.listdir(into) == [], "nothing was written")
        check(anna.alive(), "and nothing was sent")


def memory_stays_small_whatever_the_size():
    if os.environ.get("PARLEY_SANITIZED"):
        raise Skip("a sanitizer's memory is its own")
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        file = folder("sparse.bin")
        with open(file, "wb") as out:
            out.truncate(400_000_000)
        link = link_file(folder, relay.port)
        ben = receiver(link, into, "ben")
        anna = sender(link, file)
        most = {}
        while anna.alive() and ben.alive():
            for program in (anna, ben):
                try:
                    most[program.pid] = max(most.get(program.pid, 0), rss_kib(program.pid))
                except (OSError, AttributeError):
                    pass
            time.sleep(0.01)
        check(ben.wait_exit() == 0 and anna.wait_exit() == 0, (ben.err, anna.err))
        check(most and max(most.values()) < 32 * 1024, f"{most} KiB")


class Kept:
    """Somebody with a profile in a folder of the test: the same words start them again."""

    def __init__(self, folder, name, *words):
        self.folder, self.name, self.words = folder, name, words
        self.home = folder.folder("home-" + name)
        with open(self.home + "/key", "wb") as file:
            file.write(os.urandom(32))
        self.environment = {**os.environ, "XDG_DATA_HOME": self.home + "/data", "XDG_STATE_HOME": self.home + "/state"}
        self.profile = ("--profile", name, "--key-file", self.home + "/key")
        made = subprocess.run([os.path.join(BIN, "parley"), "profile", "new", name, *self.profile[2:]],
                              capture_output=True, env=self.environment, timeout=PATIENCE)
        check(made.returncode == 0, made)

    def start(self, *words, prefix=()):
        return Program("parley", *(words or self.words), *self.profile, "--no-host", environment=self.environment,
                       prefix=prefix)


class Pair:
    """Anna sends a file, ben takes it; both have profiles, and a folder that is not where they are started."""

    def __init__(self, folder, size, keep=False):
        self.relay = Relay()
        self.cutter = Cutter(self.relay.port, keep, allowed=0)
        self.size, self.folder = size, folder
        self.file, self.into = folder.file("big.bin", size), folder.folder("in")
        link = link_file(folder, self.cutter.port)
        self.anna = Kept(folder, "anna", "send", self.file, "--link-file", link)
        self.ben = Kept(folder, "ben", "recv", "--yes", "--link-file", link, "--dir", self.into)
        self.running = {"ben": self.ben.start(), "anna": self.anna.start()}

    def kill(self, *names):
        for name in names:
            self.running[name].kill()
        self.cutter.allow(self.cutter.bytes + 1_000_000)  # their end comes behind what they had on its way

    def started(self, name):
        self.running[name] = getattr(self, name).start()

    def wait_for_bytes(self, more):
        """Both directions pass the cutter: a byte of the file counts twice."""
        self.cutter.passes(2 * more)

    def finish(self):
        self.cutter.allow()
        codes = {name: program.wait_exit(max(60, PATIENCE)) for name, program in self.running.items()}
        said = {name: program.err[-5:] for name, program in self.running.items()}
        check(set(codes.values()) == {0}, (codes, said))
        check(same(self.file, os.path.join(self.into, "big.bin")), "the file arrives identical")
        check(os.listdir(self.into) == ["big.bin"], ("nothing else is left", os.listdir(self.into)))


def times_that_a_file_is_killed():
    return 3 if os.environ.get("PARLEY_SANITIZED") else 6


def kill_again_and_again(names):
    times = times_that_a_file_is_killed()
    with Folder() as folder:
        pair = Pair(folder, 40_000_000)
        for i in range(times):
            pair.wait_for_bytes(40_000_000 // (2 * times))
            pair.kill(*names)
            for name in names if i % 2 else reversed(names):
                pair.started(name)
                pair.running[name].wait_err("goes on: big.bin")
        pair.finish()
        # What went through beyond the file itself: the chunks that were on their way, and no half of a file.
        check(pair.cutter.bytes < 2 * 1.2 * pair.size, f"{pair.cutter.bytes} bytes for {pair.size}")
        wrong = [line for one in pair.running.values() for line in one.err if line.startswith("[!]")]
        check(not any("rolled" in line or "old state" in line or "forged" in line for line in wrong), wrong)


def c14_a_sender_that_is_killed_goes_on_with_its_file():
    kill_again_and_again(["anna"])


def c14_a_receiver_that_is_killed_goes_on_with_its_file():
    kill_again_and_again(["ben"])


def c14_both_are_killed_and_go_on_with_their_file():
    kill_again_and_again(["anna", "ben"])


def c14_both_and_the_relay_are_killed_and_the_file_arrives():
    with Folder() as folder:
        pair = Pair(folder, 20_000_000)
        pair.wait_for_bytes(5_000_000)
        pair.kill("anna", "ben")
        pair.relay.kill()
        pair.relay = Relay(port=pair.relay.port)
        for name in ("anna", "ben"):
            pair.started(name)
        pair.finish()


def a_chat_goes_on_with_what_send_and_recv_began():
    with Folder() as folder:
        pair = Pair(folder, 20_000_000)
        pair.wait_for_bytes(5_000_000)
        pair.kill("anna", "ben")
        chats = [one.start("--plain") for one in (pair.anna, pair.ben)]
        for chat in chats:
            chat.wait_err("goes on: big.bin")
        pair.cutter.allow()
        chats[1].wait_err("is whole and is what", max(60, PATIENCE))
        check(same(pair.file, os.path.join(pair.into, "big.bin")), "identical")
        check(os.listdir(pair.into) == ["big.bin"], os.listdir(pair.into))


def a_file_that_changed_while_its_sender_was_dead_stops_on_both_sides():
    with Folder() as folder:
        pair = Pair(folder, 20_000_000)
        pair.wait_for_bytes(5_000_000)
        pair.kill("anna")
        with open(pair.file, "r+b") as file:
            file.seek(19_000_000)
            file.write(b"changed")
        pair.started("anna")
        pair.cutter.allow()
        pair.running["anna"].wait_err("the file changed since it was offered")
        pair.running["ben"].wait_err("was taken back by who offered it")
        check(pair.running["ben"].wait_exit() == 1 and pair.running["anna"].wait_exit() == 1, "both fail")
        check(os.listdir(pair.into) == [], ("nothing is left", os.listdir(pair.into)))


def what_was_removed_or_changed_of_a_part_comes_again():
    def remove(path):
        os.unlink(path)

    def shorten(path):
        os.truncate(path, 1_000_000)

    def spoil(path):
        with open(path, "r+b") as file:
            file.seek(100_000)
            file.write(b"spoiled")

    for harm in (remove, shorten, spoil):
        with Folder() as folder:
            pair = Pair(folder, 20_000_000)
            pair.wait_for_bytes(5_000_000)
            pair.kill("ben")
            part, = [name for name in os.listdir(pair.into) if name.endswith(".part")]
            harm(os.path.join(pair.into, part))
            pair.started("ben")
            pair.finish()


def without_a_profile_nothing_of_a_file_outlives_its_receiver():
    with Folder() as folder:
        relay, into = Relay(), folder.folder("in")
        cutter = Cutter(relay.port)
        link = link_file(folder, cutter.port)
        cutter.allow(10_000_000)
        ben = receiver(link, into, "ben")
        anna = sender(link, folder.file("big.bin", 60_000_000))
        wait_until(lambda: os.listdir(into), "the first chunk")
        check(os.listdir(into) == [".big.bin.part"], ("one hidden file and no ledger", os.listdir(into)))
        ben.process.send_signal(signal.SIGINT)
        ben.wait_exit()
        check(os.listdir(into) == [], os.listdir(into))
        anna.kill()


def an_errand_that_is_over_is_not_gone_on_with():
    with Folder() as folder:
        pair = Pair(folder, 300_000)
        pair.finish()
        for name in ("anna", "ben"):
            chat = getattr(pair, name).start("--plain")
            chat.wait_err("Connected")
            check(not any("big.bin" in line for line in chat.err), chat.err)
            chat.kill()


if __name__ == "__main__":
    main(globals())
