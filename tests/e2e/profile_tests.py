"""Profiles with the real programs: what lasts, what a crash leaves, what is refused."""
import os
import pty
import shutil
import subprocess
import tempfile

from machine import as_people_run_it, need, unsanitized
from support import *


class Home:
    """Folders of one person's, and a key file."""

    def __init__(self, name):
        self.name = name
        self.path = tempfile.mkdtemp(prefix="parley-home-")
        self.key = os.path.join(self.path, "key")
        with open(self.key, "wb") as file:
            file.write(os.urandom(32))
        self.environment = {**os.environ, "XDG_DATA_HOME": self.path + "/data", "XDG_STATE_HOME": self.path + "/state"}
        Home.all.append(self)

    all = []

    @property
    def file(self):
        return f"{self.path}/data/parley/profiles/{self.name}.parley"

    def run(self, *words, input_=b"", **more):
        return subprocess.run([os.path.join(BIN, "parley"), *words], input=input_, capture_output=True, timeout=PATIENCE,
                              env=self.environment, **more)

    def make(self):
        done = self.run("profile", "new", self.name, "--key-file", self.key)
        check(done.returncode == 0, done)
        return self

    def start(self, port, *words, prefix=()):
        return Person(port, self.name, "--profile", self.name, "--key-file", self.key, "--no-host", *words,
                      environment=self.environment, prefix=prefix)

    def bytes(self):
        with open(self.file, "rb") as file:
            return file.read()

    def write(self, data):
        with open(self.file, "wb") as file:
            file.write(data)

    @staticmethod
    def remove_all():
        for home in Home.all:
            shutil.rmtree(home.path, ignore_errors=True)


def two_with_profiles(first="anna", second="ben"):
    relay = Relay()
    return relay, Home(first).make(), Home(second).make()


def meet(relay, anna, ben):
    a, b = anna.start(relay.port), ben.start(relay.port)
    a.wait_channel("ben")
    b.wait_channel("anna")
    return a, b


def a_profile_reads_what_was_sent_while_it_was_away():
    relay, anna, ben = two_with_profiles()
    a, b = meet(relay, anna, ben)
    a.say("before")
    b.wait_out("before")
    b.end_input()
    check(b.wait_exit() == 0, b.err)
    a.wait_err("lost the connection")  # away, and not gone: quitting is not a Leave
    a.say("while you were out")
    a.say("and another")
    b = ben.start(relay.port)
    b.wait_out("and another")
    check(b.messages() == ["anna: while you were out", "anna: and another"], b.messages())
    check(not any("Secure channel" in line for line in b.err), "the session lasted")
    b.say("thanks")
    a.wait_out("thanks")
    a.kill()
    b.say("and you?")
    b.say("gone?")
    wait_until(lambda: any("anna" in line and "lost the connection" in line for line in b.err), "anna is away")
    a = anna.start(relay.port)
    a.wait_out("gone?")
    check(a.messages()[-2:] == ["ben: and you?", "ben: gone?"], a.messages())
    a.say("all well")
    b.wait_out("all well")
    for one in (a, b):
        one.kill()  # and what it said is read to the end
    wrong = [line for one in (a, b) for line in one.err if line.startswith("[!]") and "Not connected" not in line]
    check(not wrong, wrong)


def room_link(home, relay):
    made = home.run("invite", "--print", "--relay", f"127.0.0.1:{relay.port}")
    link = os.path.join(home.path, "link")
    with open(link, "wb") as file:
        file.write(made.stdout)
    return link


def a_room_is_remembered_without_its_link():
    relay, anna, ben = two_with_profiles()
    link = room_link(anna, relay)
    words = ("join", "--link-file", link, "--no-host")
    a = Program("parley", *words, "--profile", "anna", "--key-file", anna.key, environment=anna.environment)
    b = Program("parley", *words, "--profile", "ben", "--key-file", ben.key, environment=ben.environment)
    a.wait_err("Secure channel established with ben#")
    b.wait_err("Secure channel established with anna#")
    b.end_input()
    check(b.wait_exit() == 0, b.err)
    a.say("in our room")
    b = Program("parley", "--profile", "ben", "--key-file", ben.key, "--no-host", environment=ben.environment)
    b.wait_out("in our room")
    shown = ben.run("profile", "show", "ben", "--key-file", ben.key)
    check(b"in use by another parley" in shown.stderr and shown.returncode == 1, shown)


