"""Statements about what is missing from a form, how it was typed, and who else belongs limit no consent."""

from __future__ import annotations

import pytest

from gateway.admission.application.consent.below.letter.gaps import is_gap
from gateway.admission.application.consent.below.letter.mailing import is_mailing
from gateway.admission.application.consent.below.second_thought import fold_sentence, is_second_thought
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：例示市\n部課名：税務課\n氏名：佐藤 実\n規約への同意：同意する"
HARMLESS = [
    "コードは手元に資料がなく分かりませんでした。",
    "コードは手元に資料がなく分かりませんでした。すみません。",
    "（採用されたばかりで、まだ職名を聞いておりません。）",
    "すみません、コード調べる時間なく。",
    "団体コードと内線番号は見つかりませんでした。",
    "調べましたが、団体コードは分かりませんでした。",
    "年明けに着任先が決まりますので、部課名と役職はそのとき連絡します。",
    "役職はまだ決まっておりません。",
    "田んぼから打ってます。変換がめんどうですみません。",
    "漢字が苦手ですみません。",
    "よろしくです",
    "どうぞ よろしく おねがいします。",
    "※市長部局からは別の職員（情報管理課の荻原）が既に参加しております。",
    "同じ課の職員もすでに登録しております。",
    "また、課の同僚も別途申請してよいでしょうか。",
    "広域連合ですが、団体コードがあれば参加できるとのことでしたので申請します。",
    "県の研修で自治体職員なら参加できると伺いましたので、申し込みます。",
    "先日お送りした申請に部課名が抜けておりましたので、改めて全項目をお送りします。",
    "前回のメールで団体コードが間違っておりました。",
    "一部事務組合ですが、参加は可能でしょうか。可能でしたら以下で申請いたします。",
    "会計年度任用職員でも申請できるでしょうか。",
    "添付が届かない場合に備え、本文にも記載します。",
    "様式が開けないことがあるため、念のため本文に書きました。",
    "現場からなので簡単に",
    "4月の異動により、前任の菊地から業務を引き継ぎました。",
    "My supervisor, Director Sakakibara, recommended your platform to me.",
    "I'd be glad to join.",
]
LIMITING = [
    "コードは決裁が下りてから連絡します。",
    "同意は後日連絡します。",
    "規約はまだ聞いておりません。",
    "規約は手元に資料がなく分かりませんでした。",
    "氏名はまだ決まっておりません。",
    "上司に確認中ですが、役職はまだ聞いておりません。",
    "断るつもりで、コードは分かりませんでした。",
    "佐藤 勉から打っています。",
    "課長から送ってます。",
    "後輩から書いてます。",
    "申請が苦手ですみません。",
    "別の職員が既に申請しております。",
    "課の同僚に代わって申請してよいでしょうか。",
    "見るだけなら参加できるとのことでしたので申請します。",
    "試しに参加できるとのことでしたので申請します。",
    "規約なしで参加できるとのことでしたので申請します。",
    "先日お送りした申請に同意が抜けておりましたので、取り消します。",
    "先日お送りした申請に氏名が間違っておりました。",
    "可能でしたら条件付きで申請いたします。",
    "上司の許可が可能でしたら以下で申請いたします。",
    "隣の課の者ですが、参加は可能でしょうか。代理で書いています。",
    "添付が届かない場合は取り消します。",
    "添付が届かない場合に備え、本文は見本を記載します。",
    "現場からなので仮に",
    "後輩からなので簡単に",
    "前任者の異動に伴い、4月より後輩が担当となりました。",
    "My supervisor asked me to fill in this form.",
    "My colleague recommended to wait.",
    "I'd be glad to join later.",
]


@pytest.mark.parametrize(
    "place", ["{form}\n\n{said}", "お世話になります。\n{said}\n\n{form}"], ids=["below", "above"]
)
@pytest.mark.parametrize("said", HARMLESS)
def test_a_gap_leaves_the_consent(said: str, place: str) -> None:
    assert parse_form(place.format(form=FORM, said=said)).consent is Consent.YES


@pytest.mark.parametrize("place", ["{form}\n\n{said}", "{said}\n\n{form}"], ids=["below", "above"])
@pytest.mark.parametrize("said", LIMITING)
def test_anything_more_does_not(said: str, place: str) -> None:
    assert parse_form(place.format(form=FORM, said=said)).consent is not Consent.YES


@pytest.mark.parametrize("said", LIMITING)
def test_anything_more_is_a_second_thought(said: str) -> None:
    assert is_second_thought(said) or "規約" in said or "同意" in said


@pytest.mark.parametrize("more", ["同意は取り消します", "代理です", "仮申請です", "決裁待ちです"])
def test_no_gap_hides_another_clause(more: str) -> None:
    for said in HARMLESS:
        longer = fold_sentence(f"{said.rstrip('。')}が、{more}")
        assert not is_gap(longer)
        assert not is_mailing(longer)


CORRECTED = "送る前に見直しましたら、上のコードは別見本市のものでした。\n正しくは 011002 です。失礼しました。"


def test_a_code_of_another_body_is_corrected_in_two_sentences() -> None:
    form = parse_form(f"コード：462012\n{FORM}\n\n追伸\n{CORRECTED}")
    assert ("011002", Consent.YES) == (form.code, form.consent)


@pytest.mark.parametrize(
    "said", ["上の氏名は別見本市のものでした。", "やめるつもりでしたら、上のコードは隣のものでした。"]
)
def test_no_other_item_of_another_is(said: str) -> None:
    assert parse_form(f"コード：462012\n{FORM}\n\n{said}").consent is not Consent.YES
