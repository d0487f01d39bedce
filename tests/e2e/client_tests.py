"""The real client: two terminals, pipes, bots, and a relay that comes and goes."""
import base64
import fcntl
import hashlib
import hmac
import itertools
import json
import os
import pty
import signal
import subprocess
import tempfile
import termios

from machine import go_on, need_root, read_memory, stop, unsanitized
from support import *


def people(port, *names):
    everyone = [Person(port, name, "--no-host") for name in names]
    for one, other in itertools.permutations(everyone, 2):
        one.wait_channel(other.name)
    return everyone


def two_people_talk_in_both_directions():
    anna, ben = people(Relay().port, "anna", "ben")
    anna.say("hallo ben: äöü 漢字")
    ben.say("hello anna")
    anna.wait_out("hello anna")
    ben.wait_out("hallo ben: äöü 漢字")
    check(anna.messages() == ["ben: hello anna"], anna.messages())
    check(ben.messages() == ["anna: hallo ben: äöü 漢字"], ben.messages())


def sixty_kilobytes_arrive_and_more_is_refused():
    anna, ben = people(Relay().port, "anna", "ben")
    anna.say("x" * 60_000)
    anna.say("y" * 60_001)
    anna.say("the end")
    ben.wait_out("the end")
    check(ben.messages() == ["anna: " + "x" * 60_000, "anna: the end"], "the long line arrives, the longer one does not")
    anna.wait_err("over 60,000 bytes")
    anna.end_input()
    check(anna.wait_exit() == 1, "the refused line shows in the exit code")


def a_third_person_reads_what_comes_after():
    relay = Relay()
    anna, ben = people(relay.port, "anna", "ben")
    anna.say("before")
    ben.wait_out("before")
    clara = Person(relay.port, "clara", "--no-host")
    for other in ("anna", "ben"):
        clara.wait_channel(other)
    anna.wait_channel("clara")
    anna.say("after")
    clara.wait_out("after")
    check(clara.messages() == ["anna: after"], clara.messages())


def a_killed_relay_loses_nothing():  # FAULTS O06, O08
    relay = Relay()
    anna, ben = people(relay.port, "anna", "ben")
    for round_ in range(3):
        anna.say(f"{round_} before")
        ben.wait_out(f"{round_} before")
        relay.kill()
        wait_until(lambda: sum("Not connected" in line for line in anna.err) > round_, "anna to hear of it again")
        anna.say(f"{round_} while it is dead")
        ben.say(f"{round_} from ben, while it is dead")
        relay = Relay(port=relay.port)
        ben.wait_out(f"{round_} while it is dead")
        anna.wait_out(f"{round_} from ben")
    expected = [f"anna: {i} {what}" for i in range(3) for what in ("before", "while it is dead")]
    check(ben.messages() == expected, ben.messages())
    check(len(anna.messages()) == 3, anna.messages())


def o06_a_relay_killed_in_mid_stream_loses_nothing():  # FAULTS O06
    kills = int(os.environ.get("PARLEY_KILLS", "4"))  # ./dev kills asks for more
    relay = Relay()
    everyone = people(relay.port, "anna", "ben", "clara")
    anna = everyone[0]
    for round_ in range(kills):
        for person in everyone:
            person.say("\n".join(f"{person.name} {round_} {i}" for i in range(60)))
        wait_until(lambda: any(f"ben {round_} " in line for line in anna.out[-400:]), f"round {round_}")
        relay.kill()  # in the middle of it
        relay = Relay(port=relay.port)
    for person, other in itertools.permutations(everyone, 2):
        expected = [f"{other.name}: {other.name} {r} {i}" for r in range(kills) for i in range(60)]
        theirs = lambda: [line for line in person.messages() if line.startswith(other.name + ":")]
        wait_until(lambda: len(theirs()) >= len(expected), lambda: f"all of {other.name} at {person.name}, who has {len(theirs())}", 90)
        check(theirs() == expected, f"{person.name} reads each line of {other.name} once and in order")
    print(f"killed {kills} times; {len(expected)} lines of each")


def who_finds_no_relay_hosts_one_and_another_takes_over():
    port = free_port()
    host = Person(port, "anna")
    host.wait_err("hosting one here")
    ben, clara = Person(port, "ben"), Person(port, "clara")
    for one, other in ((ben, "anna"), (clara, "anna"), (ben, "clara"), (clara, "ben")):
        one.wait_channel(other)
    host.kill()
    ben.say("are you still there?")
    clara.wait_out("are you still there?")
    clara.say("yes")
    ben.wait_out("yes")
    check(ben.messages() == ["clara: yes"], ben.messages())


