"""Figures of the console, from the data file of tests/bench/console.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.pages.markdown import format_table

DATA = Path(__file__).resolve().parents[2] / "docs" / "console.json"
Row = Mapping[str, float]
_PAGE_HEAD = ("page", "median", "95 %", "CPU time", "CPU, sign-in page = 1", "CPU, 1,000 cases = 1")


def show_console() -> str:
    """Return the tables of pages and of everything else."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    head = (
        f"Measured with {data['cases']:,} cases, {data['open']:,} of them open, on {data['machine']}. "
        "Other work affects CPU times less than response times."
    )
    pages = format_table(_PAGE_HEAD, [_show_page(*page) for page in data["pages"].items()])
    return f"{head}\n\n{pages}\n\n{format_table(('operation', 'measured'), list(_list_others(data)))}"


def _show_page(name: str, row: Row) -> tuple[str, ...]:
    times = (f"{row[part]:.1f} ms" for part in ("p50_ms", "p95_ms", "cpu_ms"))
    return (name, *times, f"{row['of_sign_in']:.1f}", f"{row['of_small']:.1f}")


def _list_others(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    searches = data["search"].values()
    yield "search, warm cache", _show_range(row["warm_ms"] for row in searches)
    yield "search, cold cache", _show_range(row["cold_ms"] for row in searches)
    for name, what in (("search", "search index of all cases"), ("figures", "count of all cases by day")):
        row = data["caught_up"][name]
        yield (
            f"{what} after an upgrade, built while the service runs",
            f"{row['seconds']:.0f} s, {row['more_mb']:.0f} MB more memory",
        )
    for name, row in data["load"].items():
        yield (
            f"8 connections, {name} pages",
            f"{row['per_second']:.0f} per second, 99 % within {row['p99_ms']:.0f} ms",
        )
    yield "console memory", f"at most {data['memory_mb']:.0f} MB"
    intake = data["intake"]
    yield (
        "one message while the queue is read continuously",
        f"CPU {intake['cpu']:.2f} times, 99th percentile {intake['p99']:.1f} times",
    )


def _show_range(values: Iterator[float]) -> str:
    all_ = sorted(values)
    return f"{all_[0]:.0f} to {all_[-1]:.0f} ms"
