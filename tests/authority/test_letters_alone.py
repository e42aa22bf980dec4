"""Any text from outside, however quoted, wrapped and converted: the letter alone answers nothing."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.admission.application.items.labels import CONSENT_EN, ITEM_BY_LABEL, Item, find_item
from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from tests.support.quotations import (
    CONVERSIONS,
    HIDING,
    LETTER_OF,
    MARKS,
    SENTENCES,
    draw_values,
    find_answer,
    print_letter,
    quote,
    strip_marks,
)

READERS: tuple[Reader, ...] = ("staff", "confirmer", "applicant")
PIECES = st.sampled_from(
    [
        *(sentence for reader in READERS for sentence in SENTENCES[reader]),
        *(stem for reader in READERS for stem in reader_stems(reader)),
        *HIDING,
        *"承認却下取消保留する。します",
        *("<b>承認</b>", "&#25215;認", "https://承認.example/", "x" * 4_000),
    ]
)
TEXTS = st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=80)


def answer_alone(
    reader: Reader,
    values: tuple[str, str, str],
    width: int,
    marks: str,
    conversion: str,
    *,
    broken: bool = True,
) -> str:
    letter = print_letter(LETTER_OF[reader], values, broken=broken)
    return find_answer(strip_marks(quote(letter, width=width, marks=marks, conversion=conversion)), reader)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(READERS),
    st.tuples(TEXTS, TEXTS, TEXTS),
    st.integers(20, 100),
    st.sampled_from(MARKS),
    st.sampled_from(sorted(CONVERSIONS)),
)
@example("staff", ("承", "認します", ""), 20, "lost", "none")
@example("confirmer", ("", "", "当課の者です。"), 60, "lost", "nfkc")
@example("applicant", ("", "", "利用規約: はい"), 60, "lost", "none")
@example("applicant", ("", "", "terms<b> of use: yes"), 60, "lost", "none")
@example("applicant", ("同<B>意 はい", "", ""), 62, "doubled", "html to text")
@example("staff", ("", "x" * 200 + "ｒｅｓｅｎｄ", ""), 23, "kept", "none")
@example("staff", ("", "APP👍RO\u3000VE", ""), 39, "lost", "latin-1, lost")
def test_no_text_from_outside_answers_the_letter_that_it_stands_in(
    reader: Reader, values: tuple[str, str, str], width: int, marks: str, conversion: str
) -> None:
    assert "" == answer_alone(reader, values, width, marks, conversion)


@pytest.mark.parametrize("conversion", sorted(CONVERSIONS))
def test_without_the_breaking_the_same_quotations_answer(
    conversion: str, record_property: Callable[[str, object], None]
) -> None:
    """The same draws twice: with the breaking none answers, without it some do."""
    chance = random.Random(conversion)  # noqa: S311 - a draw of test cases
    drawn = [
        (reader, draw_values(chance, reader), chance.randint(20, 100), chance.choice(MARKS), conversion)
        for reader in READERS
        for _ in range(40)
    ]
    with_it = [answer for one in drawn if (answer := answer_alone(*one))]
    without = [one for one in drawn if answer_alone(*one, broken=False)]
    record_property("quotations", len(drawn))
    record_property("answers without the breaking", len(without))
    sys.stderr.write(f"{conversion}: {len(drawn)} quotations, {len(without)} answer unbroken\n")
    assert [] == with_it
    # With the line ends lost a letter is one line, which hardly ever answers in any case.
    assert conversion == "line ends lost" or 0 < len(without)


@pytest.mark.parametrize(
    "label", sorted(label for label, item in ITEM_BY_LABEL.items() if item is Item.CONSENT)
)
def test_every_label_of_the_consent_holds_a_word_that_is_broken(label: str) -> None:
    stems = reader_stems("applicant")
    assert any(stem == label if stem.isascii() else stem in label for stem in stems)
    assert Item.CONSENT is find_item(label)
    assert Item.CONSENT is not find_item(f"{label[0]}/{label[1:]}")


@given(st.sampled_from(sorted(CONSENT_EN)), st.data())
def test_an_english_label_of_the_consent_holds_a_whole_word_that_is_broken(
    label: str, data: st.DataObject
) -> None:
    """However it is written, with blanks anywhere or with none."""
    gaps = data.draw(st.sets(st.integers(1, len(label) - 1), max_size=6))
    spaced = "".join(f" {sign}" if at in gaps else sign for at, sign in enumerate(label))
    stems = {stem for stem in reader_stems("applicant") if stem.isascii()}
    if find_item(spaced) is Item.CONSENT:
        assert stems & set(spaced.split())


def test_english_labels_of_the_consent_are_read() -> None:
    for text in (
        "Do you agree to the rules of use?",
        "I have read and accept the terms",
        "Agreement to your rules",
    ):
        assert Item.CONSENT is find_item(text)
