"""parley-evil between real clients and a real relay: what people are told, word by word (docs/ATTACKS.md)."""
import os
import pty
import re
import subprocess
import tempfile
import threading

from support import *

NO_INVITATION = "someone is here without this room's invitation, or a card was changed on the way"
CHANGED = "the handshake was changed on the way: no channel was made of it"
INVALID = "a handshake with an invalid key: it was changed on the way"
MISSING = "messages did not arrive: held back or lost on the way, asked for again"
NOT_SHOWN = "others have seen messages of this person that did not come here"
UNCONFIRMED = "confirms nothing: its device sleeps, or the relay holds messages back"
REPEATED = "a frame came twice and was shown once"
NO_SEAT = "a frame from a seat that nobody has taken"
NO_SIZE = "a frame of no known kind or size"
DAMAGED = ("a frame was forged or changed on the way", "a frame that no key of ours opens: changed on the way, or not for us")
OTHER_KEY = "this seat shows another key than before: it is not the same person"


class Evil(Program):
    def __init__(self, relay, attack, *words, port=0):
        self.relay, self.attack = relay, attack
        super().__init__("parley-evil", "--attack", attack, "--relay", f"127.0.0.1:{relay.port}", "--port", str(port or free_port()), *words,
                         stdin=False)
        self.port = int(re.search(r":(\d+)$", self.start_line()).group(1))

    def strikes(self):
        return [line for line in self.err if line.startswith("parley-evil: " + self.attack.split(",")[0] + ": ")]

    def wait_strike(self, count=1):
        wait_until(lambda: len(self.strikes()) >= count, lambda: f"{count} strikes of {self.attack}: {self.err[-3:]}")

    def ends(self):
        """From here on the wire is honest; everybody connects again."""
        self.kill()
        return Evil(self.relay, self.attack, "--times", "0", port=self.port)


def invited(port, *names):
    """People in a room of their own, in the order in which they joined."""
    made = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", f"127.0.0.1:{port}"],
                          capture_output=True, text=True, timeout=PATIENCE)
    people = []
    with tempfile.NamedTemporaryFile("w", suffix=".link") as link:
        link.write(made.stdout)
        link.flush()
        for name in names:
            person = Person.__new__(Person)
            Program.__init__(person, "parley", "join", "--link-file", link.name, "--name", name, "--no-host", "--plain")
            person.name = name
            person.wait_err("Connected")
            people.append(person)
    return people


def meet(*people):
    for one in people:
        for other in people:
            if one is not other:
                one.wait_channel(other.name)


def talk(people, lines=12):
    """Everybody says so many lines at once; what each must have read in the end."""
    for person in people:
        person.say("\n".join(f"{person.name} {i}" for i in range(lines)))
    return {person: [f"{other.name}: {other.name} {i}" for other in people if other is not person for i in range(lines)] for person in people}


def wait_read(person, expected, patience=90):
    wait_until(lambda: len(person.messages()) >= len(expected), lambda: f"{len(expected)} messages at {person.name}, who has {person.messages()}; {person.err[-4:]}", patience)


def read_once(expected):
    """By each of them, who then leave: nothing more comes behind it."""
    for person, lines in expected.items():
        wait_read(person, lines)
    for person in expected:
        person.end_input()
    for person, lines in expected.items():
        person.wait_exit()
        check(sorted(person.messages()) == sorted(lines), f"{person.name} reads each line once and no other: {person.messages()}")


def told(person, words):
    return any(line.startswith("[!]") and words in line for line in person.err)


def wait_told(people, *words, patience=PATIENCE):
    wait_until(lambda: any(told(person, text) for person in people for text in words),
               lambda: f"{words} at one of them: {[person.err[-3:] for person in people]}", patience)


def two_under(attack, *words):
    evil = Evil(Relay(), attack, *words)
    people = invited(evil.port, "anna", "ben")
    meet(*people)
    return evil, people


def told_and_all_arrives(attack, *words, seed=1):
    """They are told, nobody reads anything false or twice, and in the end everything."""
    evil, people = two_under(attack, "--seed", str(seed))
    expected = talk(people)
    wait_told(people, *words)
    evil.wait_strike()
    honest = evil.ends()
    for person, other in (people, people[::-1]):
        person.say("after it")
        expected[other].append(f"{person.name}: after it")
    read_once(expected)
    check(not honest.strikes(), "the wire is honest")


