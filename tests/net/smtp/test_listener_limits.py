"""Floods and slow clients meet their limit; other sessions do not notice."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import fields
from typing import Any

import pytest

from gateway.mail.smtp import smtp_reply
from gateway.net.smtp.limits import resource_usage
from gateway.net.smtp.limits.resource_usage import HANDLED_TIMES, Limits
from tests.support.smtp_server import DESK, LETTER, Client, Recorder, brisk, desk

EHLO = "EHLO mx.city.mihon.example"


async def test_r05_recipients_beyond_the_limit_are_452_and_the_rest_is_served() -> None:
    """RFC 5321 section 4.5.3.1.10; also when it is the same one each time."""
    async with desk() as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("MAIL FROM:<>")
        answers = [await client.ask(f"RCPT TO:<{DESK}>") for _ in range(150)]
        assert [str(smtp_reply.RECIPIENT_OK)] * 100 + [str(smtp_reply.TOO_MANY_RECIPIENTS)] * 50 == answers
        assert str(smtp_reply.START_DATA) == await client.ask("DATA")
        await client.send(LETTER + b".\r\n")
        await client.reply()
        assert 100 == len(at.handler.stored[0][0].forward_paths)


async def test_r05_flood_of_recipients_ends_the_session() -> None:
    """Ten times the limit is no honest mail."""
    async with desk(limits=brisk(recipients=3)) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        await client.ask("MAIL FROM:<>")
        answers = [await client.ask(f"RCPT TO:<{DESK}>") for _ in range(31)]
        assert str(smtp_reply.TOO_MANY_ERRORS) == answers[-1]
        assert "" == await client.rest()


async def test_r06_connections_of_one_address() -> None:
    """Those above the limit hear 421; when one leaves there is room again."""
    async with desk(limits=brisk(connections_per_address=3)) as at, AsyncExitStack() as stack:
        first = await stack.enter_async_context(at.client())
        assert (await first.reply()).startswith("220 ")
        for _ in range(2):
            client = await stack.enter_async_context(at.client())
            assert (await client.reply()).startswith("220 ")
        for _ in range(20):
            client = await stack.enter_async_context(at.client())
            assert f"{smtp_reply.TOO_MANY_CONNECTIONS}\r\n" == await client.rest()
        assert str(smtp_reply.CLOSING) == await first.ask("QUIT")
        await at.until(lambda: at.listener.sessions == 2)
        client = await stack.enter_async_context(at.client())
        assert (await client.reply()).startswith("220 ")


@pytest.mark.parametrize(("idle", "stays"), [(3, True), (4, False)])
async def test_r06_idle_clients_make_room_when_four_fifths_of_the_places_are_taken(
    idle: int, stays: bool
) -> None:
    """Then a command is due in a sixth of its time; a message on its way is not hurried."""
    limits = brisk(connections=10, command_s=6.0)
    places = limits.connections * idle // 5
    async with desk(limits=limits) as at, AsyncExitStack() as stack:
        sending = await stack.enter_async_context(at.client())
        await sending.up_to_data()
        clients = [await stack.enter_async_context(at.client()) for _ in range(places - 1)]
        for client in clients:
            await client.reply()
        for session in at.listener._service.sessions:
            session._deadline -= 5.5  # type: ignore[attr-defined] # as if so many seconds had passed
        await asyncio.sleep(0.1)
        await at.until(lambda: at.listener.sessions == (places if stays else 1))
        await sending.send(LETTER + b".\r\n")
        assert str(smtp_reply.ACCEPTED) == await sending.reply()


async def test_r06_connections_in_all() -> None:
    """The limit of all addresses together."""
    async with desk(limits=brisk(connections=1)) as at, at.client() as first, at.client() as second:
        assert (await first.reply()).startswith("220 ")
        assert f"{smtp_reply.TOO_MANY_CONNECTIONS}\r\n" == await second.rest()


@pytest.mark.parametrize("line", ["NOOP", "RSET", "HELP", "VRFY a", EHLO, "HELO c"])
async def test_junk_flood_ends_with_421(line: str) -> None:
    """Commands that bring no mail nearer."""
    async with desk(limits=brisk(junk_commands=4)) as at, at.client() as client:
        await client.reply()
        answers = [await client.ask(line) for _ in range(5)]
        assert "2222" == "".join(answer[0] for answer in answers[:4])
        assert str(smtp_reply.TOO_MANY_ERRORS) == answers[4]
        assert "" == await client.rest()


@pytest.mark.parametrize(
    "line", ["", "MAIL FROM:<x", "RCPT TO:<a@elsewhere.example>", "DATA", "EHLO a b", "X" * 600]
)
async def test_error_flood_ends_with_421(line: str) -> None:
    """Whatever the error is; the fourth answer is the last."""
    async with desk(limits=brisk(errors=4, unknown_commands=9)) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        answers = [await client.ask(line) for _ in range(4)]
        assert "5554" == "".join(answer[0] for answer in answers)
        assert str(smtp_reply.TOO_MANY_ERRORS) == answers[-1]


async def test_accepted_mail_clears_the_counters() -> None:
    """A relay may keep its connection for many mails, with RSET between them."""
    async with desk(limits=brisk(junk_commands=3, errors=3)) as at, at.client() as client:
        await client.up_to_data()
        for _ in range(6):
            await client.send(LETTER + b".\r\n")
            assert str(smtp_reply.ACCEPTED) == await client.reply()
            for line in ("RSET", "MAIL FROM:<bad", "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
                assert "421" != (await client.ask(line))[:3]


async def nothing(client: Client) -> str:
    """Stay silent."""
    return await client.rest()


async def single_octets(client: Client) -> str:
    """Octets without a line end, one at a time, until the answer comes."""
    answer = asyncio.create_task(client.rest())
    while not answer.done():
        await client.send(b"N")
        await asyncio.wait({answer}, timeout=0.02)
    return await answer


async def slow_data(client: Client) -> str:
    """Reach DATA, then stay silent."""
    for line in (EHLO, "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
        await client.ask(line)
    await client.send(b"Subject: x\r\n")
    return await client.rest()


@pytest.mark.parametrize(
    ("limits", "behave"),
    [
        ({"command_s": 0.1}, nothing),
        ({"command_s": 0.1}, single_octets),
        ({"data_s": 0.1}, slow_data),
        ({"session_s": 0.2}, nothing),
        ({"session_s": 0.2}, slow_data),
    ],
)
async def test_r09_slow_client_hears_421(limits: dict[str, Any], behave: Any) -> None:
    """The deadline of a command, of DATA, of the session."""
    async with desk(limits=brisk(**limits)) as at, at.client() as client:
        await client.reply()
        assert f"{smtp_reply.SESSION_TIMEOUT}\r\n" == await behave(client)
        await at.until(lambda: (at.listener.sessions, at.listener.held_bytes) == (0, 0))
        assert [] == at.handler.stored


async def test_r10_deadline_of_data_grows_with_the_octets() -> None:
    """A slow but honest client comes to its end: here ten octets earn a second."""
    async with desk(limits=brisk(data_s=0.05, data_bytes_per_s=10)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER)
        await asyncio.sleep(0.3)
        await client.send(b".\r\n")
        assert str(smtp_reply.ACCEPTED) == await client.reply()


async def test_r12_slow_handler_is_451_and_works_on() -> None:
    """The client is told to come again; nothing is cancelled, and the session goes on."""
    gate = asyncio.Event()
    async with desk(Recorder(gate=gate), limits=brisk(handler_s=0.05)) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        assert str(smtp_reply.CHECKS_TOO_SLOW) == await client.reply()
        assert str(smtp_reply.SENDER_OK) == await client.ask("MAIL FROM:<>")
        assert HANDLED_TIMES * len(LETTER) == at.listener.held_bytes
        gate.set()
        await at.until(lambda: bool(at.handler.stored))
        await at.until(lambda: at.listener.held_bytes == 0)
        assert 0 == at.handler.cancelled
        assert str(smtp_reply.DONE) == await client.ask("NOOP")


async def test_r02_octets_of_all_sessions_together() -> None:
    """Who passes the limit gets 452 at the end and holds nothing; a new MAIL is refused while it is full."""
    gate = asyncio.Event()
    limits = brisk(in_flight_bytes=30_000)
    async with desk(Recorder(gate=gate), limits=limits) as at, at.client() as first, at.client() as second:
        await first.up_to_data()
        await first.send(b"a\r\n" * 3000 + b".\r\n")
        await at.handler.begun.wait()
        await second.up_to_data()
        await second.send(b"b\r\n" * 1001)
        await at.until(lambda: at.listener.held_bytes < 27_100)
        await second.send(b".\r\n")
        assert str(smtp_reply.INSUFFICIENT_STORAGE) == await second.reply()
        assert str(smtp_reply.INSUFFICIENT_STORAGE) == await second.ask("MAIL FROM:<> SIZE=1001")
        gate.set()
        assert str(smtp_reply.ACCEPTED) == await first.reply()
        await at.until(lambda: at.listener.held_bytes == 0)
        assert str(smtp_reply.SENDER_OK) == await second.ask("MAIL FROM:<> SIZE=4000")


async def test_r02_a_message_is_handed_over_only_when_there_is_room_to_handle_it() -> None:
    """It takes more memory then than on its way in; the client comes again, and the session goes on."""
    gate = asyncio.Event()
    limits = brisk(in_flight_bytes=10_000)
    async with desk(Recorder(gate=gate), limits=limits) as at, at.client() as first, at.client() as second:
        for client in (first, second):
            await client.up_to_data()
            await client.send(b"a\r\n" * 700 + b".\r\n")
        await at.handler.begun.wait()
        assert str(smtp_reply.INSUFFICIENT_STORAGE) == await second.reply()
        gate.set()
        assert str(smtp_reply.ACCEPTED) == await first.reply()
        for line in ("MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
            await second.ask(line)
        await second.send(b"a\r\n" * 700 + b".\r\n")
        assert str(smtp_reply.ACCEPTED) == await second.reply()


async def test_d07_stop_lets_a_message_end_and_closes_the_others() -> None:
    """421 for all that have no message with the handler."""
    gate = asyncio.Event()
    async with (
        desk(Recorder(gate=gate)) as at,
        at.client() as busy,
        at.client() as idle,
        at.client() as sending,
    ):
        for client in (busy, sending):
            await client.up_to_data()
        await busy.send(LETTER + b".\r\n")
        await sending.send(LETTER)
        await at.handler.begun.wait()
        await idle.reply()
        stopping = asyncio.create_task(at.listener.stop(grace_s=10))
        for client in (idle, sending):
            assert f"{smtp_reply.SHUTTING_DOWN}\r\n" == await client.rest()
        gate.set()
        assert [str(smtp_reply.ACCEPTED), str(smtp_reply.SHUTTING_DOWN)] == (await busy.rest()).splitlines()
        await stopping
        assert [LETTER] == at.handler.bodies
        assert 0 == at.handler.cancelled


async def test_d07_grace_ends() -> None:
    """A handler that never ends is cancelled in the end."""
    async with desk(Recorder(gate=asyncio.Event())) as at, at.client() as client:
        await client.up_to_data()
        await client.send(LETTER + b".\r\n")
        await at.handler.begun.wait()
        await at.listener.stop(grace_s=0.05)
        assert 1 == at.handler.cancelled
        assert 0 == at.listener.sessions


@pytest.mark.parametrize("name", [each.name for each in fields(Limits)])
def test_every_limit_is_positive(name: str) -> None:
    """Nought would let nobody in, or watch nothing."""
    with pytest.raises(ValueError, match=name):
        brisk(**{name: -1 if name in resource_usage._MAY_BE_OFF else 0})


async def test_r13_full_disk_is_452_at_mail_and_ends_when_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Before any octet of a message; the log tells the change once, and not each time."""
    free, limits = [15_000_000], brisk(message_bytes=10_000_000)
    async with desk(limits=limits, free_bytes=lambda: free[0]) as at, at.client() as client:
        await client.up_to_data()
        free[0] = 14_999_999
        await at.until(lambda: at.listener._service.occupancy.disk_is_full)
        # What has begun may end: whether it can be written is the store's to say.
        await client.send(LETTER + b".\r\n")
        assert str(smtp_reply.ACCEPTED) == await client.reply()
        assert str(smtp_reply.INSUFFICIENT_STORAGE) == await client.ask("MAIL FROM:<> SIZE=1")
        free[0] = 15_000_000
        await at.until(lambda: not at.listener._service.occupancy.disk_is_full)
        assert str(smtp_reply.SENDER_OK) == await client.ask("MAIL FROM:<> SIZE=1")
    told = [record.getMessage() for record in caplog.records if "disk_" in record.getMessage()]
    assert [
        "disk_full free_bytes=14999999 wanted_bytes=15000000",
        "disk_has_room free_bytes=15000000 wanted_bytes=15000000",
    ] == told


