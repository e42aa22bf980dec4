"""Below a consent people end a letter with wishes and thanks; what is added may be a second thought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する\n\n{said}\n"
CLOSINGS = {
    "a wish": [
        *("引き続きよろしくお願いいたします。", "今後ともどうぞよろしくお願いします。"),
        "よろしくお願いします(^^)",
        *("以上、お手数ですがご対応お願いいたします。", "ではまた。"),
        "それでは、よろしくお願いいたします。",
        "お忙しいところ恐縮ですが、ご対応のほどお願いします。",
    ],
    "what was done": [
        *("以上、申請いたします。", "記入しました。よろしくお願いします。"),
        "取り急ぎ、メールにて失礼いたします。",
        *("送信が遅くなり申し訳ありません。", "前回のメールが届いていないようでしたので再送します。"),
    ],
    "thanks": [
        *("ご案内ありがとうございました。", "先日の説明会では大変お世話になりました。"),
        *("ご担当者様によろしくお伝えください。", "寒さ厳しき折、くれぐれもご自愛ください。"),
    ],
    "what is awaited": [
        "招待をお待ちしております。",
        "返信は不要です。",
        "受け取られましたらご一報ください。",
    ],
    "a question": [
        "招待の有効期限はありますか。",
        "Slackの利用は初めてですが、何か準備するものはありますか。",
    ],
    "corrections": ["記入漏れなどありましたらお知らせください。", "様式に誤りがあれば修正いたします。"],
    "how to reach one": [
        *("電話は午前中につながりやすいです。", "携帯電話への連絡も可能です。", "参加は私一人です。"),
        "12月7日から11日まで出張のため、ご連絡はメールでお願いいたします。",
        *("来週は議会対応のため、返信が遅れる場合があります。", "本メールは庁内の端末から送信しています。"),
    ],
}


@pytest.mark.parametrize("said", [said for rows in CLOSINGS.values() for said in rows])
def test_how_letters_end_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(FORM.format(said=said)).consent


@pytest.mark.parametrize(
    "said",
    [
        *("以上、申請する予定です。", "以上、近日中に申請いたします。", "以上、ご相談です。"),
        "以上、控えです。",
        *("取り急ぎ下書きまで。", "鈴木が記入しました。", "参加は鈴木一人です。"),
        "参加は私ではありません。",
        *("招待はお待ちください。", "返信を待って決めます。", "様式に誤りがあれば取り消します。"),
        *("よろしくお願いします(仮)", "よろしくお願いします(未)", "では、また考えます。"),
        *("お手数ですが、この申請は破棄してください。", "お手数ですが、同意欄の削除をお願いいたします。"),
    ],
)
def test_what_only_sounds_like_it_does_not(said: str) -> None:
    assert Consent.YES is not parse_form(FORM.format(said=said)).consent


ENDS = st.sampled_from([said.rstrip("。") for rows in CLOSINGS.values() for said in rows])
DOUBTS = st.sampled_from(["かもしれません", "が、まだ迷っています", "が、規約は未読です", "が、鈴木の分です"])


@given(ENDS, DOUBTS)
def test_a_doubt_behind_a_closing_is_seen(said: str, doubt: str) -> None:
    assert Consent.YES is not parse_form(FORM.format(said=f"{said}{doubt}。")).consent