def an_invitation_makes_a_room_of_its_own():
    relay = Relay()
    made = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{relay.port}"],
                          capture_output=True, text=True, timeout=PATIENCE)
    link = made.stdout.strip()
    check(link.startswith(f"parley://127.0.0.1:{relay.port}/#") and made.returncode == 0, made)
    path = f"/tmp/parley-link-{os.getpid()}"
    with open(path, "w") as file:
        file.write(link + "\n")
    try:
        lobby = Person(relay.port, "lobby", "--no-host")
        lobby.wait_err("Connected")
        anna, ben = (Program("parley", "join", "--link-file", path, "--name", name, "--no-host") for name in ("anna", "ben"))
        anna.wait_err("Secure channel established with ben#")
        ben.wait_err("Secure channel established with anna#")
        anna.say("in here")
        ben.wait_out("in here")
        check(not any("Secure channel" in line for line in lobby.err), "the lobby is another room")
    finally:
        os.unlink(path)


def run(*words, input_=""):
    return subprocess.run([os.path.join(BIN, "parley"), *words], input=input_, capture_output=True, text=True, timeout=60)


def wrong_use_is_one_line_and_exit_2():
    for words in (["--nonsense"], ["--relay", "nowhere"], ["--relay", "a:0"], ["--name", ""], ["join", "not a link"],
                  ["join", "parley://127.0.0.1:1/#AQBB"], ["--plain", "--json"]):
        done = run(*words)
        check(done.returncode == 2, f"{words}: exit {done.returncode} {done.stderr}")
        check(len(done.stderr.strip().splitlines()) == 1, f"{words}: {done.stderr!r}")


def an_unreachable_relay_is_exit_3():
    done = run("--no-host", "--relay", f"127.0.0.1:{free_port()}")
    check(done.returncode == 3, f"exit {done.returncode} {done.stderr}")
    check("nobody answers at this address" in done.stderr, done.stderr)


def a_relay_that_is_busy_is_tried_again():
    relay = Relay()
    lobby = hkdf(hashlib.sha256(b"parley/1 the lobby's public secret.").digest(), b"parley/1 room id.")
    crowd = [Raw(relay.port).send(join(lobby, os.urandom(16), grace=0)) for _ in range(30)]  # more than a room takes at once
    for raw in crowd[:20]:
        raw.receive_kind(0x81)
    for raw in crowd:
        raw.close()
    anna = Person(relay.port, "anna", "--no-host")
    anna.wait_err("Connected")
    check(not any("No relay at" in line for line in anna.err), anna.err)


def input_that_reached_nobody_is_exit_1():
    relay = Relay()
    done = run("--no-host", "--relay", f"127.0.0.1:{relay.port}", input_="to nobody\n")
    check(done.returncode == 1, f"exit {done.returncode} {done.stderr}")


def a_pipe_is_delivered_before_it_leaves():
    relay = Relay()
    ben = Person(relay.port, "ben", "--no-host")
    ben.wait_err("Connected")
    text = "".join(f"line {i}\n" for i in range(300))
    ci = Person(relay.port, "ci", "--no-host", "--plain")
    ci.wait_channel("ben")
    ci.say(text.rstrip("\n"))
    ci.end_input()
    check(ci.wait_exit() == 0, ci.err)
    ben.wait_out("line 299")
    check(ben.messages() == [f"ci: line {i}" for i in range(300)], "all lines, in order")


def json_mode_is_one_event_a_line():
    relay = Relay()
    bot = Person(relay.port, "bot", "--no-host", "--json")
    anna = Person(relay.port, "anna", "--no-host")
    anna.wait_channel("bot")
    anna.say('quotes " and \\ and \u202e')
    wait_until(lambda: any('"message"' in line for line in bot.out), "the message event")
    events = [json.loads(line) for line in bot.out]
    message = next(event for event in events if event["event"] == "message")
    check(message["text"] == 'quotes " and \\ and \u202e' and message["name"] == "anna", message)
    check("\u202e" not in "".join(bot.out), "what a terminal would execute is escaped")


def escapes_of_a_peer_never_reach_the_terminal():  # FAULTS T01, T03
    anna, ben = people(Relay().port, "anna", "ben")
    anna.say(b"\x1b]0;owned\x07\x1b[2Jred\xc2\x9b31m \xe2\x80\xaeevil")
    ben.wait_out("evil")
    line = ben.out[-1]
    check(not any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 or c == "\u202e" for c in line), repr(line))
    check("<001B>" in line and "<202E>" in line, repr(line))


