"""The power goes at every moment: a profile is the old one or the new one, and nothing that was sent is ahead of it."""
import power_cut
from profile_tests import *


def generation(profile):
    return struct.unpack(">Q", profile[38:46])[0]


class Recorded:
    """A profile while it speaks and hears: where it began, and the calls since."""

    def __init__(self):
        need("strace")
        unsanitized("a sanitizer makes calls of its own")
        relay, anna, self.ben = two_with_profiles()
        a, b = meet(relay, anna, self.ben)
        b.kill()
        self.disk = power_cut.Disk(os.path.dirname(self.ben.file))
        trace = os.path.join(self.ben.path, "trace")
        b = self.ben.start(relay.port, prefix=("strace", "-f", "-qq", "-yy", "-xx", "-s", "10000000", "-o", trace, "-e",
                                               "trace=" + power_cut.CALLS))
        b.say("said with the power on")
        a.wait_out("said with the power on")
        a.say("heard with the power on")
        b.wait_out("heard with the power on")
        b.end_input()
        check(b.wait_exit() == 0, b.err)
        self.calls = power_cut.calls_of(trace)

    def opens(self, state):
        for name in os.listdir(self.disk.folder):
            os.remove(os.path.join(self.disk.folder, name))
        for name, content in state.items():
            with open(os.path.join(self.disk.folder, name), "wb") as file:
                file.write(content)
        return self.ben.run("profile", "show", "ben", "--key-file", self.ben.key).returncode == 0

    def replay(self, without_syncs=False):
        """The states that do not open, or are behind what was already sent."""
        self.disk.without_syncs = without_syncs
        seen, wrong, needed = set(), [], generation(self.disk.names["ben.parley"].content)
        for call in self.calls:
            if call.name in ("sendmsg", "sendto") and "TCP" in call.descriptor():
                # What is sent may depend on all that is on the disk for certain, and on nothing else.
                needed = generation(self.disk.names["ben.parley"].content)
            self.disk.apply(call)
            for state in self.disk.states():
                key = (needed, tuple(sorted(state.items())))
                if key in seen:
                    continue
                seen.add(key)
                profile = state.get("ben.parley", b"")
                if len(profile) < 46 or generation(profile) < needed or not self.opens(state):
                    wrong.append((call.name, needed, {name: len(content) for name, content in state.items()}))
        return len(seen), wrong


def h03_the_power_goes_at_every_moment():  # FAULTS H03
    count, wrong = Recorded().replay()
    print(f"{count} states of the disk")
    check(not wrong, wrong[:3])
    check(count > 5, "something was written in between")


def h03_without_syncs_it_would_not_hold():  # FAULTS H03
    _, wrong = Recorded().replay(without_syncs=True)
    check(wrong, "a disk that forgets what was not synced shows it")


if __name__ == "__main__":
    main(globals())
