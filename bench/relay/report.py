#!/usr/bin/env python3
"""Makes the table and the plot of docs/BENCHMARKS.md from the results of relay_bench.py.

  report.py RESULTS.json DOCS
"""
import json
import math
import pathlib
import statistics
import sys

from workloads import CARRIED, HANDSHAKES, WORKLOADS

BEGIN, END = "<!-- relay: made by ./dev bench relay -->", "<!-- relay: end -->"
RIVALS = ("NATS", "Redis", "Mosquitto")
COLOURS = {"limit": "#9aa0a6", "Parley": "#1a73e8", "NATS": "#34a853", "Redis": "#d93025", "Mosquitto": "#f9ab00"}


def values(results, workload, metric, name):
    return [figures[metric.key] for figures in results.get(workload.key, {}).get(name, []) if figures]


def with_range(metric, all_values):
    if not all_values:
        return "-"
    middle = metric.text(statistics.median(all_values))
    return f"{middle} ({metric.text(min(all_values))} to {metric.text(max(all_values))})"


def ratio(ours, theirs):
    """Of runs that stood beside each other."""
    pairs = [a / b for a, b in zip(ours, theirs) if b]
    return statistics.median(pairs) if pairs else None


def best_rival(results, workload, metric):
    known = {name: values(results, workload, metric, name) for name in RIVALS}
    medians = {name: statistics.median(all_values) for name, all_values in known.items() if all_values}
    if not medians:
        return None, []
    best = (max if metric.more_is_better else min)(medians, key=medians.get)
    return best, known[best]


def row(results, workload, metric):
    ours = values(results, workload, metric, "Parley")
    limit = values(results, workload, metric, "limit")
    name, rival = best_rival(results, workload, metric)
    to_limit = ratio(ours, limit)
    to_rival = ratio(ours, rival) if name else None
    cells = [workload.title, metric.unit, *(with_range(metric, all_values) for all_values in (ours, limit)),
             f"{to_limit:.2f}" if to_limit else "-", metric.bar or "-",
             *(with_range(metric, values(results, workload, metric, rival_name)) for rival_name in RIVALS),
             f"{to_rival:.2f} ({name})" if to_rival else "-"]
    return "| " + " | ".join(cells) + " |"


def table(whole):
    head = ["workload", "figure", "Parley", "limit", "x limit", "bar", *RIVALS, "x best rival"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [row(whole["results"], workload, metric) for workload in WORKLOADS for metric in workload.metrics
              if workload.key in whole["results"]]
    return "\n".join(lines)


def carriers(whole):
    """What TLS and WebSocket add, and what a handshake costs."""
    results, names = whole["results"], ("TCP", "TLS", "WebSocket")
    lines = ["| the same over | figure | " + " | ".join(names) + " | TLS x TCP | WebSocket x TCP |", "|" + "---|" * 7]
    for workload in CARRIED:
        metric = workload.metrics[0]
        of = {name: values(results, workload, metric, name) for name in names}
        times = [ratio(of[name], of["TCP"]) for name in names[1:]]
        cells = [workload.title, metric.unit, *(with_range(metric, of[name]) for name in names), *(f"{one:.2f}" if one else "-" for one in times)]
        lines.append("| " + " | ".join(cells) + " |")
    metric = HANDSHAKES.metrics[0]
    ours, floor = (values(results, HANDSHAKES, metric, name) for name in ("TLS", "floor"))
    times = ratio(ours, floor)
    lines += ["", f"{HANDSHAKES.title}: {with_range(metric, ours)} {metric.unit}; OpenSSL's alone, `bench/relay/handshake_floor.cpp`: "
              f"{with_range(metric, floor)}, {times:.2f} times that (bar 1.11)." if times else ""]
    return "\n".join(lines)


def plot(whole):
    """One group of bars for each workload: how many times the limit, on a logarithmic scale (SVG)."""
    rows = [(workload, workload.metrics[0]) for workload in WORKLOADS if workload.key in whole["results"]]
    bar, gap, left, width = 11, 16, 330, 520
    marks = [0.5, 1, 2, 5, 10, 20, 50, 100, 300]
    place = lambda times: left + width * (math.log2(max(times, 0.4)) - math.log2(0.4)) / (math.log2(400) - math.log2(0.4))  # noqa: E731
    shapes, y = [], 50
    for workload, metric in rows:
        limit = values(whole["results"], workload, metric, "limit")
        names = [name for name in ("Parley", *RIVALS) if values(whole["results"], workload, metric, name)]
        shapes.append(f'<text x="{left - 10}" y="{y + bar * len(names) / 2 + 4:.0f}" text-anchor="end">{escape(workload.title)}</text>')
        for name in names:
            of = values(whole["results"], workload, metric, name)
            times = ratio(limit, of) if metric.more_is_better else ratio(of, limit)
            end = place(times)
            begin = place(1)
            shapes.append(f'<rect x="{min(begin, end):.1f}" y="{y}" width="{abs(end - begin) + 1:.1f}" height="{bar - 2}" '
                          f'fill="{COLOURS[name]}"/><text x="{max(begin, end) + 5:.1f}" y="{y + bar - 3}" class="n">{metric.text(times)}</text>')
            y += bar
        y += gap
    grid = [f'<line x1="{place(mark):.1f}" y1="40" x2="{place(mark):.1f}" y2="{y}" class="{"one" if mark == 1 else "grid"}"/>'
            f'<text x="{place(mark):.1f}" y="34" text-anchor="middle" class="n">{mark:g}</text>' for mark in marks]
    keys = [f'<rect x="{left + 110 * i}" y="6" width="10" height="10" fill="{COLOURS[name]}"/>'
            f'<text x="{left + 14 + 110 * i}" y="15">{name}</text>' for i, name in enumerate(("Parley", *RIVALS))]
    style = ("text{font:12px sans-serif;fill:#202124}.n{font-size:10px;fill:#5f6368}.grid{stroke:#e8eaed}.one{stroke:#5f6368}"
             "svg{background:#fff}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {y + 10}"><style>{style}</style>'
            f'<rect width="100%" height="100%" fill="#fff"/><text x="10" y="15">times the limit, less is better</text>'
            + "\n".join(keys + grid + shapes) + "</svg>\n")


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def write(whole, docs):
    page = docs / "BENCHMARKS.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    note = (f"*{whole['date']}, median (least to most) of {whole['rounds']} rounds (of three times as many "
            f"in W1, W3, W4 and the largest of W2, whose figures swing most), interleaved; load average "
            f"{whole['load'][0]} before, {whole['load'][1]} after.*")
    page.write_text(f"{before}{BEGIN}\n{note}\n\n{table(whole)}\n\n{carriers(whole)}\n{END}{after}")
    (docs / "relay-benchmark.svg").write_text(plot(whole))


if __name__ == "__main__":
    write(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
