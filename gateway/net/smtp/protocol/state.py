"""What is known of a session and of its mail transaction (RFC 5321 section 4.1.4), and who is asked.

aiosmtpd's `Session` and `Envelope` with what a desk must know besides; they do no I/O.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from aiosmtpd.smtp import Envelope as StockEnvelope
from aiosmtpd.smtp import Session as StockSession

from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.relays.xclient import NO_CLAIM


class Handler(Protocol):
    """What the listener asks of reception."""

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """Whether `new` may join `forward_paths`: an accepted reply or the refusal."""
        ...

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Take the message and say so, or refuse it. Runs to its end also when the client has gone."""
        ...


class Session(StockSession):
    """Who speaks. `ip` is the client's address, empty when its relay does not know it, `key` what it is
    counted by, `peer_ip` the other end of the connection.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.ip = self.key = self.peer_ip = ""
        self.is_relay = False
        self.claim = NO_CLAIM

    def settle(self, ip: str, key: str, *, is_relay: bool) -> None:
        """The other end of the connection, which is the client too until a relay names another."""
        self.ip = self.peer_ip = ip
        self.key, self.is_relay = key, is_relay

    @property
    def is_tls(self) -> bool:
        """Whether what is said is protected."""
        return self.ssl is not None

    @property
    def helo_of_client(self) -> str:
        """As the relay tells it, for it may greet us by its own name; else as it was said to us."""
        return (self.host_name or "") if self.claim.helo is None else self.claim.helo

    def begin_anew(self) -> None:
        """Forget what was said; the connection stays what it is."""
        self.host_name = None
        self.extended_smtp = False


class Transaction(StockEnvelope):
    """A mail transaction (RFC 5321 section 3.3): open from MAIL to the end of data or RSET.

    `mail_from` is None for the null reverse-path too, so `is_open` tells whether there was a MAIL;
    `attempts` are the RCPTs, the refused ones too.
    """

    mail_from: Address | None  # type: ignore[assignment] # parsed, where aiosmtpd has text
    rcpt_tos: list[Address]  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False
        self.attempts = 0

    def try_recipient(self, limit: int) -> SmtpReply | None:
        """Count one more RCPT; the refusal when there are too many."""
        self.attempts += 1
        # RFC 5321 section 4.5.3.1.10: the mail goes to those that were admitted; a flood ends here.
        if self.attempts > 10 * limit:
            return smtp_reply.TOO_MANY_ERRORS
        return smtp_reply.TOO_MANY_RECIPIENTS if len(self.rcpt_tos) >= limit else None


def ehlo_lines(hostname: str, size_bytes: int, *more: str) -> bytes:
    """The answer to EHLO without its last CRLF. PIPELINING, SMTPUTF8, CHUNKING and AUTH are not offered."""
    keywords: Sequence[str] = (hostname, f"SIZE {size_bytes}", "8BITMIME", *more, "ENHANCEDSTATUSCODES")
    lines = [f"250-{keyword}" for keyword in keywords[:-1]] + [f"250 {keywords[-1]}"]
    return "\r\n".join(lines).encode("ascii")
