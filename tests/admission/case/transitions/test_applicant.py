"""What applicants cause: the consent that is recorded, the day of an answer, the language of a letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Apply, Supplement
from gateway.admission.case.model import JournalEntry, Letter, State, Transition
from gateway.admission.organisations.domains import Standing
from gateway.printing.outside import Outside
from tests.support.factories import APPLICANT, DESK, NOW, background, case, form

RULED = replace(DESK, rules_version="2025年3月版", rules_link="https://kyoso.example/rules")


def apply(said: Form, standing: Standing = Standing.OWN) -> Transition:
    return decide(None, Apply(APPLICANT, said, background(standing), "K7QM-4T"), NOW, RULED)


def test_a_consent_that_the_staff_judge_is_not_asked_for_and_recorded_by_its_own_name() -> None:
    opened = apply(replace(form(), consent=Consent.UNSURE))
    assert opened.case is not None
    assert State.UNDER_REVIEW is opened.case.state
    assert [] == consents(opened)
    assert 1 == [entry.name for entry in opened.journal].count("consent.unsure")
    asked = [letter for letter in opened.letters if letter.letter is Letter.REVIEW_REQUEST]
    points = [point.id for letter in asked for point in letter.facts["attention"]["points"]]  # type: ignore[index]
    assert {"consent_is_unsure"} == set(points)
    given = decide(opened.case, Supplement(parse_form("規約への同意: 同意する"), ""), NOW, RULED)
    assert 1 == len(consents(given))


def consents(transition: Transition) -> list[JournalEntry]:
    return [entry for entry in transition.journal if entry.name == "consent"]


def test_a_consent_is_recorded_with_version_and_link_of_the_rules() -> None:
    (entry,) = consents(apply(form()))
    assert {
        "rules_version": Outside("2025年3月版"),
        "rules_link": Outside("https://kyoso.example/rules"),
    } == dict(entry.detail)


def test_without_a_consent_none_is_recorded_until_it_comes() -> None:
    opened = apply(replace(form(), consent=Form().consent))
    assert [] == consents(opened)
    given = decide(opened.case, Supplement(parse_form("規約への同意: 同意する"), ""), NOW, RULED)
    assert 1 == len(consents(given))


def test_a_consent_is_recorded_once() -> None:
    assert [] == consents(decide(case(), Supplement(parse_form("部課名: 総務課"), ""), NOW, RULED))


@pytest.mark.parametrize(
    ("said", "standing", "letter"),
    [
        (replace(form(), department=""), Standing.OWN, Letter.MISSING_FIELDS),
        (form(), Standing.CONFIRM, Letter.AFFILIATION_REQUEST),
    ],
)
def test_a_letter_that_waits_for_an_answer_says_by_which_day(
    said: Form, standing: Standing, letter: Letter
) -> None:
    told = apply(said, standing).letters[0]
    assert (letter, "2026-12-14") == (told.letter, told.facts["answer_by"])


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ({"organisation": "Mihon Town", "department": "General Affairs", "name": "Hanako Mihon"}, True),
        ({"organisation": "見本町", "department": "General Affairs", "name": "Hanako Mihon"}, False),
        ({}, False),
    ],
)
def test_who_applies_in_english_gets_the_english_block_first(names: dict[str, str], first: bool) -> None:
    told = apply(replace(form(), **names)).letters[0]
    assert first is told.facts["english_first"]


@pytest.mark.parametrize(
    ("register_name", "organisation", "asked"),
    [("見本県見本町", "見本町", False), ("", "見本町", True), ("見本県見本町", "例示市", True)],
)
def test_the_code_is_asked_for_only_while_name_and_domain_leave_it_open(
    register_name: str, organisation: str, asked: bool
) -> None:
    known = replace(background(), register_name=register_name)
    said = replace(form(), code="", organisation=organisation)
    told = decide(None, Apply(APPLICANT, said, known, "K7QM-4T"), NOW, RULED).letters[0]
    assert asked is (told.letter is Letter.MISSING_FIELDS)


def test_the_state_of_the_sample_is_what_is_waited_for() -> None:
    opened = apply(form(), Standing.CONFIRM).case
    assert opened is not None
    assert State.AWAITING_AFFILIATION is opened.state
