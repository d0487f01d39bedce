"""Real clients that stand still (FAULTS F03, F04): stopped in the middle of a busy room, they find everything when they go on."""
import itertools

from client_tests import people
from machine import *
from support import *
from weather_tests import hears_all


def f03_one_of_three_stands_still_and_the_others_talk_on():  # FAULTS F03
    relay = Relay()
    oracle = Oracle(relay)
    anna, ben, clara = people(relay.port, "anna", "ben", "clara")
    stop(clara)
    for i in range(60):
        anna.say(str(i))
        ben.say(str(i))
    hears_all(ben, anna, 60)
    hears_all(anna, ben, 60)
    check(not clara.out and state(clara.pid) == "T", "she has heard nothing of it")
    oracle.sings()
    go_on(clara)
    hears_all(clara, anna, 60)
    hears_all(clara, ben, 60)
    for one in (anna, ben, clara):
        one.kill()
    oracle.holds()


def f04_all_others_stand_still_and_memory_stays():  # FAULTS F04
    relay = Relay("--metrics", "127.0.0.1:0")
    oracle = Oracle(relay)
    anna, ben, clara = people(relay.port, "anna", "ben", "clara")
    before = rss_kib(relay.pid)
    stop(ben, clara)
    # 12 MB for each, where the room's memory is 8 MiB in all and what is one author's 2 MiB.
    lines = [f"{i} ".ljust(60_000, "x") for i in range(200)]
    anna.say("\n".join(lines))
    wait_until(lambda: charged(relay) > 3 << 19, lambda: f"her share to be full; there are {charged(relay)} bytes")
    oracle.sings()
    taken = wait_until(lambda: charged(relay), "what is taken")  # nothing: it was not told in time
    check(taken < 3 << 20, f"and no more than it is taken: {taken} bytes")
    if not os.environ.get("PARLEY_SANITIZED"):
        grown = rss_kib(relay.pid) - before
        check(grown < 20 * 1024, f"{grown} KiB more")
    oracle.sings()
    go_on(ben, clara)
    for one in (ben, clara):
        wait_until(lambda: len(one.out) >= len(lines), lambda: f"all lines; there are {len(one.out)}", max(60, PATIENCE))
        check(sorted(one.messages()) == sorted("anna: " + line for line in lines), "each line once")
        # What was refused comes after what was not, and whoever waited long enough for it shows it late, and says so.
        numbers = [int(line.split()[1]) for line in one.messages()]
        late = sum(number < most for number, most in zip(numbers, itertools.accumulate(numbers, max)))
        wait_until(lambda: sum("came late" in line for line in one.err) == late, f"{late} lines out of their order to be marked")
    for one in (anna, ben, clara):
        one.kill()
    oracle.holds()


def charged(relay):
    """Bytes that the relay keeps for somebody, as it counts them itself."""
    return relay.metric("parley_charged_bytes")


if __name__ == "__main__":
    main(globals())
