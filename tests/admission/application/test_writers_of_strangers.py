"""Who writes, as people say it who never saw our form: sentences, signatures, pictures, English prose."""

from __future__ import annotations

import pytest

from gateway.admission.application.evidence.introduced import find_writer
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item

AGREED = "規約に同意します。"
BESIDE_SLASHES = """・自治体名／例示市（自治体コード／011002）
・所属／税務課
・職名／主査
・お名前／佐藤 実
・利用規約／同意します"""
ANSWERS = f"""前回は区分を「政府機関」としてしまいましたが、正しくは「自治体」です。
団体名は例示市、コードは 011002 に間違いありません。
部課名ですが、正式には「総務部 税務課」です。
役職は「主査」、氏名は「佐藤 実」です。
{AGREED}"""
OF_BUREAU = f"""はじめまして。広島労働局雇用環境・均等室の村重と申します。
コミュニティへの参加を希望しております。{AGREED}

----
広島労働局雇用環境・均等室
指導官　村重　佳奈"""
WISH = f"""仲間に入れていただきたく、ご連絡いたしました。
{AGREED}

----
例示市税務課
専門員　佐藤　健一"""
PICTURES = """例示市の佐藤健一です😊
📍 団体名は例示市
👩 役職は主査です
📜 規約、同意します✅"""
FULL_NAME = """例示市役所税務課の星と申します（フルネームは星 輝です）。
自治体コード011002、役職は主査です。参加の条件は満たしていると思います。
コミュニティに参加したいのですが、規約は確認しましたので同意いたします。"""
MINISTRY = f"""立場は政府機関の職員です。申込みの団体名は 文化庁 でお願いします。
部署は総務課です。
{AGREED}"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BESIDE_SLASHES, ("", "例示市", "011002", "税務課", "主査", "佐藤 実")),
        (
            f"こんばんは。例示市で税の担当をしています佐藤みのりです。\n{AGREED}",
            ("", "例示市", "", "", "", "佐藤みのり"),
        ),
        (MINISTRY, ("national", "文化庁", "", "総務課", "", "")),
        (ANSWERS, ("local", "例示市", "011002", "総務部 税務課", "主査", "佐藤 実")),
        (OF_BUREAU, ("", "広島労働局", "", "雇用環境・均等室", "指導官", "村重　佳奈")),
        (WISH, ("", "例示市", "", "税務課", "専門員", "佐藤　健一")),
        (PICTURES, ("", "例示市", "", "", "主査", "佐藤健一")),
        (FULL_NAME, ("", "例示市", "011002", "税務課", "主査", "星 輝")),
    ],
    ids=["slashes", "kana", "ministry", "answers", "bureau", "wish", "pictures", "full name"],
)
def test_who_writes_is_read_from_sentences_and_signature(text: str, said: tuple[str, ...]) -> None:
    form = parse_form(text)
    found = (form.category, form.organisation, form.code, form.department, form.title, form.name)
    assert (said, True) == (found, form.consent in AGREED_BOTH)


@pytest.mark.parametrize("lead", ["", "自治体の", "私は、"])
def test_all_in_one_sentence(lead: str) -> None:
    lines = ["例示市の佐藤と申します。", f"{lead}例示市（011002）、総務部 税務課の主査、佐藤 実です。"]
    assert {
        Item.ORGANISATION: "例示市",
        Item.CODE: "011002",
        Item.DEPARTMENT: "総務部 税務課",
        Item.TITLE: "主査",
        Item.NAME: "佐藤 実",
    } == find_writer(lines, "")
    assert Item.CODE not in find_writer([lines[1].replace("011002", "123456")], "")


AGREED_BOTH = frozenset({Consent.YES, Consent.UNSURE})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # an answer to a letter: its signature is written below all mails
        (f"{AGREED}\n\n-- \n例示市税務課\n専門員　佐藤　実", ("", "")),
        # a family name below a form is asked for
        (f"例示市の佐藤です。\n団体名：例示市\n{AGREED}", ("例示市", "")),
        # somebody else signs
        (
            f"例示市税務課の鈴木と申します。\n{AGREED}\n\n-- \n例示市税務課\n主査　佐藤　実",
            ("例示市", "鈴木"),
        ),
        # the full name of somebody else
        (f"例示市税務課の星と申します（フルネームは林 健一です）。\n{AGREED}", ("", "")),
        # what somebody was
        (f"先日は役職を「主査」としてしまいましたが、正しくはまだ決まっていません。\n{AGREED}", ("", "")),
    ],
)
def test_nobody_else_and_nothing_assembled_is_read(text: str, said: tuple[str, str]) -> None:
    form = parse_form(text)
    assert (*said, "", "") == (form.organisation, form.name, form.code, form.category)


@pytest.mark.parametrize("sign", ["👎", "🙅", "🚫", "❌"])
def test_a_hand_or_a_prohibition_is_no_bullet(sign: str) -> None:
    assert parse_form(f"団体名：例示市\n氏名：佐藤 実\n{sign} 規約に同意します").consent is Consent.ABSENT


ENGLISH = """Hello,

{who}
I have read the rules and agree to them. I'd be glad to join.

Best,
Kenji Mori
"""


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (
            "My name is Kenji Mori and I work for the Digital Agency (national government) as a section chief"
            " in the Citizen Services Group.",
            ("national", "Digital Agency", "Citizen Services Group", "section chief", "Kenji Mori"),
        ),
        (
            "My name is Kenji Mori and I work at Mihon City (local government) as a planning officer of"
            " the Tax Division.",
            ("local", "Mihon City", "Tax Division", "planning officer", "Kenji Mori"),
        ),
        (
            "My name is Kenji Mori and I work for Mihon City. I am a local government employee.",
            ("local", "Mihon City", "", "", "Kenji Mori"),
        ),
    ],
)
def test_a_post_is_read_from_english_prose(who: str, said: tuple[str, ...]) -> None:
    form = parse_form(ENGLISH.format(who=who))
    assert said == (form.category, form.organisation, form.department, form.title, form.name)
    assert form.consent in AGREED_BOTH


@pytest.mark.parametrize(
    "who",
    [
        "My name is Kenji Mori and I know Mr Sato, who works as a section chief in the Tax Division.",
        "My name is Kenji Mori and I sell software to the national government as a sales manager.",
    ],
)
def test_what_others_work_as_is_not_read(who: str) -> None:
    form = parse_form(ENGLISH.format(who=who))
    assert ("", "", "") == (form.category, form.department, form.title)


@pytest.mark.parametrize("said", ["I agree to Section 2, chief of all.", "I agree to all but the section."])
def test_a_section_of_the_rules_is_one_still(said: str) -> None:
    assert parse_form(f"Name: Minoru Sato\nTerms of use: I agree\n\n{said}").consent is Consent.ABSENT


@pytest.mark.parametrize(
    "said", ["団体名、氏名を書きました。", "コード、役職は空欄です。", "規約への同意、検討します。"]
)
def test_a_comma_in_prose_is_between_no_label_and_value(said: str) -> None:
    form = parse_form(f"お世話になります。\n{said}\n区分：自治体\n氏名：佐藤 実")
    assert ("", "", Consent.ABSENT) == (form.organisation, form.code, form.consent)