def o21_the_relays_memory_holds_no_plaintext_and_no_key():  # FAULTS O21
    need_root("reading another process\'s memory")
    unsanitized("a sanitizer keeps copies of its own")
    relay = Relay()
    made = run("invite", "--print", "--relay", f"127.0.0.1:{relay.port}")
    link = made.stdout.strip()
    payload = base64.urlsafe_b64decode(link.split("#")[1] + "==")
    secret = payload[2:34]
    anna, ben = (Program("parley", "join", "--name", name, "--no-host", link) for name in ("anna", "ben"))
    anna.wait_err("Secure channel established with ben#")
    ben.wait_err("Secure channel established with anna#")
    marker = "marker-" + os.urandom(8).hex()
    anna.say(marker)
    ben.wait_out(marker)
    hidden = {"the plaintext": marker.encode(), "a name": b"anna", "the room secret": secret,
              "the room key": hkdf(secret, b"parley/1 room key.")}
    visible = {"the room id": hkdf(secret, b"parley/1 room id.")}
    during = read_memory(relay.pid)
    for what, needle in hidden.items():
        check(needle not in during, what + " is in the relay")
    # The broken twins: the same scan finds what is there, in the relay and in a client.
    for what, needle in visible.items():
        check(needle in during, what + " can be found in the relay")
    stop(ben)
    anna.say("not opened yet: " + marker)
    wait_until(lambda: marker.encode() in read_memory(anna.pid), "the plaintext to be found in a client that still needs it")
    go_on(ben)
    check(hidden["the room key"] in read_memory(ben.pid), "the room key can be found in a client")
    for one in (anna, ben):
        one.end_input()
        check(one.wait_exit() == 0, one.err)

    def left():
        memory = read_memory(relay.pid)
        return [what for what, needle in {**hidden, **visible}.items() if needle in memory]

    wait_until(lambda: not left(), lambda: f"after everyone left there is {left()} in the relay")


def hkdf(secret, info):  # RFC 5869 with an empty salt, one block
    extracted = hmac.digest(b"\0" * 32, secret, "sha256")
    return hmac.digest(extracted, info + b"\1", "sha256")


def an_idle_client_is_small():
    anna, _ = people(Relay().port, "anna", "ben")
    kib = rss_kib(anna.pid)
    print(f"idle client: {kib} KiB resident")
    check(os.environ.get("PARLEY_SANITIZED") or kib <= 15 * 1024, f"{kib} KiB")


def a_person_at_a_terminal_types_while_messages_come():
    relay = Relay()
    ben = Person(relay.port, "ben", "--no-host")
    terminal, end = pty.openpty()
    anna = subprocess.Popen([os.path.join(BIN, "parley"), "--plain", "--no-host", "--relay", f"127.0.0.1:{relay.port}", "--name", "anna"],
                            stdin=end, stdout=end, stderr=end)
    try:
        os.set_blocking(terminal, False)
        seen = b""

        def shows(text):
            nonlocal seen
            try:
                seen += os.read(terminal, 65536)
            except BlockingIOError:
                pass
            return text.encode() in seen

        ben.wait_channel("anna")
        wait_until(lambda: shows("Secure channel"), "the channel on anna's screen")
        os.write(terminal, b"half a ")
        wait_until(lambda: shows("> half a "), "what is typed")
        ben.say("in between")
        wait_until(lambda: shows("in between"), "a message while typing")
        os.write(terminal, "sentencé".encode())
        # Longer than a terminal that collects lines would take.
        os.write(terminal, b"!" * 3000)
        wait_until(lambda: shows("!!!"), "the terminal to take it")
        os.write(terminal, b"!" * 3000 + b"\r")
        ben.wait_out("half a sentencé" + "!" * 6000)
        os.write(terminal, b"/quti\r")
        wait_until(lambda: shows("did you mean /quit?"), "the hint")
        os.write(terminal, b"/quit\r")
        check(anna.wait(PATIENCE) == 0, "it leaves with 0")
    finally:
        anna.kill()
        anna.wait()


def t08_whatever_ends_it_the_terminal_is_as_before():  # FAULTS T08
    relay = Relay()
    for end_with in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        terminal, end = pty.openpty()
        before = termios.tcgetattr(end)
        anna = subprocess.Popen([os.path.join(BIN, "parley"), "--plain", "--no-host", "--relay", f"127.0.0.1:{relay.port}"],
                                stdin=end, stdout=end, stderr=end)
        try:
            wait_until(lambda: termios.tcgetattr(end) != before, "the terminal to be taken")
            anna.send_signal(end_with)
            anna.wait(PATIENCE)
            check(termios.tcgetattr(end) == before, f"restored after {end_with.name}")
        finally:
            anna.kill()
            anna.wait()
            os.close(end)
            os.close(terminal)


