"""Two kinds of chart as SVG, made here: bars and lines, readable in print and described in words.

The numbers stand in a table beside each chart as well, so nothing hangs on colour or on seeing the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from gateway.html.cell import print_cell
from gateway.printing.fields import Field

INK, SECOND, GRID = "#1f5f99", "#b4540a", "#d0d7de"
_BAR, _GAP, _LEFT, _ROOM, _WIDTH = 22, 8, 190, 50, 520
_HEIGHT, _BOTTOM, _TOP, _EDGE = 220, 34, 14, 40
_LABEL_EVERY = 90

_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="3" height="6" fill="{SECOND}"/></pattern></defs>'
)


def bar_chart(title: Field, rows: Sequence[tuple[Field, int]], *, marked: int | None = None) -> Markup:
    """Horizontal bars; those from `marked` on are hatched, as beyond a limit."""
    most = max((n for _, n in rows), default=0) or 1
    height = len(rows) * (_BAR + _GAP) + _GAP
    parts = [] if marked is None else [_HATCH]
    for place, (label, n) in enumerate(rows):
        y = _GAP + place * (_BAR + _GAP)
        width = round((_WIDTH - _LEFT - _ROOM) * n / most, 1)
        beyond = marked is not None and place >= marked
        look = f'fill="url(#hatch)" stroke="{SECOND}"' if beyond else f'fill="{INK}"'
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 16}" text-anchor="end">{print_cell(label)}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{width}" height="{_BAR}" {look}/>'
            f'<text x="{_LEFT + width + 6}" y="{y + 16}">{n}</text>'
        )
    return _svg(title, _describe_rows(rows), _WIDTH, height, "".join(parts))


def line_chart(
    title: Field, labels: Sequence[Field], series: Sequence[tuple[Field, Sequence[int]]]
) -> Markup:
    """One line a series, the second one dashed; `labels` stand below, as many as there is room for."""
    most = _round_up(max((n for _, values in series for n in values), default=0))
    step = (_WIDTH - _EDGE - _LABEL_EVERY / 2) / max(1, len(labels) - 1)
    floor = _HEIGHT - _BOTTOM

    def spot(place: int, n: int) -> tuple[float, float]:
        return round(_EDGE + place * step, 1), round(floor - (floor - _TOP) * n / most, 1)

    parts = [_grid(most, floor), _label_axis(labels, step, floor)]
    for number, (name, values) in enumerate(series):
        look = (f'stroke="{INK}"', f'stroke="{SECOND}" stroke-dasharray="6 4"')[number % 2]
        points = " ".join(f"{x},{y}" for x, y in (spot(place, n) for place, n in enumerate(values)))
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="2" {look}/>')
        x = _EDGE + 10 + number * 130
        parts.append(
            f'<line x1="{x}" x2="{x + 26}" y1="{_HEIGHT - 6}" y2="{_HEIGHT - 6}" stroke-width="2" {look}/>'
            f'<text x="{x + 32}" y="{_HEIGHT - 2}">{print_cell(name)}</text>'
        )
    told = "; ".join(
        f"{print_cell(name)}: {_describe_rows(list(zip(labels, values, strict=True)))}"
        for name, values in series
    )
    return _svg(title, told, _WIDTH, _HEIGHT, "".join(parts))


def _grid(most: int, floor: float) -> str:
    steps = sorted({0, most // 2, most} if most % 2 == 0 else {0, most})
    return "".join(
        f'<line x1="{_EDGE}" x2="{_WIDTH}" y1="{y}" y2="{y}" stroke="{GRID}"/>'
        f'<text x="{_EDGE - 6}" y="{y + 4}" text-anchor="end">{n}</text>'
        for n in steps
        for y in [round(floor - (floor - _TOP) * n / most, 1)]
    )


def _label_axis(labels: Sequence[Field], step: float, floor: float) -> str:
    every = max(1, round(_LABEL_EVERY / step))
    spots = [(round(_EDGE + place * step, 1), label) for place, label in enumerate(labels)]
    return "".join(
        f'<text x="{x}" y="{floor + 15}" text-anchor="middle">{print_cell(label)}</text>'
        for x, label in spots[::every]
    )


def _round_up(n: int) -> int:
    """A round number that is not below `n`."""
    size = 1
    while True:
        for factor in (1, 2, 4, 6, 10):
            if factor * size >= n:
                return factor * size
        size *= 10


def _describe_rows(rows: Sequence[tuple[Field, int]]) -> str:
    return ", ".join(f"{print_cell(label)} {n}" for label, n in rows)


def _svg(title: Field, told: str, width: int, height: int, inside: str) -> Markup:
    return Markup(  # noqa: S704 - every text in it was printed as a cell
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{print_cell(title)}</title><desc>{told}</desc>'
        f"{inside}</svg>"
    )
