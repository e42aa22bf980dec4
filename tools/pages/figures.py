"""Figures of benchmark runs, from their data files in docs/."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tools.pages.markdown import format_table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "docs" / "performance.json"
CRASH = ROOT / "docs" / "durability.json"
NODES = ROOT / "docs" / "durability-nodes.json"
AWAY = ROOT / "docs" / "durability-away.json"
GATEWAY = "gateway"
KEPT = "kept"  # connections that are kept open; the other modes are not comparable
DAY_S = 86_400


def show_scale() -> str:
    """Return the medians of the gateway's own loads, extrapolated to a day."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    loads: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    for one in data["figures"]:
        if one["system"].startswith(GATEWAY) and one.get("way", KEPT) == KEPT:
            loads[one["system"], one["connections"]].append(one)
    rows = [_format_load(*load, rounds) for load, rounds in sorted(loads.items())]
    head = ("configuration", "connections", "messages per second", "CPU ms per message", "messages per day")
    return f"{_describe(data)}\n\n{format_table(head, rows)}"


def show_durability() -> str:
    """Return the counts of a long crash run, from the rows printed by tests/crash/run."""
    data = json.loads(CRASH.read_text(encoding="utf-8"))
    head = f"Measured on {data['machine']} in {data['minutes']} minutes:"
    return f"{head}\n\n{format_table(('figure', 'value'), _word_names(data['figures']))}"


def _word_names(figures: dict[str, str]) -> list[tuple[str, str]]:
    return [(_word(name), value) for name, value in figures.items()]


def _word(name: str) -> str:
    """The name of a figure as the page shows it: the letters of a data file are outgoing messages."""
    return name.replace("letters ", "outgoing messages ", 1)


def show_nodes() -> str:
    """Return the counts of all long runs on two machines, added up, from tests/crash/nodes/run."""
    data = json.loads(NODES.read_text(encoding="utf-8"))
    runs = [run["figures"] for run in data["runs"]]
    rows = [(_word(name), f"{_join(name, [run[name] for run in runs]):,}") for name in runs[0]]
    minutes = round(sum(run["minutes"] for run in data["runs"]))
    head = f"Measured on {data['machine']}, in {len(runs)} runs that took {minutes} minutes in total:"
    return f"{head}\n\n{format_table(('figure', 'value'), rows)}"


def show_away() -> str:
    """Return the least, the median and the most seconds of each measure, from tests/bench/away.py."""
    data = json.loads(AWAY.read_text(encoding="utf-8"))
    rows = [
        (what, *(f"{join(all_):.2f}" for join in (min, median, max)))
        for what, all_ in data["seconds"].items()
    ]
    runs = max(map(len, data["seconds"].values()))
    table = format_table(("seconds until", "minimum", "median", "maximum"), rows)
    return f"Measured on {data['machine']}, in {runs} runs:\n\n{table}"


def _join(name: str, values: Sequence[float]) -> float:
    """Add up the figure of several runs, unless its name says what it is."""
    for ending, join in {"median": median, "maximum": max}.items():
        if name.endswith(ending):
            return round(join(values), 1)
    return sum(values)


def _describe(data: dict[str, object]) -> str:
    python = str(data["interpreter"]).split(", ")[-1]
    said = f"Measured with {data['processors']} processors and {python}"
    return f"{said}, {data['rounds']} rounds of {data['messages']:,} messages each; medians:"


def _format_load(system: str, connections: int, rounds: list[dict[str, float]]) -> tuple[str, ...]:
    rate = median(one["per_second"] for one in rounds)
    cpu_ms = median(one["cpu_us"] for one in rounds) / 1000
    added = (
        system.removeprefix(GATEWAY)
        .strip(", ")
        .replace("1 fronts", "one front-end process")
        .replace("fronts", "front-end processes")
    )
    name = added or "one process"
    return name, str(connections), f"{rate:,.0f}", f"{cpu_ms:.1f}", f"{rate * DAY_S / 1e6:.1f} million"
