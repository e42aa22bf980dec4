"""What an applicant undertakes beside a consent leaves it; a promise that is turned or cut short does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.consent.answers.undertaking import is_undertaking
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

AGREED = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する\n\n"
UNDERTAKEN = [
    "利用規約を確認し、機密性の高い情報を書き込まないことを理解しております。",
    "機密性3の情報は書き込みません。",
    "なお、機密性3に該当する情報は一切送信いたしません。",
    "規約および注意事項を遵守いたします。",
    "利用規約を熟読のうえ、遵守してまいります。",
    "規約を読み、機密性３の情報を投稿しないよう徹底します。",
    "注意事項も読みました。",
    "規約を守って参加いたします。",
    "利用規約に従い、適切に利用させていただきます。",
    "ルールを遵守し、節度を守って活用してまいります。",
    "規約に則って参加します。",
    "規約を確認のうえ、参加を申請します。",
]
# Each could be said of a promise that is none.
TURNS = [
    "が",
    "つもり",
    "とは限りません",
    "努力を",
    "できる限り",
    "かもしれません",
    "原則",
    "一部は",
    "次第",
    "なら",
]


@pytest.mark.parametrize("said", UNDERTAKEN)
def test_a_promise_to_keep_the_rules_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent
    assert Consent.ABSENT is parse_form(said).consent


@pytest.mark.parametrize(
    "said",
    [
        "機密情報を扱うことがあります。",
        "機密性3の情報を書き込みません、とは約束できません。",
        "機密性1の情報は書き込みません。",
        "規約を確認しましたが、遵守できません。",
        "規約第3条は守ります。",
        "規約のうち第3条は確認していません。",
        "機密性3の情報を書き込まないことは理解しかねます。",
        "規約の内容を確認してから、遵守します。",
        "規約を守るよう努めます。",
        "規約を守れたら参加します。",
        "規約に従うつもりです。",
        "規約に基づいて判断します。",
        "規約に従って参加するか考えます。",
    ],
)
def test_a_promise_of_something_else_leaves_none(said: str) -> None:
    assert Consent.YES is not parse_form(AGREED + said).consent


@given(st.sampled_from(UNDERTAKEN), st.sampled_from(TURNS), st.data())
def test_a_promise_with_another_word_in_it_is_none(said: str, turn: str, data: st.DataObject) -> None:
    bare = said.rstrip("。").replace("３", "3")
    at = data.draw(st.integers(1, len(bare)))
    assert is_undertaking(bare)
    assert not is_undertaking(bare[:at] + turn + bare[at:])
