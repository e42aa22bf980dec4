"""What is a consent, what is none, and what leaves it as it is: of the past, of a group, with a request."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer

ITEMS = (
    "区分：自治体\n団体名：例示市\n全国地方公共団体コード：011002\n"
    "部課名：税務課\n役職：主査\n氏名：和泉 さくら\n"
)
FORM = f"{ITEMS}規約への同意：同意する\n"
PLACES = ("{form}\n{said}\n", "{form}{said}\n", "{said}\n\n{form}")
NONE = """
既に同意済みです。
すでに同意しています。
以前同意しました。
前回同意いたしました。
先日規約に同意しました。
先日確認し同意しました。
昨日同意しております。
昨年度に同意済みです。
4月に同意しました。
先週、規約を読み同意しました。
もう同意しました。
個人としては同意します。
私としては同意します。
私個人としては規約に同意いたします。
職員としては同意します。
We agree to the rules.
We agree.
Yes, we agree.
We have read the rules and agree to them.
We accept the terms.
同意しますので、投稿は消してください。
同意しますので、第3条は除いてください。
同意しますので、少々お待ちください。
同意しますので、田中に確認してください。
同意しますのでよいですか。
同意しますので、ご確認のうえ取り消してください。
ルールを守りません。同意します。
ルールを守れば同意します。
上司がルールを守ります。同意します。
ルールを守ります。同意は後日します。
はい。佐藤が読みました。
同意します。課長の佐藤が読みました。
"""
GIVEN = """
同意します。
同意しました。
同意済みです。
規約を読み、同意いたしました。
規約をすでに読みました。同意します。
昨日規約を読み、同意します。
先日規約を確認しましたので、同意します。
本日、規約を確認し同意します。
改めて規約に同意します。
私個人として同意します。
I agree to the rules.
I have read the rules and agree to them.
I agree to the terms of use.
同意しますので、よろしくお願いします。
規約に同意しますので、ご確認ください。
同意いたしますのでご査収ください。
同意します、よろしくお願いします。
同意いたしますので、よろしくお願いいたします。
利用規約に同意しますのでよろしくお願い申し上げます。
ルールを守ります。同意します。
規約を遵守します。同意します。
はい、規約に同意の上で申し込みます。
"""
DATED = (
    "R8.11.27",
    "令和8年11月27日",
    "2026/11/27",
    "2026年11月27日",
    "2026/11/27 和泉さくら",
    "R8.11.27 和泉",
)
UNDATED = (
    "R8.11.27から",
    "R8.11.27まで",
    "4月1日以降",
    "2026/11/27 佐藤",
    "R9.4.1予定",
    "11/27のみ",
    "1.1",
    "第3条",
    "2026/11",
)
SHARED = """
課の共用アカウントとして使います。
課員5名で使います。
係のみんなで利用します。
税務課で共同利用します。
共有アカウントとして登録します。
部署共通のアカウントとして申請します。
課内で共用します。
3人で使い回します。
班の全員が使えるようにします。
課として利用します。
課内の職員で利用します。
窓口の共用端末用のアカウントです。
組織アカウントとして使わせてください。
"""
LIMITED = """
上司の了承を得てから使います。
課長に了承を得る予定です。
上司に了承を得ていません。
上司の了承を得るため待ちます。
規約を直したく申し込みます。
第3条を除きたく申し込みます。
同意を取り消したく連絡します。
佐藤に使わせたく申し込みます。
後任に使わせるため申し込みます。
試しに送るため申し込みます。
"""
LEFT = """
DXの事例を学びたく申し込みます。
他団体の取組を知りたく、申請いたします。
業務改善の参考にしたく申し込みます。
情報収集のため申し込みます。
他市の事例を参考にするため参加を希望します。
職員との情報交換のため、申請します。
事例収集のために利用します。
庁内の情報共有のために利用します。
上司の了承を得ています。
上司には了承を得ています。
所属長にも了解を得ています。
課長から了承を得ています。
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("said", lines(NONE))
def test_what_is_said_of_another_time_or_by_others_is_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{ITEMS}規約への同意：{said}\n").consent
    assert Consent.YES is not parse_form(f"{ITEMS}{said}\n").consent
    assert Consent.YES is not read_short_answer(said, (Item.CONSENT,)).consent


@pytest.mark.parametrize("said", lines(GIVEN))
def test_a_consent_with_a_request_or_a_promise_is_read(said: str) -> None:
    assert Consent.YES is parse_form(f"{ITEMS}{said}\n").consent
    assert Consent.YES is read_short_answer(said, (Item.CONSENT,)).consent


@pytest.mark.parametrize("day", DATED)
def test_the_day_of_a_consent_may_follow_it_in_brackets(day: str) -> None:
    assert Consent.YES is parse_form(f"{ITEMS}規約への同意：同意する（{day}）\n").consent


@pytest.mark.parametrize("said", UNDATED)
def test_a_term_an_article_or_another_name_in_brackets_is_no_day(said: str) -> None:
    assert Consent.YES is not parse_form(f"{ITEMS}規約への同意：同意する（{said}）\n").consent


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", [*lines(SHARED), *lines(LIMITED)])
def test_an_account_of_several_people_or_a_limit_beside_the_form_is_asked_about(
    said: str, place: str
) -> None:
    assert Consent.YES is not parse_form(place.format(form=FORM, said=said)).consent


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", lines(LEFT))
def test_a_purpose_or_the_leave_of_a_superior_leaves_the_consent(said: str, place: str) -> None:
    assert Consent.YES is parse_form(place.format(form=FORM, said=said)).consent


@pytest.mark.parametrize(
    "said", ["上司には了承を得ています。", "課長の同意を得ています。", "情報収集のため申し込みます。"]
)
def test_the_leave_of_a_superior_or_a_purpose_is_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{ITEMS}{said}\n").consent
    assert Consent.YES is not parse_form(f"{ITEMS}規約への同意：{said}\n").consent
