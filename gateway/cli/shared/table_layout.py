"""Table layout: which columns fit the terminal, their widths, and where text is wrapped.

Dates, addresses and short words (states, numbers) are never broken: if those of a column do not fit, the
column is omitted. Other text may break anywhere. All widths are in terminal columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

# A line to the left and right of each cell with a space next to it, as drawn by rich.
_FRAME, _BETWEEN = 1, 3
_MIN_TEXT = 8
_UNITS = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?"
    r"|[0-9A-Za-z!#$%&'*+./=?^_`{|}~-]{1,64}@[0-9A-Za-z.-]{1,255}"
    r"|(?<![!-~])[!-~]{1,20}(?![!-~])"
    r"|\n|[^\n]"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The indexes of the visible columns and their widths."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]

    @property
    def total(self) -> int:
        """The width of the table in terminal columns."""
        return _FRAME + sum(width + _BETWEEN for width in self.widths)


def lay_out(columns: Sequence[Sequence[str]], width: int, *, wide: bool) -> Layout:
    """Choose columns (each a heading and its cells) for a terminal, the first ones first.

    The first two are always visible, because a table of facts has keys and values. With `wide` all columns
    are visible; either way, unbreakable text may need more than `width`.
    """
    least = [_measure_least(cells) for cells in columns]
    shown: list[int] = []
    room = width - _FRAME
    for place, needed in enumerate(least):
        if wide or place < 2 or needed + _BETWEEN <= room:
            shown.append(place)
            room -= needed + _BETWEEN
    wanted = [max(_measure_most(columns[place]), least[place]) for place in shown]
    return Layout(tuple(shown), _widen([least[place] for place in shown], wanted, room))


def _measure_least(cells: Iterable[str]) -> int:
    """Return the minimum width that breaks no unbreakable text and keeps other text readable."""
    widths = [cell_len(unit) for cell in cells for unit in _UNITS.findall(cell) if unit != "\n"]
    return max(max(widths, default=1), min(_MIN_TEXT, _measure_most(cells)))


def _measure_most(cells: Iterable[str]) -> int:
    return max((cell_len(line) for cell in cells for line in cell.split("\n")), default=1)


def _widen(widths: Sequence[int], wanted: Sequence[int], room: int) -> tuple[int, ...]:
    """Distribute the remaining room, one terminal column at a time, to the narrowest that wants more."""
    given = list(widths)
    for _ in range(room):
        wanting = [place for place, width in enumerate(given) if width < wanted[place]]
        if not wanting:
            break
        given[min(wanting, key=given.__getitem__)] += 1
    return tuple(given)


def break_lines(text: str, width: int) -> str:
    """Wrap text to lines of at most `width`, without breaking dates, addresses or short words."""
    return "\n".join(_iter_lines(text, width))


def _iter_lines(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for unit in _UNITS.findall(text):
        taken = cell_len(unit)
        if unit == "\n" or used + taken > width:
            yield line.rstrip(" ")
            line, used = "", 0
        if unit != "\n" and (line or unit != " "):
            line, used = line + unit, used + taken
    yield line.rstrip(" ")
