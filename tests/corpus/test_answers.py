"""Short answers to a letter that asked for items, each read as a careful reader does; counts are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import FORM_FIELDS, Form, render_form
from gateway.admission.case.model import Letter, State
from gateway.admission.intake.applicants.applicant import classify_reply
from tests.corpus.test_applications import folded, read, read_rows
from tests.support.factories import case

SETS = (
    "answers",
    *(
        f"{name}_answers"
        for name in ("clerks", "bureaus", "villages", "districts", "islands", "valleys", "strangers")
    ),
)
FOLDERS = [Path(__file__).parent / name for name in SETS]
ROWS = [row | {"folder": folder} for folder in FOLDERS for row in read_rows(folder)]
KNOWN = {
    "category": "区分: 自治体",
    "organisation": "団体名: 見本町",
    "code": "コード: 011002",
    "department": "部課名: 総務課",
    "consent": "規約への同意: 同意する",
}

_ABOVE = (
    "「共創プラットフォーム」への参加申請をいただき、",
    "ありがとうございます。受付番号は K7QM-4T です。",
    "手続を進めるために、次の項目を教えてください。",
    "このメールに返信し、「：」の後にご記入ください。",
    "すでにいただいた項目を、もう一度お書きになる必要はありません。",
    "---- ここから ----",
)
_BELOW = (
    "---- ここまで ----",
    "添付ファイルは不要です。本文に直接お書きください。",
    "お返事は、2026年12月14日（月）までにお願いします。",
    "-- ",
    "共創プラットフォーム参加受付窓口",
    "電話 03-0000-0000（平日9時30分から17時まで）",
    "request@madoguchi.mihon.go.jp",
)


def build_letter(row: dict[str, Any]) -> tuple[str, ...]:
    """The lines of the letter that the mail answers."""
    asked = render_form([entry for entry in FORM_FIELDS if entry.item in row["asked"]], {})
    return (f"お申し込みいただいた {row['name']} 様", *_ABOVE, *asked.split("\n"), *_BELOW)


def read_reply(row: dict[str, Any]) -> Form:
    """What the answer adds to the case that the letter was about."""
    said = [f"氏名: {row['name']}", *(text for item, text in KNOWN.items() if item not in row["asked"])]
    about = replace(case(State.NEEDS_INFORMATION), form=parse_form("\n".join(said)))
    facts = read(row["folder"] / row["file"])
    event = classify_reply(facts, build_letter(row), about, answers=Letter.MISSING_FIELDS)
    return getattr(event, "form", Form())


def wrong_items(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Item, value wanted and value found, where they differ."""
    form = read_reply(row)
    found = {item: str(getattr(form, item)) for item in Form.__slots__ if item != "version"}
    wanted = dict.fromkeys(found, "") | {"consent": "absent"} | row["expected"]
    return [(i, wanted[i], found[i]) for i in wanted if folded(wanted[i]) != folded(found[i])]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['folder'].name}/{row['file']}")
def test_an_answer_is_read_as_a_careful_reader_does(row: dict[str, Any]) -> None:
    assert [] == wrong_items(row)


def test_the_answers_are_counted(record_property: Callable[[str, object], None]) -> None:
    """Answers of which everything was read, and nothing else."""
    whole = sum(not wrong_items(row) for row in ROWS)
    record_property("figure", f"short answers read whole: {whole}/{len(ROWS)}")
    assert len(ROWS) == whole
