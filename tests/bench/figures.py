"""Figures of a bench: medians and ratios of rounds, as a data file and as the table of docs/performance.md.

usage: python3 tests/bench/figures.py FILE      print the table of a data file that accept.py --json wrote
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

GATEWAY = "gateway"
MIDDLE = 5  # rounds that count for the lower end of a ratio, where there are more


@dataclass(frozen=True, slots=True)
class Figures:
    """One load: messages a second that were answered 250, percentiles in ms, and how many were not.

    `cpu_us` is what all processes of the system used a mail, `round` the number of the round, `way` one of
    `tests.bench.ways`, `left_s` the time from the last mail to the last letter.
    """

    system: str
    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    others: int
    cpu_us: float = 0.0
    round: int = 0
    way: str = "kept"
    left_s: float = 0.0
    memory_bytes: int = 0


def medians(found: Iterable[Figures]) -> list[Figures]:
    """The median of the rounds for each system and number of connections."""
    groups: dict[tuple[str, str, int], list[Figures]] = {}
    for each in found:
        groups.setdefault((each.way, each.system, each.connections), []).append(each)
    return [
        Figures(
            system,
            connections,
            statistics.median(each.per_second for each in group),
            statistics.median(each.p50_ms for each in group),
            statistics.median(each.p99_ms for each in group),
            sum(each.others for each in group),
            statistics.median(each.cpu_us for each in group),
            way=way,
            left_s=max(each.left_s for each in group),
            memory_bytes=max(each.memory_bytes for each in group),
        )
        for (way, system, connections), group in groups.items()
    ]


def least_ratio(
    found: Sequence[Figures], ours: str, theirs: str, connections: int, way: str = "kept"
) -> float | None:
    """How many times as many mails `ours` takes, round by round: the lowest of the middle five rounds."""
    alike = (one for one in found if (one.connections, one.way) == (connections, way))
    rates = {(one.system, one.round): one.per_second for one in alike}
    rounds = sorted({number for system, number in rates if system == ours and (theirs, number) in rates})
    ratios = sorted(rates[ours, number] / rates[theirs, number] for number in rounds)
    return ratios[max(0, len(ratios) - MIDDLE) // 2] if ratios else None


def render_table(data: dict[str, object]) -> str:
    """The table of a data file, in Markdown."""
    found = [Figures(**one) for one in data["figures"]]  # type: ignore[attr-defined]
    return "\n".join(_render_rows(found))


def _render_rows(found: Sequence[Figures]) -> Iterator[str]:
    peers = sorted({one.system for one in found if not one.system.startswith(GATEWAY)})
    heads = [
        "scenario",
        "connections",
        "system",
        "CPU µs per message",
        "messages per second",
        "p50 ms",
        "p99 ms",
    ]
    heads += [f"ratio to {peer}" for peer in peers]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for one in sorted(medians(found), key=lambda each: (each.way, each.connections, each.system)):
        ratios = (least_ratio(found, one.system, peer, one.connections, one.way) for peer in peers)
        cells = [
            one.way,
            str(one.connections),
            _name(one.system),
            f"{one.cpu_us:,.0f}",
            f"{one.per_second:,.0f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
            *("" if ratio is None or one.system in peers else f"{ratio:.2f}" for ratio in ratios),
        ]
        yield f"| {' | '.join(cells)} |"


def _name(system: str) -> str:
    """The name of a system as a page shows it: `1 fronts` of a data file is `1 front-end process`."""
    return system.replace("1 fronts", "1 front-end process").replace(" fronts", " front-end processes")


def write_data(found: Sequence[Figures], **besides: object) -> str:
    """The data file of a run: where it ran, and every load."""
    return json.dumps({**besides, "figures": [asdict(each) for each in found]}, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    print(render_table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
