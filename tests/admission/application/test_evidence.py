"""Items told by what kind a value is: guessed labels, clauses, rows, signatures, sentences with a name."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.evidence.blocks import find_signature, read_line
from gateway.admission.application.evidence.guessed.near_labels import find_near, guess_item
from gateway.admission.application.evidence.guessed.relabel import relabel
from gateway.admission.application.evidence.introduced import find_writer
from gateway.admission.application.evidence.shapes import fits
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.items.labels import ITEM_BY_LABEL, Item
from gateway.admission.organisations.codes import check_digit

JAPANESE = sorted(
    label for label in ITEM_BY_LABEL if len(label) > 4 and all("ぁ" <= sign <= "鿿" for sign in label)
)


@given(st.sampled_from(JAPANESE), st.data())
def test_a_label_with_one_wrong_sign_means_the_same_or_nothing(label: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(label) - 1))
    wrong = label[:at] + data.draw(st.sampled_from(["", "x", label[at] * 2])) + label[at + 1 :]
    assume(wrong not in ITEM_BY_LABEL)
    assert find_near(wrong) in {ITEM_BY_LABEL[label], None}


@pytest.mark.parametrize(
    ("label", "item"),
    [
        ("組合コード", Item.CODE),
        ("組合の名称", Item.ORGANISATION),
        ("利用ルール", Item.CONSENT),
        ("部下課名", Item.DEPARTMENT),
        ("所属省庁", Item.ORGANISATION),
        ("Rules of use", Item.CONSENT),
        ("見本市役所", None),
        ("前の役職", None),
        ("電話", None),
    ],
)
def test_a_label_is_guessed_by_its_last_noun(label: str, item: Item | None) -> None:
    assert item == guess_item(label)


@given(st.integers(1, 47), st.integers(0, 999), st.integers(1, 9))
def test_a_code_fits_only_with_its_check_digit(prefecture: int, number: int, off: int) -> None:
    five = f"{prefecture:02}{number:03}"
    right = int(check_digit(five))
    assert fits(Item.CODE, f"{five}{right}")
    assert not fits(Item.CODE, f"{five}{(right + off) % 10}")


FORM = (
    "種別：自治体\n組合の名称：見本広域事務組合\n組合コード：{code}\n担当：総務課　庶務係\n"
    "職：書記\n申込者：宗像　睦美\n"
)
CODE = "20865" + check_digit("20865")
TOLD = ("local", "見本広域事務組合", CODE, "総務課　庶務係", "宗像　睦美", Consent.YES)


def _core(form: Form) -> tuple[str, ...]:
    return (form.category, form.organisation, form.code, form.department, form.name, form.consent)


@pytest.mark.parametrize("rules", ["利用ルール：同意する", "規やく：同意する", "規約への同位：同意する"])
def test_a_form_with_labels_of_its_own_is_read(rules: str) -> None:
    assert TOLD == _core(parse_form(FORM.format(code=CODE) + rules))


def test_a_code_in_kanji_numerals_is_kept_in_digits_and_a_document_number_is_none() -> None:
    said = CODE.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    form = parse_form(f"第{said}号\n区分　自治体\n団体名　見本町\nコード　{said}\n氏名　見本 花子")
    assert CODE == form.code
    assert "" == parse_form(f"第{said}号\n区分　自治体\n団体名　見本町\n氏名　見本 花子").code


def test_clauses_of_one_paragraph_are_items() -> None:
    form = parse_form(
        f"申込みに必要な事項を記します。区分は自治体、団体名は見本町、団体コードは{CODE}、部課名は議会事務局、"
        "氏名は大森 敬介です。規約に同意します。"
    )
    assert ("local", "見本町", CODE, "議会事務局", "大森 敬介", Consent.YES) == _core(form)


@pytest.mark.parametrize("lead", ["同意は保留です", "気が変わりました"])
def test_what_stands_in_front_of_a_row_is_still_heard(lead: str) -> None:
    row = "区分 自治体/団体名 見本町/部課名 総務課/氏名 見本 花子/規約 同意する"
    assert Consent.YES is parse_form(row).consent
    assert Consent.YES is not parse_form(f"{row}\n{lead} 役職 主任/電話 0000/係 総務係").consent


def test_values_of_several_items_behind_one_label_are_told_apart() -> None:
    form = parse_form(
        "１ 区分\n　　自治体\n２ 所属及び職氏名\n　　県土整備部 維持管理課\n　　土木技師　山根　拓海\n"
        "３ 規約\n　　同意する\n"
    )
    assert ("県土整備部 維持管理課", "土木技師", "山根　拓海") == (form.department, form.title, form.name)


SIGNATURE = (
    f"--\n鹿児島県見本市（団体コード {CODE}）\n企画調整課 情報推進係\n主任　尾塚 亮太郎\nTEL 0000-00-0000\n"
)


def test_a_signature_fills_what_the_form_does_not_say() -> None:
    form = parse_form(f"自治体の職員です。規約に同意します。\n\n{SIGNATURE}")
    assert ("鹿児島県見本市", CODE, "企画調整課 情報推進係", "主任", "尾塚 亮太郎") == (
        form.organisation,
        form.code,
        form.department,
        form.title,
        form.name,
    )


def test_a_signature_of_somebody_else_and_one_beside_a_blank_label_fill_nothing() -> None:
    other = parse_form(f"区分：自治体\n氏名：見本 花子\n規約：同意する\n\n{SIGNATURE}")
    assert ("", "見本 花子") == (other.department, other.name)
    assert "" == parse_form(f"区分：自治体\n氏名：\n規約：同意する\n\n{SIGNATURE}").name


@given(st.text("見本市町総務課係主任山田太郎様です。、 　:（）0-9", max_size=30))
def test_a_line_of_a_signature_is_told_in_its_own_words(line: str) -> None:
    for value in (read_line(line) or {}).values():
        assert value in line
    assert all(value in line for value in find_signature([line]).values())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "私は馬路村 地域振興課 ゆず振興係の木下恒平、係長です。",
            ("馬路村", "地域振興課 ゆず振興係", "係長", "木下恒平"),
        ),
        ("徳島県上勝町でごみの担当をしています藤原 ひとみです。", ("徳島県上勝町", "", "", "藤原 ひとみ")),
        ("見本町の制度は自治体です。", ("", "", "", "")),
    ],
)
def test_a_sentence_that_ends_in_a_name_tells_who_writes(said: str, told: tuple[str, ...]) -> None:
    found = find_writer([said], "")
    items = (Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME)
    assert told == tuple(found.get(item, "") for item in items)


@given(
    st.text(
        "区分団体名氏部課コード規約同意するしません自治体見本市総務山田 　:：/、。はです\n12", max_size=120
    )
)
def test_what_is_guessed_stands_in_the_text_and_gives_no_consent_of_its_own(text: str) -> None:
    """Labels are put in; values and sentences are the writer's, in their order."""
    squeezed = "".join(text.split())
    form = parse_form(text)
    for value in (form.organisation, form.department, form.title, form.name):
        assert "".join(value.split()) in squeezed
    if form.consent is Consent.YES:
        assert "同意" in squeezed or "はい" in squeezed or "する" in squeezed


@given(st.text("見本市総務課山田太郎です。\n　 ", max_size=60))
def test_a_text_without_a_label_stays_as_it_is(text: str) -> None:
    assert "規約" not in relabel(text)


@given(
    st.sampled_from(
        sorted(one for one, item in ITEM_BY_LABEL.items() if item is Item.CONSENT and len(one) == 2)
    ),
    st.sampled_from(["", "利用", "一人目が利用", "当会の"]),
    st.sampled_from(["/", "／", "・/", "（B）", "<B>"]),
    st.sampled_from([" ", "　", "\t", "：\n"]),
)
def test_a_label_that_is_broken_by_a_sign_gives_no_consent(
    label: str, lead: str, sign: str, joint: str
) -> None:
    """The words of a consent are broken so in the letters that quote them."""
    broken = f"団体名：見本町\n氏名：見本 花子\n{lead}{label[0]}{sign}{label[1]}{joint}はい\n"
    assert Consent.YES is not parse_form(broken).consent
