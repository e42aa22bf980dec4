"""What the log tells of refused recipients and failed handshakes; the dialogue that an operator watches."""

from __future__ import annotations

import asyncio
import logging
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.smtp import smtp_reply
from gateway.net.smtp import server_state
from gateway.net.smtp.connection.trace import MAX_TRACE_BYTES, MAX_WATCHES, Traces
from tests.support.certificates import serving
from tests.support.smtp_server import DESK, LETTER, desk


async def test_a_refused_recipient_leaves_a_line_without_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with desk() as at, at.client() as client:
        await client.reply()
        for line in ("EHLO a.example", "MAIL FROM:<>"):
            await client.ask(line)
        for to in ("<nobody@elsewhere.example>", "<decide+0123456789abcdef@elsewhere.example>", "x y"):
            await client.ask(f"RCPT TO:{to}")
        assert "250" == (await client.ask(f"RCPT TO:<{DESK}>"))[:3]
    lines = [one.getMessage() for one in caplog.records if one.getMessage().startswith("recipient_refused ")]
    assert 3 == len(lines)
    assert "client=127.0.0.1" in lines[0]
    assert "nobody@elsewhere.example" in lines[0]
    assert "0123456789abcdef" not in caplog.text


async def test_a_handshake_that_broke_without_a_word_names_the_error_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with desk() as at:
        at.listener._service.log_handshake("192.0.2.1", ConnectionResetError())
    assert "tls_failed client=192.0.2.1 cause=ConnectionResetError" in caplog.messages


async def test_a_flood_of_refused_recipients_is_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_state, "MAX_TOLD", 2)
    caplog.set_level(logging.INFO)
    async with desk() as at, at.client() as client:
        await client.reply()
        for line in ("EHLO a.example", "MAIL FROM:<>", *["RCPT TO:<x@elsewhere.example>"] * 5):
            await client.ask(line)
        at.listener._service.report_counts()
    told = [one.getMessage() for one in caplog.records]
    assert 2 == sum(line.startswith("recipient_refused ") for line in told)
    assert ["more_of of=recipient_refused count=3"] == [line for line in told if line.startswith("more_of")]


async def test_a_handshake_that_fails_leaves_a_line(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    context: ssl.SSLContext = serving(tmp_path_factory.mktemp("tls"))
    async with desk(tls_context=context) as at, at.client() as client:
        await client.reply()
        await client.ask("EHLO a.example")
        assert str(smtp_reply.READY_FOR_TLS) == await client.ask("STARTTLS")
        await client.send(b"GET / HTTP/1.1\r\n\r\n")
        await client.rest()
    (line,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("tls_failed ")]
    assert "client=127.0.0.1" in line
    assert "cause=" in line


async def test_an_operator_sees_the_dialogue_and_no_message() -> None:
    """Commands, replies, and the length of the message; nothing of another client."""
    seen: list[str] = []

    async def watch(at_ip: str) -> None:
        async for line in at.listener.watch(at_ip):
            seen.append(line)  # noqa: PERF401 - each as it comes

    async with desk() as at:
        watching = asyncio.create_task(watch("127.0.0.1"))
        other = asyncio.create_task(watch("192.0.2.9"))
        await asyncio.sleep(0)
        async with at.client() as client:
            await client.reply()
            for line in ("EHLO a.example", "MAIL FROM:<>", f"RCPT TO:<{DESK}>", "DATA"):
                await client.ask(line)
            await client.send(LETTER + b".\r\nQUIT\r\n")
            await client.rest()
        for task in (watching, other):
            task.cancel()
        await asyncio.gather(watching, other, return_exceptions=True)
    text = "\n".join(seen)
    assert "C: EHLO a.example" in seen
    assert f"C: RCPT TO:<{DESK}>" in seen
    assert any(line.startswith("S: 220 ") for line in seen)
    assert f"C: (a message of {len(LETTER)} octets)" in seen
    assert f"S: {smtp_reply.ACCEPTED}" in seen
    assert all(line not in text for line in LETTER.decode().splitlines() if line)


async def _collect(traces: Traces, said: list[bytes], seconds: float) -> list[str]:
    async def watch() -> list[str]:
        return [line async for line in traces.watch("192.0.2.1", seconds)]

    task = asyncio.create_task(watch())
    await asyncio.sleep(0)
    for octets in said:
        traces.note("192.0.2.1", "C", octets)
    return await task


@given(said=st.lists(st.binary(max_size=50), max_size=5))
def test_a_trace_is_printable_lines_of_its_side(said: list[bytes]) -> None:
    for line in asyncio.run(_collect(Traces(), said, 0.01)):
        assert line.startswith("C: ")
        assert line.isascii()
        assert line.isprintable()


async def test_a_trace_ends_with_its_room_its_time_and_its_number() -> None:
    traces = Traces()
    kept = await _collect(traces, [b"x" * 100_000] * 20, 60)
    assert 0.8 * MAX_TRACE_BYTES < sum(map(len, kept)) <= MAX_TRACE_BYTES
    assert [] == await _collect(traces, [], 0.01)
    watches = [traces.watch("192.0.2.1", 5) for _ in range(MAX_WATCHES)]
    waiting = [asyncio.create_task(anext(one)) for one in watches]
    await asyncio.sleep(0)
    with pytest.raises(OverflowError, match="already being traced"):
        await anext(traces.watch("192.0.2.1"))
    traces.note("192.0.2.1", "S", b"220 x")
    assert ["S: 220 x"] * MAX_WATCHES == await asyncio.gather(*waiting)
    for one in watches:
        await one.aclose()
    assert [] == await _collect(traces, [], 0.01)
