"""No letter can say yes: words of decision inside outside text are broken, however they are hidden."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.admission.replies.grammar.vocabulary import reader_stems
from gateway.printing import breaking, forms
from gateway.printing.breaking import build_stems, finish, finish_html
from gateway.printing.outside import Outside

STEMS = build_stems(reader_stems("staff"))
JAPANESE = [stem for stem in reader_stems("staff") if not stem.isascii()]
LATIN = [stem for stem in reader_stems("staff") if stem.isascii()]
_LATIN = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(LATIN)})(?![a-z0-9])")


def bare(text: str) -> str:
    """What the loosest reader makes of it: letters, digits and slashes in NFKC, without marks."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(one for one in folded if one == "/" or one.isalnum())


def lossy(text: str) -> str:
    """The same behind a charset that has JIS X 0208 alone."""
    return bare(text.encode("shift_jis", "ignore").decode("shift_jis"))


def words(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if one in "/ \n" or one.isalnum())


def holds_a_stem(text: str) -> str:
    for seen in (bare(text), lossy(text)):
        for stem in JAPANESE:
            if bare(stem) in seen:
                return stem
    for seen in (words(text), words(text).replace("\n", "")):
        found = _LATIN.search(seen)
        if found:
            return found[0]
    return ""


def letter(organisation: str, name: str, text: str) -> str:
    """As a letter to staff prints them."""
    return "\n".join(
        [
            forms.folded(
                f"  申請者: {forms.organisation(Outside(organisation))} {forms.inline(Outside(name))}"
            ),
            forms.quoted(Outside(organisation), "団体名: "),
            forms.quoted(Outside(name), "氏名: "),
            forms.quoted(Outside(text)),
        ]
    )


HIDDEN = (
    "①",
    "👍",
    "・",
    "\u3000",
    "/",
    "/ ",
    "\u200b",
    "\u202e",
    "\ufe0f",
    "𠮷",
    "が\u3099",
    "<b>",
    "&",
    "<",
    "ä",
)
PIECES = st.sampled_from(
    [
        *(
            *reader_stems("staff"),
            *"承認却下取消保留照会",
            "approve",
            "approved",
            "します。",
            " ",
            "\n",
            *HIDDEN,
        ),
        *("ﾍﾟﾝﾃﾞｨﾝｸﾞ", "ＡＰＰＲＯＶＥ", "a", "ap", "prove"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60)


@given(TEXTS, TEXTS, TEXTS)
@example("承", "認します", "")
@example("", "承①", "認")
@example("ap", "proved", "")
def test_no_value_and_no_two_values_hold_a_word_of_decision(organisation: str, name: str, text: str) -> None:
    assert "" == holds_a_stem(finish(letter(organisation, name, text), STEMS))


@given(TEXTS, TEXTS)
def test_html_holds_none_either(one: str, other: str) -> None:
    page = f"<td>{_escaped(forms.quoted(Outside(one)))}</td><b>{_escaped(forms.inline(Outside(other)))}</b>"
    shown = unescape(re.sub(r"<[^>]*>", "", finish_html(page, STEMS)))
    assert "" == holds_a_stem(shown)


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


def test_with_the_breaking_taken_out_the_property_finds_some() -> None:
    nothing = build_stems([])
    assert "" != holds_a_stem(finish(letter("承", "認します", ""), nothing))
    assert "" != holds_a_stem(finish(letter("", "", "Approved."), nothing))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ご承認のほど", "ご承/認のほど"),
        ("Approved.", "A/pproved."),
        ("task, household", "task, household"),
        ("担当の状況", "担当の状況"),
        ("承/認", "承/認"),
        ("見本市 総務課", "見本市 総務課"),
    ],
)
def test_only_what_decides_is_broken(text: str, shown: str) -> None:
    assert shown == finish(f"  団体名: {forms.inline(Outside(text))}", STEMS).removeprefix("  団体名: ")


def test_words_of_our_own_stay_whole() -> None:
    text = f"  承認 (approve) … 招待の手続へ進みます\n{forms.quoted(Outside('見本市'))}"
    assert "承認 (approve)" in finish(text, STEMS)


def test_an_address_is_never_broken() -> None:
    assert "| approve@city.example.lg.jp" == finish(forms.exact(Outside("approve@city.example.lg.jp")), STEMS)


@pytest.mark.parametrize("ours", [0, 60, 119, 121, 200, 400, 4_000])
def test_an_address_of_any_distance_opens_no_hole(ours: int) -> None:
    exact = forms.exact(Outside("tanaka@city.example.lg.jp"))
    text = f"{exact}\n{'わ' * ours}\n{forms.quoted(Outside('承認'))}\n{'わ' * ours}\n{exact}"
    shown = finish(text, STEMS)
    assert "承/認" in shown
    assert 2 == shown.count("| tanaka@city.example.lg.jp")
    assert not forms.SIGNS.search(shown)


def test_signs_of_the_forms_never_leave() -> None:
    assert (
        not breaking.finish(letter("a\ufdd0", "b\ufdd3", "c\ufdd1"), STEMS).encode().count("\ufdd0".encode())
    )
