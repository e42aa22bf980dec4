"""The envelope of a message: what the SMTP session says about it (RFC 5321 section 2.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.mail.address import Address


@dataclass(frozen=True, slots=True)
class Envelope:
    """The facts of one mail transaction.

    `client_ip` is the peer's address in text form (IPv4-mapped IPv6 already unmapped), `helo` the name it
    gave, `reverse_path` is None for the null reverse-path, `received_at` is aware UTC.
    """

    client_ip: str
    helo: str
    reverse_path: Address | None
    forward_paths: tuple[Address, ...]
    received_at: datetime
    tls: bool = False
