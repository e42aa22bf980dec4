"""What a front asks of the one who has all fronts, and the sessions that both know."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.inbound.record.submission import Answer, Submission


class FrontLostError(ConnectionError):
    """A front ended, or did not answer."""


@dataclass(slots=True)
class Session:
    """A session at a front: its client's key, the mails that were granted, and the connection until it is
    taken."""

    key: str
    mails: int
    connection: socket.socket | None


class Owner(Protocol):
    """What a front asks of the one who has them all."""

    def on_up(self, front: object) -> None:
        """It answers."""
        ...

    def on_death(self, front: object, error: FrontLostError, suspect: tuple[bytes, str] | None) -> None:
        """It has ended, unasked, and perhaps under a mail."""
        ...

    def on_submission(self, submission: Submission, reply: Callable[[Answer], None]) -> None:
        """A finished record; `reply` gives the answer to the process that submitted it, to no later one."""
        ...

    def on_seen(self, number: int, line: str) -> None:
        """A line of what is said with a client that somebody watches."""
        ...

    def on_end(self, session: Session, unused: int) -> None:
        """A session is over."""
        ...

    def on_untaken(self, session: Session, fault: str) -> None:
        """A connection did not come to the front."""
        ...

    def on_rename(self, session: Session, key: str, *, shared: bool, unused: int) -> int:
        """A relay names another client; gives the mails that this one may begin, -1 for no place."""
        ...

    def on_want(self, session: Session) -> int:
        """The client begins one mail more than it was granted; gives the mails that are granted now."""
        ...
