"""STARTTLS (RFC 3207): nothing said before counts after, and no bad handshake leaves anything behind."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct

import pytest

from gateway.mail.smtp import smtp_reply
from tests.support.certificates import serving, trusting
from tests.support.smtp_server import DESK, LETTER, Client, brisk, desk

EHLO = "EHLO mx.city.mihon.example"


@pytest.fixture(scope="module")
def server_context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """One certificate for all tests of this file."""
    return serving(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def client_context() -> ssl.SSLContext:
    """The same for the client."""
    return trusting()


async def up_to_tls(client: Client, context: ssl.SSLContext) -> None:
    await client.reply()
    assert "250-STARTTLS" in await client.ask(EHLO)
    assert str(smtp_reply.READY_FOR_TLS) == await client.ask("STARTTLS")
    await client.start_tls(context)


async def test_mail_over_tls(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> None:
    """The envelope tells it, and STARTTLS is not offered again."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await up_to_tls(client, client_context)
        assert "STARTTLS" not in await client.ask(EHLO)
        for line in ("MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
            assert (await client.ask(line))[0] in "23"
        await client.send(LETTER + b".\r\nQUIT\r\n")
        assert [str(smtp_reply.ACCEPTED), str(smtp_reply.CLOSING)] == (await client.rest()).splitlines()
        assert [True] == [envelope.tls for envelope, _ in at.handler.stored]


async def test_big_mail_over_tls(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> None:
    """More than the TLS layer gives at once."""
    text = b"Subject: x\r\n\r\n" + (b"a" * 70 + b"\r\n") * 20_000
    async with desk(tls_context=server_context) as at, at.client() as client:
        await up_to_tls(client, client_context)
        for line in (EHLO, "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
            await client.ask(line)
        await client.send(text + b".\r\n")
        assert str(smtp_reply.ACCEPTED) == await client.reply()
        assert [text] == at.handler.bodies


@pytest.mark.parametrize("injected", [b"RSET\r\nMAIL FROM:<inj@a.example>\r\n", b"EHLO evil\r\n", b"M"])
async def test_t01_commands_behind_starttls_end_the_session(
    injected: bytes, server_context: ssl.SSLContext
) -> None:
    """They were not protected, and must not be read as if they were."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.send(b"STARTTLS\r\n" + injected)
        assert f"{smtp_reply.SYNC_ERROR}\r\n" == await client.rest()


@pytest.mark.parametrize("line", ["MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA", "STARTTLS"])
async def test_t02_nothing_said_before_tls_counts(
    line: str, server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    """RFC 3207 section 4.2: also the EHLO is forgotten."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        for before in (EHLO, "MAIL FROM:<>", f"RCPT TO:<{DESK}>"):
            await client.ask(before)
        assert str(smtp_reply.READY_FOR_TLS) == await client.ask("STARTTLS")
        await client.start_tls(client_context)
        assert str(smtp_reply.BAD_SEQUENCE) == await client.ask(line)


async def test_t04_second_starttls_is_503(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    """And the session goes on."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await up_to_tls(client, client_context)
        await client.ask(EHLO)
        assert str(smtp_reply.BAD_SEQUENCE) == await client.ask("STARTTLS")
        assert str(smtp_reply.DONE) == await client.ask("NOOP")


@pytest.mark.parametrize(
    "garbage", [b"MAIL FROM:<a@a.example>\r\n", b"\x16\x03\x01\x00\x05aaaaa", b"\0" * 3000]
)
async def test_t05_garbage_for_a_client_hello_ends_quietly(
    garbage: bytes, server_context: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    """No plain text answer, no traceback, nobody left."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("STARTTLS")
        await client.send(garbage)
        async with asyncio.timeout(20):
            try:
                answer = await client.reader.read()
            except ConnectionError:
                answer = b""
        assert not answer or answer[0] == 21  # a TLS alert
        await at.until(lambda: at.listener.sessions == 0)
        assert [] == [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]


async def test_t06_stalled_handshake_is_ended(server_context: ssl.SSLContext) -> None:
    """By a deadline of its own."""
    async with desk(limits=brisk(handshake_s=0.05), tls_context=server_context) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("STARTTLS")
        assert "" == await client.rest()
        await at.until(lambda: at.listener.sessions == 0)


async def test_reset_within_the_handshake_leaves_nobody(server_context: ssl.SSLContext) -> None:
    """The TLS layer does not report it."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("STARTTLS")
        sock: socket.socket = client.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.writer.transport.abort()
        await at.until(lambda: at.listener.sessions == 0)


async def test_t07_starttls_takes_no_argument(server_context: ssl.SSLContext) -> None:
    """501; a bare LF ends the session; before EHLO it is out of order."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        assert str(smtp_reply.BAD_SEQUENCE) == await client.ask("STARTTLS")
        await client.ask(EHLO)
        assert str(smtp_reply.BAD_SYNTAX) == await client.ask("STARTTLS foo")
        await client.send(b"STARTTLS\n")
        assert f"{smtp_reply.BAD_LINE_END}\r\n" == await client.rest()


async def test_stop_within_the_handshake(server_context: ssl.SSLContext) -> None:
    """There is nothing to say in clear."""
    async with desk(tls_context=server_context) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("STARTTLS")
        await at.listener.stop()
        assert "" == await client.rest()
