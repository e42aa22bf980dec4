"""Sessions made up out of the dialogs, whole and mutilated, and what must hold whatever a client sends."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from gateway.mail.smtp import smtp_reply
from gateway.net.smtp.relays.trusted import NO_RELAYS, RelayProtocol, Relays
from tests.net.smtp.test_dialogs import LOOPBACK, SCRIPTS, octets, steps
from tests.support.smtp_server import Desk, Recorder, brisk, desk

# Small, so that each limit is met now and then.
LIMITS = brisk(
    message_bytes=3_000, recipients=3, in_flight_bytes=12_000, errors=6, command_s=2.0, session_s=5.0
)
KINDS = ("direct", "xclient", "proxy")
RELAYS = {
    "direct": NO_RELAYS,
    "xclient": Relays(LOOPBACK, RelayProtocol.XCLIENT),
    "proxy": Relays(LOOPBACK, RelayProtocol.PROXY),
}
# Longer dialogs are about size alone.
MOST_BYTES = 4_000
REPLY_LINE = re.compile(rb"[2345][0-9]{2}[ -][ -~]*")
QUIET_S = 0.02
PIECES = [
    b"\r\n.\r\n",
    b"\n",
    b"\r",
    b"\0",
    b".",
    b"\r\n",
    b" ",
    b"<",
    b">",
    b"\xff",
    b":",
    b"=",
    b"QUIT\r\n",
    b"DATA\r\n",
]


@dataclass(frozen=True, slots=True)
class Step:
    """What leaves in one packet, and whether the client then waits for an answer."""

    octets: bytes
    waits: bool = True


Session = list[Step]


def _spoken(script: Path) -> Session:
    """What a dialog's client says, packet by packet."""
    said = [arguments for name, arguments in steps(script) if name == "send"]
    packets = (
        b"".join(octets(line[3:]) + (b"\r\n" if line[1] == ":" else b"") for line in one) for one in said
    )
    return [Step(packet) for packet in packets]


def _is_short(spoken: Session) -> bool:
    """And without the recipient at whom the handler fails, for such a fault is in the log."""
    said = b"".join(step.octets for step in spoken)
    return len(said) < MOST_BYTES and b"broken@" not in said


DIALOGS = [spoken for spoken in map(_spoken, SCRIPTS) if _is_short(spoken)]
PACKETS = sorted({step.octets for spoken in DIALOGS for step in spoken})
GOOD = [
    Step(b"EHLO mx.city.mihon.example\r\n"),
    Step(b"MAIL FROM:<rei@city.mihon.example>\r\n"),
    Step(b"RCPT TO:<request@desk.example>\r\n"),
    Step(b"DATA\r\n"),
]


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A dialog, or the way to DATA, with steps added, left out, doubled, cut and changed."""
    session = list(draw(st.sampled_from([GOOD, *DIALOGS])))
    session += draw(st.lists(st.sampled_from(PACKETS).map(Step), max_size=4))
    for _ in range(draw(st.integers(0, 4))):
        if session:
            _change(draw, session, draw(st.integers(0, len(session) - 1)))
    return session


def _change(draw: st.DrawFn, session: Session, place: int) -> None:
    step = session[place]
    match draw(st.sampled_from(["drop", "double", "hurry", "cut", "insert", "replace", "swap"])):
        case "drop":
            del session[place]
        case "double":
            session.insert(place, step)
        case "hurry":
            session[place] = Step(step.octets, waits=False)
        case "cut":
            at = draw(st.integers(0, len(step.octets)))
            session[place : place + 1] = [Step(step.octets[:at], waits=False), Step(step.octets[at:])]
        case "insert":
            at = draw(st.integers(0, len(step.octets)))
            piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
            session[place] = Step(step.octets[:at] + piece + step.octets[at:])
        case "replace":
            session[place] = Step(draw(st.binary(max_size=60)) + b"\r\n")
        case _:
            session[place] = session[-1]


class Alarm(logging.Handler):
    """Keeps what the log says of our own faults, and what the loop complains of."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """A line at ERROR or above."""
        self.said.append(record.getMessage())

    def complain(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """The loop's exception handler."""
        self.said.append(repr(context))


@dataclass
class Ring:
    """One desk of each kind, watched."""

    desks: dict[str, Desk]
    alarm: Alarm

    async def play(self, kind: str, session: Session) -> None:
        """Let one session run, and look at all that must hold afterwards."""
        at = self.desks[kind]
        before = len(at.handler.stored)
        heard = await _played(at.port, session)
        await at.until(lambda: (at.listener.sessions, at.listener.held_bytes) == (0, 0))
        stored = at.handler.stored[before:]
        assert [] == self.alarm.said
        assert {} == at.listener._service.occupancy.per_client
        assert [] == [line for line in _lines(heard) if not REPLY_LINE.fullmatch(line)]
        recorded = heard.count(str(smtp_reply.ACCEPTED).encode())
        sent = b"".join(step.octets for step in session)
        # Never a message without an end of data that the client sent, never an answer without a message.
        assert recorded <= len(stored) <= sent.count(b".\r\n")
        for envelope, raw in stored:
            assert envelope.forward_paths
            assert f"{envelope.client_ip}{envelope.helo}".isascii()
            assert f"{envelope.client_ip}{envelope.helo}{envelope.reverse_path}".isprintable()
            assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
            assert b"\0" not in raw
            assert len(raw) <= LIMITS.message_bytes
        at.handler.stored.clear()


def _lines(heard: bytes) -> list[bytes]:
    assert not heard or heard.endswith(b"\r\n")
    return heard.split(b"\r\n")[:-1]


async def _played(port: int, session: Session) -> bytes:
    """All that the server says to a client that ends with its last packet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = bytearray()
    try:
        await _listen(reader, heard)
        for step in session:
            writer.write(step.octets)
            await writer.drain()
            if step.waits:
                await _listen(reader, heard)
        writer.write_eof()
        async with asyncio.timeout(20):
            heard += await reader.read()
    except OSError:
        # A reset may take the last words with it; those that came must be whole.
        del heard[heard.rfind(b"\n") + 1 :]
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return bytes(heard)


async def _listen(reader: asyncio.StreamReader, heard: bytearray) -> None:
    """One reply, or what comes of it until it is quiet."""
    with suppress(TimeoutError):
        async with asyncio.timeout(QUIET_S):
            while line := await reader.readline():
                heard += line
                if line[3:4] != b"-":
                    return


@asynccontextmanager
async def ring() -> AsyncIterator[Ring]:
    """Three desks: for strangers, for a relay with XCLIENT, for a proxy."""
    alarm = Alarm()
    logging.getLogger("gateway").addHandler(alarm)
    asyncio.get_running_loop().set_exception_handler(alarm.complain)
    try:
        async with (
            desk(Recorder(), LIMITS, relays=RELAYS["direct"]) as direct,
            desk(Recorder(), LIMITS, relays=RELAYS["xclient"]) as xclient,
            desk(Recorder(), LIMITS, relays=RELAYS["proxy"]) as proxy,
        ):
            yield Ring({"direct": direct, "xclient": xclient, "proxy": proxy}, alarm)
    finally:
        logging.getLogger("gateway").removeHandler(alarm)
