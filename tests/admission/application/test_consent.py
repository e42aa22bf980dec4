"""Whether somebody agreed to the rules: sentences, boxes, and the trap of the empty box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import Consent, parse_form


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("規約への同意：同意する", Consent.YES),
        ("規約への同意：同意します。", Consent.YES),
        ("同意：はい", Consent.YES),
        ("同意：○", Consent.YES),
        ("同意：☑", Consent.YES),
        ("同意 【はい】", Consent.YES),
        ("同意 【いいえ】", Consent.NO),
        ("規約への同意：同意する（ただし第5条を除く）", Consent.ABSENT),
        ("規約への同意：同意する（第3版を除く）", Consent.ABSENT),
        ("規約への同意：同意する（後日）", Consent.NO),
        ("規約への同意：同意する（仮）", Consent.ABSENT),
        ("規約への同意：同意する【条件付き】", Consent.ABSENT),
        ("規約への同意：☑同意する（後日） □同意しない", Consent.NO),
        ("規約への同意：I agree (except section 5)", Consent.ABSENT),
        ("規約への同意：同意する（規約を確認しました）", Consent.YES),
        ("規約への同意：同意します（第2版）", Consent.YES),
        ("規約への同意：☑同意する（必須） □同意しない", Consent.YES),
        ("☑ 利用規約に同意する", Consent.YES),
        ("■同意する", Consent.YES),
        ("同意：☑同意する □同意しない", Consent.YES),
        ("同意：（○）同意する （　）同意しない", Consent.YES),
        ("【規約への同意】\n☑同意する\n□同意しない", Consent.YES),
        ("利用規約に同意します。", Consent.YES),
        ("Consent: yes", Consent.YES),
        ("Consent to the rules: I agree (version 3)", Consent.YES),
        ("[x] I agree to the rules", Consent.YES),
        ("I agree to the terms of use.", Consent.YES),
        ("□同意する", Consent.NO),
        ("規約：□同意する", Consent.NO),
        ("規約：[ ] 同意する", Consent.NO),
        ("[ ] I agree to the rules", Consent.NO),
        ("【規約への同意】\n□同意する\n☑同意しない", Consent.NO),
        ("同意：☑同意する ☑同意しない", Consent.NO),
        ("同意：いいえ", Consent.NO),
        ("同意：同意しません", Consent.NO),
        ("Consent: I do not agree", Consent.NO),
        ("同意：同意する／同意しない", Consent.ABSENT),
        ("同意：はい・いいえ", Consent.ABSENT),
        ("同意：同意しますが条件があります", Consent.ABSENT),
        ("同意：同意しますか？", Consent.ABSENT),
        ("同意：", Consent.ABSENT),
        ("> 利用規約に同意します。", Consent.ABSENT),
        ("規約を読みました", Consent.ABSENT),
    ],
)
def test_consent(text: str, consent: Consent) -> None:
    assert parse_form(text).consent is consent


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("規約への同意：同意する（2025年6月18日版）", "2025年6月18日版"),
        ("規約への同意：同意する（第3版）", "第3版"),
        ("Consent: I agree (version 1.2)", "version 1.2"),
        ("規約への同意：同意する", ""),
    ],
)
def test_the_version_of_the_rules_is_kept(text: str, version: str) -> None:
    assert (Consent.YES, version) == (parse_form(text).consent, parse_form(text).version)


@given(
    st.text("後日仮一部条件付除但第五条未定案保留", min_size=1, max_size=8),
    st.sampled_from(["({})", "（{}）", "【{}】"]),
)
def test_a_note_that_is_not_known_to_say_nothing_is_no_consent(note: str, brackets: str) -> None:
    for said in ("同意する", "同意します", "☑同意する", "はい"):
        assert Consent.YES is not parse_form(f"規約への同意：{said}{brackets.format(note)}").consent
