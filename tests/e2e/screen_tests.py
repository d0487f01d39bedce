"""The full screen in a real terminal: tmux is the terminal, capture-pane its picture."""
import shutil
import tempfile

from machine import state
from support import *


class Tmux:
    """A terminal of its own size, with a shell in it where one is asked for."""

    count = 0

    def __init__(self, columns=80, rows=24):
        if not shutil.which("tmux"):
            raise Skip("tmux is missing")
        Tmux.count += 1
        self.name = f"parley-{os.getpid()}-{Tmux.count}"
        self.run("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "env PS1='ready> ' sh -i")
        Tmux.all.append(self)

    all = []

    def run(self, *words, input_=None):
        done = subprocess.run(["tmux", "-L", self.name, *words], input=input_, capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 0, done)
        return done.stdout

    def keys(self, *keys):
        self.run("send-keys", *keys)

    def type(self, text):
        self.run("send-keys", "-l", text)

    def line(self, text):
        self.type(text)
        self.keys("Enter")

    def paste(self, text):
        self.run("load-buffer", "-", input_=text)
        self.run("paste-buffer", "-p")

    def picture(self):
        return self.run("capture-pane", "-p")

    def shows(self, text, patience=PATIENCE):
        wait_until(lambda: text in self.picture(), lambda: f"{text!r} in\n{self.picture()}", patience)
        return self.picture()

    def resize(self, columns, rows):
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    def child(self):
        """The program in it, once the shell has become its parent."""
        shell = int(self.mode("pane_pid"))

        def found():
            with open(f"/proc/{shell}/task/{shell}/children") as children:
                return [int(pid) for pid in children.read().split()]

        return wait_until(found, "a program in the terminal")[0]

    def mode(self, what):
        return self.run("display-message", "-p", "#{" + what + "}").strip()

    def close(self):
        subprocess.run(["tmux", "-L", self.name, "kill-server"], capture_output=True)


class Chatter(Tmux):
    """parley on the full screen, started from a shell."""

    def __init__(self, port, name, *words, columns=80, rows=24, environment="LANG=C.UTF-8"):
        super().__init__(columns, rows)
        self.shows("ready>")
        parley = os.path.abspath(os.path.join(BIN, "parley"))
        self.line(" ".join([f"env {environment}", parley, *words, f"--relay 127.0.0.1:{port} --name {name} --no-host"]))
        wait_until(lambda: self.mode("alternate_on") == "1", f"the full screen of {name}:\n{self.picture()}")


def two_on_screen(columns=80, rows=24):
    relay = Relay()
    anna, ben = (Chatter(relay.port, name, columns=columns, rows=rows) for name in ("anna", "ben"))
    anna.shows("Secure channel established with ben#")
    ben.shows("Secure channel established with anna#")
    return anna, ben


def two_people_talk_on_the_full_screen():
    anna, ben = two_on_screen()
    anna.line("hallo ben: äöü 漢字")
    ben.shows("hallo ben: äöü 漢字")
    anna.shows("vv")
    ben.line("hello anna")
    picture = anna.shows("hello anna")
    check("not verified" in picture.splitlines()[0], "the title says it in words")


def fifty_pasted_lines_are_one_message():
    anna, ben = two_on_screen()
    anna.paste("".join(f"line {i}\n" for i in range(50)))
    anna.keys("Enter")
    picture = ben.shows("more: Alt-M shows all")
    check(picture.count("anna#") <= 4, "one message, one name: " + picture)
    ben.keys("M-m")
    ben.shows("line 49")


def what_a_peer_sends_stays_within_its_own_lines():
    relay = Relay()
    anna = Person(relay.port, "anna", "--no-host", "--json")
    ben = Chatter(relay.port, "ben")
    ben.shows("Secure channel established with anna#")
    before = ben.mode("pane_title")
    anna.say(b"\x1b]0;owned\x07\x1b[2J\x1b]52;c;ZXZpbA==\x07 evil")
    picture = ben.shows("evil")
    check("<001B>" in picture and "Secure channel" in picture, picture)
    check(ben.mode("pane_title") == before, "the title is not theirs to change")


def search_goes_back_to_what_was_said():
    anna, ben = two_on_screen()
    anna.line("the needle")
    for i in range(40):
        anna.line(f"hay {i}")
    ben.shows("hay 39")
    check("needle" not in ben.picture(), "it has scrolled away")
    ben.line("/search NEEDLE")
    ben.shows("the needle")
    ben.shows("1 found")
    ben.keys("End")
    ben.shows("hay 39")


def every_size_is_survived():  # FAULTS T05, T08
    anna, ben = two_on_screen()
    anna.line("x" * 3000 + " the end")
    ben.shows("more: Alt-M")
    for columns, rows in ((20, 5), (1, 1), (2, 2), (200, 50), (40, 10), (3, 100), (80, 24)) * 3:
        ben.resize(columns, rows)
    anna.line("still there?")
    ben.shows("still there?")
    ben.line("yes")
    anna.shows("yes")


def a_second_room_is_a_second_window():
    anna, ben = two_on_screen()
    anna.line("/invite")
    picture = anna.shows("▀▀▀▀▀")
    link = re.search(r"parley://\S+", picture).group(0)
    anna.keys("Escape")
    anna.shows("2:room")
    ben.line("/join " + link)
    ben.shows("2:room")
    ben.shows("Secure channel established with anna#")
    ben.line("in private")
    anna.shows("in private")
    anna.keys("M-1")
    ben.line("while you look elsewhere")
    anna.shows("(1)")
    check("while you look elsewhere" not in anna.picture(), "it stands in the other window")
    anna.keys("C-n")
    anna.shows("while you look elsewhere")
    anna.shows("─ new ─")
    anna.line("/close")
    wait_until(lambda: "2:room" not in anna.picture(), "the window to close")
    ben.shows("has left")


def the_terminal_is_as_before():  # FAULTS T08
    relay = Relay()
    for leave in (lambda person: person.line("/quit"), lambda person: person.keys("C-c", "C-c"), lambda person: person.keys("C-d", "C-d")):
        anna = Chatter(relay.port, "anna")
        anna.shows("Connected")
        leave(anna)
        wait_until(lambda: anna.mode("alternate_on") == "0", "the screen to go")
        anna.line("stty -a; echo all of $((40 + 2))")
        anna.shows("all of 42")
        check("-icanon" not in anna.picture() and "-echo " not in anna.picture(), anna.picture())
        check(anna.mode("mouse_any_flag") == "0", "the mouse is the terminal's again")


def whatever_ends_it_the_terminal_is_as_before():  # FAULTS T08
    relay = Relay()
    for end_with in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGABRT, signal.SIGSEGV):
        anna = Chatter(relay.port, "anna")
        anna.shows("Connected")
        pid = anna.child()
        os.kill(pid, end_with)
        wait_until(lambda: anna.mode("alternate_on") == "0", f"the screen to go after {end_with.name}")
        wait_until(lambda: has_ended(pid), f"parley to end after {end_with.name}")  # a sanitizer has a report to write first
        anna.line("stty -a; echo all of $((40 + 2))")
        anna.shows("all of 42")
        check("-icanon" not in anna.picture() and "-echo " not in anna.picture(), anna.picture())
        check(anna.mode("mouse_any_flag") == "0", f"the mouse is the terminal's again after {end_with.name}")


