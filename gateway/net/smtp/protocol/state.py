"""What SMTP commands mean: one session's state and its answers (RFC 5321 section 4.1.4), without any I/O.

The connection, STARTTLS, DATA and the counting of errors are in `gateway.net.smtp.session`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.limits.resource_usage import Limits, ResourceUsage
from gateway.net.smtp.protocol.syntax import parse_helo, parse_mail, parse_rcpt


class Handler(Protocol):
    """What the listener asks of reception."""

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """Whether `new` may join `forward_paths`: an accepted reply or the refusal."""
        ...

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Take the message and say so, or refuse it. Runs to its end also when the client has gone."""
        ...


@dataclass(slots=True)
class Transaction:
    """A mail transaction (RFC 5321 section 3.3): open from MAIL to the end of data or RSET."""

    is_open: bool = False
    reverse_path: Address | None = None
    forward_paths: list[Address] = field(default_factory=list)
    attempts: int = 0


@dataclass(slots=True)
class SmtpState:
    """The state of one session: who greeted us and the transaction under way."""

    handler: Handler
    occupancy: ResourceUsage
    postmaster: Address | None = None
    helo: str | None = None
    extended: bool = False
    transaction: Transaction = field(default_factory=Transaction)

    @property
    def limits(self) -> Limits:
        """The limits of the listener."""
        return self.occupancy.limits

    def greet(self, argument: bytes, *, extended: bool) -> bool:
        """HELO or EHLO; False when the name is none. RFC 5321 section 4.1.4: it also resets."""
        helo = parse_helo(argument)
        if helo is None:
            return False
        self.helo = helo
        self.extended = extended
        self.transaction = Transaction()
        return True

    def mail(self, argument: bytes) -> SmtpReply:
        """MAIL FROM."""
        if self.helo is None or self.transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        command = parse_mail(argument)
        if isinstance(command, SmtpReply):
            return command
        if command.size_bytes > self.limits.message_bytes:
            return smtp_reply.TOO_BIG
        wanted_bytes = command.size_bytes * self.limits.handled_times
        if self.occupancy.disk_is_full or not self.occupancy.has_room(wanted_bytes):
            return smtp_reply.INSUFFICIENT_STORAGE
        self.transaction = Transaction(is_open=True, reverse_path=command.reverse_path)
        return smtp_reply.SENDER_OK

    def rcpt(self, argument: bytes) -> SmtpReply:
        """RCPT TO."""
        transaction = self.transaction
        if not transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        transaction.attempts += 1
        # RFC 5321 section 4.5.3.1.10: the mail goes to those that were admitted; a flood ends here.
        if transaction.attempts > 10 * self.limits.recipients:
            return smtp_reply.TOO_MANY_ERRORS
        if len(transaction.forward_paths) >= self.limits.recipients:
            return smtp_reply.TOO_MANY_RECIPIENTS
        new = parse_rcpt(argument, self.postmaster)
        if isinstance(new, SmtpReply):
            return new
        answer = self.handler.check_recipient(tuple(transaction.forward_paths), new)
        if answer.is_success:
            transaction.forward_paths.append(new)
        return answer

    def data(self, argument: bytes) -> SmtpReply:
        """DATA; START_DATA when the message may come."""
        if not self.transaction.forward_paths:
            return smtp_reply.BAD_SEQUENCE
        return smtp_reply.BAD_SYNTAX if argument else smtp_reply.START_DATA


def ehlo_lines(hostname: str, size_bytes: int, *more: str) -> bytes:
    """The whole answer to EHLO. PIPELINING, SMTPUTF8, CHUNKING and AUTH are not offered."""
    keywords: Sequence[str] = (hostname, f"SIZE {size_bytes}", "8BITMIME", *more, "ENHANCEDSTATUSCODES")
    lines = [f"250-{keyword}" for keyword in keywords[:-1]] + [f"250 {keywords[-1]}"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
