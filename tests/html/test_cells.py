"""Pages take no bare text: ours by type, outside text in a form, and what is forgotten is refused."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from gateway.admission.case.model import State
from gateway.html import charts
from gateway.html.cell import FORMS, print_address, print_cell
from gateway.html.page import _environment
from gateway.mail.address import parse
from gateway.printing.fields import Ours, Strictness, ours
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.statement import Statement

_ADDRESS_MARKUP = re.compile('<span class="(?:address|part)">|</span>|<wbr>')


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (ours("申請 <b>"), "申請 &lt;b&gt;"),
        (State.ON_HOLD, "on_hold"),
        (parse("sato@desk.rei.go.jp"), "sato@desk.rei.go.jp"),
        (date(2026, 4, 1), "2026-04-01"),
        (7, "7"),
        (0.5, "0.5"),
        (Markup("<b>x</b>"), "<b>x</b>"),
        (Statement("applied_before"), "以前にも申請がありました。その記録は消去済みです"),
    ],
)
def test_a_cell_shows_what_is_ours(value: object, shown: str) -> None:
    assert shown == print_cell(value)


@pytest.mark.parametrize("value", ["承認", Outside("承認"), ("a",), (1, 2), {"a": 1}, None])
def test_a_cell_refuses_what_nobody_typed_or_printed(value: object) -> None:
    with pytest.raises(UnprintedError):
        print_cell(value)


@pytest.mark.parametrize("source", ["{{ x }}", "{% for one in [x] %}{{ one }}{% endfor %}", "{{ x ~ '' }}"])
@pytest.mark.parametrize("value", ["承認", Outside("承認")])
def test_a_page_refuses_it_wherever_it_stands(source: str, value: object) -> None:
    with pytest.raises(UnprintedError):
        _environment().from_string(source).render(x=value)


def test_a_page_says_which_value_is_missing() -> None:
    with pytest.raises((UndefinedError, UnprintedError)):
        _environment().from_string("{{ x }}").render()


@pytest.mark.parametrize("title", ["<b>", Outside("x")])
def test_a_chart_takes_no_bare_text(title: Any) -> None:
    with pytest.raises(UnprintedError):
        charts.bar_chart(title, [(ours("a"), 1)])
    with pytest.raises(UnprintedError):
        charts.bar_chart(ours("a"), [(title, 1)])
    with pytest.raises(UnprintedError):
        charts.line_chart(ours("a"), [title], [(ours("a"), [1])])


def test_in_service_a_bare_text_is_printed_as_outside_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Strictness, "refuses", False)
    assert "a（b）" == print_cell("a\x1b「b」")
    with pytest.raises(UnprintedError):
        print_cell(Outside("a"))


@given(st.text(), st.sampled_from(sorted(FORMS)))
def test_no_form_lets_markup_or_control_signs_through(text: str, form: str) -> None:
    shown = _environment().from_string(f"{{{{ x|{form} }}}}").render(x=Outside(text))
    if form == "address":
        shown = _ADDRESS_MARKUP.sub("", shown)
    assert not set(shown) & set("<>\"'\x1b\x7f\x9b\u202e\u2066\ufdd0")
    assert "\n" not in shown or form in {"text", "whole"}


@given(st.text())
def test_labels_that_are_ours_are_escaped(text: str) -> None:
    drawn = charts.bar_chart(Ours(text), [(Ours(text), 1)]) + charts.line_chart(
        Ours(text), [Ours(text)], [(Ours(text), [1])]
    )
    plain = charts.bar_chart(ours("a"), [(ours("a"), 1)]) + charts.line_chart(
        ours("a"), [ours("a")], [(ours("a"), [1])]
    )
    assert cast("str", plain).count("<") == drawn.count("<")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hanako@town.mihon.lg.jp", ["hanako@", "town", ".mihon", ".lg", ".jp"]),
        ("o'brien+x@a-b.example", ["o'brien+x@", "a-b", ".example"]),
        ("town.mihon.lg.jp, b.jp", ["town", ".mihon", ".lg", ".jp, b", ".jp"]),
        ("佐藤（担当）", ["佐藤（担当）"]),
        ("..@@..", ["..@@.."]),
        ("<b>@x.jp", ["<b>@", "x", ".jp"]),
    ],
)
def test_an_address_is_broken_only_at_its_own_places(text: str, parts: list[str]) -> None:
    shown = str(print_address(Outside(text)))
    found = [unescape(re.sub("<[^>]*>", "", part)) for part in shown.split("<wbr>")]
    assert parts == found


def test_an_address_is_shown_whole_and_no_hyphen_breaks_it() -> None:
    longest = f"{'a' * 64}@{'-'.join('b' * 20 for _ in range(9))}.example"
    shown = str(print_address(Outside(longest)))
    assert longest == unescape(re.sub("<[^>]*>", "", shown))
    assert '<span class="part">.higashi-mihon</span>' in print_address(Outside("a@x.higashi-mihon.jp"))
    assert print_address(parse("a@x.jp")) == print_address(Outside("a@x.jp"))
