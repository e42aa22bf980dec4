"""A word that an applicant writes for a name is named by no sentence of a colleague's; a name is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation

CITY = ReplyContext(organisation="見本市", department="総務課", organisation_known=True, code="4F7K")
# So that a colleague's sentence about others, or about themselves, holds it.
WORDS = """
    職員 担当者 同僚 上司 部下 係長 課長 総務課 人事課 総務 当市 当課 弊課 見本市 市役所 市民 職場 電話 名簿
    前任者 後任 皆様 多数 数名 以前 現在 正規 先方 申請者 情報 ここ この者 一同 全員 本人 同人
"""


@given(st.sampled_from(WORDS.split()), st.integers(0, 3))
def test_a_word_for_a_name_is_named_by_no_sentence(word: str, gap: int) -> None:
    context = replace(CITY, applicant_name=f"{word[:gap]} {word[gap:]}".strip())
    for said in (
        f"{word}に在籍しております。",
        f"{word}は在籍しています。",
        f"{word}が在籍しています。",
        f"{word}は見本市に勤務しています。",
        f"本人は{word}に在籍しています。",
        f"当市の{word}の職員です。",
        f"{word}は当課の職員に間違いありません。",
    ):
        assert Confirmation.NONE is parse_confirmation(said, context)


@pytest.mark.parametrize(
    "name",
    ["見本 太郎", "佐藤 健", "佐藤健", "林 誠", "長谷川 優子", "手書 花子", "藤原 さくら"],
)
def test_a_name_is_named(name: str) -> None:
    context = replace(CITY, applicant_name=name)
    for said in (f"{name}さんは在籍しております。", f"{name}は当市の総務課に在籍しております。"):
        assert Confirmation.CONFIRM is parse_confirmation(said, context)
