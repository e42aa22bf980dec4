"""Statements beside a form about whose items these are, who sent the mail, and what it is an exercise of."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = (
    "区分：自治体\n団体名：見本町\nコード：990019\n部課名：総務課\n役職：主任\n氏名：見本 千尋\n規約：同意\n"
)


@pytest.mark.parametrize(
    "said",
    [
        "署名は佐藤のものです。",
        "署名は同僚のものです。",
        "メールアドレスは妻のものです。",
        "電話番号は係の後輩の携帯です。",
        "役職は前の課長の名前です。",
        "部課名は架空です。",
        "団体名は想像です。",
        "コードはでたらめです。",
        "役職名は訓練用のものです。",
        "団体名は見本のままです。",
        "申請は部下が送りました。",
        "メールは佐藤が送りました。",
        "本日、前任者が申請した件です。",
        "係の先輩からお送りしました。",
        "新人研修の課題です。",
        "庁内の情報研修の教材です。",
        "職員研修の実践として申請しました。",
    ],
)
def test_what_another_sent_or_somebody_made_up_is_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{said}\n").consent
    assert Consent.YES is not parse_form(f"{said}\n\n{FORM}").consent


@pytest.mark.parametrize(
    "said",
    [
        "役職は4月からのものです。",
        "署名は市にいたときのままです。",
        "メールアドレスは公用のものです。",
        "コードは当町のものです。",
        "県が送付した案内を見て申請しました。",
        "先輩から教えていただきました。",
        "同僚から紹介されました。",
        "前任者から引き継ぎました。",
        "防災の課題に取り組んでおります。",
        "研修会で知りました。",
    ],
)
def test_what_the_applicant_says_of_the_own_form_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}\n{said}\n").consent


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", "ヤッパリ　ヤメマス。"),
        ("", "ｶﾘﾆｭｳﾘｮｸﾃﾞｽ｡"),
        ("キヤクハ　ヨンデオリマセン。", ""),
        ("", "-- \n見本 千尋\n（人事課が一括で作成）"),
        ("（2023/4/1 佐藤 記）", ""),
        ("", "（４月１日　佐藤　記）"),
        ("", "Sato wrote this:"),
        ("> 規約に同意しますか\n考えておきます", ""),
        ("見ておきます", ""),
        ("", "연습입니다."),
        ("это проба", ""),
        ("先月の申請がいまも生きているか教えてください。", ""),
        ("いまも生きているか教えてください。", ""),
        ("", "登録が有効かどうかご教示ください。"),
    ],
)
def test_words_in_other_signs_or_without_a_verb_are_heard(above: str, below: str) -> None:
    assert Consent.YES is not parse_form(f"{above}\n\n{FORM}\n{below}\n").consent


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", "-- \n見本 千尋\n（ミホン　チヒロ）"),
        ("（2023/4/1 見本 記）", ""),
        ("下記のとおり申し込みます。", ""),
        ("申込みをお送りしておきます。", ""),
        ("", "メールが届いているか教えてください。"),
        ("", "他の課の職員も参加できるか教えてください。"),
        ("", "会費は無料かどうか教えてください。"),
        ("", "招待まで何日かかるか教えてください。"),
    ],
)
def test_the_own_name_and_an_application_leave_the_consent(above: str, below: str) -> None:
    assert Consent.YES is parse_form(f"{above}\n\n{FORM}\n{below}\n").consent


@pytest.mark.parametrize("answer", ["// 同意", "／／同意", "/* 同意 */"])
def test_an_answer_that_is_commented_out_is_none(answer: str) -> None:
    assert Consent.YES is not parse_form(FORM.replace("規約：同意", f"規約：{answer}")).consent
