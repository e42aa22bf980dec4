"""Layouts of people who never saw our form: labels in kana, two items a line."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Category, Consent, Form

WHOLE = Form(Category.LOCAL, "例示市", "011002", "税務課", "主査", "佐藤 実", consent=Consent.YES)
VALUES = ["自治体", "例示市", "011002", "税務課", "主査", "佐藤 実"]
LABELS = ["区分", "団体名", "コード", "部課", "役職", "氏名"]


def lay(labels: list[str], gap: str, *more: str) -> str:
    """A form with the same gap between labels and values, and more lines."""
    pairs = zip(labels, VALUES, strict=True)
    return "\n".join([*(f"{label}{gap}{value}" for label, value in pairs), *more])


KANA = ["くぶん", "だんたい", "こーど", "ぶか", "やくしょく", "しめい"]


@pytest.mark.parametrize("label", ["きやく", "りようきやく", "キヤク", "規約"])
@pytest.mark.parametrize("gap", ["　", "：", "＝"])
def test_a_form_in_kana_is_read_whole(gap: str, label: str) -> None:
    assert parse_form(lay(KANA, gap, f"{label}{gap}同意する")) == WHOLE


@pytest.mark.parametrize("said", ["よく分からない", "課長に聞いてから", "同意するか考え中"])
def test_no_other_answer_in_kana_is_a_consent(said: str) -> None:
    assert parse_form(lay(KANA, "：", f"きやく：{said}")).consent is Consent.ABSENT


def test_how_our_letters_break_a_consent_is_no_label() -> None:
    form = parse_form(lay(KANA, "：", "きやくへのどうい：する"))
    assert form.consent is Consent.ABSENT


@pytest.mark.parametrize("gap", [" ", "　", "　　", " - ", "  "])
def test_an_answer_that_reads_like_part_of_its_label_is_an_answer_in_its_column(gap: str) -> None:
    assert parse_form(lay(LABELS, gap, f"規約{gap}同意")) == WHOLE


def test_values_in_one_column_have_gaps_of_any_width() -> None:
    rows = [f"{label:　<6}{value}" for label, value in zip(LABELS, VALUES, strict=True)]
    assert parse_form("\n".join([*rows, f"{'利用規約':　<6}同意"])) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        lay(LABELS, "：", "規約　同意"),  # a label without an answer
        lay(LABELS, "：", "規約 同意", ""),
        lay(LABELS, "　　", "規約　同意"),  # in no column, and with another gap
        lay(LABELS, "　", "規　約　同　意"),
        "氏名　佐藤 実\n規約　同意",  # too little to compare with
    ],
)
def test_a_label_of_two_words_is_no_answer(text: str) -> None:
    assert parse_form(text).consent is Consent.ABSENT


ROWS = [*zip(LABELS, VALUES, strict=True), ("規約への同意", "同意する")]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{label}＞{value}" for label, value in ROWS),
        "\n".join(f"{label}> {value}" for label, value in ROWS),
        " / ".join(f"{label}: {value}" for label, value in ROWS),
        " | ".join(f"{label}：{value}" for label, value in ROWS),
        "\n".join(f"{label}、{value}" for label, value in ROWS),
        "\n".join(f"〇{label}：{value}" for label, value in ROWS),
        "\n".join(f"◯ {label}：{value}" for label, value in ROWS),
    ],
    ids=["wide angles", "angles", "slashes", "bars", "commas", "zeros", "circles"],
)
def test_other_marks_between_and_before_items_are_read_whole(text: str) -> None:
    assert parse_form(text) == WHOLE


def test_a_code_in_kanji_numerals_keeps_its_zero() -> None:
    assert parse_form("団体名：例示市\nコード：\n〇一一〇〇二\n氏名：佐藤 実").code == "011002"


def test_an_angle_in_a_quotation_is_no_separator() -> None:
    form = parse_form("> 氏名\n> 佐藤 実\n上司 > 同意する\n規約への同意：")
    assert form.consent is Consent.ABSENT


@pytest.mark.parametrize("head", ["参加者情報", "【参加者情報】", "確認事項", "登録希望者"])
def test_groups_of_items_have_heads(head: str) -> None:
    assert (
        parse_form(f"団体名：例示市\n\n{head}\n　氏名：佐藤 実\n\n規約への同意：同意する").consent
        is Consent.YES
    )


@pytest.mark.parametrize("head", ["不参加者情報", "参加者未定", "参加者の見本"])
def test_no_other_word_is_a_head(head: str) -> None:
    form = parse_form(f"団体名：例示市\n\n{head}\n　氏名：佐藤 実\n\n規約への同意：同意する")
    assert form.consent is not Consent.YES


@pytest.mark.parametrize("who", ["事務局", "Jimu", "desk@mihon"])
def test_a_form_quoted_by_a_name_is_read_whole(who: str) -> None:
    text = fill().replace("\n", f"\n{who}> ・")
    assert parse_form(f"{who}> ・{text}") == WHOLE


def test_what_a_name_quotes_is_of_a_quotation() -> None:
    quoted = "\n".join(f"事務局> {line}" for line in fill(name="鈴木 花").split("\n"))
    form = parse_form(f"氏名：佐藤 実\n団体名：例示市\n\n{quoted}")
    assert ("佐藤 実", "", Consent.ABSENT) == (form.name, form.code, form.consent)


@pytest.mark.parametrize("label", ["自治体／政府機関の別", "国／自治体の別"])
def test_a_label_that_offers_both_kinds_is_one(label: str) -> None:
    assert parse_form(f"・{label} → 自治体\n・団体 → 例示市").category is Category.LOCAL
    assert parse_form(f"・{label} → 自治体／政府機関\n・団体 → 例示市").category is Category.UNKNOWN


@pytest.mark.parametrize("gap", ["　　　　", "     ", "\t", "、"])
def test_two_items_a_line_are_cut_before_a_spaced_label(gap: str) -> None:
    text = f"""区　分：自治体{gap}団体名：例示市
