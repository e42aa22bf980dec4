"""What the store holds before a mail of the corpus arrives: a case, and a letter that left with a token.

Both are put there through the real transaction, with the values that the `[before]` of the .expect names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gateway.admission.application import form
from gateway.admission.authority import tokens
from gateway.admission.case.model import Background, Case, Letter, OutgoingLetter, State
from gateway.admission.case.model.affiliation import NO_AFFILIATION, Affiliation, AffiliationCheck, claim_of
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import LetterState, Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW

SENT_AT = NOW - timedelta(days=4)
# The Subjects that the mails of the corpus answer; others are named in the .expect.
SUBJECTS = {
    Letter.REVIEW_REQUEST: "【審査依頼 {}】見本町 見本 花子 様の参加申請",
    Letter.DECISION_RECEIPT: "【判断を記録しました {}】見本町 見本 花子 様",
}


class CorpusStore(SqliteStore):
    """The real store; its first letter gets the Message-ID that the mail of the corpus answers."""

    def __init__(self, path: Path, domain: str, message_id: str) -> None:
        super().__init__(path, domain)
        self._given = iter([message_id] if message_id else [])

    def _message_id(self) -> str:
        return next(self._given, "") or super()._message_id()


def prepare(tx: Transaction, before: Mapping[str, Any]) -> None:
    """Put the case and its letter into the store, as dispatch leaves them behind."""
    case = tx.save(_case(before))
    letter = Letter(before["letter"])
    tx.enqueue(case, (OutgoingLetter(letter, parse(before["to"]), {"number": case.number}),), SENT_AT, None)
    (row,) = tx.claim(SENT_AT, SENT_AT + timedelta(minutes=5), 1)
    expires_at = NOW + timedelta(days=-1 if before.get("expired") else 86)
    tx.keep_token(tokens.token_hash(before["token"]), Purpose[before["purpose"].upper()], row, expires_at)
    subject = before.get("subject", SUBJECTS.get(letter, "").format(case.number))
    tx.keep_sent_text(row.id, subject, before["text"])
    tx.record_outcome(row.id, LetterState.SENT, SENT_AT, "250 2.0.0 OK", SENT_AT)
    if "revision" in before:
        tx.save(_case(before, id=case.id, revision=before["revision"]))


def wait(tx: Transaction, before: Mapping[str, Any]) -> None:
    """The letter of the last decision, which may still be taken back."""
    case = tx.case_by_number(before["number"])
    assert case is not None
    tx.enqueue(
        case,
        (OutgoingLetter(Letter(before["waiting"]), case.applicant, {}, NOW + timedelta(minutes=5)),),
        NOW,
        None,
    )


def _case(before: Mapping[str, Any], **more: Any) -> Case:
    background = Background(
        before["kind"], Standing(before["standing"]), before["organisation"], (), "dmarc", "proven by DMARC"
    )
    return Case(
        number=before["number"],
        applicant=parse(before["applicant"]),
        form=form.parse_form(before["form"]),
        background=background,
        opened_at=SENT_AT,
        due_on=date(2026, 11, 26),
        state=State(before["state"]),
        decided_by=before.get("decided_by", ""),
        affiliation=_affiliation(before),
        **more,
    )


def _affiliation(before: Mapping[str, Any]) -> Affiliation:
    """A colleague was asked whether the applicant works at the organisation of the colleague's domain."""
    if before["letter"] != Letter.AFFILIATION_CHECK:
        return NO_AFFILIATION
    to, claim = parse(before["to"]), claim_of(form.parse_form(before["form"]))
    return Affiliation((AffiliationCheck(to, SENT_AT, claim, to.domain),), claim=claim, domains=(to.domain,))
