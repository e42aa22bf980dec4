"""Whether somebody agreed to the rules: sentences, boxes, and the trap of the empty box."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.replies.grammar.names.offices import is_office


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("規約への同意：同意する", Consent.YES),
        ("規約への同意：同意します。", Consent.YES),
        ("同意：はい", Consent.YES),
        ("同意：○", Consent.YES),
        ("・規約への同意　　あり", Consent.YES),
        ("規約への同意：有ります", Consent.YES),
        ("規約への同意：条件あり", Consent.ABSENT),
        ("規約への同意：疑問あり", Consent.ABSENT),
        ("同意：☑", Consent.YES),
        ("同意 【はい】", Consent.YES),
        ("同意 【いいえ】", Consent.NO),
        ("規約への同意：同意する（ただし第5条を除く）", Consent.ABSENT),
        ("規約への同意：同意する（第3版を除く）", Consent.ABSENT),
        ("規約への同意：同意する（後日）", Consent.ABSENT),
        ("規約への同意：同意する（仮）", Consent.ABSENT),
        ("規約への同意：同意する【条件付き】", Consent.ABSENT),
        ("規約への同意：☑同意する（後日） □同意しない", Consent.ABSENT),
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


FORM = "区分：自治体\n団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n"


@pytest.mark.parametrize(
    "text",
    [
        "同意します",
        "同意する",
        "同意 する",
        "I agree",
        "同意：了解",
        "同意：承知しました",
        "同意：もちろん同意します",
        "同意：異議なし",
        "規約への同意：する",
        "規約への同意：（同意する）",
        "規約への同意：必須　はい",
        "同意：[x] はい [ ] いいえ",
        "同意：☑同意する\n　　□同意しない",
        "同意：はい\n以上、よろしくお願いします。",
        "同意：はい\n電話：0155-11-2233\n見本町役場総務課　試作葉子",
        "同意：同意する\n---- ここまで ----\n草々",
        "利用規約を確認し、\n同意します。",
        "規約に同意します。\n見本町 総務課 試作 葉子",
    ],
)
def test_an_honest_consent_in_a_form_is_read(text: str) -> None:
    assert Consent.YES is parse_form(FORM + text).consent


@pytest.mark.parametrize("text", ["同意します", "同意する", "I agree", "はい、同意します。"])
def test_an_answer_without_a_form_is_about_nothing(text: str) -> None:
    assert parse_form(text).is_empty


@pytest.mark.parametrize("form", ["", FORM])
@pytest.mark.parametrize(
    "text",
    [
        "同意：はい\n第3条を除く",
        "規約に同意します\n今は保留",
        "規約に同意します。\n今は保留",
        "第3条を除く規約の内容に\n同意します。",
        "同意：はい 第3条を除く",
        "同意：はい、と言いたいところです",
        "同意：はい\n備考：第3条を除く",
        "同意：はい\n規約：第3条を除く",
        "同意：はい\n同意　第3条を除く",
        "同意：はい\n規約に同意しません。",
        "> 同意：はい\n第3条を除く",
        "同意：同意する（例：第3条を除いて記入）",
        "| 同意 | はい | 第3条を除く |",
        "同意\tはい\t第3条を除く",
        "☑同意する\n☑同意しない",
        "同意：☑同意する\n\n☑同意しない",
        "○同意する\n●同意しない",
        "●同意する\n○同意しない",
        "○同意する",
        "●規約に同意する",
        "規約に同意する",
        "規約に同意する\n□はい",
        "■規約に同意する\n□はい　□いいえ",
        "同意：☑同意する ☑第3条を除く",
        "同意：第3条を除く ☑同意する",
        "条件付きと申します。規約に同意します。",
        "保留と申します。規約に同意します。",
        "見本町の同意しないと申します。規約に同意します。",
        "I am against section three. I agree to the rules.",
        "I am Not Sure. I agree to the rules.",
        "I work for section three only. I agree to the rules.",
        "I agree to the terms of section one only.",
        "I would like to join without section three. I agree to the rules.",
        "Dear i do not. I agree to the rules.",
        f"規約への同意：同意する{'　' * 400}ただし第3条を除く",
    ],
)
def test_what_is_limited_or_contradicts_itself_is_no_consent(form: str, text: str) -> None:
    assert Consent.YES is not parse_form(form + text).consent


FOREIGN = "除保留検討反対仮一部第三条未定だけ以外場合"


BUILDS = ["{}", "{}です", "{}と申します。", "（{}）", "※{}"]
PLACES = ["同意：はい\n{}", "規約に同意します。{}", "{} 規約に同意します", "同意：はい　{}"]


@given(st.text(FOREIGN, min_size=2, max_size=10), st.sampled_from(BUILDS), st.sampled_from(PLACES))
def test_foreign_words_beside_or_below_a_consent_leave_none(words: str, build: str, place: str) -> None:
    assume(not is_office(words))  # 一三部 is a signature's
    assert Consent.YES is not parse_form(FORM + place.format(build.format(words))).consent


UNSURE = [
    "not sure",
    "against it",
    "of two minds",
    "unable",
    "deeply doubtful",
    "in doubt",
    "only a user",
    "no",
]


@given(st.sampled_from(UNSURE))
def test_an_english_slot_holds_a_name_or_nothing(words: str) -> None:
    for begun in ("I am", "I work for", "My name is", "I agree to the terms of", "Dear", "I want to join"):
        for said in (words, words.title(), words.upper()):
            assert Consent.YES is not parse_form(f"{begun} {said}. I agree to the rules.").consent
            assert Consent.YES is not parse_form(f"{FORM}I agree to the rules.\n{begun} {said}").consent
