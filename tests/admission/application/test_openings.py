"""Above a form people say who they are, why and how they apply; any other sentence leaves no consent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.replies.grammar.names.people import FAMILY_NAMES

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n{said}規約への同意：同意する\n"
PLACES = {
    "above": "{said}\n\n" + FORM.replace("{said}", ""),
    "after a greeting": "お世話になります。\n見本町の見本です。\n{said}\n\n" + FORM.replace("{said}", ""),
    "in the form": "見本町の見本です。\n\n" + FORM.replace("{said}", "{said}\n"),
}
OPENINGS = {
    "who writes": [
        "見本町総務課の見本と申します。",
        "見本町で主事をしております、見本 花子です。",
        "いつも大変お世話になっております。見本町の見本です。",
        "教育委員会事務局で学校の端末を担当しております見本です。",
    ],
    "how one applies": [
        *("標記の件、下記のとおり申請いたします。", "下記のとおり参加を申し込みます。"),
        "次の表のとおり申請します。",
        *("必要事項を記入しましたので、お送りします。", "ご案内いただいた様式に記入して返送します。"),
        *("様式が開けなかったため、本文に記入します。", "エクセルから貼り付けます。"),
    ],
    "why": [
        "説明会の資料を拝見し、ぜひ参加したくご連絡しました。",
        "県の担当者様から紹介され、申し込みます。",
        "他の自治体の事例を知りたくて申し込みます。",
        "課長の決裁が下りましたので、申請いたします。",
        "前回の申請で部署名に誤りがあったため、改めてお送りします。",
        "規約を確認のうえ、必要事項を記入いたしました。",
        "利用規約に目を通したうえで申請します。",
    ],
    "what one works on": [
        "昨年度までは総務課におりましたが、4月に異動しました。",
        "全国の市町村の皆様の声を知りたく、招待をお願いする次第です。",
        "小さな町ですが参加させてください！",
        "人口八百人あまりの村で、防災の仕事をしております。",
    ],
    "what a program adds": [
        "【注意】このメールは外部から受信したメールです。",
        "添付ファイルは無害化処理により削除されています。",
        "このメールはHTML形式で書かれています。",
    ],
    "what may be asked": ["教育委員会の者ですが、申請してよろしいでしょうか。", "参加費は無料でしょうか。"],
}
OTHERS = {
    "a draft": [
        *("下書きの段階です。", "まだ提出ではありません。", "あくまで仮の内容です。"),
        "以下、清書前のたたき台です。",
        *("提出前に一度見ていただけますか。", "書きかけのものを付けます。", "内部での確認用です。"),
    ],
    "no application": [
        *("今回は申し込みません。参考として送ります。", "庁内の研修で使う資料です。", "回覧用の写しです。"),
        *("このアドレスで受信できるか確認させてください。", "去年の申請を引用します。"),
        *("何も返事がないので、取りやめます。", "システムの動作を見ています。"),
    ],
    "an attempt": [
        *("次の文面をまねして書けばよいですか。", "下記のように書けばよいのでしょうか。"),
        *("こう書いておけばよろしいですか？", "記入の仕方が分からないので、試しに埋めてみました。"),
    ],
    "a line of the form": [
        *("最後の一行は生きていません。", "末尾の行は読み飛ばしてください。", "※次の行は見本のままです"),
        *("↓まだ決めていません", "ここから先は未記入です。", "---- 以下、記入例 ----"),
    ],
    "somebody else": [
        *("下の内容は鈴木が書いたものです。", "下記は私ではありません。", "息子が入力しました。"),
        *("同僚から下のメールが届きました。本物でしょうか。", "次の方の分の差し替えです。"),
        *("同じものを鈴木が出すと思います。", "総務課の鈴木です。"),
    ],
    "somebody who decides": [
        *("本人の了解はこれから取ります。", "次は課長待ちです。", "上からの指示で、やむなく書いています。"),
        *("もし参加するとしたら、次のようになります。", "上司がだめだと言っています。"),
    ],
}


@pytest.mark.parametrize("place", ["above", "after a greeting"])
@pytest.mark.parametrize("said", [said for rows in OPENINGS.values() for said in rows])
def test_with_what_people_open_a_letter_the_consent_counts(said: str, place: str) -> None:
    assert Consent.YES is parse_form(PLACES[place].format(said=said)).consent


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", [said for rows in OTHERS.values() for said in rows])
def test_any_other_sentence_above_leaves_no_consent(said: str, place: str) -> None:
    assert Consent.YES is not parse_form(PLACES[place].format(said=said)).consent


BEGINNINGS = [
    *(
        "夜分に失礼いたします。",
        "出先からですみません。",
        "当直明けに失礼します。",
        "音声入力なので読みにくかったらごめんなさい。",
    ),
    *(
        "受付番号はK7QM-4Tです。",
        "見本県町村会の事務局です。",
        "立場は政府機関の職員です。",
        "学校の端末の担当をしております。",
    ),
    *("今年の春に文化財の係に移りました。", "県の市町村振興課に教わりました。", "先日の研修で知りました。"),
    "先月の説明会で案内をいただき、たいへん興味を持ちました。",
    "環境関係のチャンネルがあると聞いて、参加を申し込みます。",
    "病院の職員も市の職員ですので、申請いたします。",
    "平素より本市の行政運営に格別の御理解を賜り、厚く御礼申し上げます。",
]
STORIES = [
    *(
        "三年前に出したものです。",
        "研修の教材として作成したものです。",
        "罰ゲームで申し込みます。",
        "賭けに負けたので申請します。",
    ),
    *(
        "うちの若手にも入ってほしいので、名前を借りました。",
        "人数合わせで申請いたします。",
        "幽霊会員のままで申し込みます。",
    ),
    *(
        "弟が勤める市役所です。",
        "棚の奥から出てきました。",
        "劇の台本を作っています。",
        "冷やかしですみません。",
    ),
    "三年前に出したもので、いまも生きているか知りたく存じます。",
]


@pytest.mark.parametrize("said", BEGINNINGS)
def test_with_the_beginning_of_a_letter_the_consent_counts(said: str) -> None:
    assert Consent.YES is parse_form(PLACES["after a greeting"].format(said=said)).consent


@pytest.mark.parametrize("said", STORIES)
def test_a_story_of_no_known_kind_is_for_the_staff(said: str) -> None:
    assert Consent.YES is not parse_form(PLACES["after a greeting"].format(said=said)).consent


FIELDS = {
    True: [
        *(
            "差出人：見本 花子",
            "差出人：見本町総務課",
            "From: 見本 花子 <hanako@town.mihon.lg.jp>",
            "送信者：参加受付窓口",
        ),
        *(
            "電話：0000-00-0000（内線12）",
            "所在地：見本町中央1-1",
            "フリガナ：ミホン ハナコ",
            "申請日：令和8年11月26日",
        ),
        *("利用目的：防災の事例の収集のため", "係：情報係"),
    ],
    False: [
        *(
            "差出人：研修用ダミー",
            "送信元：検証環境",
            "From: training dummy <t@example.jp>",
            "Sender: staging server",
        ),
        *("用途：操作研修", "１．用途：操作研修", "公開範囲：課内限り", "Mode: rehearsal", "モード：リハ"),
    ],
}


@pytest.mark.parametrize(("is_known", "line"), [(known, line) for known in FIELDS for line in FIELDS[known]])
def test_a_field_of_no_known_kind_is_for_the_staff(is_known: bool, line: str) -> None:
    read = parse_form(f"{line}\n\n" + FORM.replace("{said}", "")).consent
    assert is_known is (Consent.YES is read)


@given(
    st.text("棄懸躊躇渋逡巡厭稽閲戯擬", min_size=2, max_size=8),
    st.sampled_from(["用途", "扱い", "性質", "段階"]),
)
def test_no_value_of_an_unknown_field_leaves_a_plain_consent(value: str, label: str) -> None:
    form = FORM.replace("{said}", "")
    assert Consent.YES is not parse_form(f"{label}：{value}\n\n{form}").consent


WORDS = st.text("棄否拒疑懸躊躇渋逡巡厭却控写仮案", min_size=2, max_size=8)
ENDS = st.sampled_from(
    ["です。", "でした。", "の段階です。", "だけです。", "かもしれません。", "ではありません。"]
)


@given(WORDS, ENDS, st.sampled_from(sorted(PLACES)))
def test_what_the_text_is_or_is_not_may_be_about_the_consent(word: str, end: str, place: str) -> None:
    assert Consent.YES is not parse_form(PLACES[place].format(said=f"{word}{end}")).consent


STRANGERS = st.sampled_from(sorted(name for name in FAMILY_NAMES if len(name) > 1 and name != "見本"))
DEEDS = st.sampled_from(["{}が書きました。", "{}の申請です。", "{}さんの分です。", "{}に頼まれて送ります。"])


@given(STRANGERS, DEEDS, st.sampled_from(sorted(PLACES)))
def test_what_somebody_else_did_leaves_no_consent(name: str, deed: str, place: str) -> None:
    assert Consent.YES is not parse_form(PLACES[place].format(said=deed.format(name))).consent


def test_a_forwarder_who_says_who_they_are_leaves_the_consent_to_the_sender() -> None:
    said = "総務課の鈴木です。\n同じ課の者から預かったものを送ります。\n{}" + FORM.replace("{said}", "")
    head = "\n-----元のメッセージ-----\n差出人: 見本 花子\n送信日時: 2026年11月20日 10:00\n件名: 申請\n\n"
    assert Consent.YES is parse_form(said.format(head)).consent
    assert Consent.YES is not parse_form(said.format("\n")).consent
    assert Consent.YES is not parse_form(said.format(head.replace("見本 花子", "佐藤 次郎"))).consent
    assert Consent.YES is not parse_form(said.format(head).replace("総務課の鈴木です。\n", "")).consent
