"""Records which mail a front was screening when it died, and blocks that mail for an hour.

A memory page shared with the writer holds the mark of the mail whose code is running at this moment. It is
set and cleared at each step of a task, so that a mail that only waits for DNS is not blamed.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import mmap
import os
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any, TypeVar

from gateway.log import events, listener_events
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.fronts.messages import Suspected
from gateway.net.smtp.protocol.state import Handler

KEY_BYTES, CLIENT_BYTES = 32, 64
MARK_BYTES = KEY_BYTES + CLIENT_BYTES
PAGE_BYTES = 4096
HOUR_S = 3600.0
MOST = 1_000
MANY_DEATHS, DEATHS_WITHIN_S = 3, 60.0
_NOBODY = bytes(MARK_BYTES)
T = TypeVar("T")

_mark: ContextVar[bytes | None] = ContextVar("mark", default=None)


def find_key(raw: bytes) -> bytes:
    """Return the key that identifies a mail before parsing: the SHA-256 of its octets."""
    return hashlib.sha256(raw).digest()


def build_mark(key: bytes, client: str) -> bytes:
    """Return key and client in the format of the page."""
    return key + client.encode("ascii", "replace")[:CLIENT_BYTES].ljust(CLIENT_BYTES, b"\0")


class Page:
    """The shared page, mapped from a file descriptor that both processes have."""

    def __init__(self, fd: int) -> None:
        self._map = mmap.mmap(fd, PAGE_BYTES)

    @staticmethod
    def create() -> int:
        """Return a file descriptor for a new page, whose size cannot be changed. Raises OSError.

        If a front could shrink it, reading the mapping would kill the writer (SIGBUS; memfd_create(2)).
        """
        fd = os.memfd_create("front", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, PAGE_BYTES)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        return fd

    def set(self, mark: bytes) -> None:
        """Set the mark of the mail whose code is running."""
        self._map[:MARK_BYTES] = mark

    def clear(self) -> None:
        """Clear the mark."""
        self._map[:MARK_BYTES] = _NOBODY

    def read(self) -> tuple[bytes, str] | None:
        """Return key and client of the mail whose code was running last, or None."""
        mark = self._map[:MARK_BYTES]
        if mark == _NOBODY:
            return None
        return mark[:KEY_BYTES], mark[KEY_BYTES:].rstrip(b"\0").decode("ascii", "replace")

    def close(self) -> None:
        """Unmap the memory."""
        self._map.close()


class Marked(Coroutine[Any, Any, T]):
    """A coroutine that sets the mark in the page while it runs."""

    def __init__(self, page: Page, mark: bytes, inner: Coroutine[Any, Any, T]) -> None:
        self._page, self._mark, self._inner = page, mark, inner

    def send(self, value: Any) -> Any:
        """See `Coroutine`."""
        return self._run(self._inner.send, value)

    def throw(self, *error: Any) -> Any:
        """See `Coroutine`."""
        return self._run(self._inner.throw, *error)

    def _run(self, step: Callable[..., Any], *given: Any) -> Any:
        self._page.set(self._mark)
        try:
            result = step(*given)
        except (SystemExit, KeyboardInterrupt):  # asyncio ends the process, so the mark must stay
            raise
        except BaseException:
            self._page.clear()
            raise
        self._page.clear()
        return result

    def close(self) -> None:
        """See `Coroutine`."""
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, T]:
        return self

    def __iter__(self) -> Marked[T]:
        return self

    def __next__(self) -> Any:
        return self.send(None)


async def examine(page: Page, mark: bytes, work: Coroutine[Any, Any, T]) -> T:
    """Run the work of one mail under its mark, in this task and in the tasks that it creates."""
    _mark.set(mark)
    return await Marked(page, mark, work)


def mark_tasks(loop: asyncio.AbstractEventLoop, page: Page) -> None:
    """Install a task factory that gives the tasks created for a mail its mark."""

    def build(
        loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        mark = _mark.get()
        return asyncio.Task(work if mark is None else Marked(page, mark, work), loop=loop, **options)

    loop.set_task_factory(build)  # type: ignore[arg-type] # typeshed asks for a generator too


class Examiner:
    """A handler that marks each mail while it is screened, and defers mails under which a front died."""

    def __init__(self, page: Page, is_suspect: Callable[[bytes, str], bool], handler: Handler) -> None:
        self._page, self._is_suspect, self._handler = page, is_suspect, handler

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """See `Handler`."""
        return self._handler.check_recipient(forward_paths, new)

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """See `Handler`."""
        key = find_key(raw)
        if self._is_suspect(key, envelope.client_ip):
            events.mail_rejected(
                envelope, smtp_reply.LOCAL_ERROR, "a front-end process crashed while handling this message"
            )
            return smtp_reply.LOCAL_ERROR
        mark = build_mark(key, envelope.client_ip)
        return await examine(self._page, mark, self._handler.receive(envelope, raw))


class Suspects:
    """The mails under which fronts died in the last hour, by event loop time."""

    def __init__(self) -> None:
        self._deaths: list[tuple[float, bytes, str]] = []

    def blame(self, key: bytes, client: str, now_s: float) -> None:
        """Record that a front died while screening this mail; an empty `client` (a relay) is not counted."""
        self._deaths = [*self._deaths, (now_s, key, client)][-MOST:]

    def blocked(self, now_s: float) -> Suspected:
        """Return the mails of the last hour, and the clients that sent at least two of them."""
        self._deaths = [death for death in self._deaths if death[0] > now_s - HOUR_S]
        clients = Counter(client for _, _, client in self._deaths if client)
        return Suspected(
            tuple(dict.fromkeys(key for _, key, _ in self._deaths)),
            tuple(client for client, times in clients.items() if times > 1),
        )


class Deaths:
    """Times at which fronts exited unexpectedly; three within a minute alert the operator."""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=MANY_DEATHS)

    def count(self, now_s: float, cause: str) -> None:
        """Count one death."""
        self._last.append(now_s)
        if len(self._last) == MANY_DEATHS and now_s - self._last[0] < DEATHS_WITHIN_S:
            listener_events.fronts_keep_dying(MANY_DEATHS, cause)
