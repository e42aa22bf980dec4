"""What is asked of the desk below a consent: told by how it ends, and free of words that limit."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.consent.below.asking.requests import (
    is_about_item,
    is_request,
    is_request_en,
)
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

ASKED = [
    "転記をお願いできますでしょうか。",
    "組合を構成する3町の職員も、それぞれの町から申し込んでよいのでしょうか。",
    "今度の研修までに入れたら嬉しいです。",
    "足りないところがありましたらご連絡ください。",
    "24時間交替勤務のため、お返事が翌々日になることがあります。",
    "土日は閉庁のため返信できません。",
    "他の町の方と情報交換できるのを楽しみにしています。",
    "外出先のため簡単ですみません。",
    "スマホからの送信につき乱文ご容赦ください。",
    "コピー＆ペーストで書いたので、形が崩れていたらすみません。",
    "今後のご活躍をお祈り申し上げます。",
    "寒い日が続きますので、皆様もご自愛ください。",
]
AGREED = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する\n\n"


@pytest.mark.parametrize("said", [*ASKED, "Is the workspace also available in English?"])
def test_what_is_asked_of_the_desk_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


OF_ITEMS = [
    "署名は市にいたときのままです。",
    "部課名と役職はそのとき連絡します。",
    "なお、役職は4月から付いたものです。",
]


@pytest.mark.parametrize("said", OF_ITEMS)
def test_what_is_said_of_an_item_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


@pytest.mark.parametrize(
    "said",
    [
        "担当は別の者です。",
        "回答は後で送ります。",
        "署名は部下がしました。",
        "氏名は仮です。",
        "ほかの人が打っているため短文で失礼します。",
        "見本から写したので文面が長くてすみません。",
        "しぶしぶ出したので、短文で失礼します。",
        "親に頼まれたため簡単ですみません。",
        "お蔵入りになるのを楽しみにしています。",
        "返事を延ばしたいため返信できません。",
        "秋に届きます。",
        "お迎えください。",
        "同意は別です。",
    ],
)
def test_what_is_said_of_the_writer_or_the_answer_leaves_none(said: str) -> None:
    assert Consent.YES is not parse_form(AGREED + said).consent


@given(
    st.sampled_from(OF_ITEMS), st.sampled_from(["同意", "一部", "だけ", "未定", "検討", "上司", "仮", "なら"])
)
def test_with_a_word_that_limits_nothing_is_only_of_an_item(said: str, limit: str) -> None:
    bare = said.rstrip("。")
    at = bare.index("は") + 1
    assert not is_about_item(bare[:at] + limit + bare[at:])


# By which people agree, decide, wait, choose a part, make a condition or refer to what they wrote.
LIMITS = (
    *("同意", "規約", "回答", "一部", "条件", "だけ", "のみ", "未定", "保留", "検討", "了承", "許可", "決裁"),
    *("承認", "撤回", "取り消し", "取り下げ", "仮", "ない", "まだ", "もし", "なら", "れば", "てから", "除き"),
    *("後日", "待って", "上司", "課長", "議会", "これ", "それ", "上記", "代理", "変更", "無効", "冗談"),
    *("反対", "やめ", "辞退", "判断", "テスト"),
)


@given(st.sampled_from(ASKED), st.sampled_from(LIMITS), st.data())
def test_with_a_word_that_limits_no_request_is_understood(said: str, limit: str, data: st.DataObject) -> None:
    bare = "".join(unicodedata.normalize("NFKC", said).split()).rstrip("。")
    at = data.draw(st.integers(0, min(6, len(bare))))
    assert not is_request(bare[:at] + limit + bare[at:])


@pytest.mark.parametrize("said", ["can i agree later?", "is my answer final?", "could the mayor decide?"])
def test_an_english_question_about_the_answer_is_not_understood(said: str) -> None:
    assert not is_request_en(said)
