"""The real programs on a bad network: resets, losses, a wire that is cut (FAULTS O14, O16, O17). Nothing leaves this machine."""
import itertools

from client_tests import people
from machine import *
from support import *


def hears_all(person, other, count, patience=PATIENCE):
    """Each line of the other's once and in order."""
    expected = [f"{other.name}: {i}" for i in range(count)]
    theirs = lambda: [line for line in person.messages() if line.startswith(other.name + ":")]
    wait_until(lambda: len(theirs()) >= count, lambda: f"{count} lines of {other.name}; there are {len(theirs())}: {person.err[-3:]}", patience)
    check(theirs() == expected, f"{person.name} reads each line of {other.name} once and in order")


def dropped(what):
    done = subprocess.run(["nft", "list", "table", "inet", "faults"], capture_output=True, text=True, check=True)
    return sum(map(int, re.findall(rf"counter packets (\d+) bytes \d+ {what}", done.stdout)))


def o14_a_wire_that_is_cut_is_given_up_and_everything_arrives_later():  # FAULTS O14
    own_network()
    relay = Relay("--tcp-user-timeout", "1")
    anna, ben = people(relay.port, "anna", "ben")
    held = descriptors(relay.pid)
    anna.say("0")
    hears_all(ben, anna, 1)
    # From now on nobody hears anything, and TCP hopes: what somebody said is on its way.
    link("down")
    anna.say("1")
    anna.say("2")
    ben.say("0")
    # It has something to say to both, what they said before acknowledged; neither answers.
    wait_until(lambda: descriptors(relay.pid) < held or any("Not connected" in line for line in anna.err + ben.err), "somebody to give up")
    link("up")
    hears_all(ben, anna, 3)
    hears_all(anna, ben, 1)
    check(relay.alive(), "the relay is alive")


def o16_resets_in_the_middle_lose_nothing_and_disturb_nobody():  # FAULTS O16
    own_network()
    relay = Relay()
    oracle = Oracle(relay)
    anna, ben = people(relay.port, "anna", "ben")
    # Whose connection it hits hears a reset, and the other end of it nothing.
    quiet = oracle.canary.ports()
    filter_packets(f"tcp dport {relay.port} tcp sport != {{ {quiet} }} numgen inc mod 20 == 7 counter reject with tcp reset",
                   f"tcp sport {relay.port} tcp dport != {{ {quiet} }} numgen inc mod 31 == 7 counter reject with tcp reset")
    lines = itertools.count()

    def more_is_said():
        line = str(next(lines))
        anna.say(line)
        ben.say(line)
        oracle.canary.sings(10)

    for _ in range(40):
        more_is_said()
    # Several lines may be one packet.
    wait_until(lambda: more_is_said() or dropped("reject") >= 3, lambda: f"resets: {dropped('reject')}")
    filter_packets()
    count = next(lines)
    hears_all(ben, anna, count)
    hears_all(anna, ben, count)
    oracle.sings()


def o16_connections_that_the_kernel_ends_lose_nothing():  # FAULTS O16
    own_network()
    need("ss")
    relay = Relay()
    oracle = Oracle(relay)
    anna, ben = people(relay.port, "anna", "ben")

    def end_all_but_the_canarys():
        others = " and ".join(f"dport != :{port.strip()}" for port in oracle.canary.ports().split(","))
        return subprocess.run(["ss", "-K", "-H", "state", "established", f"sport = :{relay.port} and {others}"], capture_output=True, text=True)

    for i in range(10):
        anna.say(str(i))
        ben.say(str(i))
        done = end_all_but_the_canarys()
        if "not permitted" in done.stderr or "not supported" in done.stderr:
            raise Skip("the kernel ends no connections on request: " + done.stderr)
        oracle.canary.sings(10)
        wait_until(lambda: all(sum("Connected again" in line for line in one.err) > i for one in (anna, ben)), "both to come back")
    hears_all(ben, anna, 10)
    hears_all(anna, ben, 10)
    oracle.sings()


def o17_a_fifth_of_all_packets_is_lost_and_everything_arrives_in_order():  # FAULTS O17
    own_network()
    link("up", "mtu", "1500")
    relay = Relay()
    oracle = Oracle(relay)
    anna, ben = people(relay.port, "anna", "ben")
    quiet = oracle.canary.ports()
    # What is lost is sent again behind what came after it: to TCP it comes in another order too.
    filter_packets(f"tcp dport {relay.port} tcp sport != {{ {quiet} }} numgen random mod 100 < 20 counter drop",
                   f"tcp sport {relay.port} tcp dport != {{ {quiet} }} numgen random mod 100 < 20 counter drop")
    for i in range(15):
        anna.say(str(i))
        ben.say(str(i))
        oracle.canary.sings(10)
        # One after the other: many packets, and none that carries all the rest.
        hears_all(ben, anna, i + 1)
        hears_all(anna, ben, i + 1)
    check(dropped("drop") >= 5, f"{dropped('drop')} packets were lost")
    filter_packets()
    oracle.sings()
    for one in (anna, ben):
        one.kill()  # and what it said is read to the end
    wrong = [line for line in anna.err + ben.err if line.startswith("[!]") and "Not connected" not in line and "lost the connection" not in line]
    check(not wrong, wrong)


if __name__ == "__main__":
    main(globals())
