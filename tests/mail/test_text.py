"""Text shown, measured, compared: nothing hostile gets through, no line is too long, equal is equal."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.values import clean
from gateway.mail import text as text_module
from gateway.mail.encoding.charset import strip_controls
from gateway.mail.text import (
    FORMAT_CHARACTERS,
    defang,
    display_width,
    fold,
    fold_every_character,
    is_common_text,
    printable,
    wrap,
)
from gateway.printing import forms


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("a b", " a\r\nb\n"),
        ("ab", "a\x00\x1b\x7f\x9bb"),
        ("evil.exe", "e\u202evil.\u2066exe\u200f"),
        ("a b c", "a\u2028b\u2029c"),
        ("a\ufffdb".replace("\ufffd", ""), "a\ud800b"),
        ("葛\U000e0100城𠮷﨑", "葛\U000e0100城𠮷﨑"),
        ("x" * 10, "x" * 99),
    ],
)
def test_printable(shown: str, text: str) -> None:
    assert shown == printable(text, 10)


@given(st.text(), st.integers(0, 50))
def test_printable_is_one_bounded_line_and_stable(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1
    assert shown == printable(shown, limit)


@pytest.mark.parametrize(
    ("folded", "text"),
    [
        ("req-7f3k2a", "ＲＥＱ－７Ｆ３Ｋ２Ａ"),
        ("k7qm-4t", "K7QMー4T"),
        ("k7qm-4t", "K7QMｰ4T"),
        ("a-b-c-d-e-f-g", "a−b‐c‑d–e—f―g"),
        ("~~~", "～〜~"),
        ("∥∥", "∥‖"),
        ("データ", "ﾃﾞｰﾀ"),
        ("サーバー", "サーバー"),
        ("a@b", "A＠B"),
        ("approve", "ap\u200bpro\u00adve\u2060"),
        ("a b c", "  a\t\u3000b\r\nc "),
        ("葛城", "葛\U000e0100城"),
        ("①".replace("①", "1"), "①"),
    ],
)
def test_fold(folded: str, text: str) -> None:
    assert folded == fold(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(text) == fold(fold(text))


@given(st.text() | st.text("ー-aA1~、】・かタ漢龥゛\u3099\u200b\u3000 \n"))
def test_the_fast_fold_is_the_plain_one(text: str) -> None:
    assert fold_every_character(text) == fold(text)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (0, ""),
        (3, "abc"),
        (4, "申請"),
        (2, "ｱｲ"),
        (2, "Ａ"),
        (2, "髙"),
        (2, "か\u3099"),
        (1, "e\u0301"),
        (2, "葛\U000e0100"),
    ],
)
def test_columns(width: int, text: str) -> None:
    assert width == display_width(text)


@pytest.mark.parametrize(
    ("wrapped", "text"),
    [
        ("", ""),
        ("short", "short"),
        ("  indented", "  indented"),
        ("aaaa bbbb\ncccc", "aaaa bbbb cccc"),
        ("あいうえお\nかき", "あいうえおかき"),
        ("あいうえ\nお。か", "あいうえお。か"),
        ("あいうえ\n「おか", "あいうえ「おか"),
        ("aaaaaaaaaa\naaa", "a" * 13),
        ("aaaaaaaaaa\nbb", "aaaaaaaaaa   bb"),
        ("a\n\nb", "a\r\n\r\nb"),
        ("a\nb", "a\u2028b"),
        ("ああああか\u3099\nい", "ああああか\u3099い"),
    ],
)
def test_wrap(wrapped: str, text: str) -> None:
    assert wrapped == wrap(text, 10)


@given(
    st.text(st.sampled_from("ab 　あ。「」、)(ー\u3099\U000e0100e\u0301ｱ\n\t-"), max_size=120),
    st.integers(4, 20),
)
def test_wrapped_lines_fit_and_lose_nothing_but_space(text: str, limit: int) -> None:
    wrapped = wrap(text, limit)
    assert all(display_width(line) <= limit for line in wrapped.split("\n"))
    assert "".join(text.split()) == "".join(wrapped.split())


@pytest.mark.parametrize(
    ("harmless", "text"),
    [
        ("hxxp://a.example/", "http://a.example/"),
        ("hxxps://a.example/", "https://a.example/"),
        ("HXXPS://a.example", "HTTPS://a.example"),
        ("詳細はhxxp://a.exampleへ", "詳細はhttp://a.exampleへ"),
        ("xhxxp://a.example", "xhttp://a.example"),
        ("ftp[:]//a.example", "ftp://a.example"),
        ("www[.]a.example", "www.a.example"),
        ("mailto[:]a@b.example", "mailto:a@b.example"),
        ("the http protocol", "the http protocol"),
        ("hxxp://a hxxp://b", "http://a http://b"),
    ],
)
def test_defang(harmless: str, text: str) -> None:
    assert harmless == defang(text)


@given(st.text(st.sampled_from("htps:/w.aHTTP あ"), max_size=40))
def test_no_link_survives(text: str) -> None:
    harmless = defang(text)
    assert "http://" not in harmless.lower()
    assert "https://" not in harmless.lower()
    assert harmless == defang(harmless)


def test_the_format_characters_are_those_of_unicode() -> None:
    listed = re.compile(f"[{FORMAT_CHARACTERS}]")
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        kind = unicodedata.category(character)
        # What this Python's Unicode does not know yet may be listed already.
        assert kind == "Cn" or (kind == "Cf") == bool(listed.match(character)), hex(number)


def test_usual_characters_are_those_that_no_cleaning_takes_out() -> None:
    usual = "".join(filter(is_common_text, map(chr, range(sys.maxunicode + 1))))
    assert {"\t", "\n"} == {
        one for one in usual if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }
    assert usual == strip_controls(f"\ufeff{usual}")  # the mark sends it the slow way
    assert usual == clean(f"\u200b{usual}")
    assert not any(map(is_common_text, "\u034f\u115f\u1160\u180b\u3164\ufe00"))


@given(st.text())
def test_a_text_is_usual_when_all_its_characters_are(text: str) -> None:
    assert all(map(is_common_text, text)) == is_common_text(text)


@given(st.text(st.sampled_from("wWｗıİſmailtoMAILTOhps.:/-_Aあ ") | st.characters(), max_size=40))
def test_what_is_not_searched_has_nothing_to_defang(text: str) -> None:
    assert text_module._SCHEME.sub(text_module._defang_match, text) == defang(text)
    link = forms._HOST_WITH_PATH.sub(lambda found: found[0].replace(".", "[.]"), defang(text))
    assert link == forms._defang(text)
