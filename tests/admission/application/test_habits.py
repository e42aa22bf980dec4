"""Habits of writers: kana labels, counted lines, consents in paragraphs, notes and choices beside values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import FORM_FIELDS, Consent, Form
from gateway.admission.application.items.labels import ITEM_BY_LABEL
from gateway.admission.application.items.values import find_code, pick_ticked, strip_note
from gateway.admission.application.unlabelled.sentences import part_sentences

VALUES = ("自治体", "千曲市", "202185", "総務部 総務課 情報政策係", "主査", "宮坂 哲也", "同意する")
WRITTEN = ("local", *VALUES[1:6], "yes")


def read(text: str) -> tuple[str, ...]:
    """The items of a form in the order of a letter."""
    form = parse_form(text)
    return tuple(str(getattr(form, entry.item)) for entry in FORM_FIELDS)


@given(st.sampled_from(["：", "　", " = ", "→"]), st.booleans())
def test_labels_in_kana_mean_what_their_words_mean(separator: str, is_hiragana: bool) -> None:
    labels = ("クブン", "ダンタイメイ", "コード", "ブカメイ", "ヤクショク", "シメイ", "キヤクヘノドウイ")
    if is_hiragana:
        labels = ("くぶん", "だんたいめい", "こーど", "ぶかめい", "やくしょく", "しめい", "規約への同意")
    lines = (f"{label}{separator}{value}" for label, value in zip(labels, VALUES, strict=True))
    assert read("\n".join(lines)) == WRITTEN


def test_each_label_in_katakana_is_one_in_hiragana_too_but_those_with_the_word_of_consent() -> None:
    kana = {
        label: item for label, item in ITEM_BY_LABEL.items() if all("ァ" <= sign <= "ヺ" for sign in label)
    }
    assert kana
    for label, item in kana.items():
        hiragana = "".join(chr(ord(sign) - 0x60) for sign in label)
        assert ITEM_BY_LABEL.get(hiragana) is (None if "ドウイ" in label else item)


@pytest.mark.parametrize("number", ["{} ", "{}．", "({})", "（{}）", "{}: "])
@pytest.mark.parametrize("title", ["主査", "なし"])
def test_lines_counted_as_the_form_counts_are_its_items(number: str, title: str) -> None:
    said = (*VALUES[:4], title, *VALUES[5:])
    text = "項目順にお答えします。\n\n" + "\n".join(
        f"{number.format(at)}{one}" for at, one in enumerate(said, 1)
    )
    assert read(text) == (*WRITTEN[:4], title if title != "なし" else "", *WRITTEN[5:])


def test_lines_counted_in_another_order_are_no_form() -> None:
    said = (*VALUES[:1], VALUES[5], *VALUES[2:5], VALUES[1], VALUES[6])
    text = "\n".join(f"{at} {one}" for at, one in enumerate(said, 1))
    assert parse_form(text).name != VALUES[1]
    assert parse_form(text).organisation != VALUES[5]


@pytest.mark.parametrize("name", ["百瀬大地", "安部俊太", "土屋樹里"])
def test_the_only_unknown_value_of_a_line_beside_a_section_is_the_name(name: str) -> None:
    line = f"塩尻市、202151、自治体、デジタル戦略課、主任、{name}、同意します、です。よろしくお願いします。"
    assert read(line) == ("local", "塩尻市", "202151", "デジタル戦略課", "主任", name, "yes")


@pytest.mark.parametrize("said", ["国際交流員", "百瀬", "山と川", "百瀬大地と上田学", "一般"])
def test_another_unknown_value_is_no_name(said: str) -> None:
    line = f"塩尻市、202151、自治体、デジタル戦略課、{said}、同意します"
    assert parse_form(line).name == ""


PARAGRAPHS = [
    "中野市総務部庶務課の金井 千晴と申します。利用規約に同意し、参加を申請します。",
    "お世話になります。中野市総務部庶務課の金井 千晴です。規約には同意しますので、ご招待をお願いします。",
    "中野市総務部庶務課の金井 千晴と申します。Slackへの参加を希望します。\n規約の内容を確認し、同意します。",
    "突然のメール失礼いたします。中野市総務部庶務課の金井 千晴です。規約に同意のうえ、\n参加を申し込みます。",
]


@pytest.mark.parametrize("text", PARAGRAPHS)
def test_a_consent_in_one_paragraph_with_who_writes_is_read(text: str) -> None:
    form = parse_form(text)
    assert (form.organisation, form.department, form.name) == ("中野市", "総務部庶務課", "金井 千晴")
    assert form.consent is Consent.YES


@pytest.mark.parametrize(
    "said",
    [
        "規約に同意します。と言いたいところですが、まだ読んでいません。",
        "課長は規約に同意します。私はまだです。",
        "次は例文です。規約に同意します。",
        "市長がこう言いました。規約に同意します。",
        "来年になったらお願いします。規約に同意します。",
        "規約に同意しますので、という返事はまだできません。",
    ],
)
def test_another_sentence_of_the_paragraph_leaves_none(said: str) -> None:
    items = "\n団体名：中野市\n部課名：庶務課\n氏名：金井 千晴\n"
    assert parse_form(f"{said}{items}").consent is not Consent.YES
    assert parse_form(f"中野市総務部庶務課の金井 千晴です。{said}").consent is not Consent.YES


@given(st.lists(st.text("同意規約。！ \n「」にします中野市総務課の金井千晴と申>：", max_size=30), max_size=8))
def test_a_paragraph_that_is_cut_loses_no_sign(lines: list[str]) -> None:
    said = ["".join(line.split("\n")) for line in lines] + [
        "規約に同意しますので中野市総務課の金井千晴に"
    ] * 9
    assert "".join("".join(part_sentences(said)).split()) == "".join("".join(said).split())


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("132063（広島の府中市は342084です）", "132063"),
        ("132063 ※342084は別の市です", "132063"),
        ("132063、342084のどちらか", "132063、342084のどちらか"),
    ],
)
def test_a_note_beside_a_code_may_name_another(value: str, code: str) -> None:
    assert find_code(value) == code


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ("□部長　□係長　☑主任　□係員", "主任"),
        ("■課長　□係長", "課長"),
        ("□課長　□係長", "□課長　□係長"),
        ("☑課長　☑係長　□主任", "☑課長　☑係長　□主任"),
        ("主任", "主任"),
        ("主任 ☑ 係長 □", "主任 ☑ 係長 □"),
    ],
)
def test_the_only_ticked_choice_is_the_value(value: str, chosen: str) -> None:
    assert pick_ticked(value) == chosen


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("所属：中野市／総務部／庶務課／主任", ("中野市", "総務部／庶務課", "主任")),
        ("所属：中野市役所 総務部 庶務課", ("中野市", "総務部 庶務課", "")),
        ("所属：中野市（自治体です）\n課：庶務課", ("中野市", "庶務課", "")),
        ("所属部署：中野市総務部庶務課", ("中野市", "総務部庶務課", "")),
        ("所属：中野市 庶務課\n役職氏名：主任 金井 千晴", ("中野市", "庶務課", "主任")),
    ],
)
def test_an_affiliation_holds_organisation_section_and_title(line: str, wanted: tuple[str, ...]) -> None:
    form = parse_form(f"{line}\n規約：同意します\n")
    assert (form.organisation, form.department, form.title) == wanted
    assert form.category == ("local" if "自治体" in line else "")


def test_a_ministry_holds_no_village() -> None:
    form = parse_form("農林水産省農村振興局地域振興課の金井千晴です。規約に同意し、参加を申請します。")
    assert (form.organisation, form.department) == ("農林水産省", "農村振興局地域振興課")


def test_a_reading_behind_a_slash_is_no_part_of_a_name() -> None:
    assert strip_note("金井　千晴／かない　ちはる") == "金井　千晴"
    assert strip_note("金井／上田") == "金井／上田"


def test_pictures_in_front_are_bullets() -> None:
    form = parse_form("🏛 自治体\n📍 佐久市\n🏢 企画部 情報政策課\n👤 小林 美雪\n📜 規約に同意します\n")
    assert form == Form("local", "佐久市", "", "企画部 情報政策課", "", "小林 美雪", "", Consent.YES)  # type: ignore[arg-type]


def test_an_answer_behind_a_hyphen_is_no_part_of_its_label() -> None:
    form = "区　分 - 自治体\n団体名 - 気仙沼市\n部課名 - 企画課\n氏　名 - 小野寺　渉\n規　約 - 同意\n"
    assert parse_form(form).consent is Consent.YES
    assert parse_form("規　約 - 同意\n").consent is not Consent.YES


def test_an_english_consent_in_one_paragraph_with_who_writes_is_read() -> None:
    said = "I work at the Policy Division of the Digital Agency. I have read the rules and agree to them."
    form = parse_form(f"Hello,\n\n{said}\n\nKind regards,\n")
    assert (form.organisation, form.department, form.consent) == ("Digital Agency", "Policy Division", "yes")
    later = said.replace("agree to them", "will agree to them later")
    assert parse_form(f"Hello,\n\n{later}\n").consent is not Consent.YES


ENGLISH = "I work at the Policy Division of the Digital Agency. I agree to the rules.\n\n{},\n\n{}\n{}\n"


@pytest.mark.parametrize("closing", ["Kind regards", "Best regards", "Yours sincerely", "Sincerely"])
def test_an_english_signature_names_the_writer(closing: str) -> None:
    form = parse_form(ENGLISH.format(closing, "Erika Hozumi", "Unit Chief"))
    assert (form.name, form.title, form.organisation) == ("Erika Hozumi", "Unit Chief", "Digital Agency")


@pytest.mark.parametrize("line", ["Digital Agency", "Policy Division", "see above", "Erika", "Tel 03 0000"])
def test_another_line_below_the_regards_is_no_name(line: str) -> None:
    assert parse_form(ENGLISH.format("Kind regards", line, "")).name == ""
