"""A reply of the applicant of a case consents only if nothing in it says that somebody else writes."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.case.model import Letter, State
from gateway.admission.intake.applicants.applicant import classify_reply
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.smtp.mailboxes import Purpose
from tests.support.factories import APPLICANT, BOUND, background, case

KNOWN = parse_form(
    "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：企画課\n"
    "役職：主任\n氏名：見本 花子\n"
)


def _consent(text: str, *, is_cut: bool = False) -> Consent:
    mail = MailFacts(
        author=APPLICANT,
        purpose=Purpose.CASE,
        subject="Re: 参加申請",
        text=text,
        form=parse_form(text),
        background=background(),
        automatic=None,
        bounce=None,
        number="K7QM-4T",
        binding=BOUND,
        is_cut=is_cut,
    )
    about = case(State.NEEDS_INFORMATION, form=KNOWN)
    letter = (
        "・規約への同意：",
        "利用規約をお読みのうえ、ご同意いただける場合は「同意する」とご記入ください。",
    )
    said = classify_reply(mail, letter, about, answers=Letter.MISSING_FIELDS)
    return getattr(said, "form", Form()).consent


@pytest.mark.parametrize(
    "text",
    [
        "規約に同意します。",
        "規約への同意：同意する",
        "規約への同意：同意する\n\n見本町企画課\n見本 花子",
        "見本町企画課の見本です。\n規約に同意します。",
        "企画課の見本です。\n規約に同意します。\n\n見本町 企画課 主任 見本 花子\nTEL 0155-11-2233",
        "規約への同意：同意する\n氏名：見本 花子",
        "同意します。\n見本",
    ],
)
def test_the_applicant_consents(text: str) -> None:
    assert _consent(text) is Consent.YES
    assert _consent(text, is_cut=True) is not Consent.YES  # the rest may take it back


@pytest.mark.parametrize(
    "text",
    [
        "規約への同意：同意する\n田中 一郎",
        "規約に同意します。\n総務課長 田中 一郎",
        "見本の上司の田中です。\n規約に同意します。",
        "企画課の田中です。\n規約に同意します。",
        "見本さんの隣の田中です。\n規約に同意します。",
        "秘書の田中です。\n規約に同意します。",
        "送信者：田中 一郎\n規約への同意：同意する",
        "規約への同意：同意する\n氏名：田中 一郎",
    ],
)
def test_somebody_else_does_not_consent(text: str) -> None:
    assert _consent(text) is not Consent.YES