def a_script_hears_of_another_key_in_its_exit_code():  # FAULTS C05, ATTACKS 7
    relay, anna, ben = two_with_profiles()
    a = anna.start(relay.port, "invite", "--code")
    code = wait_until(lambda: a.out and a.out[0], "the code")
    b = ben.start(relay.port, "join", "--code")
    b.say(code)
    a.wait_channel("ben")
    b.wait_channel("anna")
    for one in (a, b):
        one.end_input()
        check(one.wait_exit() == 0, one.err)
    # Whoever uses ben's name now is not whom anna has verified: what a script says does not go there.
    link = room_link(anna, relay)
    other = Person(relay.port, "ben", "join", "--link-file", link, "--no-host")
    other.wait_err("Connected")
    a = anna.start(relay.port, "join", "--link-file", link, "--plain")
    a.wait_err("KEY CHANGED")
    a.say("for ben alone")
    a.end_input()
    check(a.wait_exit() == 4, (a.process.returncode, a.err))
    clara = Person(relay.port, "clara", "join", "--link-file", link, "--no-host")
    clara.wait_channel("ben")
    clara.say("said later")
    other.wait_out("said later")
    check(other.messages() == ["clara: said later"], other.messages())
    clara.kill()
    other.kill()
    # The twin: ben himself in such a room gets it, and nothing is wrong.
    link = room_link(anna, relay)
    b = ben.start(relay.port, "join", "--link-file", link)
    b.wait_err("Connected")
    a = anna.start(relay.port, "join", "--link-file", link, "--plain")
    a.wait_channel("ben")
    a.say("for ben alone")
    a.end_input()
    check(a.wait_exit() == 0, a.err)
    b.wait_out("for ben alone")


def c16_a_second_process_is_refused():  # FAULTS C16
    relay, anna, _ = two_with_profiles()
    first = anna.start(relay.port)
    first.wait_err("Connected")
    second = anna.start(relay.port)
    check(second.wait_exit() == 1, second.err)
    check(any("this profile is in use by another parley" in line for line in second.err), second.err)
    first.kill()
    third = anna.start(relay.port)
    third.wait_err("Connected")


def profile_words_do_what_they_say():
    home = Home("anna").make()
    check(home.run("profile", "list").stdout == b"anna\n", "the list")
    again = home.run("profile", "new", "anna", "--key-file", home.key)
    check(again.returncode == 2 and b"already" in again.stderr, again)
    shown = home.run("profile", "show", "anna", "--key-file", home.key)
    check(shown.returncode == 0 and b"tag       #" in shown.stdout, shown)
    check(home.run("profile", "export", "anna").stdout == home.bytes(), "an export is the sealed file")
    for words, code in ((("profile", "show", "nobody"), 1), (("profile", "new", "a/b", "--key-file", home.key), 2),
                        (("profile", "new"), 2), (("profile",), 2), (("--profile", "nobody"), 1)):
        done = home.run(*words)
        check(done.returncode == code, (words, done))
        check(len(done.stderr.strip().splitlines()) == 1, (words, done.stderr))
    kept = home.run("profile", "delete", "anna", input_=b"ann\n")
    check(kept.returncode == 2 and os.path.exists(home.file), kept)
    gone = home.run("profile", "delete", "anna", input_=b"anna\n")
    check(gone.returncode == 0 and not os.path.exists(home.file), gone)


