"""Worker processes that screen mails, so that authentication and parsing do not wait for the writer.

A mail that kills a worker costs its sender a 451 and nothing else. The workers end with the sockets that they
are asked over.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import socket
import sys
from collections import deque
from dataclasses import dataclass

import msgspec

from gateway.admission.intake.mail_facts import MailFacts
from gateway.auth.authenticate import CheckLimits, TrustPolicy
from gateway.auth.dns import public_suffix
from gateway.auth.results import Verdict
from gateway.inbound.screening import Arrival, LocalScreener, Rejected, Screened
from gateway.log import events
from gateway.mail.header.fields import Mailbox
from gateway.mail.message import Caps, parse
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Route
from gateway.net.dns.resolver import DnsResolver
from gateway.net.host import event_loop
from gateway.net.screeners.framing import Frames

RESTART_S = 1.0
READY_S = 10.0
_COMMAND = "import sys; from gateway.net.screeners.pool import main; main(int(sys.argv[1]))"


class WorkerLostError(ConnectionError):
    """The worker that screened the mail ended; the mail may be sent again."""


class Asked(msgspec.Struct, array_like=True):
    """A mail to be screened."""

    number: int
    envelope: Envelope
    raw: bytes


class Answer(msgspec.Struct, array_like=True):
    """What came of it: `refused`, or what was read of the mail that was asked about, or the `fault`.

    The mail itself does not come back: to split its header again is cheaper. Number 0: ready.
    """

    number: int
    refused: Rejected | None = None
    route: Route | None = None
    author: Mailbox | None = None
    verdict: Verdict | None = None
    mail: MailFacts | None = None
    fault: str = ""


_encode = msgspec.msgpack.Encoder().encode
_decode_asked = msgspec.msgpack.Decoder(Asked).decode
_decode_answer = msgspec.msgpack.Decoder(Answer).decode


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """All that a worker needs to know; `nameservers` as `DnsResolver.from_lifetime` takes them."""

    mailboxes: Mailboxes
    trust: TrustPolicy
    bounds: CheckLimits
    nameservers: tuple[str, ...]
    dns_port: int
    dns_query_s: float


class ScreenerPool:
    """`count` workers with the same configuration."""

    def __init__(self, config: WorkerConfig, count: int) -> None:
        self._processes = tuple(_WorkerProcess(config) for _ in range(count))
        self._running: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Start them, and wait until they answer. Raises WorkerLostError, with none left running."""
        self._running = tuple(asyncio.create_task(each.run()) for each in self._processes)
        try:
            await asyncio.gather(*(each.wait() for each in self._processes))
        except WorkerLostError:
            await self.stop()
            raise

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        """See `gateway.inbound.screening.Screener`. Raises WorkerLostError."""
        process = min(self._processes, key=lambda each: (not each.ready, each.busy))
        return await process.screen(envelope, raw)

    async def stop(self) -> None:
        """Let them finish what they have in hand, and end them."""
        for each in self._processes:
            each.stop()
        await asyncio.gather(*self._running)


@dataclass(frozen=True, slots=True)
class _Question:
    """A mail that a process was asked about, and who waits for the answer."""

    envelope: Envelope
    raw: bytes
    future: asyncio.Future[Screened | Rejected]

    def settle(self, answer: Answer, caps: Caps) -> None:
        if answer.refused is not None:
            self._done(answer.refused)
        elif answer.route is None or answer.mail is None:
            self.fail(RuntimeError(f"in the examiner: {answer.fault}"))
        else:
            arrival = Arrival(self.envelope, parse(self.raw, caps), answer.route, answer.author)
            self._done(Screened(arrival, answer.verdict, answer.mail))

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)

    def _done(self, found: Screened | Rejected) -> None:
        if not self.future.done():
            self.future.set_result(found)


