"""What a server does to us when we deliver: octets slipped in before TLS answer for nothing (RFC 3207)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.mail.address import Address
from gateway.net.delivery.smarthost import SmarthostCourier
from gateway.net.delivery.smtp_client import Remote
from gateway.outbound.protocols import Outcome
from tests.support.certificates import serving
from tests.support.hostile_server import talking

BOUNCE, REI = Address("bounce+a", "desk.example"), Address("rei", "city.mihon.example")
SLIPPED_IN = [b"", b"250 kept\r\n" * 8, b"250-mx\r\n250-AUTH PLAIN\r\n250 OK\r\n", b"550 no\r\n"]


@asynccontextmanager
async def server(context: ssl.SSLContext, slipped_in: bytes, to_rcpt: bytes) -> AsyncIterator[int]:
    """Offers STARTTLS, and says `slipped_in` in clear with its consent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx ESMTP\r\n")
        encrypted = False
        while line := await reader.readline():
            match line[:4].upper():
                case b"EHLO":
                    writer.write(b"250 mx\r\n" if encrypted else b"250-mx\r\n250 STARTTLS\r\n")
                case b"STAR":
                    writer.write(b"220 go\r\n" + slipped_in)
                    await writer.start_tls(context)
                    encrypted = True
                case b"RCPT":
                    writer.write(to_rcpt)
                case b"DATA":
                    writer.write(b"354 go\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    writer.write(b"250 kept\r\n")
                case _:
                    writer.write(b"250 ok\r\n")

    async with talking(talk) as port:
        yield port


@pytest.mark.parametrize("slipped_in", SLIPPED_IN)
@pytest.mark.parametrize(
    ("to_rcpt", "outcome"), [(b"250 ok\r\n", Outcome.SENT), (b"550 no such user\r\n", Outcome.REFUSED)]
)
async def test_t09_replies_slipped_in_before_tls_answer_nothing(
    tmp_path: Path, slipped_in: bytes, to_rcpt: bytes, outcome: Outcome
) -> None:
    async with server(serving(tmp_path), slipped_in, to_rcpt) as port:
        courier = SmarthostCourier(Remote("127.0.0.1", port, "opportunistic"), "desk.example")
        delivery = await courier.deliver(BOUNCE, REI, b"Subject: x\r\n\r\ny\r\n")
        await courier.close()
    assert outcome is delivery.outcome
