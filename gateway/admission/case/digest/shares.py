"""Lists of the digest that a flood may fill: each domain has a share, the rest is a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from gateway.admission.case.caps import unit_of

Row = TypeVar("Row")
MAX_FAILED = 50
MAX_MARKED = 20
# So many are looked at, so that no flood of one night hides a letter that was lost before it.
MAX_READ = 5_000


class _Line(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, object]: ...


def pick_fairly(rows: Sequence[Row], most: int, unit: Callable[[Row], str]) -> list[Row]:
    """At most so many rows, in their order: no unit has one more than another that has further rows."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for place, row in enumerate(rows):
        seen[unit(row)] += 1
        ranked.append((seen[unit(row)], place))
    return [rows[place] for place in sorted(place for _, place in sorted(ranked)[:most])]


def find_unit(address: str) -> str:
    """The unit of an address in text form."""
    return unit_of(address.rpartition("@")[2])


def list_undelivered(lines: Iterable[_Line]) -> tuple[list[dict[str, object]], int]:
    """Letters that did not arrive, as the digest tells of them, and how many more there are."""
    wanted = ("letter", "to", "cause")
    known = list(lines)
    shown = pick_fairly(known, MAX_FAILED, lambda line: line.unit)
    told = [{"number": line.number, **{key: line.detail.get(key, "") for key in wanted}} for line in shown]
    return told, len(known) - len(shown)


def list_capped(counts: Iterable[tuple[str, str, str, int]]) -> list[dict[str, object]]:
    """Letters over a cap, as the digest tells of them: which, about what, and how many."""
    return [
        {"letter": name.partition(" ")[0], "of": of if scope != "day" else "", "count": count}
        for name, scope, of, count in counts
    ]
