"""Above a form and in a signature stand greetings, letterheads and contact data; other words are a doubt."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.replies.grammar.names.people import FAMILY_NAMES

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する\n"
SIGNED = "{form}\n{rule}\n見本町役場 総務課\n見本 花子\n{said}\nTEL 0155-11-2233\n"
PLACES = {
    "above": "{said}\n\n{form}",
    "above, after a greeting": "お世話になっております。\n見本町の見本です。\n\n{said}\n{form}",
    "in a signature": SIGNED.replace("{rule}", "-- "),
    "below a drawn line": SIGNED.replace("{rule}", "-" * 20),
    "below a mark alone": "{form}\n-- \n{said}\n",
    "below a drawn line alone": "{form}\n----------------\n{said}\n----------------\n",
}
OUT_OF_PLACE = {
    "the rules are not read": ["未読", "【未読】", "未読です", "中身は見ていません", "not read"],
    "somebody else wrote it": [
        "代筆：佐藤",
        "代筆　佐藤",
        "記入者：佐藤",
        "入力者：佐藤 一郎",
        "Written by Sato",
    ],
    "somebody else applies": [
        *(
            "氏名は前任者のものです",
            "後任をご招待ください",
            "後任をご招待ください。",
            "課員を招待してください。",
        ),
        *("参加者：佐藤", "後任：佐藤", "実際の参加者は佐藤です", "佐藤が参加します", "別の職員が使います"),
        *("作成：佐藤 一郎", "申請は佐藤が行っています", "他人名義"),
        *("佐藤の分", "名義貸し", "please invite my successor", "for my successor"),
    ],
    "not now": ["参加は来年度に…", "参加は来年度に", "希望は来年度", "来年度から", "開始は4月から"],
    "the applicant has left": ["見本花子は退職しました", "見本は異動しました。"],
    "no decision": ["要相談", "懸念あり", "半信半疑", "様子見", "課長不在", "まだ仮", "一部不可"],
    "no application": ["控え", "写し", "案", "(案)", "【案】", "ドラフト", "draft", "Draft only", "test"],
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", [said for rows in OUT_OF_PLACE.values() for said in rows])
def test_what_does_not_belong_there_leaves_no_consent(said: str, place: str) -> None:
    assert Consent.YES is not parse_form(PLACES[place].format(said=said, form=FORM)).consent


@pytest.mark.parametrize(
    "said",
    [
        *(
            "参加申込書",
            "共創プラットフォームへの参加申請について",
            "見本町参加申請",
            "様式第1号",
            "新規申込",
        ),
        *("参加受付窓口　御中", "ご担当者様", "各位", "佐藤さん", "Dear Sir or Madam,", "Application form"),
        *(
            "見総第45号",
            "令和8年11月30日",
            "（公印省略）",
            "事務連絡",
            "標記について",
            "記",
            "【外部メール】",
        ),
        *("申請者情報", "【申請内容】", "下記のとおり", "件名：参加申請", "--- 申請内容 ---"),
        *("見本町役場", "見本町総務課　見本", "情報政策課情報係長", "主任　見本　花子", "（みほん はなこ）"),
        *("こんにちは", "お疲れさまです。", "初めてメールします", "当課でも参加したく、ご連絡しました。"),
        *("参加費は無料でしょうか。", "申請者は以下の者です。", "利用目的：業務改善のため"),
        *("登録は異動後の所属と役職でお願いします。", "小さな町ですが参加させてください！"),
        *("添付：なし", "回答者：見本 花子", "整理番号：12", "担当：総務課　見本", "申請者は私です。"),
        *("次の項目をご記入ください。", "ご確認をお願いします。"),
    ],
)
def test_greetings_heads_and_wishes_above_leave_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{said}\n\n{FORM}").consent


@pytest.mark.parametrize(
    "said",
    [
        "招待先は後任にしてください",
        "前任の名前のままです",
        "私ではなく佐藤が入ります",
        "申込みは来月からにします",
    ],
)
def test_a_sentence_above_about_another_person_or_time_leaves_no_consent(said: str) -> None:
    assert Consent.YES is not parse_form(f"{said}\n\n{FORM}").consent


def test_a_long_line_that_goes_on_below_is_part_of_its_sentence() -> None:
    said = (
        "島の事業者さんの手続を電子にする仕事を任され、先輩方の知恵をお借り\nしたく、参加を希望いたします。"
    )
    assert Consent.YES is parse_form(f"{said}\n\n{FORM}").consent


def test_who_is_in_the_head_of_a_forwarded_mail_may_be_addressed() -> None:
    head = "-----Original Message-----\nFrom: 橋爪 和代 <h@example.jp>\nSubject: FW: 申込み\n\n"
    said = "申込書をお送りします。\n\n{}橋爪係長\n{}"
    assert Consent.YES is parse_form(said.format(head, FORM)).consent
    assert Consent.YES is not parse_form(said.format(head.replace("橋爪 和代", "別人 一人"), FORM)).consent


@given(st.text("棄否拒疑懸躊躇渋逡巡厭忌却", min_size=1, max_size=6), st.sampled_from(sorted(PLACES)))
def test_a_single_word_that_nobody_is_called_is_a_doubt_in_every_place(word: str, place: str) -> None:
    assert Consent.YES is not parse_form(PLACES[place].format(said=word, form=FORM)).consent


ROLES = st.sampled_from(["代筆", "記入者", "入力者", "参加者", "利用者", "申込者", "申請者", "申請人"])
NAMES = st.sampled_from(sorted(name for name in FAMILY_NAMES if name != "見本"))


@given(ROLES, NAMES, st.sampled_from(sorted(PLACES)), st.sampled_from(["：", " ", "　", "："]))
def test_two_names_for_one_applicant_are_no_consent(role: str, name: str, place: str, gap: str) -> None:
    assume(name[:1] != "見")
    said = f"{role}{gap}{name} 一郎"
    assert Consent.YES is not parse_form(PLACES[place].format(said=said, form=FORM)).consent


@pytest.mark.parametrize("said", ["担当者：佐藤 一郎", "申請者：見本 花子", "申請者：見本"])
def test_a_contact_or_the_same_person_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{said}\n{FORM}" if "担当" not in said else f"{FORM}{said}\n").consent


@pytest.mark.parametrize("sign", ["|", "\t"])
def test_a_table_with_a_column_for_each_of_two_roles_is_nobodys(sign: str) -> None:
    rows = [
        "項目 申請者 連絡担当",
        "団体名 見本町 見本町",
        "部課名 総務課 情報課",
        "規約への同意 同意する 同意する",
    ]
    rows.insert(3, "氏名 見本花子 佐藤一郎")
    form = parse_form("\n".join(f"{sign.strip()}{row.replace(' ', sign)}{sign.strip()}" for row in rows))
    assert Consent.YES is not form.consent
    assert "連絡担当" != form.name
