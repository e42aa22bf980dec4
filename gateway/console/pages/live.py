"""Notifies an open page that it is out of date: server-sent events, for the banner only.

WHATWG HTML, section 9.2. Nothing depends on it: without a script a page stays as it was when it was opened.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field, replace

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from gateway.console.asgi.visit import Visit, find_member, look_session
from gateway.console.pages import queue
from gateway.console.view.framing import refuse
from gateway.log import events
from gateway.store.queries.console import marks

LOOK_EVERY_S = 2.0
LOOKS = 300  # then the browser connects again
MAX_STREAMS = 24  # of the requests that the console accepts
CHANGED = b"event: changed\ndata:\n\n"
ALIVE = b":\n\n"
Marker = Callable[[Visit], str]
Mark = tuple[int, str]  # the last journal line, and the mark of the page


@dataclass(slots=True)
class Streams:
    """Number of open streams, at most `most`. Thread-safe."""

    most: int = MAX_STREAMS
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_full(self) -> bool:
        """Whether the maximum number has been reached."""
        return self._open >= self.most

    def take(self) -> bool:
        """Count a new stream if there is room; return whether there is."""
        with self._lock:
            has_room = self._open < self.most
            self._open += has_room
            return has_room

    def release(self) -> None:
        """Count a stream as ended."""
        with self._lock:
            self._open -= 1


def _mark_case(visit: Visit) -> str:
    return marks.mark_case(visit.connection, visit.query.get("number", "").upper())


MARKERS: Mapping[str, Marker] = {"queue": queue.mark, "case": _mark_case}


def show_events(visit: Visit, streams: Streams) -> Response:
    """Send a stream that says `changed` once, when the page `of` no longer has the mark `mark`."""
    marker = MARKERS.get(visit.query.get("of", ""))
    if marker is None:
        return refuse(visit, 404)
    headers = {"x-accel-buffering": "no"}  # nginx passes each line on at once
    return StreamingResponse(watch(visit, marker, streams), media_type="text/event-stream", headers=headers)


async def watch(visit: Visit, marker: Marker, streams: Streams) -> AsyncGenerator[bytes]:
    """Poll until the page changes or the session ends; yield a sign of life at once."""
    if not streams.take():
        return
    seen: Mark = (-1, "")
    try:
        yield ALIVE
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_EVERY_S)
            found = await run_in_threadpool(_look, visit, marker, seen)
            if found is None:
                return
            seen = found
            if seen[1] != visit.query.get("mark"):
                yield CHANGED
                return
            yield ALIVE
    finally:
        streams.release()


def _look(visit: Visit, marker: Marker, seen: Mark) -> Mark | None:
    """Return the present mark; None if the session ended, or nothing can be read.

    Polling does not keep a session open. A page of the queue can only change with a new journal line.
    """
    try:
        with visit.site.open() as connection:
            session = look_session(visit.site, connection, visit.secret, visit.site.now())
            if session is None or find_member(visit.site, session) is None:
                return None
            line = marks.find_last_line(connection)
            if marker is queue.mark and line == seen[0]:
                return seen
            return line, marker(replace(visit, connection=connection, now=visit.site.now()))
    except Exception as error:
        events.task_failed("console", error)
        return None
