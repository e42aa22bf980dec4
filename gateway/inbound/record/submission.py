"""What a front submits to the writer, and what it hears: one record a mail, one answer.

Each is a msgspec value, so that the same goes through a socket as through a call.
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
    """A mail that may come in, with everything that needs no store.

    `verdict` is None for mail that needs no proof; what DNS said is left out of it, and stands in `row`.
    `parents` are the Message-IDs that the mail answers, the nearest first. `row` lacks only its kind. The
    mail's number and the background of its author's domain are the writer's to add.
    """

    envelope: Envelope
    route: Route
    mail: MailFacts
    verdict: Verdict | None
    parents: tuple[str, ...]
    row: ReceivedMail

    @property
    def author(self) -> str:
        """The author's address as text; empty when nobody needs to be proven."""
        return str(self.mail.author or "")


class RefusalRecord(msgspec.Struct, array_like=True, frozen=True, tag=True):
    """A mail whose author could not be proven: what is counted of it by `domain` and day."""

    reason: str
    domain: str
    at: datetime


Submission = MailRecord | RefusalRecord


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What came of a submission: the SMTP reply, and the numbers of mail (0: none) and case (or empty)."""

    reply: SmtpReply
    mail_id: int = 0
    number: str = ""


Submit = Callable[[Submission], Awaitable[Answer]]

encode_submission = msgspec.msgpack.Encoder().encode
decode_submission = msgspec.msgpack.Decoder(Submission).decode
encode_answer = msgspec.msgpack.Encoder().encode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
