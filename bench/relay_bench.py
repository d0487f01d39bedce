#!/usr/bin/env python3
"""The relay beside a limit and its rivals: W1 to W6, interleaved, the server on one core and the load on another.

  relay_bench.py [--rounds N] [--only KEY,...] [--results FILE] [--quick]
  relay_bench.py --profile KEY      where the limit's time goes, and ours, by perf

Writes the table and the plot into docs/. With --quick: seconds long, one round, to see that everything works; its
figures mean nothing and are not written.
"""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/relay"))
import profile_relay  # noqa: E402
import relays  # noqa: E402
import report  # noqa: E402
import workloads  # noqa: E402

BIN = os.path.abspath(os.environ.get("PARLEY_BIN", str(ROOT / "build/release/bin")))
QUICK = ("ms=150", "warm=50")


def cores():
    """One for the server and one for the load; where there is one only, they share it."""
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[-1]) if len(allowed) > 1 else (None, None)


def measure(kind, workload, more_words=(), beside=lambda relay: contextlib.nullcontext()):
    """Its figures; what `beside` makes of the server is entered while the load runs."""
    server_core, load_core = cores()
    try:
        relay = kind(BIN, server_core, workload.spin)
    except RuntimeError as failure:
        print(f"   {kind.__name__}: {failure}", file=sys.stderr)
        return None
    try:
        command = [os.path.join(BIN, "relay_load"), kind.protocol, str(relay.port), str(relay.pid), *workload.words, *kind.words, *more_words]
        pinned = ["taskset", "-c", str(load_core), *command] if load_core is not None else command
        with beside(relay):
            done = subprocess.run(pinned, capture_output=True, text=True, timeout=120)
    finally:
        relay.stop()
    if done.returncode != 0:
        print(f"   {kind.__name__}: {done.stderr.strip()}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def who_takes_part(workload):
    """Only the limit and we can spin."""
    kinds = {name: kind for name, kind in relays.AMONG[workload.among].items() if kind.is_there()}
    return {name: kind for name, kind in kinds.items() if not workload.spin or name in ("limit", "Parley")}


def run(chosen, rounds, quick):
    results = {}
    for workload in chosen:
        results[workload.key] = {}
        for number in range(rounds * 3 if workload.swings and not quick else rounds):
            for name, kind in who_takes_part(workload).items():
                figures = measure(kind, workload, (*QUICK, *workload.quick) if quick else ())
                results[workload.key].setdefault(name, []).append(figures)
                shown = {metric.key: figures[metric.key] for metric in workload.metrics} if figures else "failed"
                print(f"{workload.key:9} round {number + 1}  {name:10} {shown}", flush=True)
    return results


def profile(workload):
    """Of the first two that take part: the limit or floor, and ours."""
    for kind in list(who_takes_part(workload).values())[:2]:
        measure(kind, workload, ("ms=5000",), profile_relay.Samples)
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--results", default=str(ROOT / "build/relay-bench.json"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--profile", metavar="KEY", choices=[one.key for one in workloads.ALL])
    options = parser.parse_args()
    if options.profile:
        return profile(*(one for one in workloads.ALL if one.key == options.profile))
    chosen = [one for one in workloads.ALL if not options.only or one.key in options.only.split(",")]
    load_before = os.getloadavg()[0]
    results = run(chosen, 1 if options.quick else options.rounds, options.quick)
    failed = [f"{key} {name}" for key, of in results.items() for name, all in of.items() if None in all]
    if options.quick:
        print(f"{sum(len(of) for of in results.values())} runs, {len(failed)} failed: {', '.join(failed) or 'none'}")
        return 1 if failed else 0
    whole = {"date": datetime.date.today().isoformat(), "rounds": options.rounds, "results": results,
             "load": [round(load_before, 1), round(os.getloadavg()[0], 1)]}
    pathlib.Path(options.results).write_text(json.dumps(whole, indent=1))
    if not options.only:
        report.write(whole, ROOT / "docs")
    return 0


sys.exit(main())
