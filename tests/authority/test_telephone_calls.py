"""A confirmation by telephone is shown with number and person, in all that the staff see of its case."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway import settings
from gateway.admission.case.digest.overview import build_digest
from gateway.admission.case.model import PRACTICE_LETTERS, STAFF_LETTERS, Letter, State
from gateway.admission.case.transitions.telephone import without_call
from gateway.admission.organisations.domains import Standing
from gateway.cli import main
from gateway.preview.affiliation_steps import add_call
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS
from gateway.preview.sample_letters import build_letters
from tests.cli.office.test_case_revoke import made
from tests.support.factories import DESK, NOW, background, case
from tests.support.paths import CONFIG

NOTE = "03-0000-0000 総務課 山田様"


CALL = {"by": "sato@kyoso.mihon.go.jp", "note": NOTE, "called_at": NOW.isoformat()}


@pytest.mark.parametrize("letter", sorted(STAFF_LETTERS - PRACTICE_LETTERS))
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