def a_terminal_that_has_gone_ends_it_and_the_others_hear_of_it():  # FAULTS T08
    anna, ben = two_on_screen()
    pid = anna.child()
    anna.close()
    wait_until(lambda: has_ended(pid), "parley to end with its terminal")
    ben.shows("anna#")
    wait_until(lambda: "has left" in ben.picture(), f"that anna left:\n{ben.picture()}")


def a_stopped_job_comes_back():  # FAULTS T08
    anna, ben = two_on_screen()
    anna.type("half a sentence")
    anna.shows("half a sentence")
    pid = anna.child()
    anna.keys("C-z")
    wait_until(lambda: state(pid) == "T", "it to stand still")
    wait_until(lambda: anna.mode("alternate_on") == "0", "the shell")
    ben.line("are you there?")
    anna.line("fg")
    wait_until(lambda: anna.mode("alternate_on") == "1", "the screen again")
    anna.shows("are you there?")
    anna.shows("> half a sentence")
    anna.keys("Enter")
    ben.shows("half a sentence")


def a_wrong_address_is_said_after_the_screen_has_gone():
    terminal = Tmux()
    terminal.shows("ready>")
    parley = os.path.abspath(os.path.join(BIN, "parley"))
    terminal.line(f"{parley} --no-host --relay 127.0.0.1:{free_port()}; echo exit $?")
    terminal.shows("nobody answers")
    terminal.shows("exit 3")


def keep_and_lock_ask_for_a_passphrase_on_the_screen():
    relay = Relay()
    with tempfile.TemporaryDirectory(prefix="parley-keep-") as home:
        anna = Chatter(relay.port, "anna", environment=f"XDG_DATA_HOME={home}/data XDG_STATE_HOME={home}/state")
        anna.shows("Connected")
        anna.line("/lock")
        anna.shows("There is no passphrase to unlock with")
        anna.line("/keep anna")
        anna.shows("A new passphrase for anna")
        anna.line("open sesame")
        anna.shows("The same again")
        anna.line("open sesame")
        anna.shows("Kept: the same identity")
        check("sesame" not in anna.picture(), anna.picture())
        anna.line("/lock")
        anna.shows("Locked.")
        check("Kept" not in anna.picture(), anna.picture())
        anna.line("open barley")
        anna.shows("That is not the passphrase")
        anna.line("open sesame")
        anna.shows("Kept: the same identity")
        check(os.listdir(f"{home}/data/parley/profiles"), "it is on the disk")


def without_utf8_everything_is_ascii():
    relay = Relay()
    anna = Chatter(relay.port, "anna", environment="LC_ALL=C NO_COLOR=1")
    ben = Person(relay.port, "ben", "--no-host")
    anna.shows("Secure channel established with ben#")
    ben.say("grüße 漢字")
    check(anna.shows("gr??e ? ?").isascii(), anna.picture())


def an_unknown_terminal_gets_plain_mode():
    relay = Relay()
    anna = Tmux()
    anna.shows("ready>")
    parley = os.path.abspath(os.path.join(BIN, "parley"))
    anna.line(f"env TERM=unheard-of {parley} --no-host --relay 127.0.0.1:{relay.port}")
    anna.shows("[*] Connected. Waiting for a peer...")
    check(anna.mode("alternate_on") == "0", "no full screen")


def the_link_is_given_to_the_clipboard():
    anna, _ = two_on_screen()
    anna.run("set-option", "-g", "set-clipboard", "on")
    anna.line("/copy")
    wait_until(lambda: "parley://" in anna.run("list-buffers"), "the link in the terminal's clipboard")


def main_with_terminals(tests):
    try:
        main(tests)
    finally:
        for terminal in Tmux.all:
            terminal.close()


if __name__ == "__main__":
    main_with_terminals(globals())
