"""State of a session and of its mail transaction (RFC 5321 section 4.1.4), and the handler interface.

aiosmtpd's `Session` and `Envelope`, extended by what the gateway needs; they do no I/O.
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
    """The interface of the message handler, as used by the listener."""

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """Return whether `new` may be added to `forward_paths`, as an accepting or rejecting reply."""
        ...

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Accept or reject the message. Runs to completion even if the client disconnects."""
        ...


class Session(StockSession):
    """The client of a session.

    `ip` is the client's address, empty if its relay does not know it; `key` identifies it in the counts;
    `peer_ip` is the address of the other end of the connection.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.ip = self.key = self.peer_ip = ""
        self.is_relay = False
        self.claim = NO_CLAIM

    def settle(self, ip: str, key: str, *, is_relay: bool) -> None:
        """Set the peer of the connection, which is also the client until a relay names another."""
        self.ip = self.peer_ip = ip
        self.key, self.is_relay = key, is_relay

    @property
    def is_tls(self) -> bool:
        """Return whether the session is encrypted."""
        return self.ssl is not None

    @property
    def helo_of_client(self) -> str:
        """The HELO name reported by the relay, which may use its own name with us; otherwise as received."""
        return (self.host_name or "") if self.claim.helo is None else self.claim.helo

    def begin_anew(self) -> None:
        """Forget the client's introduction; the connection itself is unchanged."""
        self.host_name = None
        self.extended_smtp = False


class Transaction(StockEnvelope):
    """A mail transaction (RFC 5321 section 3.3): open from MAIL to the end of data or RSET.

    `mail_from` is also None for the null reverse-path, so `is_open` says whether there was a MAIL;
    `attempts` counts the RCPT commands, rejected ones included.
    """

    mail_from: Address | None  # type: ignore[assignment] # parsed, where aiosmtpd has text
    rcpt_tos: list[Address]  # type: ignore[assignment] # parsed too

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False
        self.attempts = 0

    def try_recipient(self, limit: int) -> SmtpReply | None:
        """Count another RCPT; return a reply that rejects it if there are too many."""
        self.attempts += 1
        # RFC 5321 section 4.5.3.1.10: the mail goes to the accepted recipients; a flood ends the session.
        if self.attempts > 10 * limit:
            return smtp_reply.TOO_MANY_ERRORS
        return smtp_reply.TOO_MANY_RECIPIENTS if len(self.rcpt_tos) >= limit else None


def ehlo_lines(hostname: str, size_bytes: int, *more: str) -> bytes:
    """Return the EHLO reply without its last CRLF.

    PIPELINING, SMTPUTF8, CHUNKING and AUTH are not offered.
    """
    keywords: Sequence[str] = (hostname, f"SIZE {size_bytes}", "8BITMIME", *more, "ENHANCEDSTATUSCODES")
    lines = [f"250-{keyword}" for keyword in keywords[:-1]] + [f"250 {keywords[-1]}"]
    return "\r\n".join(lines).encode("ascii")
