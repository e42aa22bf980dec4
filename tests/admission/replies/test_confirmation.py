"""A colleague's answer and an applicant's withdrawal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal

CONTEXT = ReplyContext(applicant_name="見本 太郎", organisation="例示市", department="例示課", code="4F7K")
ENGLISH = ReplyContext(applicant_name="Taro Mihon", code="4F7K")


@pytest.mark.parametrize(
    "text",
    [
        "見本 太郎の在籍を確認しました。",
        "見本太郎は当課に在籍しています。",
        "見本 太郎が当課に在籍していることを確認しました。",
        "見本太郎は例示市に勤務しております。",
        "お世話になっております。\n例示課の佐藤です。\n見本太郎の在籍を確認しました。\nよろしくお願いします。",
        "【外部メール】\n見本 太郎は在籍しています。",
        "I confirm that Taro Mihon is employed here.",
        "Taro Mihon works here.\n\nOn Fri, 20 Nov 2026 at 10:05 desk <desk@example.go.jp> wrote:\n> no?",
        "はい 4F7K",
        "はい　４ｆ７ｋ",
        "はい 4F7K\n\nよろしくお願いします。",
        "はい 4F7K\n\n見本太郎は在籍しています。",
        "yes 4f7k",
    ],
)
def test_confirming(text: str) -> None:
    context = ENGLISH if text.isascii() else CONTEXT
    assert parse_confirmation(text, context) is Confirmation.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "在籍していません",
        "在籍しておりません。",
        "在籍して\nいません",
        "そのような者は在籍しておりません。",
        "確認できません",
        "見本 太郎の在籍は確認できませんでした。",
        "在籍が確認できませんでした。",
        "該当者はいません",
        "当課の職員ではありません。",
        "すでに退職しています。",
        "not employed",
        "He is not employed here.",
        "I cannot confirm.",
        "I confirm that he is not employed",
        "No such employee here.",
    ],
)
def test_denying(text: str) -> None:
    context = ENGLISH if text.isascii() else CONTEXT
    assert parse_confirmation(text, context) is Confirmation.DENY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "承知しました。",
        # Nobody is named: it could be said of anybody.
        "在籍を確認しました。",
        "在籍しています。",
        "上記の者が当課に在籍していることを確認しました。",
        "本人は当課に所属しております",
        "見本は当課に在籍しています。",
        "太郎は在籍しています。",
        "見本太郎は当課の職員です。",
        "Confirmed.",
        "I confirm his employment.",
        # Word and code stand alone on the first line, and nothing beside them is left open.
        "はい 4F7J",
        "はい",
        "はい\n4F7K",
        "4F7K",
        "お世話になります。\nはい 4F7K",
        "はい 4F7K\nただし来月退職します。",
        "はい 4F7K\n\nただし来月退職します。",
        "はい 4F7K\n\n見本太郎は在籍していません。",
        "> はい 4F7K",
        "在籍していますか？",
        "在籍を確認中です",
        "確認します。後日連絡します。",
        "確認しますのでお待ちください",
        "以前は在籍しています",
        "在籍を確認しました。ただし来月退職します。",
        "在籍しています。\n在籍していません。",
        "在籍しています\nか",
        "確認します",
        "確認しました。",
        "在籍を確認します。",
        "在籍を確認しました。何かあれば人事課にご確認ください。",
        "別人 花子は当課に在籍しています。",
        "在籍しています。別の人かもしれません。",
        "在籍していますが、来月異動します。",
        "在籍しています。\n\n-- \n先月退職しました。",
        "はい。",
        "「在籍しています」と書けばよいですか",
        "在籍しています。とは言えません。",
        "> 在籍を確認しました。",
        "在籍を確認しました…",
        "在籍しています（昨年まで）",
        "Please confirm",
        "I will confirm later",
        "I confirm that he was employed here",
        "Do you confirm?",
    ],
)
def test_no_answer(text: str) -> None:
    assert parse_confirmation(text, CONTEXT) is Confirmation.NONE


def test_our_own_lines_answer_nothing() -> None:
    ours = replace(CONTEXT, letter_lines=("見本 太郎の在籍を 確認しました。",))
    said = "見本 太郎の在籍を  確認しました。\n\nよろしくお願いします。"
    assert parse_confirmation(said, ours) is Confirmation.NONE
    assert parse_confirmation(said, CONTEXT) is Confirmation.CONFIRM


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("いいえ 4F7K", Confirmation.DENY),
        ("no 4F7K", Confirmation.DENY),
        ("心当たりがない 4F7K", Confirmation.UNKNOWN),
        ("心当たりがない4F7K\n\n例示課 佐藤", Confirmation.UNKNOWN),
        ("unknown 4f7k", Confirmation.UNKNOWN),
    ],
)
def test_the_buttons_answer_by_word_and_code(text: str, answer: Confirmation) -> None:
    assert answer is parse_confirmation(text, CONTEXT)
    assert answer is parse_confirmation("", CONTEXT, html_text=text)


@pytest.mark.parametrize("name", ["在籍しています", "本人は在籍", "はい", "職員", "太"])
def test_a_name_that_is_an_answer_names_nobody(name: str) -> None:
    chosen = replace(CONTEXT, applicant_name=name)
    assert parse_confirmation(f"{name}は在籍しています。", chosen) is Confirmation.NONE


@pytest.mark.parametrize(
    "text",
    [
        "取り下げます",
        "申請を取り下げます。",
        "この度、申請を取り下げさせていただきます。",
        "取下げ",
        "取り下げをお願いします",
        "申請の取り下げを希望します。",
        "辞退いたします。\nよろしくお願いします。",
        "異動のため、申請を取り下げます。",
        "都合により、参加申請を辞退させていただきます。\n申し訳ございません。",
        "withdraw",
        "Please withdraw my application.",
        "I would like to withdraw.",
    ],
)
def test_withdrawing(text: str) -> None:
    assert is_withdrawal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "申請します",
        "取り下げません",
        "取り下げはできますか",
        "取り下げますか？",
        "取り下げ\nません",
        "取り下げます。でも、まだ迷っています。",
        "取り下げ書をください",
        "取り下げないため、取り下げます",
        "> 都合により\n取り下げます\n> と言っていました",
        "取り下げます…",
        "取り下げます。と言いたいところですが",
        "withdraw?",
        "I do not withdraw my application.",
        "> 取り下げます",
        "取り下げる場合は「取り下げ」と返信してください",
    ],
)
def test_not_withdrawing(text: str) -> None:
    assert not is_withdrawal(text)


@pytest.mark.parametrize(
    "text",
    [
        "業務多忙のため取り下げます。",
        "取り下げます。業務多忙のためです。",
        "申請を取り下げます。業務が多忙なためです。",
        "取り下げます。担当を外れたためです。",
        "申請を取り下げます。異動することになりましたので。",
        "取り下げます。理由は異動です。",
        "取り下げます。理由：業務多忙のため",
        "異動が決まりました。申請を取り下げます。",
        "来月異動することになりました。そのため申請を取り下げます。",
        "担当が変わりました。つきましては申請を取り下げさせていただきます。",
        "急な異動が決まったので、申請を取り下げたいと思います。",
        "申し訳ありませんが、申請を取り下げます。上司の許可が得られませんでした。",
        "取り下げます。上司と相談した結果です。",
        "課内で検討した結果、取り下げることにしました。",
        "諸事情により申請を取り下げます。お手数をおかけしました。",
        "間違えて二重に申請してしまったので、この申請を取り下げます。",
        "別の職員が参加することになったため、取り下げます。",
        "業務の都合がつかなくなったため、参加を辞退いたします。",
        "予算がつかなかったため辞退します。",
        "組織改編で課がなくなるため、取り下げます。",
        "退職するので取り下げます。",
        "取り下げをお願いします。異動になりました。",
        "すみません、取り下げます。忙しくなってしまいました。",
        "I withdraw my application because I am moving to another section.",
        "I would like to withdraw my application. I am leaving my position in March.",
        "Please withdraw my application because I am too busy.",
        "I withdraw my application due to a transfer.",
        "I withdraw. I was transferred to another division.",
        "Due to my transfer, I would like to withdraw my application.",
        "I have been transferred, so I withdraw my application.",
    ],
)
def test_withdrawing_for_a_reason_of_ones_own(text: str) -> None:
    assert is_withdrawal(text)


@pytest.mark.parametrize(
    "text",
    [
        "取り下げます。異動したらまた連絡します。",
        "異動になったら取り下げます。",
        "異動になった場合は取り下げます。",
        "取り下げます。もし上司が許可しなければです。",
        "取り下げます。田中さんの分です。",
        "田中次郎の申請を取り下げます。異動のためです。",
        "取り下げます。ただし別の申請です。",
        "取り下げます。なんて言っていません。",
        "取り下げます。と上司は言いました。",
        "取り下げます。でもまだ迷っています。",
        "取り下げます。冗談です。",
        "取り下げます。理由は明日決めます。",
        "取り下げます。間違えました。",
        "取り下げます。別の申請のためです。",
        "取り下げます。招待をお願いします。",
        "取り下げます。やはり参加したいためです。",
        "取り下げます。いつまでに返事が必要ですか。",
        "取り下げません。異動のためです。",
        "異動のため、前の申請を取り下げてはいません。",
        "田中が異動のため、田中の申請を取り下げます。",
        "取り下げます。参加したいためです。",
        "取り下げます。まだ決めていません。",
        "I withdraw my application because you did not answer. Just kidding.",
        "I withdraw if I am transferred.",
        "I will withdraw my application when I am transferred.",
        "I do not withdraw because I am busy.",
        "I withdraw my application for Mr. Tanaka.",
        "I might withdraw because I am busy.",
        "I withdraw my question because it is answered.",
        "取り下げます。部長の決裁が下りれば。",
        "取り下げます。部長の決裁待ちです。",
        "取り下げます。異動の予定がなくなれば参加します。",
    ],
)
def test_what_is_no_reason_beside_a_withdrawal(text: str) -> None:
    """A condition, what is still to come, another's application, a change of mind."""
    assert not is_withdrawal(text)


@given(st.text(max_size=500), st.frozensets(st.text(max_size=20), max_size=3))
def test_any_text_is_read(text: str, own_lines: frozenset[str]) -> None:
    context = ReplyContext(letter_lines=tuple(own_lines))
    assert parse_confirmation(text, context) in set(Confirmation)
    is_withdrawal(text, context)
