"""Two kinds of SVG chart, bars and lines, readable in print and described in words.

The numbers are also in a table beside each chart, so nothing depends on colour or on seeing the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gateway.html.cell import print_cell
from gateway.printing.bilingual import Language, Text
from gateway.printing.fields import Field

Label = Field | Text
INK, SECOND, GRID = "#1f5f99", "#b4540a", "#d0d7de"
_BAR, _GAP, _LEFT, _WIDTH = 22, 8, 200, 400
_HEIGHT, _FLOOR, _TOP = 220, 186, 14
_INSET = 24  # between the axis and the first week, whose label would meet the axis's 0
_LABEL_EVERY, _MARK_EVERY = 90, 10
_DIGIT = 8
_KEY, _DASH = 160, 26  # a series in the key, and its piece of line

_LOOKS = (f'stroke="{INK}"', f'stroke="{SECOND}" stroke-dasharray="6 4"')
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="3" height="6" fill="{SECOND}"/></pattern></defs>'
)


def bar_chart(
    title: Label,
    rows: Sequence[tuple[Label, int]],
    *,
    marked: int | None = None,
    language: Language = Language.JA,
) -> Markup:
    """Draw horizontal bars; those from `marked` on are hatched, because they are beyond a limit."""
    named = [(print_cell(label, language), n) for label, n in rows]
    most = max((n for _, n in rows), default=0) or 1
    longest = _WIDTH - _LEFT - _measure(most)
    height = len(rows) * (_BAR + _GAP) + _GAP
    parts = [] if marked is None else [_HATCH]
    for place, (label, n) in enumerate(named):
        y = _GAP + place * (_BAR + _GAP)
        width = round(longest * n / most, 1)
        beyond = marked is not None and place >= marked
        look = f'fill="url(#hatch)" stroke="{SECOND}"' if beyond else f'fill="{INK}"'
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 16}" text-anchor="end">{label}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{width}" height="{_BAR}" {look}/>'
            f'<text x="{_LEFT + width + 6}" y="{y + 16}">{n}</text>'
        )
    return _svg(print_cell(title, language), _describe_rows(named), _WIDTH, height, "".join(parts))


def line_chart(
    title: Label,
    labels: Sequence[Label],
    series: Sequence[tuple[Label, Sequence[int]]],
    *,
    language: Language = Language.JA,
) -> Markup:
    """Draw one line per series, the second one dashed; as many `labels` as fit are below.

    Values that stand far enough apart are marked, so that a single one is seen too.
    """
    below = [print_cell(label, language) for label in labels]
    named = [(print_cell(name, language), values) for name, values in series]
    plane = _Plane(_round_up(max((n for _, values in series for n in values), default=0)), len(below))
    parts = [_grid(plane), _label_axis(below, plane)]
    parts += [_draw_line(values, plane, number) for number, (_, values) in enumerate(named)]
    parts += [_draw_key(name, plane, number) for number, (name, _) in enumerate(named)]
    told = "; ".join(
        f"{name}: {_describe_rows(list(zip(below, values, strict=True)))}" for name, values in named
    )
    return _svg(print_cell(title, language), told, _WIDTH, _HEIGHT, "".join(parts))


@dataclass(frozen=True, slots=True)
class _Plane:
    """The drawing area: the highest value, and the number of positions from left to right."""

    most: int
    count: int

    @property
    def edge(self) -> int:
        return max(40, _measure(self.most))

    @property
    def step(self) -> float:
        return (_WIDTH - self.edge - 2 * _INSET) / max(1, self.count - 1)

    def x(self, place: int) -> float:
        return round(self.edge + _INSET + place * self.step, 1)

    def y(self, n: int) -> float:
        return round(_FLOOR - (_FLOOR - _TOP) * n / self.most, 1)


def _draw_line(values: Sequence[int], plane: _Plane, number: int) -> str:
    spots = [(plane.x(place), plane.y(n)) for place, n in enumerate(values)]
    points = " ".join(f"{x},{y}" for x, y in spots)
    marks = spots if plane.step >= _MARK_EVERY else []
    return (
        f'<polyline points="{points}" fill="none" stroke-width="2" {_LOOKS[number % 2]}/>'
        f"{''.join(_draw_mark(x, y, number) for x, y in marks)}"
    )


def _draw_mark(x: float, y: float, number: int) -> str:
    """Draw a dot, or a square of the second series."""
    if number % 2:
        return f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" fill="{SECOND}"/>'
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{INK}"/>'


def _draw_key(name: Markup, plane: _Plane, number: int) -> str:
    x, y = plane.edge + 10 + number * _KEY, _HEIGHT - 6
    return (
        f'<line x1="{x}" x2="{x + _DASH}" y1="{y}" y2="{y}" stroke-width="2" {_LOOKS[number % 2]}/>'
        f"{_draw_mark(x + _DASH / 2, y, number)}"
        f'<text x="{x + _DASH + 6}" y="{_HEIGHT - 2}">{name}</text>'
    )


def _grid(plane: _Plane) -> str:
    most, edge = plane.most, plane.edge
    steps = sorted({0, most // 2, most} if most % 2 == 0 else {0, most})
    return "".join(
        f'<line x1="{edge}" x2="{_WIDTH}" y1="{y}" y2="{y}" stroke="{GRID}"/>'
        f'<text x="{edge - 6}" y="{y + 4}" text-anchor="end">{n}</text>'
        for n in steps
        for y in [plane.y(n)]
    )


def _label_axis(labels: Sequence[Markup], plane: _Plane) -> str:
    every = max(1, round(_LABEL_EVERY / plane.step))
    return "".join(
        f'<text x="{plane.x(place)}" y="{_FLOOR + 18}" text-anchor="middle">{labels[place]}</text>'
        for place in range(0, len(labels), every)
    )


def _measure(most: int) -> int:
    """Return the space for a number, with a gap on both sides."""
    return 14 + _DIGIT * len(str(most))


def _round_up(n: int) -> int:
    """Return a round number that is not less than `n`."""
    size = 1
    while True:
        for factor in (1, 2, 4, 6, 10):
            if factor * size >= n:
                return factor * size
        size *= 10


def _describe_rows(rows: Sequence[tuple[Markup, int]]) -> str:
    return ", ".join(f"{label} {n}" for label, n in rows)


def _svg(title: Markup, told: str, width: int, height: int, inside: str) -> Markup:
    return Markup(  # noqa: S704 - every text in it was printed as a cell
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{title}</title><desc>{told}</desc>'
        f"{inside}</svg>"
    )
