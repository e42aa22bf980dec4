"""The pool of fronts: assigns connections to the least busy front, and passes records to the writer.

Connections and mails are counted per client over all fronts; a front's share is released when it dies.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count

from gateway.inbound.record.submission import Answer, Submission, Submit
from gateway.log import events, listener_events
from gateway.mail.smtp import smtp_reply
from gateway.net.fronts import messages
from gateway.net.fronts.blueprint import Blueprint
from gateway.net.fronts.messages import Generation, Suspected
from gateway.net.fronts.owner import FrontLostError, Session
from gateway.net.fronts.process import PING_S, Front
from gateway.net.fronts.suspects import Deaths, Suspects
from gateway.net.host.acceptor import Acceptor
from gateway.net.host.sockets import turn_away
from gateway.net.smtp.connection.trace import MAX_WATCHES, WATCH_S
from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import ResourceUsage, Traffic, client_ip, client_key

READY_S = 60.0
# A record holds the message, and what was extracted from it.
_RECORD_TIMES, _RECORD_BYTES = 2, 2**24
# One connection gets at most this fraction of its client's hourly limit at a time.
_GRANTS = 100


class FrontPool:
    """`number` fronts of one blueprint; `submit` passes a record to the writer."""

    def __init__(self, blueprint: Blueprint, number: int, submit: Submit) -> None:
        self._number = number
        self._submit = submit
        self._blueprint = blueprint
        self._generations = count(1)
        self._generation = self._build_generation(blueprint)
        self._prepared: tuple[Blueprint, Generation] | None = None
        self._occupancy = ResourceUsage(blueprint.limits)
        self._limiter = RateLimiter(blueprint.limits.mails_per_client_per_hour)
        self._max_message_bytes = blueprint.limits.message_bytes
        self._lost_connections: Counter[str] = Counter()
        self._suspects, self._suspected = Suspects(), Suspected()
        self._deaths = Deaths()
        self._fronts: tuple[Front, ...] = ()
        self._sessions = count(1)
        self._acceptor = Acceptor(self._welcome)
        self._watches: dict[int, asyncio.Queue[str]] = {}
        self._first_up: asyncio.Future[None] | None = None
        self._running: list[asyncio.Task[None]] = []
        self._working: set[asyncio.Task[None]] = set()

    @property
    def sessions(self) -> int:
        """The number of open sessions, at all fronts."""
        return self._occupancy.sessions

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Start the fronts, and listen once the first is ready.

        Raises FrontLostError, with nothing left running.
        """
        loop = asyncio.get_running_loop()
        self._first_up = loop.create_future()
        self._fronts = tuple(Front(self, self._generation, self._suspected) for _ in range(self._number))
        self._running = [loop.create_task(front.run()) for front in self._fronts]
        try:
            async with asyncio.timeout(READY_S):
                await self._first_up
            for each in sockets:
                self._acceptor.listen(each)
        except BaseException as error:
            await self.stop(0.0)
            if isinstance(error, TimeoutError):
                raise FrontLostError("no front-end process is responding") from None
            raise
        self._acceptor.switch(on=True)
        self._running.append(loop.create_task(self._watch()))

    async def stop(self, grace_s: float = 20.0) -> None:
        """Stop accepting connections and let the fronts finish their work, within `grace_s` seconds."""
        self._acceptor.close()
        await asyncio.gather(*(front.stop(grace_s) for front in self._fronts))
        await asyncio.gather(*self._working, return_exceptions=True)
        for task in self._running[len(self._fronts) :]:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._log_counts()

    async def _watch(self) -> None:
        loop, beats = asyncio.get_running_loop(), 0
        while True:
            await asyncio.sleep(PING_S)
            self._tell_suspects(loop.time())
            for front in self._fronts:
                front.ping(self.sessions)
            beats += 1
            if beats * PING_S >= self._blueprint.limits.report_s:
                beats = 0
                self._log_counts()

    def _log_counts(self) -> None:
        """Log the counts since the last call, so that a flood makes one line and not a flood of lines."""
        for clients in filter(None, self._acceptor.take_rejected_clients()):
            listener_events.descriptors_exhausted(clients)
        turned_away, self._occupancy.rejected_connections = self._occupancy.rejected_connections, 0
        if turned_away:
            listener_events.clients_turned_away(turned_away)
        lost, self._lost_connections = self._lost_connections, Counter()
        for cause, connections in lost.items():
            listener_events.connections_not_passed(connections, cause)

    # -- generations

    def _build_generation(self, blueprint: Blueprint) -> Generation:
        limits = blueprint.limits
        share = max(1, limits.in_flight_bytes // self._number)
        theirs = replace(blueprint, limits=replace(limits, in_flight_bytes=share))
        return Generation(next(self._generations), pickle.dumps(theirs))

    async def prepare(self, blueprint: Blueprint) -> None:
        """Have each front build a new generation. Raises FrontLostError; then nothing has changed."""
        generation = self._build_generation(blueprint)
        await asyncio.gather(*(front.prepare(generation) for front in self._fronts))
        self._prepared = blueprint, generation

    def switch(self) -> None:
        """Activate the prepared generation on all fronts; do nothing if none was prepared."""
        if self._prepared is None:
            return
        (blueprint, generation), self._prepared = self._prepared, None
        before = self._blueprint.limits.mails_per_client_per_hour
        self._blueprint, self._generation = blueprint, generation
        self._occupancy.limits = blueprint.limits
        self._max_message_bytes = max(self._max_message_bytes, blueprint.limits.message_bytes)
        if blueprint.limits.mails_per_client_per_hour != before:
            self._limiter = RateLimiter(blueprint.limits.mails_per_client_per_hour)
        for front in self._fronts:
            front.switch(generation)

    # -- watching

    def count_traffic(self) -> Traffic:
        """Return the traffic since the start; the fronts report rejections once a second."""
        refusals = sum((front.count_refusals() for front in self._fronts), Counter[str]())
        return self._occupancy.count_traffic(refusals, self._number, sum(each.is_up for each in self._fronts))

    async def watch(self, ip: str) -> AsyncIterator[str]:
        """Yield the dialog with a client at any front (see `connection.trace`). Raises OverflowError."""
        if len(self._watches) >= MAX_WATCHES:
            raise OverflowError(f"{MAX_WATCHES} clients are already being traced; try again later")
        number, lines = next(self._sessions), asyncio.Queue[str]()
        self._watches[number] = lines
        try:
            self._tell(messages.Watch(number, ip))
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_S):
                    while True:
                        yield await lines.get()
        finally:
            del self._watches[number]
            self._tell(messages.Unwatch(number))

    def _tell(self, message: messages.Message) -> None:
        for front in self._fronts:
            front.tell(message)

    def on_seen(self, number: int, line: str) -> None:
        """Pass a line of the dialog to the watcher."""
        if (lines := self._watches.get(number)) is not None:
            lines.put_nowait(line)

    # -- connections

    def _welcome(self, connection: socket.socket, address: object) -> None:
        connection.setblocking(False)
        ip = client_ip(address)
        key, shared = client_key(ip), self._blueprint.relays.is_relay(ip)
        if not self._occupancy.acquire(key, shared=shared):
            turn_away(connection, smtp_reply.TOO_MANY_CONNECTIONS)
            return
        self._seat(Session(key, 0 if shared else self._grant(key), connection, is_from_relay=shared))

    def _seat(self, session: Session, fault: str = "no front-end process is responding") -> None:
        """Assign a session to the front with the fewest sessions that takes it; reply 421 if none does."""
        ready = [front for front in self._fronts if front.is_up]
        for front in sorted(ready, key=lambda each: len(each.sessions)):
            try:
                front.hand_over(next(self._sessions), session, self.sessions)
            except OSError as error:
                fault = error.strerror or str(error)
            else:
                return
        self._dismiss(session, fault)

    def _dismiss(self, session: Session, why: str) -> None:
        self._lost_connections[why] += 1
        if session.connection is not None:
            turn_away(session.connection, smtp_reply.TOO_MANY_CONNECTIONS)
        self.on_end(session, session.mails)

    def _grant(self, key: str) -> int:
        most = max(1, self._blueprint.limits.mails_per_client_per_hour // _GRANTS)
        return self._limiter.take(key, most)

    # -- events of the fronts (`gateway.net.fronts.owner.Owner`)

    @property
    def max_frame_bytes(self) -> int:
        """The length of a record of the largest message that any generation so far allowed."""
        return self._max_message_bytes * _RECORD_TIMES + _RECORD_BYTES

    def on_up(self, front: object) -> None:
        """Complete `start`, or accept connections again."""
        if self._first_up is not None and not self._first_up.done():
            self._first_up.set_result(None)
        elif self._acceptor.is_listening:
            self._acceptor.switch(on=True)

    def on_down(self, front: object) -> None:
        """Leave clients in the backlog if no front is left."""
        if not any(each.is_up for each in self._fronts):
            self._acceptor.switch(on=False)

    def on_death(self, front: object, error: FrontLostError, suspect: tuple[bytes, str] | None) -> None:
        """Log and record the death."""
        listener_events.front_lost(str(error), suspect[1] if suspect is not None else "")
        now_s = asyncio.get_running_loop().time()
        if suspect is not None:
            key, client = suspect
            # A relay has many clients behind it.
            self._suspects.blame(key, "" if self._blueprint.relays.is_relay(client) else client, now_s)
            self._tell_suspects(now_s)
        self._deaths.count(now_s, str(error))

    def _tell_suspects(self, now_s: float) -> None:
        suspected = self._suspects.blocked(now_s)
        if suspected != self._suspected:
            self._suspected = suspected
            for front in self._fronts:
                front.suspect(suspected)

    def on_submission(self, submission: Submission, reply: Callable[[Answer], None]) -> None:
        """Submit the record to the writer, in a task of its own."""
        task = asyncio.get_running_loop().create_task(self._answer(submission, reply))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _answer(self, submission: Submission, reply: Callable[[Answer], None]) -> None:
        try:
            answer = await self._submit(submission)
        except Exception as error:  # whatever the error, the front must get an answer
            events.task_failed("record", error)
            answer = Answer(smtp_reply.LOCAL_ERROR)
        reply(answer)

    def on_end(self, session: Session, unused: int) -> None:
        """Release the session's connection and its unused mails."""
        self._limiter.give_back(session.key, unused)
        self._occupancy.release(session.key)

    def on_untaken(self, session: Session, fault: str, *, is_lost: bool) -> None:
        """Pass the connection to another front if its own is lost; otherwise reply 421 to the client."""
        if is_lost:
            self._seat(session, fault)
        else:
            self._dismiss(session, fault)

    def on_rename(self, session: Session, key: str, *, shared: bool, unused: int) -> int:
        """Count the session for another client; return the mails granted to that client, or -1."""
        if not session.is_from_relay:
            return -1
        self._limiter.give_back(session.key, unused)
        session.mails = 0
        if not self._occupancy.reassign(session.key, key, shared=shared):
            return -1
        session.key = key
        session.mails = 0 if shared else self._grant(key)
        return session.mails

    def on_want(self, session: Session) -> int:
        """Grant the client more mails, and return the number."""
        session.mails = self._grant(session.key)
        return session.mails