def defeated_without_a_word(attack, strikes=1):
    evil, people = two_under(attack)
    expected = talk(people)
    evil.wait_strike(strikes)
    read_once(expected)
    for person in people:
        check(person.messages() == expected[person], f"in their order: {person.messages()}")
        check(not told(person, MISSING), person.err)


# --- the twin of all that follows: no attack, nothing is told ---

def on_an_honest_wire_nobody_is_told_anything():
    names = [line.split()[0] for line in _listed()]
    evil = Evil(Relay(), ",".join(names), "--times", "0")
    people = invited(evil.port, "anna", "ben", "clara")
    meet(*people)
    expected = talk(people)
    read_once(expected)
    for person in people:
        check(not any(line.startswith("[!]") for line in person.err), person.err)
    check(not evil.err, evil.err)


# --- how people meet ---

def swapped_cards_do_not_open_in_an_invited_room():
    evil = Evil(Relay(), "swap-card")
    people = invited(evil.port, "anna", "ben")
    for person in people:
        person.wait_err("[!] " + NO_INVITATION)
    expected = talk(people, 2)
    check(not any("Secure channel" in line for person in people for line in person.err), "nobody talks to the attacker")
    evil.ends()
    read_once(expected)


class AtTerminal(Person):
    """Where commands are typed; what the terminal shows is `err`, and messages are a pipe."""

    def __init__(self, port, name):
        self.terminal, end = pty.openpty()
        self.name, self.out, self.err, self.readers = name, [], [], []
        self.process = subprocess.Popen(
            [os.path.join(BIN, "parley"), "--plain", "--no-host", "--relay", f"127.0.0.1:{port}", "--name", name],
            stdin=end, stdout=subprocess.PIPE, stderr=end)
        os.close(end)
        for reader in (lambda: self._read(self.process.stdout, self.out), self._watch):
            threading.Thread(target=reader, daemon=True).start()
        Program.all.append(self)

    def _watch(self):
        shown = ""
        try:
            while data := os.read(self.terminal, 65536):
                shown += data.decode("utf-8", "replace")
                *lines, shown = shown.split("\n")
                plain = (re.sub("\x1b\\[[0-9;?]*[A-Za-z]|\r", "", line) for line in lines)
                self.err.extend(line.removeprefix("> ") for line in plain)
        except OSError:
            pass

    def say(self, text):
        os.write(self.terminal, text.encode() + b"\r")


def safety_number(person):
    person.say("/safety")
    person.wait_err("then: /verify")
    at = next(i for i, line in enumerate(person.err) if "Safety number with" in line)
    return "".join(re.findall(r"\d", person.err[at + 1] + person.err[at + 2]))


def lobby(port):
    anna, ben = AtTerminal(port, "anna"), AtTerminal(port, "ben")
    meet(anna, ben)
    return anna, ben


def in_the_lobby_whoever_sits_in_between_has_other_safety_numbers():
    evil = Evil(Relay(), "swap-card")
    anna, ben = lobby(evil.port)
    anna.say("who reads this?")
    ben.wait_out("anna#")  # through the attacker, who could read it: nobody compared numbers
    digits = safety_number(anna)
    check(len(digits) == 60 and digits != safety_number(ben), "the numbers differ")
    ben.say("/verify anna " + digits)
    ben.wait_err("[!] These are not the digits of anna#")
    evil.ends()
    for person in (anna, ben):
        wait_told([person], OTHER_KEY)
        check(any(line.startswith("[!] KEY CHANGED: ") for line in person.err), person.err)


def in_the_lobby_on_an_honest_wire_the_numbers_are_the_same():
    anna, ben = lobby(Evil(Relay(), "swap-card", "--times", "0").port)
    digits = safety_number(anna)
    check(digits == safety_number(ben), "the numbers are the same")
    ben.say("/verify anna " + digits)
    ben.wait_err("is verified")


