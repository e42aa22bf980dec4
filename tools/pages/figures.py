"""Figures of benchmark runs, from their data files in docs/."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from statistics import median

from tools.pages.markdown import format_table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "docs" / "performance.json"
CRASH = ROOT / "docs" / "durability.json"
GATEWAY = "gateway"
DAY_S = 86_400


def show_scale() -> str:
    """The medians of the gateway's own loads, and what they would come to in a day."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    loads: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    for one in data["figures"]:
        if one["system"].startswith(GATEWAY):
            loads[one["system"], one["connections"]].append(one)
    rows = [_format_load(*load, rounds) for load, rounds in sorted(loads.items())]
    head = ("configuration", "connections", "messages a second", "CPU ms a message", "in a day")
    return f"{_describe(data)}\n\n{format_table(head, rows)}"


def show_durability() -> str:
    """What a long crash run counted: of the rows that tests/crash/run prints."""
    data = json.loads(CRASH.read_text(encoding="utf-8"))
    head = f"Measured on {data['machine']} in {data['minutes']} minutes, beside other work:"
    return f"{head}\n\n{format_table(('what', 'number'), data['figures'].items())}"


def _describe(data: dict[str, object]) -> str:
    python = str(data["interpreter"]).split(", ")[-1]
    said = f"Measured with {data['processors']} processors and {python}"
    return f"{said}, {data['rounds']} rounds of {data['messages']:,} messages each; medians:"


def _format_load(system: str, connections: int, rounds: list[dict[str, float]]) -> tuple[str, ...]:
    rate = median(one["per_second"] for one in rounds)
    cpu_ms = median(one["cpu_us"] for one in rounds) / 1000
    added = system.removeprefix(GATEWAY).strip(", ").replace("fronts", "front process(es)")
    name = added or "one process"
    return name, str(connections), f"{rate:,.0f}", f"{cpu_ms:.1f}", f"{rate * DAY_S / 1e6:.1f} million"