def t08_an_end_while_something_is_asked_leaves_the_terminal_as_before():
    relay = Relay()
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home)
        for words in (("join", "--code", "--no-host", "--relay", f"127.0.0.1:{relay.port}"), ("profile", "new", "anna")):
            for end_with in (signal.SIGTERM, signal.SIGINT):
                terminal, end = pty.openpty()
                before = termios.tcgetattr(end)
                anna = subprocess.Popen([os.path.join(BIN, "parley"), *words], stdin=end, stdout=end, stderr=end,
                                        env=environment, preexec_fn=lambda: take_terminal(end))
                try:
                    wait_until(lambda: termios.tcgetattr(end) != before, f"{words}: the terminal to be taken")
                    anna.send_signal(end_with)
                    check(anna.wait(PATIENCE) == -end_with, f"{words} ends by {end_with.name}")
                    check(termios.tcgetattr(end) == before, f"{words}: restored after {end_with.name}")
                finally:
                    anna.kill()
                    anna.wait()
                    os.close(end)
                    os.close(terminal)


def take_terminal(end):
    """Its own session, whose terminal this is: /dev/tty opens."""
    os.setsid()
    fcntl.ioctl(end, termios.TIOCSCTTY, 0)


def invited_by_code(relay):
    """Anna, who has made a code, and the code."""
    anna = Person(relay.port, "anna", "invite", "--code", "--no-host")
    wait_until(lambda: anna.out, "the code on standard output")
    check(re.fullmatch(r"\d{4}-[a-z]+-[a-z]+-[a-z]+", anna.out[0]), anna.out)
    anna.wait_err("Waiting for that person")
    return anna, anna.out[0]


def joining_by_code(relay, code, name="ben"):
    joiner = Person(relay.port, name, "join", "--code", "--no-host")
    joiner.say(code)
    return joiner


def met_by_code(relay):
    anna, code = invited_by_code(relay)
    ben = joining_by_code(relay, code)
    anna.wait_channel("ben")
    ben.wait_channel("anna")
    return anna, ben, code


def a_spoken_code_leads_to_a_room_where_both_are_verified():
    relay = Relay()
    anna, code = invited_by_code(relay)
    anna.wait_err(f"parley join --code --relay 127.0.0.1:{relay.port}")
    # Forgiving: any case, blanks, the first letters of each word; the next line is a message already.
    spoken = " ".join(part[:4].upper() for part in code.split("-"))
    ben = joining_by_code(relay, spoken)
    for one, other in ((anna, "ben"), (ben, "anna")):
        one.wait_channel(other)
        check(any("Secure channel" in line and "(verified)" in line for line in one.err), one.err)
    ben.say("hello anna")
    anna.say("hello ben")
    anna.wait_out("hello anna")
    ben.wait_out("hello ben")
    check(len(anna.out) == 2 and anna.out[0] == code, anna.out)
    check(not any(code in line for line in anna.err + ben.err + ben.out), "the code stands nowhere else")
    for one in (anna, ben):
        one.end_input()
        check(one.wait_exit() == 0, one.err)


def what_is_piped_behind_a_code_is_said():
    relay = Relay()
    anna, code = invited_by_code(relay)
    ben = joining_by_code(relay, code + "\nline one\nline two")
    ben.wait_channel("anna")  # from the end on it waits for 10 s
    ben.end_input()
    anna.wait_out("line two")
    check(anna.messages()[1:] == ["ben: line one", "ben: line two"], anna.messages())
    check(ben.wait_exit() == 0, ben.err)


def a_wrong_code_is_told_to_both_and_spends_it():
    relay = Relay()
    anna, code = invited_by_code(relay)
    wrong = code[:5] + ("apple-river-stone" if code[5:] != "apple-river-stone" else "apple-river-table")
    ben = joining_by_code(relay, wrong)
    check(ben.wait_exit() == 4, (ben.process.returncode, ben.err))
    check(anna.wait_exit() == 4, (anna.process.returncode, anna.err))
    for one in (anna, ben):
        check(any("someone tried it, or a typo; make a new code" in line for line in one.err), one.err)
    # The right words come too late: there is one guess.
    again = joining_by_code(relay, code)
    check(again.wait_exit() == 1, (again.process.returncode, again.err))
    check(any("nobody waits with this code" in line for line in again.err), again.err)


