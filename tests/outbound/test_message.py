"""The header of a letter: which mails it answers."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from gateway.admission.case.model import Letter
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.outbound.message import MAX_REFERENCE, build_message
from gateway.outbound.protocols import RenderedLetter
from gateway.store.protocol import LetterRow, LetterState
from tests.support.factories import APPLICANT, NOW

MAILBOXES = Mailboxes("gw.example.go.jp", "request")
CASE = "<case.K7QM-4T@gw.example.go.jp>"
OWN = "<mine@town.mihon.lg.jp>"
ROW = LetterRow(
    id=1,
    case_id=1,
    letter=Letter.ACKNOWLEDGMENT,
    to=APPLICANT,
    facts={"number": "K7QM-4T"},
    revision=1,
    message_id="<letter@gw.example.go.jp>",
    state=LetterState.QUEUED,
    attempts=1,
    queued_at=NOW,
    not_before=NOW,
)


@pytest.mark.parametrize(
    ("references", "row"),
    [
        ([CASE], ROW),
        ([CASE, OWN], replace(ROW, references=(OWN,))),
        ([OWN], replace(ROW, references=(OWN,), letter=Letter.HOW_TO_APPLY, facts={})),
        ([CASE], replace(ROW, references=(OWN,), letter=Letter.REVIEW_REQUEST)),
        ([CASE], replace(ROW, references=(f"<{'x' * MAX_REFERENCE}@y>",))),
    ],
)
def test_a_letter_to_an_applicant_goes_below_the_applicants_own_mail(
    references: list[str], row: LetterRow
) -> None:
    rendered = RenderedLetter("件名", "本文\n", None)
    raw = build_message(row, rendered, MAILBOXES.address(Purpose.REQUEST), "窓口", MAILBOXES, NOW)
    message = message_from_bytes(raw, policy=policy.default)
    assert references == message["References"].split()
    assert references[-1] == message["In-Reply-To"]