コード：011002{gap}部課名：税務課
役　職：主査{gap}氏　　名：佐藤 実
規約への同意：同意する"""
    assert parse_form(text) == WHOLE


@pytest.mark.parametrize("note", ["備　考：練習", "代　理：田中 翔"])
def test_what_is_beside_a_value_is_no_part_of_a_name(note: str) -> None:
    form = parse_form(f"区　分：自治体\n氏　名：佐藤 実　　　{note}\n団体名：例示市\n規約への同意：同意する")
    assert form.consent is not Consent.YES


FORM = """区分：自治体
団体名：{body}
コード：011002
部課名：{unit}
役職：{title}
氏名：{name}
規約への同意：{said}"""


def fill(**said: str) -> str:
    """Our form, filled in; what is not `said` is as in WHOLE."""
    values = {"body": "例示市", "unit": "税務課", "title": "主査", "name": "佐藤 実", "said": "同意する"}
    return FORM.format(**values | said)


@pytest.mark.parametrize(
    ("item", "written", "value"),
    [
        ("name", "佐藤 実\n　　　SATO Minoru", "佐藤 実"),
        ("name", "佐藤 実\n　　　さとう みのる", "佐藤 実"),
        ("name", "佐藤実\n　　　ｻﾄｳ ﾐﾉﾙ", "佐藤実"),
        ("name", "佐藤\n　　　みのり", "佐藤 みのり"),  # a name on two lines
        ("title", "なし（会計年度任用職員）", ""),
        ("title", "特になし (兼務)", ""),
        ("title", "係長（別見本町から派遣）", "係長（別見本町から派遣）"),
        ("title", "係長（総務担当）", "係長（総務担当）"),  # what somebody does is part of the title
        ("unit", "総務部\n　　　　ＤＸ推進課", "総務部 ＤＸ推進課"),
        ("body", "例示水道企業団（3市の一部事務組合です）", "例示水道企業団"),
        ("body", "例示水道企業団（例示市と見本町の\n　　　　一部事務組合です）", "例示水道企業団"),
        ("body", "例示水道企業団（一部事務組合）", "例示水道企業団（一部事務組合）"),
        ("body", "例示市（旧見本町）", "例示市（旧見本町）"),
    ],
)
def test_what_is_beside_a_value_is_no_part_of_it(item: str, written: str, value: str) -> None:
    names = {"unit": "department", "body": "organisation"}
    assert value == getattr(parse_form(fill(**{item: written})), names.get(item, item))


@pytest.mark.parametrize(
    ("affiliation", "organisation", "department"),
    [
        ("近畿財務局　総務部総務課", "近畿財務局", "総務部総務課"),
        ("北海道労働局 総務課", "北海道労働局", "総務課"),
        ("関東地方整備局　企画部", "関東地方整備局", "企画部"),
        ("東京都財務局　主計部", "東京都", "財務局　主計部"),  # of Tokyo, and no branch of a ministry
        ("水道局　総務課", "", "水道局　総務課"),
    ],
)
def test_a_branch_of_a_ministry_is_an_organisation(
    affiliation: str, organisation: str, department: str
) -> None:
    form = parse_form(f"所属・部署：{affiliation}\n役職：主査\n氏名：佐藤 実\n規約への同意：同意する")
    assert (organisation, department) == (form.organisation, form.department)


@pytest.mark.parametrize(
    "note", ["令和8年11月13日 規約確認済み", "2026/11/13 全文確認済み", "R8.11.13 読みました"]
)
def test_a_day_and_that_the_rules_were_read_limit_no_consent(note: str) -> None:
    assert parse_form(fill(said=f"同意します（{note}）")) == WHOLE


@pytest.mark.parametrize(
    "note",
    ["令和8年11月13日 課長決裁待ち", "令和8年11月13日から", "11月13日 規約確認予定", "2026/11/13 一部"],
)
def test_a_day_and_anything_else_do(note: str) -> None:
    assert parse_form(fill(said=f"同意します（{note}）")).consent is Consent.ABSENT


@pytest.mark.parametrize("unit", ["Public Relations Section, Planning Division", "Planning and Tax Section"])
def test_a_section_of_a_division_is_no_section_of_the_rules(unit: str) -> None:
    assert parse_form(f"Name: Minoru Sato\nDepartment: {unit}\nTerms of use: I agree").consent is Consent.YES


@pytest.mark.parametrize("unit", ["Section 3 only", "all but Section 3", "terms Section"])
def test_a_section_of_the_rules_beside_a_label_still_doubts(unit: str) -> None:
    form = parse_form(f"Name: Minoru Sato\nDepartment: {unit}\nTerms of use: I agree")
    assert form.consent is Consent.ABSENT


DOTS = "‥" * 20


def test_a_slogan_between_dotted_rules_is_of_the_signature() -> None:
    signature = f"{DOTS}\n例示市 税務課\n佐藤 実\nいいね！が集まるまち　例示\n℡0123-00-0000（直通）\n{DOTS}"
    assert parse_form(f"{fill()}\n\n{signature}") == WHOLE


@pytest.mark.parametrize(
    "said", ["やっぱり！が本音です", "いいね！を待ってから同意します", "いいね！やめます"]
)
def test_an_exclamation_in_a_signature_may_take_the_consent_back(said: str) -> None:
    signature = f"{DOTS}\n例示市 税務課\n佐藤 実\n{said}\n℡0123-00-0000（直通）\n{DOTS}"
    assert parse_form(f"{fill()}\n\n{signature}").consent is Consent.ABSENT


@pytest.mark.parametrize(
    "said",
    [
        "参加したいのですが、規約には同意しかねます。",
        "参加したいのですが、同意は後日します。",
        "参加の条件は満たしていないと思います。",
        "参加の条件はこれから満たします。",
        "参加の手続きをお願いします。同意は取り消します。",
    ],
)
def test_a_wish_or_a_request_hides_no_refusal(said: str) -> None:
    assert parse_form(f"{fill()}\n\n{said}").consent is not Consent.YES
