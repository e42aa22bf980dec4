"""Replies labelled before they were read: words that only look like a decision, and ordinary ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.admission.replies.decision import parse
from tests.support.paths import DATA
from tests.support.replies import CONTEXT

SUBJECT = "【審査依頼 K7QM-4T】見本市 手書 花子 様の参加申請"
ASKED = replace(CONTEXT, code="4F7K", letter_subject=SUBJECT)
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "replies3.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = sorted({row["kind"] for row in ROWS} - {"ordinary"})


def _read(row: dict[str, Any]) -> str:
    return parse(row["body"], row.get("subject", f"Re: {SUBJECT}"), ASKED).decision.value


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_looks_like_a_decision(kind: str) -> None:
    rows = [row for row in ROWS if row["kind"] == kind]
    assert [] == [(row["body"], got) for row in rows if (got := _read(row)) != row["expected"]]


def test_ordinary_replies_are_read_or_asked_again() -> None:
    rows = [row for row in ROWS if row["kind"] == "ordinary"]
    wrong = [(row["body"], got) for row in rows if (got := _read(row)) not in {row["expected"], "none"}]
    again = [row["body"] for row in rows if _read(row) == "none" and not row.get("again")]
    assert ([], []) == (wrong, again)
