"""Wall clocks that are wrong (FAULTS O10): deadlines are of another clock, and dates of certificates are judged by it."""
import calendar

from machine import *
from transport_tests import *


def at(seconds):
    """As the environment of a program whose wall clock is wrong by so much."""
    unsanitized("a sanitizer wants to be the first library")
    return {**os.environ, "LD_PRELOAD": os.path.join(BIN, "../lib/libwrong_clock.so"), "PARLEY_CLOCK": str(int(seconds))}


def year_of(environment):
    return int(subprocess.run(["date", "+%Y"], env=environment, capture_output=True, check=True).stdout)


DAY = 86400
END_OF_32_BITS = calendar.timegm((2038, 1, 19, 3, 14, 5))  # but for two seconds
WRONG = (-3 * DAY, 10 * DAY, END_OF_32_BITS - time.time())


DEADLINES = ("--length-deadline", "2", "--join-deadline", "600")


def keep_their_deadlines(relays):
    """Neither a time that never comes nor one that has passed already."""
    canaries = [Canary(relay.port) for relay in relays]
    begun = time.monotonic()
    raws = [Raw(relay.port).send(b"\0") for relay in relays]
    for raw, canary in zip(raws, canaries):
        check(raw.ended(), "half a length has a deadline")
        took = time.monotonic() - begun
        check(took > 1.9, f"2 s took {took:.1f}")
        canary.sings(1000)


def o10_a_relay_with_a_wrong_clock_keeps_its_deadlines():  # FAULTS O10
    clocks = [at(clock) for clock in WRONG]
    check(year_of(clocks[2]) == 2038, "the twin: the clock is wrong")
    keep_their_deadlines([Relay(*DEADLINES, environment=environment) for environment in clocks])


def o10_people_whose_clocks_are_wrong_talk():  # FAULTS O10
    clocks = [at(clock) for clock in WRONG]
    relay = Served("tls")  # whose key is known by its pin: no date counts
    everyone = {name: person(name, relay.address, environment=environment)
                for name, environment in zip(("anna", "ben", "clara"), clocks)}

    pairs = [(one, other) for name, one in everyone.items() for other in everyone.keys() - {name}]
    for one, other in pairs:
        one.wait_err(f"Secure channel established with {other}#")
    for name, one in everyone.items():
        one.say("from " + name)
    for one, other in pairs:
        one.wait_out("from " + other)
    for name, one in everyone.items():
        one.say("and no more from " + name)
    for one, other in pairs:
        one.wait_out("and no more from " + other)
    for name, one in everyone.items():
        one.kill()  # and what it said is read to the end
        wrong = [line for line in one.err if line.startswith("[!]")]
        check(not wrong, (name, wrong))


def o10_a_certificate_is_judged_by_the_clock_and_the_clock_is_named():  # FAULTS O10
    with Folder() as folder:
        authority = Authority(folder)
        server = TlsServer(*authority.vouch("relay", "IP:127.0.0.1", days="2"))
        for clock, line in zip(WRONG, ("clock", "expired", "expired")):
            environment = {**at(clock), **{name: authority.trusted[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}}
            ends_with(4, line, f"tls://127.0.0.1:{server.port}", environment=environment)
        check(server.hears_nothing(), "nothing was said to it")


def o10_a_machine_that_runs_for_ten_years_is_as_quick_as_one_that_was_just_started():  # FAULTS O10
    need_root("a monotonic clock of its own")
    unsanitized()
    prefixes = [("unshare", "--time", "--fork", "--kill-child", "--monotonic", str(seconds))
                for seconds in (10 * 365 * 86400, 2**31, 2**32)]
    if subprocess.run([*prefixes[0], "true"], capture_output=True).returncode != 0:
        raise Skip("a clock of its own is not allowed here")
    keep_their_deadlines([Relay(*DEADLINES, prefix=prefix) for prefix in prefixes])


if __name__ == "__main__":
    main(globals())
