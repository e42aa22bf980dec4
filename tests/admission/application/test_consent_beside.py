"""What may stand below a consent: questions, how to be reached, remarks, notices of a mail system.

Each kind has its traps beside it: what is built alike, and limits the consent or takes it back.
"""

from __future__ import annotations

import pytest

from gateway.admission.application.form import Consent, parse_form

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する"
HARMLESS = [
    "参加後に課の共有アドレスへ変更することはできますか？",
    "スマートフォンからも利用できるのでしょうか。",
    "招待はどのアドレスに届きますか？",
    "複数の課で使うことはできますか。",
    "返信は本メールアドレスにお願いします。",
    "電話は午後にお願いします。",
    "連絡は平日の9時から17時までにお願いいたします。",
    "お返事は公用のメールアドレスにいただけますと幸いです。",
    "※本メールはLGWAN無害化システムを経由しています。",
    "このメールは庁外から受信しました。",
    "備考：電話は午後にお願いします",
    "備考　なし",
    "その他：特になし",
]
TRAPS = [
    "今の回答は仮のものにできますか？",
    "この回答を取り消すことはできますか？",
    "内容を後で変更できますか？",
    "規約の一部に同意しないことはできますか？",
    "課長の判断を待つことはできますか",
    "代わりに主任が答えることはできますか",
    "申請を練習にすることはできますか？",
    "返信は上司の許可が出てからお願いします。",
    "連絡は同意の撤回後にお願いします。",
    "本メールは仮のものです。",
    "本メールは無効です。",
    "備考：第5条は除きます",
    "備考：上司の決裁待ちです",
    "その他：仮の回答です",
]


@pytest.mark.parametrize("said", HARMLESS)
def test_what_limits_nothing_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}\n\n{said}").consent


@pytest.mark.parametrize("gap", ["\n", "\n\n", "　※", "\t"])
@pytest.mark.parametrize("said", TRAPS)
def test_what_is_built_alike_and_limits_it_leaves_none(gap: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}{gap}{said}").consent


@pytest.mark.parametrize(
    "said",
    [
        "利用規約を確認し、同意の上申請いたします。",
        "規約に同意して申し込みます。",
        "規約を読み、同意の上で参加を申請します。",
    ],
)
def test_who_applies_having_agreed_agrees(said: str) -> None:
    assert Consent.YES is parse_form(f"{said}\n\n団体名　見本町\n氏名　見本 花子\n").consent


@pytest.mark.parametrize(
    "said",
    [
        "規約に同意お願いします。",
        "規約に同意いただき申請します。",
        "規約を確認し、上司が同意の上申請します。",
        "規約に同意の上、申請するか検討します。",
    ],
)
def test_who_asks_for_a_consent_or_waits_for_one_does_not(said: str) -> None:
    assert Consent.YES is not parse_form(f"{said}\n\n団体名　見本町\n氏名　見本 花子\n").consent
