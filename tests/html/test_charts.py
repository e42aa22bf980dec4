"""Charts: every value is seen, and no text covers another or leaves the picture."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from unicodedata import east_asian_width
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.html import charts
from gateway.printing.bilingual import Language, both
from gateway.printing.fields import Ours
from gateway.reports.page import FUNNEL, KINDS, REASONS

SIZE = 13
SVG = "{http://www.w3.org/2000/svg}"
MONDAY = date(2026, 1, 5)
SERIES = (both("申請", "Applications"), both("招待", "Invitations"))
Box = tuple[float, float, float, float]


def measure(text: str) -> float:
    """The width of a text, rather too wide: a full-width sign is as wide as high, others are narrower."""
    return sum(SIZE if east_asian_width(sign) in "WF" else 7.4 for sign in text)


def box_of(text: ElementTree.Element) -> Box:
    """The left, top, right and bottom of a text."""
    x, y, width = float(text.attrib["x"]), float(text.attrib["y"]), measure(text.text or "")
    left = x - {"end": width, "middle": width / 2}.get(text.get("text-anchor", ""), 0)
    return left, y - 10, left + width, y + 2


def is_apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def find_faults(drawn: str) -> list[str]:
    """Texts that leave the picture, or cover one another."""
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    boxes = [(text.text, box_of(text)) for text in root.iter(f"{SVG}text")]
    out = [f"{text} leaves" for text, (left, top, right, low) in boxes if not 0 <= left <= right <= width]
    out += [f"{text} leaves" for text, (_, top, _, low) in boxes if not 0 <= top <= low <= height]
    pairs = combinations(boxes, 2)
    return out + [f"{one[0]} covers {other[0]}" for one, other in pairs if not is_apart(one[1], other[1])]


def draw_weeks(applied: list[int], language: Language = Language.JA) -> str:
    mondays = [MONDAY + timedelta(weeks=place) for place in range(len(applied))]
    labels = [Ours(f"{day.month}/{day.day}") for day in mondays]
    values = (applied, [n // 2 for n in applied])
    return charts.line_chart(SERIES[0], labels, list(zip(SERIES, values, strict=True)), language=language)


@given(st.lists(st.integers(0, 99_999), min_size=1, max_size=157), st.sampled_from(Language))
def test_no_text_of_a_line_chart_covers_another(applied: list[int], language: Language) -> None:
    assert [] == find_faults(draw_weeks(applied, language))


@pytest.mark.parametrize("names", [FUNNEL, REASONS, KINDS])
@given(st.integers(0, 999_999), st.sampled_from(Language))
def test_no_text_of_a_bar_chart_covers_another(names: dict[str, Ours], n: int, language: Language) -> None:
    rows = [(name, n // (place + 1)) for place, name in enumerate(names.values())]
    assert [] == find_faults(charts.bar_chart(SERIES[0], rows, marked=1, language=language))


@pytest.mark.parametrize("weeks", [1, 2, 13])
def test_each_value_of_a_short_time_is_marked(weeks: int) -> None:
    """A line between one point and itself is not seen."""
    drawn = draw_weeks([4] * weeks)
    key = 1
    assert weeks + key == drawn.count("<circle")
    assert weeks + key == len(re.findall(r'<rect x="[^"]*" y="[^"]*" width="8"', drawn))


def test_values_close_together_are_a_line() -> None:
    assert 1 == draw_weeks([4] * 157).count("<circle")