class _WorkerProcess:
    """One process, started again when it ends unasked."""

    def __init__(self, config: WorkerConfig) -> None:
        self._config = config
        self._asked: dict[int, _Question] = {}
        self._count = 0
        self._frames: Frames | None = None
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
        """Wait until it answers. Raises WorkerLostError when that takes too long."""
        try:
            async with asyncio.timeout(READY_S):
                await self._up.wait()
        except TimeoutError:
            raise WorkerLostError("no process to screen the mail") from None

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        await self.wait()
        assert self._frames is not None  # noqa: S101 - set while it is up
        self._count += 1
        question = _Question(envelope, raw, asyncio.get_running_loop().create_future())
        self._asked[self._count] = question
        self._frames.send(_encode(Asked(self._count, envelope, raw)))
        return await question.future

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
                events.task_failed("examiner", WorkerLostError(f"ended with {process.returncode}"))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), RESTART_S)

    async def _converse(self, sock: socket.socket) -> None:
        _, self._frames = await asyncio.get_running_loop().create_connection(
            lambda: Frames(self._take), sock=sock
        )
        self._frames.send(pickle.dumps(self._config))
        await self._frames.lost
        self._up.clear()
        for question in self._asked.values():
            question.fail(WorkerLostError("the process that screened the mail ended"))
        self._asked.clear()

    def _take(self, frame: bytes) -> None:
        answer = _decode_answer(frame)
        if answer.number == 0:
            self._up.set()
        elif (question := self._asked.pop(answer.number, None)) is not None:
            question.settle(answer, self._config.bounds.caps)
        self._end_when_idle()

    def _end_when_idle(self) -> None:
        if self._stopping.is_set() and not self._asked and self._frames is not None:
            self._frames.close()


# --- the other end ----------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Screen the mails that come over an inherited socket, until it is closed."""
    # The service manager tells all processes to stop; this one stops when it is not asked any more.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    event_loop.run(_serve(socket.socket(fileno=descriptor)))


async def _serve(sock: socket.socket) -> None:
    worker = _Worker()
    await asyncio.get_running_loop().create_connection(lambda: worker.frames, sock=sock)
    await worker.frames.lost


class _Worker:
    """What the process does with what it is told: the config first, then mail after mail."""

    def __init__(self) -> None:
        self.frames = Frames(self._take)
        self._screener: LocalScreener | None = None
        self._waiting: deque[Asked] = deque()
        self._working: set[asyncio.Task[None]] = set()

    def _take(self, frame: bytes) -> None:
        if self._screener is None:
            self._begin(pickle.loads(frame))  # noqa: S301 - from our own program
            return
        self._waiting.append(_decode_asked(frame))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._work, self._screener)

    def _work(self, screener: LocalScreener) -> None:
        """Take up one mail a turn of the loop, so that its answer does not wait for those of the others."""
        task = asyncio.create_task(self._answer(screener, self._waiting.popleft()))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._work, screener)

    def _begin(self, config: WorkerConfig) -> None:
        resolver = DnsResolver.from_lifetime(config.dns_query_s, config.nameservers, config.dns_port)
        self._screener = LocalScreener(resolver, config.mailboxes, config.trust, config.bounds)
        public_suffix.load_suffix_list()  # the list takes 60 ms to read: not in the first mail's time
        self.frames.send(_encode(Answer(0)))

    async def _answer(self, screener: LocalScreener, asked: Asked) -> None:
        try:
            found = await screener.screen(asked.envelope, asked.raw)
            octets = _encode(_answer(asked.number, found))
        except Exception as error:  # whatever it is, the one who asked must hear of it
            octets = _encode(Answer(asked.number, fault=f"{type(error).__name__}: {error!a}"))
        self.frames.send(octets)


def _answer(number: int, found: Screened | Rejected) -> Answer:
    if isinstance(found, Rejected):
        return Answer(number, refused=found)
    arrival = found.arrival
    return Answer(number, None, arrival.route, arrival.author, found.verdict, found.mail)
