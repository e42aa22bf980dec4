"""Second thoughts below a consent that name nothing, and daily fare that takes none back."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import Consent, parse_form

FORM = "区分：自治体\n団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n"
AGREED = f"{FORM}規約への同意：同意する\n\n"


@pytest.mark.parametrize(
    "said",
    [
        "気が変わりました。",
        "少し待ってください。",
        "なんてね。",
        "うっそー",
        "忘れてください。",
        "先ほどの回答は間違いです。",
        "上の回答は無効です。",
        "もう少し考えさせてください。",
        "検討中です。",
        "まだ決めていません。",
        "でも、ちょっと。",
        "やっぱりいいです。",
        "今のはなしで。",
        "課長が戻ってからにします。",
        "4月になったら有効とします。",
        "迷っています。",
        "自信がありません。",
        "反対です。",
        "本心ではありません。",
        "誤って書きました。",
        "テストです。",
        "練習です。",
        "Just testing.",
        "Wait.",
        "I changed my mind.",
        "Please ignore the above.",
        "Not really.",
        "Actually, no.",
        "Sorry, wrong answer.",
        "Never mind.",
        "追って連絡します。",
        "上司の了解を得てから正式に回答します。",
        "様子を見ます。",
        "前言撤回。",
        "それは嘘です。",
        "これは冗談です。",
        "今は無理です。",
        "納得していません。",
        "内容は読んでいません。",
        "仮の回答です。",
        "後で直します。",
        "回答は変更するかもしれません。",
        "いったん白紙で。",
        "条件付きです。",
        "同意は条件付きです。",
        "さっきのは無視して。",
        "訂正します。",
        "いや、やめます。",
        "未定です。",
        "ごめんなさい、違います。",
        "違います。",
        "誰かが勝手に書きました。",
        "部長の決裁後に有効です。",
        "答えは来週変わります。",
        "考え中",
        "保留",
        "ふざけて書きました。",
        "本当はいやです。",
        "嫌です。",
        "だめです。",
        "不本意です。",
        "形だけです。",
        "とりあえず書きました。",
        "一応です。",
        "仮です。",
        "下書きです。",
        "案です。",
        "見本です。",
        "書き方の例です。",
        "この欄は無効です。",
        "この回答は後日差し替えます。",
        "参加は見送ります。",
        "辞めます。",
        "参加しません。",
        "申請はしません。",
        "送信ミスです。",
        "途中です。",
        "まだ途中です。",
        "記入途中です。",
        "半分だけ。",
        "一部です。",
    ],
)
@pytest.mark.parametrize("between", ["", "お世話になります。\n", "\n\n\n", "-- \n"])
def test_a_second_thought_leaves_no_consent(said: str, between: str) -> None:
    assert Consent.YES is not parse_form(AGREED + between + said).consent


@pytest.mark.parametrize(
    "said",
    [
        "業務で使います。",
        "利用目的は情報の共有です。",
        "お手数をおかけしますが、よろしくお願いいたします。",
        "ご連絡をお待ちしております。",
        "-- \n見本町役場 危機管理室\n試作 葉子\nTEL 0155-11-2233",
        "ふるさと納税受付中です！",
        "節電にご協力ください。",
        "不明な点がございましたらご連絡ください。",
        "ご不明な点がありましたらお知らせください。",
        "何かあれば下記までご連絡ください。",
        "ご査収ください。",
        "添付ファイルはありません。",
        "※このメールはインターネット経由で送信されています。",
        "複数名での申請は別途お送りします。",
        "以上、よろしくお願いいたします。",
        "このメールに心当たりのない方は削除してください。",
        "ご検討のほどよろしくお願いいたします。",
        "同じ課の鈴木も別に申請いたします。",
        "電話は平日9時から17時までにお願いします。",
        "差し支えなければご教示ください。",
        "お忙しいところ恐縮ですが、よろしくお願いいたします。",
        "iPhoneから送信",
        "Sent from my iPhone",
        "This e-mail is confidential. If you are not the intended recipient, please delete it.",
        "お急ぎの場合は電話でお願いします。",
        "至らない点もあるかと存じますが、よろしくお願いします。",
    ],
)
def test_daily_fare_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


@pytest.mark.parametrize(
    "value",
    [
        "同意する（2027年4月1日改定）",
        "同意する（令和9年4月1日改正）",
        "同意する 2027年4月1日改定",
        "同意する、",
        "同意します、",
        "はい、",
    ],
)
def test_a_broken_off_answer_and_a_date_of_revision_are_no_plain_yes(value: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}規約への同意：{value}").consent
