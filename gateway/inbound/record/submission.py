"""Submissions of a front to the writer and their answers: one record per mail, one answer.

Both are msgspec values, so that a socket transfers the same values as a call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from gateway.admission.intake.mail_facts import MailFacts
from gateway.auth.results import Verdict
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Route
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.protocol import ReceivedMail


class MailRecord(msgspec.Struct, array_like=True, frozen=True, tag=True):
    """An accepted mail, with everything that does not need the store.

    `verdict` is None for mail that needs no authentication; its DNS answers are only in `row`. `parents` are
    the Message-IDs that the mail replies to, nearest first. `row` is complete except for its kind. The writer
    adds the case number and the background of the author's domain.
    """

    envelope: Envelope
    route: Route
    mail: MailFacts
    verdict: Verdict | None
    parents: tuple[str, ...]
    row: ReceivedMail

    @property
    def author(self) -> str:
        """The author's address as text; empty for mail that needs no authentication."""
        return str(self.mail.author or "")


class RefusalRecord(msgspec.Struct, array_like=True, frozen=True, tag=True):
    """A mail whose author was not authenticated, for the count by `domain` and day."""

    reason: str
    domain: str
    at: datetime


Submission = MailRecord | RefusalRecord


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """The answer to a submission: the SMTP reply, the mail ID (0: none) and the case number (or empty)."""

    reply: SmtpReply
    mail_id: int = 0
    number: str = ""


Submit = Callable[[Submission], Awaitable[Answer]]

encode_submission = msgspec.msgpack.Encoder().encode
decode_submission = msgspec.msgpack.Decoder(Submission).decode
encode_answer = msgspec.msgpack.Encoder().encode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
