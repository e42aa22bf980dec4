"""Fair shares in lists of the digest: a flood from one domain does not crowd out others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from gateway.admission.case.caps import unit_of

Row = TypeVar("Row")
MAX_FAILED = 50
MAX_MARKED = 20
# Maximum number of rows read, so that a flood in one night does not hide a letter lost before it.
MAX_READ = 5_000


class _Line(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, object]: ...


def pick_fairly(rows: Sequence[Row], most: int, unit: Callable[[Row], str]) -> list[Row]:
    """Return at most `most` rows, in order, distributed evenly over the units."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int]] = []
    for place, row in enumerate(rows):
        seen[unit(row)] += 1
        ranked.append((seen[unit(row)], place))
    return [rows[place] for place in sorted(place for _, place in sorted(ranked)[:most])]


def find_unit(address: str) -> str:
    """Return the unit of an address in text form."""
    return unit_of(address.rpartition("@")[2])


def list_undelivered(lines: Iterable[_Line]) -> tuple[list[dict[str, object]], int]:
    """Return the undelivered letters for the digest, and the number of further ones."""
    wanted = ("letter", "to", "cause")
    known = list(lines)
    shown = pick_fairly(known, MAX_FAILED, lambda line: line.unit)
    told = [{"number": line.number, **{key: line.detail.get(key, "") for key in wanted}} for line in shown]
    return told, len(known) - len(shown)


def list_capped(counts: Iterable[tuple[str, str, str, int]]) -> list[dict[str, object]]:
    """Return the capped letters for the digest: letter, case or domain, and count."""
    return [
        {"letter": name.partition(" ")[0], "of": of if scope != "day" else "", "count": count}
        for name, scope, of, count in counts
    ]
