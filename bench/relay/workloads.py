"""W1 to W5 (what each is stands in workloads.h), and which of its figures are compared."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Metric:
    key: str                # as relay_load prints it
    unit: str
    bar: str = ""
    more_is_better: bool = False

    def text(self, value):
        if value >= 1000:
            return f"{value:,.0f}"
        return f"{value:.3g}" if value < 100 else f"{value:.0f}"


@dataclass(frozen=True)
class Workload:
    key: str
    title: str
    words: tuple            # for relay_load
    metrics: tuple
    spin: int = 0           # microseconds, for those who can; all others are left out
    quick: tuple = ()       # smaller, to see that it works
    among: str = "rivals"   # who takes part
    swings: bool = False    # with whoever else is on the machine: so it is measured three times as often


CPU = "us of CPU a message"
DELIVERY = "us of CPU a delivery"
ROUND = "us there and back, p50"
FEW = ("count=20",)
WINDOW_BYTES = 512 << 10    # on their way at most, so that no relay's memory for a sender is the limit


def stream(size, title, bar, swings=False):
    window = min(4096, WINDOW_BYTES // size)
    return Workload(f"w2-{size}", f"W2 one way, {title}, {window:,} on their way",
                    ("stream", f"body={size}", f"flight={window}"), (Metric("cpu_us", CPU, bar),), swings=swings)


def fanout(flight, title, bar):
    return Workload(f"w4-{flight}", f"W4 one to 1,000 seats, 256 B, {title}",
                    ("fanout", "count=1000", "body=256", f"flight={flight}"), (Metric("cpu_us", DELIVERY, bar),), quick=FEW, swings=True)


def carried(workload, *metrics):
    return replace(workload, key="c-" + workload.key, metrics=metrics or workload.metrics, among="carriers", swings=False)


WORKLOADS = [
    Workload("w1", "W1 ping-pong, 64 B", ("pingpong",), (Metric("p50_us", ROUND, "1.1 x limit"),), swings=True),
    Workload("w1-spin", "W1 with a spin of 200 us", ("pingpong", "awake=1"), (Metric("p50_us", ROUND, "1.3 x limit"),), spin=200),
    stream(64, "64 B", "2 x limit; NATS / 4"),
    stream(1024, "1 KiB", "1.2 x limit"),
    stream(4096, "4 KiB", "1.2 x limit"),
    stream(16384, "16 KiB", "1.2 x limit"),
    stream(65536, "64 KiB", "1.2 x limit", swings=True),
    Workload("w3", "W3 1,000 rooms of two, 64 B", ("pairs", "count=1000"),
             (Metric("rate", "messages/s with p99 < 10 ms", "0.9 x limit", more_is_better=True), Metric("cpu_us", CPU)), quick=FEW, swings=True),
    fanout(64, "64 on their way", "1.4 x limit"),
    fanout(1, "one at a time", "1.1 x limit"),
    Workload("w5", "W5 10,000 idle connections", ("idle", "count=10000", "ms=1000"),
             (Metric("bytes_each", "bytes of memory each", "512 B"),), quick=("count=100",)),
]
CARRIED = [
    carried(WORKLOADS[0]),
    *(carried(stream(size, title, "")) for size, title in ((64, "64 B"), (4096, "4 KiB"), (16384, "16 KiB"))),
    carried(fanout(64, "64 on their way", "")),
    carried(WORKLOADS[-1], Metric("bytes_each", "bytes of memory each", "TLS 20 KiB")),
]
HANDSHAKES = Workload("w6", "W6 TLS handshakes, one after the other", ("handshakes",),
                      (Metric("cpu_us", "us of CPU each", "floor / 0.9"),), among="handshakes")
ALL = [*WORKLOADS, *CARRIED, HANDSHAKES]
