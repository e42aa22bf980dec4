"""The interface between a front and the pool of all fronts, and the sessions that both track."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.inbound.record.submission import Answer, Submission


class FrontLostError(ConnectionError):
    """A front exited or did not answer."""


@dataclass(slots=True)
class Session:
    """A session at a front: the client's key, the mails granted last, and the connection until it is taken.

    `is_from_relay`: the peer is a relay, which may name the client.
    """

    key: str
    mails: int
    connection: socket.socket | None
    is_from_relay: bool = False

    def limit(self, unused: int) -> int:
        """Return how many mails may be returned if the front says that `unused` are left."""
        return min(unused, self.mails)


class Owner(Protocol):
    """The interface of the pool of fronts, as used by a front; `max_frame_bytes` limits what it sends."""

    @property
    def max_frame_bytes(self) -> int:
        """The length of the longest frame that a front has to send."""
        ...

    def on_up(self, front: object) -> None:
        """Handle a front that is now ready."""
        ...

    def on_down(self, front: object) -> None:
        """Handle a front that serves no more, before its process has exited."""
        ...

    def on_death(self, front: object, error: FrontLostError, suspect: tuple[bytes, str] | None) -> None:
        """Handle the unexpected exit of a front; `suspect` is the mail that it was screening, if any."""
        ...

    def on_submission(self, submission: Submission, reply: Callable[[Answer], None]) -> None:
        """Handle a finished record; `reply` answers the process that submitted it, never a later one."""
        ...

    def on_seen(self, number: int, line: str) -> None:
        """Handle a line of the dialog with a watched client."""
        ...

    def on_end(self, session: Session, unused: int) -> None:
        """Handle the end of a session."""
        ...

    def on_untaken(self, session: Session, fault: str, *, is_lost: bool) -> None:
        """Handle a connection that did not reach the front; `is_lost`: because the front has exited."""
        ...

    def on_rename(self, session: Session, key: str, *, shared: bool, unused: int) -> int:
        """Handle a relay that names another client; return the mails granted to it, -1 if over its limit."""
        ...

    def on_want(self, session: Session) -> int:
        """Handle a client that has used up its granted mails; return the mails granted now."""
        ...
