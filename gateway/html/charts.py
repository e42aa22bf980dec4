"""Two kinds of SVG chart, bars and lines, readable in print and described in words.

The numbers are also in a table beside each chart, so nothing depends on colour or on seeing the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from gateway.html.cell import print_cell
from gateway.printing.bilingual import Language, Text
from gateway.printing.fields import Field

Label = Field | Text
INK, SECOND, GRID = "#1f5f99", "#b4540a", "#d0d7de"
_BAR, _GAP, _LEFT, _ROOM, _WIDTH = 22, 8, 190, 50, 520
_HEIGHT, _BOTTOM, _TOP, _EDGE = 220, 34, 14, 40
_LABEL_EVERY = 90

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
    height = len(rows) * (_BAR + _GAP) + _GAP
    parts = [] if marked is None else [_HATCH]
    for place, (label, n) in enumerate(named):
        y = _GAP + place * (_BAR + _GAP)
        width = round((_WIDTH - _LEFT - _ROOM) * n / most, 1)
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
    """Draw one line per series, the second one dashed; as many `labels` as fit are below."""
    below = [print_cell(label, language) for label in labels]
    most = _round_up(max((n for _, values in series for n in values), default=0))
    step = (_WIDTH - _EDGE - _LABEL_EVERY / 2) / max(1, len(labels) - 1)
    floor = _HEIGHT - _BOTTOM

    def spot(place: int, n: int) -> tuple[float, float]:
        return round(_EDGE + place * step, 1), round(floor - (floor - _TOP) * n / most, 1)

    parts = [_grid(most, floor), _label_axis(below, step, floor)]
    named = [(print_cell(name, language), values) for name, values in series]
    for number, (name, values) in enumerate(named):
        look = (f'stroke="{INK}"', f'stroke="{SECOND}" stroke-dasharray="6 4"')[number % 2]
        points = " ".join(f"{x},{y}" for x, y in (spot(place, n) for place, n in enumerate(values)))
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="2" {look}/>')
        x = _EDGE + 10 + number * 130
        parts.append(
            f'<line x1="{x}" x2="{x + 26}" y1="{_HEIGHT - 6}" y2="{_HEIGHT - 6}" stroke-width="2" {look}/>'
            f'<text x="{x + 32}" y="{_HEIGHT - 2}">{name}</text>'
        )
    told = "; ".join(
        f"{name}: {_describe_rows(list(zip(below, values, strict=True)))}" for name, values in named
    )
    return _svg(print_cell(title, language), told, _WIDTH, _HEIGHT, "".join(parts))


def _grid(most: int, floor: float) -> str:
    steps = sorted({0, most // 2, most} if most % 2 == 0 else {0, most})
    return "".join(
        f'<line x1="{_EDGE}" x2="{_WIDTH}" y1="{y}" y2="{y}" stroke="{GRID}"/>'
        f'<text x="{_EDGE - 6}" y="{y + 4}" text-anchor="end">{n}</text>'
        for n in steps
        for y in [round(floor - (floor - _TOP) * n / most, 1)]
    )


def _label_axis(labels: Sequence[Markup], step: float, floor: float) -> str:
    every = max(1, round(_LABEL_EVERY / step))
    spots = [(round(_EDGE + place * step, 1), label) for place, label in enumerate(labels)]
    return "".join(
        f'<text x="{x}" y="{floor + 15}" text-anchor="middle">{label}</text>' for x, label in spots[::every]
    )


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
