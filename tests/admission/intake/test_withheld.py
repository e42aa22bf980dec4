"""A consent counts only if nothing else in the mail may say otherwise: subject, HTML, another sender."""

from __future__ import annotations

from email.header import Header

import pytest

from gateway.admission.application.form import Consent
from gateway.admission.intake.applicant import read_words
from gateway.admission.intake.extract import extract_facts
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail import message
from gateway.mail.smtp.mailboxes import Purpose

FORM = "団体名：見本町\r\n部課名：総務課\r\n氏名：見本 花子\r\n規約への同意：同意する\r\n"


def read(subject: str, purpose: Purpose = Purpose.REQUEST) -> MailFacts:
    head = f"Subject: {Header(subject, 'utf-8').encode()}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    facts = extract_facts(message.parse((head + FORM).encode()), None, purpose, null_reverse_path=False)
    return read_words(facts)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("参加申請（見本町）", Consent.YES),
        ("", Consent.YES),
        ("【下書き】参加申請", Consent.ABSENT),
        ("規約には同意できません", Consent.ABSENT),
    ],
)
def test_the_subject_is_a_line_of_the_writer(subject: str, expected: Consent) -> None:
    facts = read(subject)
    assert (expected, "見本 花子") == (facts.form.consent, facts.form.name)
    assert facts.words is not None
    assert ("" if expected is Consent.YES else subject) == facts.words.beside


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: 【様式のご確認】事務局より", Consent.YES),
        ("規約には同意できません", Consent.ABSENT),
    ],
)
def test_the_subject_of_an_answer_to_our_letter_is_ours(subject: str, expected: Consent) -> None:
    assert expected is read(subject, Purpose.CASE).form.consent
