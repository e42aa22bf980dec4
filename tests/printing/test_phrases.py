"""Lines that end between phrases: no date, address or phrase is broken that a line has room for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.text import display_width, wrap
from gateway.printing import forms
from gateway.printing.outside import Outside
from gateway.printing.phrases import MAX_LINE, split_phrases

pytest.importorskip("budoux")

SENTENCE = (
    "所属する課の正式な名前と、2026年12月2日（水）10時30分までに確かめられる電話番号を、"
    "hanako@town.mihon.lg.jp からお知らせくださいますようお願いいたします。"
)


@pytest.mark.parametrize("columns", range(34, 71, 4))
def test_a_line_ends_neither_in_a_date_nor_in_an_address(columns: int) -> None:
    lines = wrap(SENTENCE, columns, split_phrases).split("\n")
    assert any("hanako@town.mihon.lg.jp" in line for line in lines)
    assert any("2026年12月2日（水）" in line for line in lines)
    assert all(display_width(line) <= columns for line in lines)


def test_a_line_ends_between_phrases() -> None:
    lines = wrap("見本の市の情報政策課の職員から", 26, split_phrases).split("\n")
    assert ["見本の市の情報政策課の", "職員から"] == lines


SIGNS = "ab 　あ。「」2026年12月2日（水）\u3099e\u0301\ufdd0\ufdd1漢字のは"


@given(st.text(st.sampled_from(SIGNS), max_size=120), st.integers(8, 40))
def test_nothing_is_lost_and_every_line_fits(text: str, columns: int) -> None:
    wrapped = wrap(text, columns, split_phrases)
    assert all(display_width(line) <= columns for line in wrapped.split("\n"))
    assert "".join(text.split()) == "".join(wrapped.split())


@given(st.text(max_size=200))
def test_phrases_are_the_text(text: str) -> None:
    assert text == "".join(split_phrases(text))


def test_a_very_long_line_is_not_taken_apart() -> None:
    long = "あ" * (MAX_LINE + 1)
    assert long == split_phrases(long)


@pytest.mark.parametrize("day", ["2026年12月2日（水）", "12月2日", "2026年12月14日（月）9時05分"])
def test_a_quoted_date_stays_whole(day: str) -> None:
    for before in range(40):
        text = forms.remove_signs(forms.quoted(Outside("あ" * before + day + "までに、ご回答ください。")))
        if display_width("あ" * before + day) > 60:
            assert any(day in line for line in text.split("\n")), before


def test_ascii_is_left_to_words() -> None:
    assert not re.search("[^a]", str(split_phrases("aaa")))
