"""The forms of print: marked, cut, without links, control characters and signs that reorder."""

from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.text import display_width
from gateway.printing import forms
from gateway.printing.forms import remove_signs
from gateway.printing.outside import Outside, UnprintedError

POISON = "a\x1b[31m\u202eb\r\n| x\x00\n-----BEGIN X-----\nhttps://evil.example/ {{ 7*7 }}\ufdd0\ufdd1"


@given(st.text())
def test_every_line_of_a_quotation_is_marked_and_narrow(text: str) -> None:
    for line in remove_signs(forms.quoted(Outside(text))).split("\n"):
        assert line.startswith("| ")
        assert display_width(line) <= 62


@given(st.text(alphabet=st.sampled_from("①○×α─あa \u3000"), max_size=300))
def test_signs_of_ambiguous_width_fit_also_where_they_take_two_columns(text: str) -> None:
    for line in remove_signs(forms.quoted(Outside(text))).split("\n"):
        assert sum(1 if sign.isascii() else 2 for sign in line) <= 64


@given(st.text(alphabet=st.sampled_from("①○×α─あa \u3000\u0301\u200d") | st.characters(), max_size=80))
def test_a_line_may_be_too_wide_as_counted_sign_by_sign(line: str) -> None:
    columns = display_width(line) + sum(east_asian_width(sign) == "A" for sign in line)
    assert (columns > forms.QUOTED_COLUMNS) is forms._may_be_too_wide(line)


@given(st.text())
def test_inline_is_one_short_line_without_brackets(text: str) -> None:
    shown = remove_signs(forms.inline(Outside(text)))
    assert len(shown) <= 40
    assert not set(shown.replace("[.]", ".")) & set("\n\r\x1b\u202e「」[](){}<>\"'“”『』")


@given(st.text(max_size=200), st.text(max_size=200))
def test_outside_text_never_begins_a_line_of_ours(one: str, other: str) -> None:
    line = f"  申請者: {forms.organisation(Outside(one))} {forms.inline(Outside(other))} 様"
    inside = False
    for shown in forms.folded(line).split("\n"):
        assert not inside or shown.startswith("| ")
        assert not shown.startswith(forms.BEGIN)
        inside = shown.rfind(forms.BEGIN) > shown.rfind(forms.END)
        assert not inside
        assert display_width(remove_signs(shown)) <= 70


def test_poison_is_harmless_in_every_form() -> None:
    shown = remove_signs(forms.quoted(Outside(POISON)) + forms.inline(Outside(POISON)))
    assert not set(shown) & set("\x1b\x00\u202e\ufdd0\ufdd1\r")
    assert "https:" not in shown
    assert all(line.startswith("| ") for line in shown.split("\n"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tanaka@city.example.lg.jp", "| tanaka@city.example.lg.jp"),
        ("a..b.@docomo.ne.jp", "| a..b.@docomo.ne.jp"),
        ("承認@city.example.lg.jp", "| 承認@city.example.lg.jp"),
        ("a@b.example https://evil.example", "| a@b.example hxxps://evil.example"),
        ("evil.example/login", "| evil[.]example/login"),
        ("www.evil.example", "| www[.]evil.example"),
    ],
)
def test_an_address_is_exact_and_all_else_quoted(text: str, shown: str) -> None:
    assert shown == remove_signs(forms.exact(Outside(text)))


def test_of_a_report_the_first_lines_are_printed() -> None:
    shown = remove_signs(forms.quoted(Outside("\n".join("abcdefgh")), most=5)).split("\n")
    assert ["| a", "| b", "| c", "| d", "| …"] == shown


def test_lines_of_ours_are_not_for_outside_text() -> None:
    with pytest.raises(UnprintedError):
        forms.folded(Outside("x"))


@pytest.mark.parametrize("label", ["ドメインの団体：", "電話番号と相手：", "全国地方公共団体コード："])
@given(value=st.one_of(st.text(), st.from_regex(r"[a-z.-]{1,90}", fullmatch=True)))
def test_a_label_is_never_broken(label: str, value: str) -> None:
    """However long the first word behind it is; a domain has no place to break it."""
    first = forms.remove_signs(forms.quoted(Outside(value), label)).split("\n")[0]
    assert first.startswith(f"| {label}")
