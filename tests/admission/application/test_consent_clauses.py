"""Consents in words of their own: what was read, how, and 同意 at the end; every word is of a closed set."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.consent.answers.phrases import agrees, has_read
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n"
AGREEING = [
    "読んで同意しました",
    "規約、確認しました。同意いたします",
    "全部読みました。同意します。",
    "通読しました。同意します。",
    "異議なく同意する",
    "規約と行動規範は昨夜すべて読みました。同意いたします。",
    "規約・行動規範を承知し、同意しております。",
    "問題がないことを確認したので、規約に同意いたします。",
    "規約の内容を了知し、同意の上、遵守します。",
    "規約はホームページで読ませていただき、同意いたします。",
    "読んで同意しました👍",
    "I have carefully read all of the rules and the code of conduct, and I agree to them.",
    "○同意する　　同意しない",
    "同意する○　同意しない",
]
NOT_AGREEING = [
    "規約の一部に同意します",
    "読んだら同意します",
    "読んでから同意します",
    "確認した後に同意します",
    "問題がなければ同意します",
    "規約を読まずに同意します",
    "だいたい読んで同意します",
    "昨日同意しました",
    "本人が読んで同意しました",
    "上司が確認して同意しました",
    "課長の決裁が下り次第、同意いたします",
    "回答をいただいてから同意するかどうか判断します",
    "規約への同意",
    "同意します🤔",
    "同意する👎",
    "読んで同意しました😂",
    "I have read the rules but I agree to most of them.",
    "I agree to the rules if they stay.",
    "I agree to use",
    "I have understood the rules and I have to agree.",
    "規約に同意し、参加は見送ります",
    "規約はすべて読みましたので同意しておきます",
    "同意しました👍ただし",
    "○\n※同意しない場合は○",
    "\n※同意する場合は○",
    "同意する\n訂正します。\n誤 同意する\n正 同意しない",
    "同意する\n見本町総務課\nの見本 仮です",
    "同意する\n【その他】\n条件があります",
    "同意する\n連絡先：上司の承認後に",
    "同意する\nOutlook for Android を入手<https://aka.ms/x>\nやっぱりやめます",
    "I agree.\n... but",
    "I agree.\nbut only in part.",
    "I agree. I use it at work, but not the rules.",
    "I agree.\nIf you do not agree to receive it, please notify the sender.",
    "同意する ○ 同意しない",
    "○同意する　○同意しない",
    "同意する　○同意しない",
    "同意する　同意しない",
]


@pytest.mark.parametrize("said", AGREEING)
def test_a_consent_in_words_of_their_own_is_read(said: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}規約：{said}").consent


@pytest.mark.parametrize("said", NOT_AGREEING)
def test_what_is_built_alike_and_is_none_is_not(said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}規約：{said}").consent


LIMITS = (
    *("たら", "なら", "れば", "一部", "だけ", "まで", "まだ", "次第", "条件", "かも", "後", "仮に", "ずに"),
    *("第3条", "以外", "半分", "たぶん", "上司", "とは言え", "？", "つもり", "予定"),
)
PLAIN = [
    "規約と行動規範を昨夜すべて読み、同意いたします",
    "規約の内容を確認し、承知のうえ、同意します",
    "利用規約を熟読したので同意します",
    "全文を通読して、同意しております",
]


@given(st.sampled_from(PLAIN), st.sampled_from(LIMITS), st.data())
def test_a_word_that_limits_leaves_none(said: str, limit: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said)))
    assume("利用条件規約" not in said[:at] + limit + said[at:])  # a name of the rules
    assert not agrees(said[:at] + limit + said[at:])
    assert Consent.YES is not parse_form(f"{FORM}規約：{said[:at]}{limit}{said[at:]}").consent


_KANJI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0), min_size=1, max_size=2)


@given(st.sampled_from(PLAIN), _KANJI, st.data())
def test_a_word_that_is_not_known_leaves_none(said: str, word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said)))
    assume(not agrees(f"{word}同意します"))
    assume(not agrees(f"{word}規約に同意します"))  # 参加規約
    assume(not set(word) & set("済本当貴等及上"))
    assert not agrees(said[:at] + word + said[at:])


@given(
    st.sampled_from(["規約は昨夜すべて読みました", "全文を確認しました"]), st.sampled_from(LIMITS), st.data()
)
def test_what_was_read_in_part_or_later_is_not_said_to_be_read(
    said: str, limit: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(said)))
    assert has_read(said)
    assert not has_read(said[:at] + limit + said[at:])


_SIX = "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：企画課\n氏名：見本 花子\n"


@pytest.mark.parametrize(
    "said",
    [
        "規約の内容には同意します",
        "サイトの利用規約に同意します",
        "規約と行動規範に同意します",
        "規約、行動規範に同意します",
        "行動規範と規約に同意します",
        "行動規範を読み、規約に同意します",
        "私も規約に同意します",
        "私個人として同意します",
        "内容を把握し同意",
        "全文に同意",
        "規約に全面的に同意します",
        "問題がないため同意します",
        "上司と一緒に規約を読み、同意します",
    ],
)
def test_it_is_the_rules_or_nothing_that_is_agreed_to(said: str) -> None:
    assert Consent.YES is parse_form(f"{_SIX}規約への同意：{said}\n").consent


@pytest.mark.parametrize(
    "said",
    [
        "行動規範に同意する",
        "行動規範には同意します",
        "規約の趣旨には同意します",
        "ガイドラインに同意します",
        "注意事項に同意します",
        "要領に同意",
        "条項に同意する",
        "規約のページに同意します",
        "規約のPDFに同意します",
        "規約に記載の要領に同意",
        "規約を確認し、参加に同意します",
        "規約を読み、行動規範に同意します",
        "参加に同意します",
        "プラットフォームの参加に同意します",
        "利用に同意します",
        "プライバシーポリシーに同意します",
        "同僚と一緒に同意する",
        "上司と一緒に同意しています",
    ],
)
def test_another_document_or_taking_part_is_not(said: str) -> None:
    assert Consent.ABSENT is parse_form(f"{_SIX}規約への同意：{said}\n").consent
