"""The way of one message through the listener: envelope, hand-over, answers, and clients that vanish."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable

import pytest

from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.limits.resource_usage import client_ip, client_key
from gateway.net.smtp.listener import Listener
from gateway.net.smtp.protocol.guard import Guard
from tests.support.smtp_server import DESK, LETTER, NOON, Recorder, brisk, desk

HELO = "mx.city.mihon.example"


async def test_envelope_tells_who_sent_what_to_whom() -> None:
    """All facts of the session, the time from the clock that was given."""
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        assert "250 2.0.0 Message accepted" == await client.reply()
        sender, request = Address("rei", "city.mihon.example"), Address("request", "desk.example")
        assert [(Envelope("127.0.0.1", HELO, sender, (request,), NOON), LETTER)] == at.handler.stored


async def test_x02_greeting_and_ehlo_name_no_software_and_offer_little() -> None:
    """No PIPELINING, SMTPUTF8, AUTH or HELP; no STARTTLS without a certificate."""
    async with desk() as at, at.client() as client:
        assert "220 mx.desk.example ESMTP" == await client.reply()
        lines = (await client.ask(f"EHLO {HELO}")).split("\n")
        assert [
            "250-mx.desk.example",
            "250-SIZE 10240000",
            "250-8BITMIME",
            "250 ENHANCEDSTATUSCODES",
        ] == lines


async def test_null_reverse_path_is_none() -> None:
    """`<>` is no text."""
    async with desk() as at, at.client() as client:
        await client.reply()
        for line in ("HELO relay.example", "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
            assert (await client.ask(line))[0] in "23"
        await client.send(LETTER + b".\r\n")
        await client.reply()
        assert at.handler.stored[0][0].reverse_path is None


async def test_the_handler_says_who_is_served() -> None:
    """Its refusals go out as they are, what it admits is in the envelope."""
    async with desk(postmaster=Address("postmaster", "desk.example")) as at, at.client() as client:
        await client.reply()
        await client.ask(f"EHLO {HELO}")
        await client.ask("MAIL FROM:<>")
        for path, wanted in (
            ("stranger@elsewhere.example", smtp_reply.NO_SUCH_MAILBOX),
            ("decide+a@desk.example", smtp_reply.RECIPIENT_OK),
            ("decide+b@desk.example", smtp_reply.ONE_CASE_PER_MESSAGE),
            ("Postmaster", smtp_reply.RECIPIENT_OK),
        ):
            assert str(wanted) == await client.ask(f"RCPT TO:<{path}>")
        await client.ask("DATA")
        await client.send(LETTER + b".\r\n")
        await client.reply()
        paths = at.handler.stored[0][0].forward_paths
        assert ["decide+a@desk.example", "postmaster@desk.example"] == [str(path) for path in paths]


@pytest.mark.parametrize(
    "answer",
    [smtp_reply.SENDER_UNAUTHENTICATED, smtp_reply.DNS_ERROR, smtp_reply.DUPLICATE, smtp_reply.BAD_MESSAGE],
)
async def test_answer_of_the_handler_is_the_answer_to_the_message(answer: SmtpReply) -> None:
    """And the session goes on."""
    async with desk(Recorder(answer=answer)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        assert str(answer) == await client.reply()
        assert (await client.ask("MAIL FROM:<>")).startswith("250 ")


@pytest.mark.parametrize(
    "fault",
    [
        ValueError("secret /var/desk\r\n250 injected"),
        OSError(28, "No space left on device"),
        RecursionError(),
        MemoryError(),
        KeyError("髙"),
        asyncio.CancelledError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_c15_exception_is_451_and_its_text_stays_inside(
    fault: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """One line in the log, escaped; nothing of it in the reply."""
    async with desk(Recorder(fault=fault)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\nQUIT\r\n")
        assert [str(smtp_reply.LOCAL_ERROR), str(smtp_reply.CLOSING)] == (await client.rest()).splitlines()
        faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert (0 if isinstance(fault, asyncio.CancelledError) else 1) == len(faults)
        assert all("\n" not in record.getMessage() for record in faults)


async def test_c15_exception_about_a_recipient_is_451() -> None:
    """The same for the other question to the handler; the session goes on."""
    async with desk() as at, at.client() as client:
        await client.reply()
        await client.ask(f"EHLO {HELO}")
        await client.ask("MAIL FROM:<>")
        assert str(smtp_reply.LOCAL_ERROR) == await client.ask("RCPT TO:<broken@desk.example>")
        assert (await client.ask(f"RCPT TO:<{DESK}>")).startswith("250 ")


async def test_c15_own_trouble_with_a_message_forgets_the_transaction() -> None:
    """No second DATA without a MAIL; the session goes on."""
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        at.listener._service.now = lambda: 1 // 0  # type: ignore[assignment,return-value] # the fault
        await client.send(LETTER + b".\r\n")
        assert str(smtp_reply.LOCAL_ERROR) == await client.reply()
        assert str(smtp_reply.BAD_SEQUENCE) == await client.ask("DATA")
        assert str(smtp_reply.SENDER_OK) == await client.ask("MAIL FROM:<>")


async def test_c15_own_trouble_before_the_end_of_data_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The octets that follow are a message, and must not be read as commands."""
    async with desk() as at, at.client() as client:
        await client.reply()
        for line in (f"EHLO {HELO}", "MAIL FROM:<>", f"RCPT TO:<{DESK}>"):
            await client.ask(line)
        begin_data = Guard.begin_data

        def fail(guard: Guard) -> None:
            begin_data(guard)
            raise RuntimeError("secret")

        monkeypatch.setattr(Guard, "begin_data", fail)
        await client.send(b"DATA\r\n")
        assert f"{smtp_reply.LOCAL_ERROR}\r\n" == await client.rest()


