"""A person to call about an application leaves the consent; a deputy or another applicant does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.consent.around.contacts import is_contact_label, is_contact_person
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = (
    "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：総務課\n氏名：田中 花子\n"
    "規約への同意：同意します\n"
)
NAMES = ("佐藤", "佐藤 健", "鈴木", "渡辺 一郎")
PLACES = ("{}\n", "\n{}\n", "\nよろしくお願いいたします。\n\n{}\n", "{}\n電話：0155-11-2233\n")
# %s is a name.
CONTACTS = """
連絡担当者：%s
連絡先担当者：%s
連絡担当：%s
連絡窓口：%s
担当者：%s
担当：%s
事務担当者：%s
事務担当：%s
問い合わせ先：%s
お問い合わせ先：総務課 %s
連絡先：総務課 %s（内線123）
連絡先：%s
担当者連絡先：%s 0155-11-2233
緊急連絡先：%s
緊急時連絡先：%s
連絡責任者：%s
ご連絡先：総務課 %s
連絡窓口担当：%s
お問合せ先：%s
【連絡担当者】%s
・連絡担当者：%s
（連絡担当：%s）
連絡担当者　%s
連絡担当者氏名：%s
担当者名：%s
取扱担当：%s
事務連絡先：%s
副担当：%s
照会先：%s
本件担当：%s
本件連絡先：総務課 %s
本件に関する問い合わせ先：総務課 %s
（担当：%s）
（担当　総務課　%s）
連絡担当：総務課庶務係 %s
人事担当：%s
担当係長：%s
経理担当：%s
システム担当者：%s
取りまとめ担当：%s
窓口：%s
窓口担当者：%s
""".strip().splitlines()
OTHERS = """
（代理：%s）
代理：%s
代理人：%s
代理申請者：%s
代理申請：%s
（代筆：%s）
代筆者：%s
代行：%s
入力代行：%s
記入者：%s
記載者：%s
入力者：%s
作成者：%s
作成：%s
送信者代理：%s
（%s代理）
（%s　代）
申請代行：%s
代理で%sが送信しています。
本人に代わり%sが申請します。
%sの代わりに申請します。
%sの分です。
本人：%s
申請者本人：%s
申請人：%s
利用者：%s
参加者：%s
参加希望者：%s
実際の利用者：%s
実際の参加者：%s
使用者：%s
対象者：%s
後任：%s
前任者：%s
新担当者：%s
4月からの担当者：%s
後任担当者：%s
交代予定者：%s
同意者：%s
承諾者：%s
同意確認者：%s
規約確認者：%s
確認者：%s
決裁者：%s
承認者：%s
取次：%s
取次者：%s
転記：%s
以上、%s記入
（%s記）
%sが代理で同意しました。
%sの同意は未確認
連絡担当者：%s（代理申請）
連絡担当者：%s（本人未同意）
連絡担当者：%s 同意は未確認
連絡担当者：%sが参加します
担当者：%s（参加者）
連絡担当者：%s、参加するのも%sです
連絡担当者：本人は%s
担当者：未定、%sの予定
代理連絡担当者：%s
連絡担当代理：%s
連絡担当者：%s（申請者代理）
共同申請者：%s
申請担当者：%s
申込担当者：%s
連名：%s
他1名：%s
同行者：%s
代理連絡先：%s
代理送信者：%s
秘書：%s
委任先：%s
（%s代筆）
（代筆 %s）
（代 %s）
（代）%s
per %s
(by %s)
入力担当：%s
申請事務担当：%s
招待先：%s
招待対象：%s
ユーザー：%s
対象職員：%s
""".strip().splitlines()


@pytest.mark.parametrize("line", CONTACTS)
def test_a_contact_leaves_the_consent(line: str) -> None:
    for name in NAMES:
        said = [parse_form(FORM + place.format(line.replace("%s", name))) for place in PLACES]
        assert [("田中 花子", Consent.YES)] * len(PLACES) == [(form.name, form.consent) for form in said]


@pytest.mark.parametrize("line", OTHERS)
def test_somebody_else_leaves_no_consent(line: str) -> None:
    for name in NAMES:
        said = [parse_form(FORM + place.format(line.replace("%s", name))) for place in PLACES]
        assert Consent.YES not in {form.consent for form in said}
        assert {"田中 花子"} == {form.name for form in said}


_WHERE = ("{form}{line}\n", "{form}\n{line}\n", "{line}\n{form}", "{line}\n\n{form}")


@pytest.mark.parametrize(
    "line",
    [
        "（記：佐藤）",
        "（記：佐藤 健）",
        "（記　佐藤）",
        "（筆：佐藤）",
        "（送信：佐藤）",
        "代筆：佐藤",
        "田中 花子（代）",
        "田中 花子 代",
        "田中（代理）",
        "総務課 田中 花子（代）",
        "for Hanako Tanaka",
        "on behalf of Hanako Tanaka",
        "p.p. Sato Ken",
        "by Sato Ken",
        "Written by Ken Sato",
        "Assistant Sato Ken",
        "Proxy: Sato Ken",
    ],
)
def test_whoever_writes_for_the_applicant_leaves_no_consent(line: str) -> None:
    said = [parse_form(place.format(form=FORM, line=line)) for place in _WHERE]
    assert Consent.YES not in {form.consent for form in said}


@pytest.mark.parametrize(
    "line", ["田中 花子", "記", "（記：田中）", "総務課 田中 花子", "for Mihon Town", "田中 花子（総務課）"]
)
def test_the_own_name_and_an_organisation_leave_the_consent(line: str) -> None:
    assert Consent.YES is parse_form(f"{line}\n\n{FORM}").consent


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("教材番号：12", Consent.UNSURE),
        ("教材：3", Consent.UNSURE),
        ("整理番号：12", Consent.YES),
        ("配布先：全職員", Consent.UNSURE),
        ("【配布先】全職員", Consent.UNSURE),
        ("用途\t説明会の資料", Consent.UNSURE),
        ("状態：未送信", Consent.UNSURE),
        ("職階：主任", Consent.YES),
        ("確度：C", Consent.UNSURE),
        ("作者：文芸課", Consent.UNSURE),
        ("取りまとめ：総務課", Consent.YES),
        ("【電話】0155-11-2233", Consent.YES),
        ("差出人：台本係", Consent.UNSURE),
        ("差出人：総務課", Consent.YES),
    ],
)
def test_a_field_of_no_known_kind_in_any_layout_is_for_the_staff(field: str, wanted: Consent) -> None:
    form = FORM.replace("部課名", f"{field}\n部課名")
    assert wanted is parse_form(f"参加を申請します。\n\n{form}").consent


@pytest.mark.parametrize(
    ("label", "value", "wanted"), [("確度", "C", Consent.UNSURE), ("電話", "0155-11-2233", Consent.YES)]
)
def test_a_field_of_no_known_kind_above_its_value_is_for_the_staff(
    label: str, value: str, wanted: Consent
) -> None:
    form = "".join(f"■{line.replace('：', chr(10))}\n" for line in FORM.splitlines())
    assert wanted is parse_form(form.replace("■部課名", f"■{label}\n{value}\n■部課名")).consent


LABELS = st.sampled_from(["連絡担当者", "事務担当", "問い合わせ先", "担当者"])
MORE = st.sampled_from(
    ["（代理申請）", "が申請します", "（本人未同意）", "、同意は後日", "に同意なし", "の代わり", "（参加者）"]
)


@given(LABELS, st.sampled_from(NAMES), MORE)
def test_a_contact_says_nothing_more(label: str, name: str, more: str) -> None:
    assert is_contact_person(f"{label}：{name}")
    assert not is_contact_person(f"{label}：{name}{more}")


@given(LABELS, st.sampled_from(["申請", "代理", "新", "前", "参加", "本人", "同意", "後任"]))
def test_a_label_with_another_word_is_of_no_contact(label: str, word: str) -> None:
    assert is_contact_label(label)
    assert not is_contact_label(word + label)