def a_passphrase_comes_from_a_descriptor_and_a_wrong_one_is_told():  # FAULTS H04
    home = Home("anna")

    def with_passphrase(text, *words):
        reader, writer = os.pipe()
        os.write(writer, text + b"\n")
        os.close(writer)
        try:
            return home.run(*words, "--passphrase-fd", str(reader), pass_fds=(reader,))
        finally:
            os.close(reader)

    check(with_passphrase("grün".encode(), "profile", "new", "anna").returncode == 0, "made")
    # H04: the same word in another Unicode form is the same passphrase.
    check(with_passphrase("gru\u0308n".encode(), "profile", "show", "anna").returncode == 0, "the other form")
    wrong = with_passphrase(b"gr\xc3\xbcm", "profile", "show", "anna")
    check(wrong.returncode == 1 and b"not the passphrase" in wrong.stderr, wrong)
    data = bytearray(home.bytes())
    data[len(data) // 2] ^= 1
    home.write(data)
    damaged = with_passphrase("grün".encode(), "profile", "show", "anna")
    check(damaged.returncode == 1 and b"damaged" in damaged.stderr, damaged)
    check(home.bytes() == bytes(data), "nothing is overwritten")


def a_passphrase_is_asked_twice_and_not_shown():
    home = Home("anna")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(os.path.join(BIN, "parley"), ["parley", "profile", "new", "anna"], home.environment)
    seen = b""

    def shows(text):
        nonlocal seen
        try:
            seen += os.read(terminal, 4096)
        except (BlockingIOError, OSError):
            pass
        return text in seen

    os.set_blocking(terminal, False)
    try:
        for prompt in (b"New passphrase:", b"The same again:"):
            wait_until(lambda: shows(prompt), prompt.decode())
            os.write(terminal, b"open sesame\n")
        wait_until(lambda: shows(b"made"), "the end")
        check(b"sesame" not in seen, seen)
        check(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen)
    finally:
        os.close(terminal)
    check(os.path.exists(home.file), "it is there")


def keep_makes_a_profile_of_a_running_identity():
    relay = Relay()
    ben = Person(relay.port, "ben", "--no-host")
    home = Home("anna")
    terminal, end = pty.openpty()
    words = ("--plain", "--no-host", "--relay", f"127.0.0.1:{relay.port}", "--name", "anna", "--key-file", home.key)
    anna = subprocess.Popen([os.path.join(BIN, "parley"), *words], stdin=end, stdout=end, stderr=end, env=home.environment)
    os.set_blocking(terminal, False)
    seen = b""

    def shows(text):
        nonlocal seen
        try:
            seen += os.read(terminal, 65536)
        except BlockingIOError:
            pass
        return text in seen

    try:
        ben.wait_channel("anna")
        wait_until(lambda: shows(b"Secure channel"), "the channel")
        check(not os.path.exists(home.path + "/data"), "nothing is written before")
        os.write(terminal, b"/contacts\r/call ben Benjamin\r/keep anna\r")
        wait_until(lambda: shows(b"It links the rooms it was used in"), "what keeping means")
        check(b"You know 1 other person" in seen and b"first seen 20" in seen, seen)
        ben.say("after it was kept")
        wait_until(lambda: shows(b"after it was kept"), "the conversation goes on")
        os.write(terminal, b"/quit\r")
        check(anna.wait(PATIENCE) == 0, seen)
    finally:
        anna.kill()
        anna.wait()
        os.close(terminal)
    ben.say("and while you were out")
    again = home.start(relay.port)
    again.wait_out("and while you were out")
    check(not any("Secure channel" in line for line in again.err), "the sessions came along")
    again.say("here I am")
    ben.wait_out("here I am")
    check(sum("Secure channel" in line for line in ben.err) == 1, ben.err)


def c15_an_old_copy_is_told_to_its_owner_and_to_the_others():  # FAULTS C15
    relay, anna, ben = two_with_profiles()
    a, b = meet(relay, anna, ben)
    b.say("one")
    a.wait_out("one")
    old = ben.bytes()
    b.say("two")
    a.wait_out("two")
    b.end_input()
    check(b.wait_exit() == 0, b.err)
    ben.write(old)
    b = ben.start(relay.port)
    b.wait_err("older copy")
    a.wait_err("came back with an old state")
    clara = Person(relay.port, "clara", "--no-host")
    for one in (a, b):
        one.wait_channel("clara")
    a.say("this waits for ben")
    clara.wait_out("this waits for ben")
    clara.say("said later")
    b.wait_out("said later")
    check(b.messages() == ["clara: said later"], b.out)


# C14: killed at the n-th call of a kind, while it says something or hears something; then it goes on.
def killed_at_each_call(call, count, speaks):
    need("strace")
    unsanitized("a sanitizer makes calls of its own")
    relay, anna, ben = two_with_profiles()
    a, b = meet(relay, anna, ben)
    said = []
    for n in range(1, count + 1):
        b.kill()
        b = ben.start(relay.port, prefix=("strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                          f"inject={call}:signal=SIGKILL:when={n}"))
        text = f"{call} {n}"
        speaker = b if speaks else a
        try:
            speaker.say(text)
        except BrokenPipeError:
            pass
        wait_until(lambda: not b.alive() or any(text in line for line in (a.out if speaks else b.out)), text)
        b.kill()
        shown_before = b.messages()
        b = ben.start(relay.port)
        if speaks:
            b.say(text + " again")
            a.wait_out(text + " again")
        else:
            a.say(text + " again")
            b.wait_out(text + " again")
            check(any(text == line.split(": ")[1] for line in shown_before + b.messages()), (text, b.messages()))
            said.append(text)
    wrong = [line for line in a.err + b.err if "old state" in line or "forged" in line or "RESTARTED" in line]
    check(not wrong, wrong)
    if speaks:
        texts = [line.split(": ")[1] for line in a.messages()]
        check(len(texts) == len(set(texts)), f"shown twice: {texts}")
    a.say("agreed?")
    b.wait_out("agreed?")
    b.say("agreed")
    a.wait_out("agreed")


def c14_killed_at_a_rename_while_it_speaks():
    killed_at_each_call("rename,renameat,renameat2", 8, True)


def c14_killed_at_an_fsync_while_it_speaks():
    killed_at_each_call("fsync", 8, True)


def c14_killed_at_a_write_while_it_speaks():
    killed_at_each_call("write", 12, True)


def c14_killed_at_a_send_while_it_speaks():
    killed_at_each_call("sendmsg,sendto,writev", 6, True)


def c14_killed_at_a_rename_while_it_hears():
    killed_at_each_call("rename,renameat,renameat2", 8, False)


def c14_killed_at_an_fsync_while_it_hears():
    killed_at_each_call("fsync", 8, False)


def c14_killed_at_a_write_while_it_hears():
    killed_at_each_call("write", 12, False)


def calls_of_main_thread(trace, pid):
    with open(trace) as lines:
        return sum(line.split(None, 1)[0] == str(pid) for line in lines)


# C14: the same at every single call of the thread that works, whatever call it is.
def killed_at_every_call(speaks):
    need("strace")
    unsanitized("a sanitizer makes calls of its own")
    relay, anna, ben = two_with_profiles()
    a, b = meet(relay, anna, ben)

    def exchange(text):
        try:
            (b if speaks else a).say(text)
        except BrokenPipeError:
            pass
        wait_until(lambda: not b.alive() or any(text in line for line in (a.out if speaks else b.out)), text)

    # How many calls it makes until it is ready, and until all is said and acknowledged.
    b.kill()
    trace = os.path.join(ben.path, "trace")
    b = ben.start(relay.port, prefix=("strace", "-f", "-qq", "-o", trace))
    b.wait_err("anna")
    pid, = wait_until(b.children, "the traced program")
    ready = calls_of_main_thread(trace, pid)
    exchange("counting")
    b.end_input()
    check(b.wait_exit() == 0, b.err)
    done = calls_of_main_thread(trace, pid)
    check(10 < done - ready < 400, f"calls from {ready} to {done}")

    lives = [b]
    for n in range(ready - 10, done):
        b.kill()
        b = ben.start(relay.port, prefix=("strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                          f"inject=all:signal=SIGKILL:when={n}"))
        lives.append(b)
        exchange(f"at {n}")
    b.kill()
    b = ben.start(relay.port)
    lives.append(b)
    a.say("agreed?")
    b.wait_out("agreed?")
    b.say("agreed")
    a.wait_out("agreed")
    said = [f"at {n}" for n in range(ready - 10, done)]
    if speaks:
        texts = [line.split(": ")[1] for line in a.messages()]
        check(len(texts) == len(set(texts)), f"shown twice: {texts}")
    else:
        heard = {line.split(": ")[1] for life in lives for line in life.messages()}
        check(heard.issuperset(said), f"never shown: {set(said) - heard}")
    wrong = [line for line in a.err + b.err if "old state" in line or "forged" in line or "RESTARTED" in line]
    check(not wrong, wrong)
    lost = [line for line in a.err if line.startswith("[!] !")]
    check(not lost, f"named as lost: {lost}")
    print(f"killed at {len(said)} calls, {ready - 10} to {done - 1}")


def c14_killed_at_every_call_while_it_speaks():  # FAULTS C14
    killed_at_every_call(True)


def c14_killed_at_every_call_while_it_hears():  # FAULTS C14
    killed_at_every_call(False)


def h02_a_failing_disk_is_told_and_the_old_state_stays():  # FAULTS H02
    need("strace")
    unsanitized("a sanitizer makes calls of its own")
    relay, anna, ben = two_with_profiles()
    a, b = meet(relay, anna, ben)
    for call, error, words in (("fsync", "ENOSPC", "the disk is full"), ("fsync", "EIO", "the disk reports an error"),
                               ("renameat", "EROFS", "the disk can only be read"), ("openat", "ENOSPC", "")):
        b.kill()
        # From the third on: it has come up, and something is said.
        start = "60+" if call == "openat" else "4+"
        b = ben.start(relay.port, prefix=("strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                          f"inject={call}:error={error}:when={start}"))
        wait_until(lambda: not b.alive() or any("anna" in line for line in b.err), "it is there")
        for i in range(40):
            if not b.alive():
                break
            try:
                b.say(f"{call} {error} {i}")
            except BrokenPipeError:
                break
        check(b.wait_exit() == 1, (call, error, b.err[-3:]))
        check(any(words in line for line in b.err), b.err[-3:])
        b = ben.start(relay.port)
        b.say(f"{call} {error} over")
        a.wait_out(f"{call} {error} over")
    wrong = [line for line in a.err + b.err if "old state" in line or "forged" in line]
    check(not wrong, wrong)


def h02_a_full_disk_is_told():  # FAULTS H02
    folder = tempfile.mkdtemp(prefix="parley-small-")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", folder], capture_output=True).returncode != 0:
        os.rmdir(folder)
        raise Skip("mounting a small disk is not allowed here")
    try:
        relay = Relay()
        anna = Home("anna").make()
        ben = Home("ben")
        ben.environment["XDG_DATA_HOME"] = folder
        ben.make()
        a = anna.start(relay.port)
        b = ben.start(relay.port)
        a.wait_channel("ben")
        for i in range(100):
            if not b.alive():
                break
            try:
                b.say(f"{i} " + "x" * 3000)
            except BrokenPipeError:
                break
        a.kill()
        for i in range(100):
            if not b.alive():
                break
            try:
                b.say(f"more {i} " + "x" * 3000)
            except BrokenPipeError:
                break
        check(b.wait_exit() == 1, b.err[-3:])
        check(any("the disk is full" in line for line in b.err), b.err[-3:])
    finally:
        Program.end_all()
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


def without_a_profile_nothing_is_written():
    need("strace")
    as_people_run_it()
    relay = Relay()
    home = Home("anna")
    trace = home.path + "/trace"
    a = Person(relay.port, "anna", "--no-host", environment=home.environment,
               prefix=("strace", "-f", "-e", "trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2", "-o", trace))
    b = Person(relay.port, "ben", "--no-host")
    b.wait_channel("anna")
    b.say("hello")
    a.wait_out("hello")
    a.end_input()
    check(a.wait_exit() == 0, a.err)
    with open(trace) as text:
        lines = text.read().splitlines()
    check(any("openat" in line for line in lines), "strace saw the start")
    wrong = [line for line in lines if ("O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line or "openat" not in line)
             and "/dev/tty" not in line and "exited" not in line and "+++" not in line and "---" not in line]
    check(not wrong, wrong)
    check(sorted(os.listdir(home.path)) == ["key", "trace"], os.listdir(home.path))


def h06_a_running_client_leaves_no_core_and_gets_no_rights():  # FAULTS H06
    relay = Relay()
    anna = Home("anna").make()
    a = anna.start(relay.port)
    a.wait_err("Connected")
    with open(f"/proc/{a.pid}/status") as status:
        text = status.read()
    check("NoNewPrivs:\t1" in text, text)
    with open(f"/proc/{a.pid}/limits") as limits:
        check(re.search(r"Max core file size\s+0\s+0", limits.read()), "no core dumps")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        Home.remove_all()