async def test_c15_no_reply_at_all_is_451() -> None:
    """A handler that forgets to answer has not accepted."""
    async with desk(Recorder(answer=None)) as at, at.client() as client:  # type: ignore[arg-type] # the fault
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        assert str(smtp_reply.LOCAL_ERROR) == await client.reply()


async def test_x01_x03_log_has_neither_addresses_nor_text(caplog: pytest.LogCaptureFixture) -> None:
    """One event, one line; aiosmtpd's own log is silent."""
    caplog.set_level(logging.DEBUG)
    async with desk() as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        await client.reply()
        await client.ask("MAIL FROM:<secret\x1b[31m@a.example>")
        await client.send(b"EHLO secret\rsecret\n")
        await client.rest()
        lines = [record.getMessage() for record in caplog.records if record.name != "asyncio"]
        assert ["closed client=127.0.0.1 reply='500 5.5.2'"] == lines
        assert not logging.getLogger("mail.log").isEnabledFor(logging.CRITICAL)


async def vanish_by_close(sock: socket.socket) -> None:
    sock.close()


async def vanish_by_reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@pytest.mark.parametrize("vanish", [vanish_by_close, vanish_by_reset])
async def test_client_that_vanishes_behind_the_dot_cancels_nothing(
    vanish: Callable[[socket.socket], asyncio.Future[None]],
) -> None:
    """RFC 1047: the work goes on to its end."""
    gate = asyncio.Event()
    async with desk(Recorder(gate=gate)) as at:
        sock = socket.create_connection(("127.0.0.1", at.port))
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        for line in ("", f"EHLO {HELO}", "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
            if line:
                await loop.sock_sendall(sock, f"{line}\r\n".encode())
            await loop.sock_recv(sock, 1000)
        await loop.sock_sendall(sock, LETTER + b".\r\n")
        await at.handler.begun.wait()
        await vanish(sock)
        await asyncio.sleep(0.05)
        gate.set()
        await at.until(lambda: bool(at.handler.stored))
        await at.until(lambda: at.listener.sessions == 0)
        assert (0, 0) == (at.handler.cancelled, at.listener.held_bytes)


async def test_client_that_half_closes_behind_the_dot_gets_its_answer() -> None:
    """Its last word was the end of data, ours is the reply."""
    gate = asyncio.Event()
    async with desk(Recorder(gate=gate)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        await at.handler.begun.wait()
        client.writer.write_eof()
        await asyncio.sleep(0.05)
        gate.set()
        assert "250 2.0.0 Message accepted\r\n" == await client.rest()


@pytest.mark.parametrize(
    ("early", "wanted"),
    [
        (b"QUIT\r\n", smtp_reply.CLOSING),
        (b"qu", smtp_reply.SHUTTING_DOWN),
        (b"MAIL FROM:<>\r\n", smtp_reply.SYNC_ERROR),
    ],
)
async def test_s16_only_quit_may_come_before_the_answer(early: bytes, wanted: SmtpReply) -> None:
    """In a packet of its own while the handler works; the message itself is answered first."""
    gate = asyncio.Event()
    async with desk(Recorder(gate=gate)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        await at.handler.begun.wait()
        await client.send(early)
        await asyncio.sleep(0.05)
        gate.set()
        assert str(smtp_reply.ACCEPTED) == await client.reply()
        await at.until(lambda: at.listener.held_bytes == 0)
        await at.listener.stop()
        assert f"{wanted}\r\n" == await client.rest()
        assert 1 == len(at.handler.stored)


async def test_c03_early_talker_is_not_greeted() -> None:
    """What lies in the socket before our greeting was sent too early (RFC 5321 section 3.1)."""
    handler = Recorder()
    sock = socket.create_server(("127.0.0.1", 0))
    early = socket.create_connection(sock.getsockname())
    early.sendall(b"EHLO c\r\n")
    listener = Listener(handler, hostname="mx.desk.example", limits=brisk(), now=lambda: NOON)
    await listener.start(sock)
    reader, writer = await asyncio.open_connection(sock=early)
    assert f"{smtp_reply.SYNC_ERROR}\r\n".encode() == await reader.read()
    writer.close()
    await writer.wait_closed()
    await listener.stop()


@pytest.mark.parametrize(
    ("peername", "ip", "key"),
    [
        (("192.0.2.7", 1234), "192.0.2.7", "192.0.2.7"),
        (("::ffff:192.0.2.7", 1234, 0, 0), "192.0.2.7", "192.0.2.7"),
        (("2001:db8::1:2:3:4", 1234, 0, 0), "2001:db8::1:2:3:4", "2001:db8::/64"),
        (("fe80::1%eth0", 1234, 0, 3), "fe80::1", "fe80::/64"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_client_address_is_unmapped(peername: object, ip: str, key: str) -> None:
    """SPF needs the IPv4 address; connections of IPv6 are counted by network."""
    assert (ip, key) == (client_ip(peername), client_key(ip))
