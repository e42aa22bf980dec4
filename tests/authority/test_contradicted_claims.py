"""A confirmation beside a label that gives another section, body or name than the claim confirms nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from tests.support.replies import CONTEXT

CODED = replace(CONTEXT, code="4F7K")
YES = ("手書花子の在籍を確認しました。", "見本市総務課の手書花子の在籍を確認しました。", "はい 4F7K\n")


@pytest.mark.parametrize("yes", YES)
@pytest.mark.parametrize(
    "line",
    [
        "所属: 企画課",
        "所属：見本町総務部",
        "部署名：企画課",
        "・所属：企画課",
        "氏名: 手書 太郎",
        "団体名：見本町",
    ],
)
def test_a_contradicted_claim_is_not_confirmed(yes: str, line: str) -> None:
    assert Confirmation.CONFIRM is not parse_confirmation(f"{yes}\n{line}", CODED)


@pytest.mark.parametrize("yes", YES)
@pytest.mark.parametrize("line", ["所属: 総務課", "所属：見本市総務課"])
def test_the_claim_repeated_is_confirmed(yes: str, line: str) -> None:
    assert Confirmation.CONFIRM is parse_confirmation(f"{yes}\n{line}", CODED)
