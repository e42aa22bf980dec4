"""One front as seen by the writer: its process, its two channels, and its sessions."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from gateway.inbound.record.submission import Answer
from gateway.net.fronts import descriptors, messages
from gateway.net.fronts.descriptors import Seat
from gateway.net.fronts.framing import Frames
from gateway.net.fronts.messages import Generation, Message, Suspected
from gateway.net.fronts.owner import FrontLostError, Owner, Session
from gateway.net.fronts.suspects import Page
from gateway.net.host.exits import describe_exit, wait_for_exit

HANGING_S = 20.0
STARTING_S = 60.0  # the imports are slow on a busy machine
PING_S = 1.0
# Pause before a restart: doubled by each death, reset after a process has run for a minute.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0
_COMMAND = (
    "import sys; from gateway.net.fronts.worker import main; main(*map(int, sys.argv[1:4]), sys.argv[4])"
)


@dataclass(slots=True)
class _Life:
    """One process, from start to exit."""

    process: asyncio.subprocess.Process
    frames: Frames
    handed: socket.socket
    page: Page
    is_up: bool = False
    unanswered_pings: int = 0  # a writer that was suspended itself has sent none
    why: str = ""  # we killed it
    answers: dict[int, asyncio.Future[str]] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)

    def kill(self, why: str = "") -> None:
        """End the process at once, unless it has ended, and the channel, which a child of it may hold."""
        self.why = self.why or why
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.frames.abort()

    def describe_end(self, code: int) -> str:
        """Return in words how the process ended, given its exit code."""
        if self.frames.fault:
            return f"sent what no front-end process sends ({self.frames.fault}), and was killed"
        return self.why or describe_exit(code)


class Front:
    """A front process that is restarted when it exits unexpectedly."""

    def __init__(self, owner: Owner, generation: Generation, suspected: Suspected) -> None:
        self.sessions: dict[int, Session] = {}
        self._owner = owner
        self._generation = generation
        self._suspected = suspected
        self._life: _Life | None = None
        self._stopping = asyncio.Event()
        self._pause_s = FIRST_PAUSE_S
        self._refusals: Counter[str] = Counter()  # of earlier processes

    @property
    def is_up(self) -> bool:
        """Return whether the front is ready."""
        return self._life is not None and self._life.is_up

    def count_refusals(self) -> Counter[str]:
        """Return the rejections per SMTP code since the start, as of the last ping (each second)."""
        return self._refusals + Counter(self._life.refusals if self._life is not None else {})

    async def run(self) -> None:
        """Keep a process running until `stop`."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            begun_s = loop.time()
            ended = await self._live()
            if self._stopping.is_set():
                break
            self._pause_s = FIRST_PAUSE_S if loop.time() - begun_s > 60 else self._pause_s
            self._owner.on_death(self, *ended)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._pause_s)
            self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)

    async def _live(self) -> tuple[FrontLostError, tuple[bytes, str] | None]:
        """Run one process from start to exit; return how it ended, and under which mail."""
        try:
            life = await self._begin()
        except OSError as error:  # too many processes or open files
            return FrontLostError(f"could not be started: {error.strerror or error}"), None
        self._life = life
        self._send(self._generation)
        self._send(messages.Switch())
        self._send(self._suspected)
        if self._stopping.is_set():
            life.kill()
        await life.frames.lost
        self._life = None
        self._owner.on_down(self)
        self._refusals = self._refusals + Counter(life.refusals)  # at once: a counter must never decrease
        if life.frames.fault:
            life.kill()
        how = life.describe_end(await wait_for_exit(life.process))
        return FrontLostError(how), self._bury(life, how)

    async def _begin(self) -> _Life:
        """Start a process. Raises OSError, with nothing left open."""
        with contextlib.ExitStack() as always, contextlib.ExitStack() as on_error:
            ours, theirs = socket.socketpair()
            on_error.enter_context(ours), always.enter_context(theirs)
            handed, their_handed = descriptors.build_pair()
            on_error.enter_context(handed), always.enter_context(their_handed)
            page_fd = Page.create()
            always.callback(os.close, page_fd)
            page = Page(page_fd)
            process = await _spawn(theirs.fileno(), their_handed.fileno(), page_fd)
            on_error.pop_all()
        _, frames = await asyncio.get_running_loop().create_connection(
            lambda: Frames(self._receive, self._owner.max_frame_bytes), sock=ours
        )
        return _Life(process, frames, handed, page)

    def _bury(self, life: _Life, how: str) -> tuple[bytes, str] | None:
        """Release everything that the ended process held; return the mail that it was screening."""
        for future in life.answers.values():
            if not future.done():
                future.set_exception(FrontLostError(f"a front-end process {how}"))
        life.handed.close()
        suspect = life.page.read()
        life.page.close()
        sessions, self.sessions = self.sessions, {}
        for session in sessions.values():
            if session.connection is not None:
                self._owner.on_untaken(session, how, is_lost=True)
            else:
                self._owner.on_end(session, session.mails)
        return suspect

    # -- to the front

    def hand_over(self, number: int, session: Session, sessions: int) -> None:
        """Pass a connection to the front; it stays open here until confirmed. Raises OSError."""
        if self._life is None or session.connection is None:
            raise FrontLostError("the front-end process has exited")
        seat = Seat(number, session.mails, sessions)
        descriptors.send(self._life.handed, seat, session.connection)
        self.sessions[number] = session

    def suspect(self, suspected: Suspected) -> None:
        """Send the list of mails and clients not to screen."""
        self._suspected = suspected
        self._send(suspected)

    def tell(self, message: Message) -> None:
        """Send a message that has no answer."""
        self._send(message)

    async def prepare(self, generation: Generation) -> None:
        """Have the front build a generation. Raises FrontLostError with the front's reason if it cannot."""
        life = self._life
        if life is None:  # the next process starts with the current generation
            return
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        life.answers[generation.number] = answer
        self._send(generation)
        try:
            async with asyncio.timeout(HANGING_S):
                fault = await answer
        except TimeoutError:
            fault = "no answer"
        finally:
            life.answers.pop(generation.number, None)
        if fault:
            raise FrontLostError(f"a front-end process could not apply the settings: {fault}")

    def switch(self, generation: Generation) -> None:
        """Activate a generation; the front builds it now if it was not prepared."""
        self._generation = generation
        if self._life is not None:
            self._life.frames.max_bytes = self._owner.max_frame_bytes
        self._send(generation)
        self._send(messages.Switch())

    def ping(self, sessions: int) -> None:
        """Send a ping; kill a process that has not answered for too long."""
        life = self._life
        if life is None:
            return
        patience_s = HANGING_S if life.is_up else STARTING_S
        if life.unanswered_pings * PING_S >= patience_s:
            life.kill(f"did not respond for {patience_s:.0f} s, and was killed")
        life.unanswered_pings += 1
        self._send(messages.Ping(sessions))

    async def stop(self, grace_s: float) -> None:
        """Let the front finish its work within `grace_s` seconds, then stop it; a starting one has none."""
        self._stopping.set()
        life = self._life
        if life is None:  # `_live` kills it if it is just being started
            return
        if not life.is_up:
            life.kill()
            return
        self._send(messages.Drain(grace_s))
        try:
            async with asyncio.timeout(grace_s + 1.0):
                await life.process.wait()
        except TimeoutError:
            life.kill()

    def _send(self, message: Message) -> None:
        if self._life is not None:
            self._life.frames.send(messages.encode(message))

    # -- from the front

    def _receive(self, frame: bytes) -> None:
        life = self._life
        if life is None:
            return
        match messages.decode_to_writer(frame):
            case messages.Submitted(number, submission):
                self._owner.on_submission(submission, partial(_reply, life.frames, number))
            case messages.Ended(number, unused):
                self._end(number, unused)
            case messages.Taken(number, fault):
                self._confirm(number, fault)
            case messages.Renamed(number, of, key, shared, unused):
                self._send(messages.Granted(number, self._rename(of, key, shared=shared, unused=unused)))
            case messages.Wanted(number, of):
                wanting = self.sessions.get(of)
                self._send(messages.Granted(number, -1 if wanting is None else self._owner.on_want(wanting)))
            case messages.Seen(number, line):
                self._owner.on_seen(number, line)
            case messages.Ready(number, fault):
                self._ready(life, number, fault)
            case messages.Pong(refusals):
                life.unanswered_pings = 0
                life.refusals = refusals

    def _ready(self, life: _Life, number: int, fault: str) -> None:
        waiting = life.answers.get(number)
        if waiting is not None:
            if not waiting.done():
                waiting.set_result(fault)
        elif fault:
            life.kill(f"could not apply the settings: {fault}")
        elif not life.is_up:
            life.is_up, life.unanswered_pings = True, 0
            self._owner.on_up(self)

    def _rename(self, number: int, key: str, *, shared: bool, unused: int) -> int:
        session = self.sessions.get(number)
        if session is None:  # it ended before the question arrived
            return -1
        return self._owner.on_rename(session, key, shared=shared, unused=session.limit(unused))

    def _confirm(self, number: int, fault: str) -> None:
        session = self.sessions.get(number)
        if session is None:
            return
        if fault:
            del self.sessions[number]
            self._owner.on_untaken(session, fault, is_lost=False)
        elif session.connection is not None:
            session.connection.close()
            session.connection = None

    def _end(self, number: int, unused: int) -> None:
        session = self.sessions.pop(number, None)
        if session is not None:
            self._owner.on_end(session, session.limit(unused))


def _reply(frames: Frames, number: int, answer: Answer) -> None:
    frames.send(messages.encode(messages.Answered(number, answer)))


async def _spawn(*fds: int) -> asyncio.subprocess.Process:
    level = logging.getLevelName(logging.getLogger().getEffectiveLevel())
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _COMMAND, *map(str, fds), level, pass_fds=fds
    )