def a_swapped_key_makes_no_channel(attack, words, strikes, seed=1):
    evil = Evil(Relay(), attack, "--times", str(strikes), "--seed", str(seed))
    people = invited(evil.port, "anna", "ben")
    wait_told(people, words)
    check(not any("Secure channel" in line for person in people for line in person.err), "no channel was made")
    meet(*people)  # once the attack is over
    expected = talk(people, 2)
    read_once(expected)


def a_swapped_ephemeral_key_is_named():  # FAULTS C06
    a_swapped_key_makes_no_channel("swap-ephemeral", CHANGED, 2)


def a_swapped_kem_key_is_named():
    a_swapped_key_makes_no_channel("swap-kem", CHANGED, 2)


def a_first_flight_without_its_post_quantum_half_is_named():  # FAULTS C28
    a_swapped_key_makes_no_channel("strip-hybrid", INVALID, 1)


def an_answer_without_its_post_quantum_half_is_named():
    a_swapped_key_makes_no_channel("strip-hybrid", CHANGED, 1, seed=2)


def a_ghost_without_the_invitation_is_named_and_hears_nothing():  # ATTACKS 8
    evil, people = two_under("ghost-seat")
    for person in people:
        person.wait_err("[!] " + NO_INVITATION)
    expected = talk(people)
    read_once(expected)
    for person in people:
        check(sum("Secure channel" in line for line in person.err) == 1, "none with the ghost")
    check(not any("Post " in line for line in evil.strikes()), "nothing was posted to the ghost")


def in_the_lobby_a_ghost_is_one_more_person_who_is_not_verified():
    anna, ben = lobby(Evil(Relay(), "ghost-seat").port)
    for person in (anna, ben):
        person.wait_channel("mallory")
        check(all("(not verified: /verify)" in line for line in person.err if "mallory#" in line), person.err)


# --- what is said ---

def a_fork_is_named_to_the_reader_and_to_the_author():  # FAULTS C25, ATTACKS 26
    evil = Evil(Relay(), "fork")
    anna, ben, clara = people = invited(evil.port, "anna", "ben", "clara")
    meet(*people)
    expected = talk(people, 3)
    wait_read(clara, expected[clara])
    clara.say("have you all seen it?")  # tells how far she has read
    for person in (anna, ben):
        expected[person].append("clara: have you all seen it?")
    ben.wait_err(NOT_SHOWN)
    check("anna: anna 2" not in ben.messages(), "what was hidden from ben is not shown")
    anna.wait_err(UNCONFIRMED, 60)
    evil.ends()
    read_once(expected)


def dropped_messages_are_named_and_arrive_in_the_end():
    told_and_all_arrives("drop", MISSING)


def reordered_messages_are_shown_in_their_order():
    defeated_without_a_word("reorder", 3)


def repeated_messages_are_shown_once_and_named():
    told_and_all_arrives("replay", REPEATED)


def a_replayed_room_is_shown_to_nobody():
    told_and_all_arrives("replay-room", NO_SEAT)


def delayed_messages_are_named_and_marked_as_late():
    evil, people = two_under("delay")
    expected = talk(people)
    wait_told(people, MISSING)
    read_once(expected)
    late = re.compile(r"The next message of \w+#\w+ came late, out of its order:")
    check(any(late.search(line) for person in people for line in person.err), [person.err for person in people])


def truncated_messages_are_named_and_arrive_in_the_end():
    told_and_all_arrives("truncate", NO_SIZE)


def what_is_no_frame_any_more_ends_the_connection_and_loses_nothing():
    told_and_all_arrives("truncate", "Not connected: the relay does not speak this protocol.")


def a_flipped_bit_is_named_and_the_message_arrives_in_the_end():  # FAULTS R10
    told_and_all_arrives("flip", *DAMAGED)


def a_room_that_goes_back_in_time_shows_nothing_twice():
    evil, people = two_under("rollback")
    expected = talk(people)
    for person in people:
        person.wait_err("The relay is new and forgot everything: what was not opened is posted again.")
    read_once(expected)
    evil.wait_strike(2)


