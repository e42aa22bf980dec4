"""The front process: speaks SMTP, authenticates and parses mail, and submits finished records to the writer.

It reads none of the operator's files. It exits with the writer; mail in progress is then answered with 451.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import socket
import ssl
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import cast

from gateway.auth.dns import public_suffix
from gateway.inbound.record.submission import Answer, Submission
from gateway.log.handlers import configure_logging
from gateway.mail.smtp import smtp_reply
from gateway.net.fronts import descriptors, messages, suspects
from gateway.net.fronts.blueprint import Blueprint
from gateway.net.fronts.descriptors import DescriptorLostError, Seat
from gateway.net.fronts.framing import Frames
from gateway.net.fronts.messages import Answered, Generation, Granted, Message, Suspected
from gateway.net.fronts.suspects import Examiner
from gateway.net.host import event_loop
from gateway.net.smtp.listener import Listener, free_bytes
from gateway.net.smtp.protocol.state import Handler

# The kernel kills a front before the writer when memory runs out.
OOM_SCORE_ADJUST = 300
LAST_WORDS_S = 1.0


class WriterLostError(ConnectionError):
    """The writer has exited; nothing more is recorded."""


def main(records: int, handed: int, page: int, log_level: str) -> None:
    """Work on inherited descriptors until the writer closes them."""
    # The service manager signals all processes; a front stops only on request of the writer, or if it exits.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    configure_logging(log_level)
    _offer_to_the_kernel()
    event_loop.run(_serve(socket.socket(fileno=records), socket.socket(fileno=handed), suspects.Page(page)))


def _offer_to_the_kernel() -> None:
    place = Path("/proc/self/oom_score_adj")
    with contextlib.suppress(OSError, ValueError):
        place.write_text(str(min(1000, int(place.read_text()) + OOM_SCORE_ADJUST)), encoding="ascii")


async def _serve(records: socket.socket, handed: socket.socket, page: suspects.Page) -> None:
    loop = asyncio.get_running_loop()
    suspects.mark_tasks(loop, page)
    public_suffix.load_suffix_list()  # the list takes 60 ms to load, which the first mail should not wait for
    worker = Worker(page)
    await loop.create_connection(lambda: worker.frames, sock=records)
    loop.add_reader(handed.fileno(), worker.take_connections, handed)
    await worker.frames.lost
    loop.remove_reader(handed.fileno())
    await worker.end()


class _Place:
    """The place of a session passed by the writer (see `gateway.net.smtp.limits.places.Place`)."""

    def __init__(self, worker: Worker, seat: Seat) -> None:
        self._worker = worker
        self._session, self._mails = seat.session, seat.mails

    def take(self, key: str, *, shared: bool) -> bool:
        """Return True: the writer has already counted the session."""
        return True

    async def move(self, old: str, new: str, *, shared: bool) -> bool:
        """Ask the writer, because clients are counted over all fronts."""
        unused, self._mails = self._mails, 0
        granted = await self._worker.ask(
            lambda number: messages.Renamed(number, self._session, new, shared, unused)
        )
        self._mails = max(0, granted)
        return granted >= 0

    async def allow_mail(self, key: str) -> bool:
        """Use up a granted mail; ask the writer when none is left."""
        if not self._mails:
            self._mails = await self._worker.ask(lambda number: messages.Wanted(number, self._session))
        if self._mails <= 0:
            return False
        self._mails -= 1
        return True

    def leave(self, key: str) -> None:
        """Report the end of the session to the writer, which releases the place."""
        self._worker.end_session(self._session, self._mails)


class Worker:
    """Handler of the messages that a front receives."""

    def __init__(self, page: suspects.Page) -> None:
        self.frames = Frames(self._receive)
        self._page = page
        self._listener: Listener | None = None
        self._built: tuple[Blueprint, Handler, ssl.SSLContext | None] | None = None
        self._suspected = Suspected()
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Answer | int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watches: dict[int, asyncio.Task[None]] = {}
        self._is_draining = False

    # -- to the writer

    async def submit(self, submission: Submission) -> Answer:
        """See `gateway.inbound.record.submission.Submit`; returns 451 if the writer has exited."""
        await self.frames.wait_for_room()
        try:
            return cast("Answer", await self._ask(lambda number: messages.Submitted(number, submission)))
        except WriterLostError:
            return Answer(smtp_reply.LOCAL_ERROR)

    async def ask(self, build: Callable[[int], Message]) -> int:
        """Ask a question whose answer is a number of mails; return -1 if the writer has exited."""
        try:
            return cast("int", await self._ask(build))
        except WriterLostError:
            return -1

    async def _ask(self, build: Callable[[int], Message]) -> Answer | int:
        if self.frames.lost.done():
            raise WriterLostError("the writer process has exited")
        number = next(self._numbers)
        answer: asyncio.Future[Answer | int] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            self._send(build(number))
            return await answer
        finally:
            self._asked.pop(number, None)

    def end_session(self, session: int, unused: int) -> None:
        """Report the end of a session."""
        self._send(messages.Ended(session, unused))

    def _send(self, message: Message) -> None:
        self.frames.send(messages.encode(message))

    # -- from the writer

    def _receive(self, frame: bytes) -> None:
        match messages.decode_to_front(frame):
            case Answered(number, answer):
                self._settle(number, answer)
            case Granted(number, mails):
                self._settle(number, mails)
            case messages.Ping(sessions):
                self._count_elsewhere(sessions)
                self._send(messages.Pong(self._count_refusals()))
            case Suspected() as suspected:
                self._suspected = suspected
            case Generation(number, blueprint):
                self._build(number, blueprint)
            case messages.Switch():
                self._switch()
            case messages.Watch() | messages.Unwatch() as asked:
                self._change_watch(asked)
            case messages.Drain(grace_s):
                self._start(self._drain(grace_s))

    def _settle(self, number: int, answer: Answer | int) -> None:
        future = self._asked.pop(number, None)
        if future is not None and not future.done():
            future.set_result(answer)

    def _count_elsewhere(self, sessions: int) -> None:
        if self._listener is not None:
            self._listener.count_elsewhere(sessions)

    def _count_refusals(self) -> dict[str, int]:
        return {} if self._listener is None else dict(self._listener.count_traffic().refusals)

    def _build(self, number: int, octets: bytes) -> None:
        try:
            blueprint: Blueprint = pickle.loads(octets)  # noqa: S301 - from our own program
            context = blueprint.tls.build_context() if blueprint.tls is not None else None
            self._built = (
                blueprint,
                Examiner(self._page, self.is_suspect, blueprint.build(self.submit)),
                context,
            )
        except Exception as error:  # whatever the error, the writer must get an answer
            self._send(messages.Ready(number, f"{type(error).__name__}: {error}"))
        else:
            self._send(messages.Ready(number))

    def _switch(self) -> None:
        if self._built is None:
            return
        blueprint, handler, context = self._built
        self._built = None
        configure_logging(blueprint.log_level, blueprint.hide)
        if self._listener is not None:
            self._listener.reload(handler, context, blueprint.limits, blueprint.relays)
            return
        folder = blueprint.folder
        self._listener = Listener(
            handler,
            hostname=blueprint.hostname,
            limits=blueprint.limits,
            tls_context=context,
            now=lambda: datetime.now(UTC),
            postmaster=blueprint.postmaster,
            relays=blueprint.relays,
            free_bytes=None if folder is None else lambda: free_bytes(folder),
        )
        self._listener.begin()

    # -- connections

    def take_connections(self, handed: socket.socket) -> None:
        """Accept all connections that the writer has passed."""
        for seat, connection in descriptors.receive(handed):
            if isinstance(connection, DescriptorLostError):
                self._send(messages.Taken(seat.session, str(connection)))
            elif self._listener is None or self._is_draining:
                connection.close()  # the writer still holds it
                self._send(messages.Taken(seat.session, "the front-end process is shutting down"))
            else:
                self._send(messages.Taken(seat.session))
                self._start(self._adopt(self._listener, seat, connection))

    async def _adopt(self, listener: Listener, seat: Seat, connection: socket.socket) -> None:
        listener.count_elsewhere(seat.sessions)
        try:
            await listener.adopt(connection, _Place(self, seat))
        except OSError:  # the client has disconnected
            connection.close()
            self.end_session(seat.session, seat.mails)

    def _change_watch(self, asked: messages.Watch | messages.Unwatch) -> None:
        if isinstance(asked, messages.Watch):
            self._watches[asked.number] = self._start(self._watch(asked.number, asked.ip))
        elif (watching := self._watches.pop(asked.number, None)) is not None:
            watching.cancel()

    async def _watch(self, number: int, ip: str) -> None:
        if self._listener is not None:
            async for line in self._listener.watch(ip):
                self._send(messages.Seen(number, line))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- the end

    async def _drain(self, grace_s: float) -> None:
        self._is_draining = True
        if self._listener is not None:
            await self._listener.stop(grace_s)
        self.frames.close()

    async def end(self) -> None:
        """Answer mail in progress with 451 after the writer has exited, and stop."""
        for future in self._asked.values():
            if not future.done():
                future.set_exception(WriterLostError("the writer process has exited"))
        if self._listener is not None:
            await self._listener.stop(LAST_WORDS_S)

    def is_suspect(self, key: bytes, client: str) -> bool:
        """Return whether a front died under this mail, or under at least two mails of this client."""
        return key in self._suspected.keys or client in self._suspected.clients
