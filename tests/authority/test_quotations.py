"""39 ways to quote a letter, wrapped at any width: a reply without words of its own decides nothing, and an
applicant's says nothing that we said ourselves."""

from __future__ import annotations

import random
import unicodedata

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.case.events import Apply, Note, Supplement, Unknown
from gateway.admission.case.model import State
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import display_width
from tests.support import factories
from tests.support.factories import APPLICANT, BOUND, background, case
from tests.support.replies import CONTEXT, SECOND_LETTER

# A letter with words that decide, which no letter of ours has: with marks it decides nothing either.
DECIDING = "佐藤 様\n\n一人目が承認しました。もう一人の承認が必要です。\n承認します。\n却下します。\n"
LETTERS = (SECOND_LETTER, DECIDING)
MARKS = ("> ", ">", "＞", "| ", ">> ", "ST> ", "&gt; ", "｜", "")
DESK = "<decide+tok@gw.example.go.jp>"
HEADS = (
    "",
    f"2026/11/28 10:05、参加受付窓口 {DESK}のメール:\n\n",
    "On 2026/11/28 10:32, 参加受付窓口 wrote:\n",
    f"-----Original Message-----\nFrom: desk {DESK}\nSent: Saturday, November 28, 2026\nTo: Sato\n\n",
    f"{'_' * 32}\n差出人: 参加受付窓口 {DESK}\n送信日時: 2026年11月28日 10:05\n宛先: 佐藤\n\n",
)
STYLES = [(mark, head) for mark in MARKS for head in HEADS if mark or head][:39]
OWN = ("", "よろしくお願いします。", "見ました。", "これでよいですか。", "佐藤 一郎")


def wrap(text: str, columns: int) -> str:
    """Each line broken after so many columns, as programs do behind their mark."""
    lines = []
    for line in text.split("\n"):
        held = ""
        for sign in line:
            if display_width(held + sign) > columns:
                lines.append(held)
                held = ""
            held += sign
        lines.append(held)
    return "\n".join(lines)


def quote(
    chance: random.Random, style: tuple[str, str], letter: str, own: str, *, wrapped: bool = True
) -> str:
    """A reply with the letter in one style, the own words above or below it, as programs convert it."""
    mark, head = style
    quoted = "\n".join(mark + line for line in letter.split("\n"))
    broken = wrap(quoted, chance.randint(24, 100)) if chance.random() < 0.8 and wrapped else quoted
    text = f"{own}\n\n{head}{broken}" if chance.random() < 0.5 else f"{head}{broken}\n\n{own}"
    if chance.random() < 0.3:
        text = unicodedata.normalize("NFKC", text)
    if chance.random() < 0.3:
        text = text.encode("iso2022_jp", "replace").decode("iso2022_jp")
    return text


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("style", STYLES, ids=range(len(STYLES)))
def test_a_quotation_alone_decides_nothing(style: tuple[str, str], seed: int) -> None:
    chance = random.Random(f"{style}{seed}")  # noqa: S311 - a draw of test cases
    letter = chance.choice(LETTERS if style[0] else LETTERS[:1])
    text = quote(chance, style, letter, chance.choice(OWN), wrapped=letter is SECOND_LETTER)
    assert Decision.NONE is parse(text, "", CONTEXT).decision


# What an applicant got from us: values of the form, a consent, and how to take the application back.
ACKNOWLEDGMENT = """試作 葉子 様

参加申請をいただき、ありがとうございます。次の内容で受け付けました。

  受付番号: K7QM-4T
| 区分: 地方公共団体
| 団体名: 見本町
| 全国地方公共団体コード: 990019
| 部課名: 総務課
| 氏名: 試作 葉子
| 規約への同意: 同意する
  利用規約: 同意

担当者が内容を確認し、結果をメールでお知らせします。
取り下げるときは、「取り下げます」と書いて返信してください。
"""
THANKS = (
    "",
    "ありがとうございました。",
    "確認しました。",
    "よろしくお願いいたします。\n\n試作",
    "いつ分かりますか。",
)


def read_applicant(text: str, state: State) -> object:
    """The event of an applicant's mail to the request address: its token is lost."""
    mail = MailFacts(
        APPLICANT, Purpose.REQUEST, "Re: 受付", text, parse_form(text), None, None, background(), "K7QM-4T",
        binding=BOUND,
    )  # fmt: skip
    told = tuple(line.strip() for line in ACKNOWLEDGMENT.splitlines() if line.strip())
    return classify(mail, None, case(state=state), factories.DESK, told)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("style", STYLES, ids=range(len(STYLES)))
def test_what_we_said_ourselves_is_no_answer_of_an_applicant(style: tuple[str, str], seed: int) -> None:
    chance = random.Random(f"applicant{style}{seed}")  # noqa: S311 - a draw of test cases
    text = quote(chance, style, ACKNOWLEDGMENT, chance.choice(THANKS))
    event = read_applicant(text, State.UNDER_REVIEW)
    assert isinstance(event, (Supplement, Note))
    assert isinstance(event, Note) or event.form.is_empty, (text, event)
    assert isinstance(read_applicant(text, State.DECLINED), (Unknown, Note))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("style", STYLES, ids=range(len(STYLES)))
def test_a_correction_beside_our_letter_counts_alone(style: tuple[str, str], seed: int) -> None:
    chance = random.Random(f"corrected{style}{seed}")  # noqa: S311 - a draw of test cases
    text = quote(chance, style, ACKNOWLEDGMENT, "部課名：危機管理室")
    event = read_applicant(text, State.UNDER_REVIEW)
    assert isinstance(event, Supplement)
    assert parse_form("部課名：危機管理室") == event.form, text
    assert "危機管理室" in event.text


def test_an_application_typed_anew_counts_whole_though_we_once_said_the_same() -> None:
    typed = "区分：地方公共団体\n団体名：見本町\n部課名：総務課\n氏名：試作 葉子\n規約への同意：同意する\n"
    event = read_applicant(typed, State.DECLINED)
    assert isinstance(event, Apply)
    assert ("見本町", "総務課", "試作 葉子", Consent.YES) == (
        event.form.organisation,
        event.form.department,
        event.form.name,
        event.form.consent,
    )
