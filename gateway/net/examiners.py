"""Mails examined in processes of their own, so that proof and reading do not wait for the one that writes.

A mail that kills such a process costs its sender a 451 and nothing else. The processes end with the sockets
that they are asked over; what goes over these is pickled, since both ends are this program.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

from gateway import maillog
from gateway.auth import alignment
from gateway.auth.terms import Bounds, Trust
from gateway.examination import Examination, Examined, Refused
from gateway.mail.envelope import Envelope
from gateway.mail.forward_path import Mailboxes
from gateway.net import loop
from gateway.net.dns import DnsResolver

RESTART_S = 1.0
READY_S = 10.0
_LENGTH = struct.Struct("!I")
_COMMAND = "import sys; from gateway.net.examiners import main; main(int(sys.argv[1]))"


class ExaminerLostError(ConnectionError):
    """The process that examined the mail ended; the mail may be sent again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All that an examination needs to know; `nameservers` as `DnsResolver.within` takes them."""

    mailboxes: Mailboxes
    trust: Trust
    bounds: Bounds
    nameservers: tuple[str, ...]
    dns_port: int
    dns_query_s: float


class Examiners:
    """`count` processes that examine by the same terms."""

    def __init__(self, terms: Terms, count: int) -> None:
        self._processes = tuple(_Process(terms) for _ in range(count))
        self._running: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Start them, and wait until they answer. Raises ExaminerLostError, with none left running."""
        self._running = tuple(asyncio.create_task(each.run()) for each in self._processes)
        try:
            await asyncio.gather(*(each.wait() for each in self._processes))
        except ExaminerLostError:
            await self.stop()
            raise

    async def examine(self, envelope: Envelope, raw: bytes) -> Examined | Refused:
        """See `gateway.examination.Examiner`. Raises ExaminerLostError."""
        process = min(self._processes, key=lambda each: (not each.ready, each.busy))
        return await process.examine(envelope, raw)

    async def stop(self) -> None:
        """Let them finish what they have in hand, and end them."""
        for each in self._processes:
            each.stop()
        await asyncio.gather(*self._running)


class _Process:
    """One process, started again when it ends unasked."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._asked: dict[int, asyncio.Future[Examined | Refused]] = {}
        self._count = 0
        self._writer: asyncio.StreamWriter | None = None
        self._up = asyncio.Event()
        self._stopping = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether it answers."""
        return self._up.is_set()

    @property
    def busy(self) -> int:
        """Mails in hand."""
        return len(self._asked)

    async def wait(self) -> None:
        """Wait until it answers. Raises ExaminerLostError when that takes too long."""
        try:
            async with asyncio.timeout(READY_S):
                await self._up.wait()
        except TimeoutError:
            raise ExaminerLostError("no process to examine the mail") from None

    async def examine(self, envelope: Envelope, raw: bytes) -> Examined | Refused:
        await self.wait()
        assert self._writer is not None  # noqa: S101 - set while it is up
        self._count += 1
        answer: asyncio.Future[Examined | Refused] = asyncio.get_running_loop().create_future()
        self._asked[self._count] = answer
        _send(self._writer, (self._count, envelope, raw))
        return await answer

    def stop(self) -> None:
        """End it when it has nothing in hand."""
        self._stopping.set()
        self._end_when_idle()

    async def run(self) -> None:
        """Keep a process going until `stop`."""
        while not self._stopping.is_set():
            ours, theirs = socket.socketpair()
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", _COMMAND, str(theirs.fileno()), pass_fds=(theirs.fileno(),)
                )
            await self._converse(ours)
            await process.wait()
            if not self._stopping.is_set():
                maillog.failed("examiner", ExaminerLostError(f"ended with {process.returncode}"))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), RESTART_S)

    async def _converse(self, sock: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=sock)
        self._writer = writer
        _send(writer, self._terms)
        try:
            while True:
                number, found = await _receive(reader)
                if number == 0:
                    self._up.set()
                elif (answer := self._asked.pop(number, None)) is not None and not answer.done():
                    if isinstance(found, Exception):
                        answer.set_exception(found)
                    else:
                        answer.set_result(found)
                self._end_when_idle()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._up.clear()
            writer.close()
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(ExaminerLostError("the process that examined the mail ended"))
            self._asked.clear()

    def _end_when_idle(self) -> None:
        if self._stopping.is_set() and not self._asked and self._writer is not None:
            self._writer.close()


def _send(writer: asyncio.StreamWriter, value: object) -> None:
    octets = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    writer.write(_LENGTH.pack(len(octets)) + octets)


async def _receive(reader: asyncio.StreamReader) -> Any:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))  # noqa: S301 - from our own program


# --- the other end ----------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Examine what is asked over a socket that was inherited, until it is closed."""
    # The service manager tells all processes to stop; this one stops when it is not asked any more.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    loop.run(_serve(socket.socket(fileno=descriptor)))


async def _serve(sock: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=sock)
    terms: Terms = await _receive(reader)
    resolver = DnsResolver.within(terms.dns_query_s, terms.nameservers, terms.dns_port)
    examination = Examination(resolver, terms.mailboxes, terms.trust, terms.bounds)
    alignment.suffixes()  # the list takes 60 ms to read: not in the first mail's time
    _send(writer, (0, None))
    working: set[asyncio.Task[None]] = set()
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            task = asyncio.create_task(_answer(examination, writer, *await _receive(reader)))
            working.add(task)
            task.add_done_callback(working.discard)


async def _answer(
    examination: Examination, writer: asyncio.StreamWriter, number: int, envelope: Envelope, raw: bytes
) -> None:
    found: Examined | Refused | Exception
    try:
        found = await examination.examine(envelope, raw)
    except Exception as error:  # whatever it is, the one who asked must hear of it; as text, which can travel
        found = RuntimeError(f"in the examiner: {type(error).__name__}: {error}")
    _send(writer, (number, found))