def an_invitation_carries_the_token_that_its_relay_asks_for():
    token = os.urandom(16)
    with tempfile.NamedTemporaryFile() as file:
        file.write(token)
        file.flush()
        relay = Relay("--token-digest", hashlib.sha256(token).hexdigest())
        anna = Person(relay.port, "anna", "invite", "--plain", "--token-file", file.name)
        link = wait_until(lambda: anna.out and anna.out[0], "the link")
    # Who has the link has the token; who has neither stays outside.
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(link)
        file.flush()
        ben = Person(relay.port, "ben", "join", "--plain", "--link-file", file.name)
        ben.wait_channel("anna")
        anna.wait_channel("ben")
    stranger = Person(relay.port, "eve", "chat", "--plain")
    stranger.wait_err("access token")
    check(stranger.wait_exit() != 0, "without it nobody comes in")
    with tempfile.NamedTemporaryFile() as file:
        file.write(token[:15])
        file.flush()
        check(Person(relay.port, "eve", "chat", "--token-file", file.name).wait_exit() == 2, "a token has 16 bytes")


def a_code_that_is_none_goes_nowhere():  # ATTACKS 15
    port = free_port()  # nobody listens: an attempt would be exit 3
    for code in ("apple-river-stone", "0815-apple-river", "0815-apple-zzyzx-stone", ""):
        done = run("join", "--code", "--no-host", "--relay", f"127.0.0.1:{port}", input_=code + "\n")
        check(done.returncode == 2, f"{code!r}: exit {done.returncode} {done.stderr}")
        check("zzyzx" not in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr)
    done = run("join", "--code", "0815-apple-river-stone", "--no-host", "--relay", f"127.0.0.1:{port}")
    check(done.returncode == 2 and "never an argument" in done.stderr, done.stderr)
    done = run("join", "--code", "--no-host", "--relay", f"127.0.0.1:{port}", input_="0815-apple-river-stone\n")
    check(done.returncode == 3 and "nobody answers at this address" in done.stderr, done.stderr)


def who_makes_a_code_may_host_the_relay_and_who_joins_does_not():
    port = free_port()
    ben = Person(port, "ben", "join", "--code")
    ben.say("0815-apple-river-stone")
    check(ben.wait_exit() == 3, (ben.process.returncode, ben.err))
    anna = Person(port, "anna", "invite", "--code")
    wait_until(lambda: anna.out, "the code on standard output")
    anna.wait_err("hosting one here")
    ben = Person(port, "ben", "join", "--code", "--no-host")
    ben.say(anna.out[0])
    anna.wait_channel("ben")
    ben.wait_channel("anna")
    ben.say("through the relay she hosts")
    anna.wait_out("through the relay she hosts")


def an_inviter_that_is_killed_spends_its_code():
    relay = Relay()
    anna, code = invited_by_code(relay)
    anna.kill()
    ben = joining_by_code(relay, code)
    check(ben.wait_exit() == 1, (ben.process.returncode, ben.err))


# ATTACKS 14: others gave the code to the process list, and a part of it to the relay.
def no_process_list_shows_a_code():
    relay = Relay()
    anna, ben, code = met_by_code(relay)
    seen = b""
    for one in (anna, ben, relay):
        with open(f"/proc/{one.pid}/cmdline", "rb") as line, open(f"/proc/{one.pid}/environ", "rb") as variables:
            seen += line.read() + variables.read()
    check(b"--code" in seen, "twin: what is on the command line is seen")
    for text in (code, code[5:], code[5:].replace("-", " ")):
        check(text.encode() not in seen, "the code in a process list")


def the_relay_holds_no_word_of_a_code_and_no_hash_of_it():  # ATTACKS 14
    need_root("reading another process\'s memory")
    relay = Relay()
    anna, ben, code = met_by_code(relay)
    words = code[5:]
    needles = [code.encode(), words.encode(), words.replace("-", " ").encode()]
    for digest in ("sha1", "sha256", "sha512", "md5"):
        for text in (code, words):
            needles.append(hashlib.new(digest, text.encode()).digest())
    memory = read_memory(relay.pid)
    check(not any(needle in memory for needle in needles), "a code in the relay's memory")
    # The broken twin: where somebody says the code as it is, the same search finds it.
    room = os.urandom(32)
    reader, writer = (Raw(relay.port).send(join(room, os.urandom(16))) for _ in range(2))
    for raw in (reader, writer):
        raw.receive_kind(0x81)
    writer.send(post(1, code.encode())).receive_kind(0x84)  # and kept until it is acknowledged
    check(code.encode() in read_memory(relay.pid), "the search can find it")


if __name__ == "__main__":
    main(globals())