def withheld_acknowledgements_are_named_to_who_waits_for_them():
    evil, (anna, ben) = two_under("withhold-acks")
    lines = []

    def say(line):
        lines.append(line)
        anna.say(line)
        ben.wait_out(line)

    # The beginning of a channel passes. Once a word of ben's was held back, none comes any more.
    while not any("Deliver" in strike for strike in evil.strikes()):
        say(f"are you there, {len(lines)}?")
    say("did it arrive?")
    anna.wait_err(UNCONFIRMED, 60)
    evil.ends()
    ben.say("it did")
    anna.wait_out("it did")
    check(ben.messages() == [f"anna: {line}" for line in lines] and anna.messages() == ["ben: it did"], (anna.messages(), ben.messages()))


def a_lie_about_presence_is_told_as_it_is_and_loses_nothing_in_silence():
    evil, (anna, ben) = two_under("lie-about-presence", "--seed", "2")
    talk((anna, ben), 6)
    evil.wait_strike()
    wait_until(lambda: any("has left" in line for person in (anna, ben) for line in person.err), "somebody to be said to have left")
    evil.ends()
    for person, other in ((anna, ben), (ben, anna)):
        person.wait_err(f"{other.name}#")
        person.say(f"{person.name} after it")
        other.wait_out(f"{person.name} after it")
    for person, other in ((anna, ben), (ben, anna)):
        lines = [line for line in other.messages() if line.startswith(f"{person.name}: {person.name} ") and not line.endswith("after it")]
        check(len(lines) == len(set(lines)), "each once")
        failed = [line for line in person.err if "did not reach" in line]
        check(len(lines) + len(failed) >= 6, f"{person.name} was told of what did not arrive: {lines} {failed}")


def a_slow_relay_is_slow():
    defeated_without_a_word("slow", 20)


def two_attacks_at_once_forge_nothing_and_lose_nothing():
    evil, people = two_under("drop,replay,reorder", "--seed", "7")
    expected = talk(people)
    wait_told(people, REPEATED, MISSING)
    evil.ends()
    read_once(expected)


# --- the program itself ---

def _listed():
    done = subprocess.run([os.path.join(BIN, "parley-evil"), "--list"], capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 0 and not done.stderr, done)
    return done.stdout.splitlines()


def the_list_names_each_attack_in_one_line():
    lines = _listed()
    check(len(lines) >= 17 and all(re.fullmatch(r"[a-z-]+ +[a-z].*", line) for line in lines), lines)


def it_says_what_it_does_and_nothing_of_what_is_inside():
    evil, people = two_under("flip")
    talk(people)
    evil.wait_strike(2)
    for line in evil.err:
        check(re.fullmatch(r"parley-evil: flip: Deliver to client [12], \d+ bytes: one bit of it was flipped", line), line)


def wrong_use_is_one_line_and_exit_2():
    for words in (["--attack", "nonsense"], ["--attack", "drop,nonsense"], [], ["--attack", "drop", "--relay", "nowhere"],
                  ["--attack", "drop", "--seed", "x"], ["--attack", "drop", "--port", "70000"], ["--nonsense"]):
        done = subprocess.run([os.path.join(BIN, "parley-evil"), *words], capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 2 and not done.stdout, f"{words}: {done}")
        check(len(done.stderr.strip().splitlines()) == 1, f"{words}: {done.stderr!r}")


def a_port_that_is_taken_is_one_line_and_exit_1():
    relay = Relay()
    done = subprocess.run([os.path.join(BIN, "parley-evil"), "--attack", "drop", "--port", str(relay.port)],
                          capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 1 and len(done.stderr.strip().splitlines()) == 1, done)


def the_demonstration_plays_an_attack_and_ends():
    done = subprocess.run([os.path.join(BIN, "parley-demo"), "--evil", "replay"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    check(done.returncode == 0, done)
    for words in (REPEATED, "yes  nobody was shown what nobody said, or anything twice", "yes  once it was over, people talked again"):
        check(words in done.stdout, done.stdout)


def the_demonstration_of_no_attack_shows_the_list():
    done = subprocess.run([os.path.join(BIN, "parley-demo"), "--evil", "nonsense"], capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1 and "swap-card" in done.stderr, done)


main(globals())
