"""A reply to a digest: what stands beside its lines, its HTML part and its Subject."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.case.digest.lines import parse
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.grammar.beside.notices import is_notice
from gateway.admission.replies.reading import Decision
from tests.support.authority import load
from tests.support.factories import SATO

CONTEXT = ReplyContext(
    member_names=("佐藤 一郎",), code="4F7K", letter_subject="【本日の一覧】", letter_lines=("承認待ち: 2件",)
)
SHOWN = {"K7QM-4T": 1, "A2BC-3D": 1}
TWO = "K7QM-4T 承認 4F7K\nA2BC-3D 承認 4F7K"


def read(text: str, html_text: str = "", subject: str = "Re: 【本日の一覧】") -> list[str]:
    found = parse(SATO, text, CONTEXT, SHOWN, html_text=html_text, subject=subject)
    return [entry.reply.decision.value for entry in found.entries if entry.number in SHOWN]


BESIDE = (
    *(
        "2026-12 から有効にしてください。",
        "佐藤\n0263-47-3000\nやっぱり待ってください",
        "2026-11の分も含め、すべて撤回します",
    ),
    *("以下は却下してください", "上記は例です", "田中様", "条件 2", "問題があれば取り消します"),
)


@pytest.mark.parametrize("said", BESIDE)
def test_no_line_counts_beside_a_sentence_that_is_not_understood(said: str) -> None:
    above = () if said.endswith("様") else (f"{said}\n\n{TWO}",)  # an address stands at the beginning
    for text in (*above, f"{TWO}\n\n{said}", f"K7QM-4T 承認 4F7K\n{said}\nA2BC-3D 承認 4F7K"):
        assert (text, {"none"}) == (text, set(read(text)))


FIRST = "承認します。"
ROWS = [row for row in load("hostile/approvals.txt") if row.startswith(FIRST)]


@given(st.sampled_from(ROWS))
def test_nothing_hostile_stands_below_the_lines(row: str) -> None:
    below = row.removeprefix(FIRST).strip()
    assume(not is_notice(below.rstrip("。"), below.rstrip("。")))  # hostile beside the word alone
    assert "approve" not in read(f"{TWO}\n\n{below}")


@pytest.mark.parametrize(
    "shown",
    [
        *(
            "K7QM-4T 承認 4F7K",
            "K7QM-4T 却下 4F7K\nA2BC-3D 承認 4F7K",
            f"{TWO}\n\nやっぱり待ってください。",
            "\n",
        ),
        "K7QM-4T 承認 4F7K\nA2BC-3D 承認 9XXX",
    ],
)
def test_the_html_part_says_the_same_of_each_case(shown: str) -> None:
    assert {"none"} == set(read(TWO, shown))
    assert ["approve", "approve"] == read(TWO, f"{TWO}\n\n佐藤 一郎")


@pytest.mark.parametrize(
    "subject", ["下書き（送信しないで）", "Re: 【本日の一覧】 却下", "【誤送信】Re: 【本日の一覧】", "テスト"]
)
def test_a_subject_that_doubts(subject: str) -> None:
    assert {"none"} == set(read(TWO, subject=subject.format("【本日の一覧】")))


@pytest.mark.parametrize(
    "text",
    [TWO, "1. K7QM-4T 承認 4F7K\n2. A2BC-3D 承認 4F7K", f"佐藤です。\n{TWO}\n\nよろしくお願いします。"],
)
def test_honest_lines(text: str) -> None:
    assert [Decision.APPROVE.value] * 2 == read(text)
