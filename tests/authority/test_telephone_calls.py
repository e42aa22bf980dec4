"""A confirmation by telephone is shown with number and person, in all that the staff see of its case."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.admission.application.form import parse_form
from gateway.admission.case.decide import decide
from gateway.admission.case.digest.overview import build_digest
from gateway.admission.case.events import CaseEvent, Decide, NameColleague, Supplement, VoidCall
from gateway.admission.case.model import (
    CONSOLE_LETTERS,
    DECIDABLE,
    OPEN,
    PRACTICE_LETTERS,
    STAFF_LETTERS,
    Letter,
    State,
)
from gateway.admission.case.transitions.telephone import without_call
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.cli import main
from gateway.preview.affiliation_steps import add_call
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS
from gateway.preview.sample_letters import build_letters
from gateway.printing.statement import Statement
from tests.authority.test_affiliation import DESK as AFFILIATION_DESK
from tests.authority.test_affiliation import INSIDE, opened, run, yes
from tests.cli.office.test_case_revoke import made
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background, case
from tests.support.paths import CONFIG

NOTE = "03-0000-0000 総務課 山田様"


CALL = {"by": "sato@kyoso.mihon.go.jp", "note": NOTE, "called_at": NOW.isoformat()}


@pytest.mark.parametrize("letter", sorted(STAFF_LETTERS - PRACTICE_LETTERS - set(CONSOLE_LETTERS)))
def test_every_letter_to_the_staff_shows_number_and_person(letter: Letter) -> None:
    """In the text and in the HTML part, of every letter about a case whose affiliation was confirmed so."""
    renderer = SampleRenderer(settings.load(CONFIG / "gateway.toml"), None)
    found = [(name, one) for name, one in build_letters(APPLICANTS[0]) if one.letter is letter]
    shown = [(name, replace(one, facts=_add_call(one.facts))) for name, one in found if _has_case(one.facts)]
    assert shown
    for name, outgoing in shown:
        rendered = renderer.rendered(outgoing)
        for part in filter(None, (rendered.text, rendered.html)):
            assert _fold(NOTE) in _fold(part), name


def _has_case(facts: Mapping[str, Any]) -> bool:
    return bool("affiliation" in facts or facts.get("cases") or facts.get("lines"))


def _add_call(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts would be, had somebody telephoned about each case in them."""
    rows = {
        key: [{**row, "call": CALL} for row in facts[key]] for key in ("cases", "lines") if facts.get(key)
    }
    known = {"affiliation": {**facts["affiliation"], "call": CALL}} if "affiliation" in facts else {}
    return {**facts, **rows, **known}


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("before", [State.UNDER_REVIEW])
def test_a_call_stands_in_the_digest_until_it_is_taken_back(before: State) -> None:
    called = add_call(case(before, background=background(Standing.CONFIRM, "personal")))
    (row,) = build_digest(DESK.staff[0], [called], NOW.date(), DESK).facts["cases"]  # type: ignore[misc,attr-defined]
    assert NOTE == row["call"]["note"]
    (row,) = build_digest(DESK.staff[0], [without_call(called, DESK)], NOW.date(), DESK).facts["cases"]  # type: ignore[misc,attr-defined]
    assert {} == row["call"]


def test_the_command_shows_who_telephoned_and_whom(tmp_path: Path) -> None:
    made(tmp_path, State.UNDER_REVIEW, affiliation=add_call(case()).affiliation)
    result = CliRunner().invoke(main, ["case", "show", "K7QM-4T", "--wide", "--config", str(tmp_path)])
    assert 0 == result.exit_code, result.output
    assert NOTE in result.output


@pytest.mark.parametrize("state", sorted(State))
def test_a_call_of_a_revoked_mailbox_is_void_while_its_case_is_open(state: State) -> None:
    private = background(Standing.CONFIRM, "personal")
    rests = {"confirmed_by": CALL["by"], "first_approval": SUZUKI.key}
    called = add_call(case(state, background=private, **rests))
    after = decide(called, VoidCall("operator:rei"), NOW, DESK)
    assert after.case is not None
    if state not in OPEN:
        assert (called, ()) == (after.case, after.letters)
        return
    assert (None, "", "") == (after.case.affiliation.call, after.case.confirmed_by, after.case.first_approval)
    assert called.revision < after.case.revision
    assert after.case.state in {state, State.AWAITING_AFFILIATION}
    asked = {one.facts["occasion"] for one in after.letters if one.letter is Letter.REVIEW_REQUEST}
    assert ({"call_void"} if after.case.state in DECIDABLE else set()) == asked


@given(st.lists(st.sampled_from(["yes", "call", "void", "claim"]), max_size=8))
def test_no_case_is_confirmed_by_a_void_call(steps: list[str]) -> None:
    now, standing = run(opened(), NameColleague((INSIDE,))), False
    for step in steps:
        now = run(now, STEPS[step], desk=AFFILIATION_DESK)
        standing = step == "call" or (standing and step in {"yes", "call"})
        known = now.affiliation
        assert standing or known.call is None
        assert bool(now.confirmed_by) == bool(known.call or any(one.counts for one in known.checks))


STEPS: dict[str, CaseEvent] = {
    "yes": yes(INSIDE),
    "call": Decide(SATO, ParsedReply(Decision.AFFILIATED, NOTE, Statement("doubt")), 1, recallable=True),
    "void": VoidCall("operator:rei"),
    "claim": Supplement(parse_form("氏名: 別名 三郎"), ""),
}


@pytest.mark.parametrize("state", [State.UNDER_REVIEW, State.ON_HOLD, State.APPROVED, State.DECLINED])
def test_revoke_lists_the_calls_that_it_voids_and_those_that_were_decided_with(
    tmp_path: Path, state: State
) -> None:
    called = add_call(case()).affiliation
    path = made(tmp_path, state, affiliation=called, confirmed_by=CALL["by"])
    result = CliRunner().invoke(main, ["staff", "revoke", CALL["by"], "--json", "--config", str(tmp_path)])
    assert 0 == result.exit_code, result.output
    told = json.loads(result.output)
    expected = ([NUMBER], []) if state in OPEN else ([], [NUMBER])
    assert expected == (told["calls"], told["decided"])
    with closing(sqlite3.connect(path)) as database:
        (rests,) = database.execute("SELECT confirmed_by FROM cases").fetchone()
    assert ("" if state in OPEN else CALL["by"]) == rests


NUMBER = case().number