async def test_r13_full_disk_at_the_start() -> None:
    """The first MAIL hears it."""
    async with desk(free_bytes=lambda: 0) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        assert str(smtp_reply.INSUFFICIENT_STORAGE) == await client.ask("MAIL FROM:<>")


async def test_r13_disk_that_cannot_be_asked_refuses_nobody() -> None:
    """Whether the store can write is the store's to find out."""

    def fail() -> int:
        raise OSError(5, "Input/output error")

    async with desk(free_bytes=fail) as at, at.client() as client:
        await client.up_to_data()


async def test_r14_refused_mails_end_the_session_in_the_end() -> None:
    """Each hears its own reply first; 4yz is no error of the client."""
    async with (
        desk(Recorder(answer=smtp_reply.SENDER_UNAUTHENTICATED), limits=brisk(errors=3)) as at,
        at.client() as client,
    ):
        await client.up_to_data()
        for _ in range(2):
            await client.send(LETTER + b".\r\n")
            assert str(smtp_reply.SENDER_UNAUTHENTICATED) == await client.reply()
            for line in ("MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
                await client.ask(line)
        await client.send(LETTER + b".\r\n")
        assert [str(smtp_reply.SENDER_UNAUTHENTICATED), str(smtp_reply.TOO_MANY_ERRORS)] == (
            await client.rest()
        ).splitlines()


@pytest.mark.parametrize("limits", [{"in_flight_bytes": 100}, {"mails_per_client_per_hour": 1}])
async def test_r15_who_does_not_take_no_for_an_answer_is_closed(limits: dict[str, Any]) -> None:
    """MAIL that hears 4yz again and again brings no mail nearer."""
    async with desk(limits=brisk(junk_commands=4, **limits)) as at, at.client() as client:
        await client.reply()
        await client.ask(EHLO)
        answers = [await client.ask("MAIL FROM:<> SIZE=1000")]
        if answers[0].startswith("250"):
            await client.ask("RSET")
            answers = [await client.ask("MAIL FROM:<>")]
        while not answers[-1].startswith("421"):
            answers.append(await client.ask("MAIL FROM:<> SIZE=1000"))
            assert len(answers) < 9
        assert "" == await client.rest()


async def test_r08_flood_of_closed_sessions_is_not_a_flood_of_lines(caplog: pytest.LogCaptureFixture) -> None:
    """The beginning is told line by line, the rest by its number."""
    caplog.set_level("INFO")
    async with desk(limits=brisk(report_s=1.0)) as at:
        for _ in range(60):
            async with at.client() as client:
                await client.send(b"GET / HTTP/1.1\r\n")
                await client.rest()
        await at.until(lambda: at.listener._service._told["closed"] == 0)
        lines = [record.getMessage() for record in caplog.records]
        more = [int(line.rpartition("=")[2]) for line in lines if line.startswith("closed_more")]
        told = [line for line in lines if line.startswith("closed client=")]
        assert 60 == len(told) + sum(more)
        assert len(lines) < 60


async def test_r11_client_that_does_not_read_its_replies_is_not_listened_to() -> None:
    """What it sends waits in its own socket; nothing of it grows here."""
    async with desk(limits=brisk(command_s=0.5)) as at:
        reader, writer = await asyncio.open_connection("127.0.0.1", at.port, limit=2**10)
        writer.transport.pause_reading()
        await asyncio.sleep(0.05)
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(2):
                for _ in range(2000):
                    writer.write(b"EHLO a\r\n" * 1000)
                    await writer.drain()
        await at.until(lambda: at.listener.sessions == 0)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        del reader
