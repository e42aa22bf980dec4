"""The words of the staff beside approval and refusal, by a labelled table: what each reply is read as.

A row says what a body is: a decision, `query.KIND` of the desk, or `none`. The code of the letter is 4F7K.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.commands.queries import read_query
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from tests.support.paths import DATA
from tests.support.replies import CONTEXT

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "words.jsonl").read_text(encoding="utf-8").splitlines()
]
CODED = replace(CONTEXT, code="4F7K")
READ = [row for row in ROWS if row["expected"] != "none"]
CODED_WORDS = {"reply", "memo", "withdraw", "reopen", "correct", "handover"}


def read(body: str) -> tuple[str, str]:
    """(what it is read as, its text), in the order in which a mail of the staff is read."""
    found = parse(body, "", CODED)
    if found.decision is not Decision.NONE:
        return found.decision.value, found.note
    query = read_query(body, CODED)
    return (f"query.{query.kind}", query.text) if query is not None else ("none", "")


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_reply_is_read_as_its_row_says(row: dict[str, Any]) -> None:
    assert (row["expected"], row["note"]) == read(row["body"]), row["why"]


def test_every_new_word_has_rows_that_count_and_rows_that_do_not() -> None:
    assert {row["expected"] for row in READ} >= CODED_WORDS | {
        *("query.status", "query.search", "query.away", "query.back", "query.help"),
        *("list", "help", "decline", "ask"),
    }
    assert len(ROWS) - len(READ) > len(READ)


@given(st.sampled_from(READ), st.sampled_from(["> ", "| ", ">> "]))
def test_a_row_that_is_quoted_says_nothing(row: dict[str, Any], mark: str) -> None:
    body = "\n".join(f"{mark}{line}" for line in row["body"].split("\n"))
    assert "none" == read(body)[0]


@given(st.sampled_from(READ), st.sampled_from(["のつもりはありません", "かどうか迷っています", "しますか?"]))
def test_a_doubt_behind_the_first_line_stops_it(row: dict[str, Any], doubt: str) -> None:
    first, *rest = row["body"].split("\n")
    assert read("\n".join((f"{first}{doubt}", *rest)))[0] in {"none", "query.search"}
