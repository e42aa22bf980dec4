"""The link to a case's page in the console: to staff only, if so set, without a token, deciding nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway import settings
from gateway.admission.case.model import CONSOLE_LETTERS, PRACTICE_LETTERS, STAFF_LETTERS, Letter
from gateway.admission.replies.grammar.vocabulary import reader_stems
from gateway.demo.fixtures import settings_text
from gateway.outbound.protocols import RenderedLetter
from gateway.preview.rendered import EXAMPLE_TOKEN, SampleRenderer
from gateway.preview.sample_cases import APPLICANTS, SAMPLE_CODE
from gateway.preview.sample_letters import build_letters
from gateway.templating.desk_words import LINKED_LETTERS
from gateway.templating.proof.answers import AnswerFinder

URL = "https://desk.example.go.jp"
PLAIN = settings_text(Path("demo"), 25, 53)
CONSOLE = f'[console]\npublic_url = "{URL}"\n'
SAMPLES = [(f"{of.key}.{name}", letter) for of in APPLICANTS for name, letter in build_letters(of)]
LINE = "この件の画面（サインインが必要です。開くだけでは、何も変わりません）"
LINK = re.compile(rf"{re.escape(URL)}[^\s<\"]*")


def build(more: str) -> SampleRenderer:
    return SampleRenderer(settings.parse((PLAIN + more).encode(), "demo"), None)


BEFORE, OFF, ON = build(""), build(CONSOLE), build(f"{CONSOLE}link_in_letters = true\n")


def read(rendered: RenderedLetter) -> str:
    return f"{rendered.subject}\n{rendered.text}\n{rendered.html or ''}"


def test_it_is_in_the_letters_to_staff_about_a_case() -> None:
    expected = {"review_request", "decision_receipt", "unclear_decision", "case_notice", "case_status"}
    assert expected == {letter.value for letter in LINKED_LETTERS}
    assert LINKED_LETTERS < STAFF_LETTERS
    assert not LINKED_LETTERS & (PRACTICE_LETTERS | CONSOLE_LETTERS.keys())


@pytest.mark.parametrize("name", [name for name, _ in SAMPLES])
def test_each_letter_with_and_without_it(name: str) -> None:
    outgoing = dict(SAMPLES)[name]
    rendered, off = ON.rendered(outgoing), OFF.rendered(outgoing)
    assert BEFORE.rendered(outgoing) == off
    number = outgoing.facts.get("number", "")
    if outgoing.letter not in LINKED_LETTERS or not number:
        assert off == rendered
        return
    link = f"{URL}/cases/{number}"
    lines = [line for line in rendered.text.splitlines() if line]
    assert [LINE, link] == [line for line in lines if line not in off.text.splitlines()]
    assert link == lines[lines.index(LINE) + 1]
    assert {link} == set(LINK.findall(read(rendered)))
    assert off.subject == rendered.subject
    for secret in (EXAMPLE_TOKEN, SAMPLE_CODE, "?", "#", "@"):
        assert secret not in link
    if rendered.html is not None:
        assert 1 == rendered.html.count(f'<a href="{link}">{link}</a>')


def test_there_is_a_letter_of_each_kind_with_it() -> None:
    seen = {one.letter for _, one in SAMPLES if URL in read(ON.rendered(one))}
    assert LINKED_LETTERS == seen
    with_page = {one.letter for _, one in SAMPLES if URL in (ON.rendered(one).html or "")}
    assert {Letter.REVIEW_REQUEST, Letter.UNCLEAR_DECISION} == with_page


@pytest.mark.parametrize("letter", sorted(LINKED_LETTERS))
def test_its_lines_decide_nothing_when_they_are_quoted(letter: Letter) -> None:
    """With the code beside it, or without: no line is an answer, and none has a decision word."""
    for text in (LINE, f"{URL}/cases/K7QM-4T", f"{LINE}\n{URL}/cases/K7QM-4T {SAMPLE_CODE}"):
        assert [] == list(AnswerFinder(SAMPLE_CODE).find(letter, text))
    assert [] == [stem for stem in reader_stems("staff") if stem in LINE]
