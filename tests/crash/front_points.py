"""A front with numbered points of its own; it is killed at one of them, once: the next front lives.

The writer starts it by another command than its own, which loads this module.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.crash.points import Points, wrap

ROOT = Path(__file__).resolve().parents[2]
TRACE, DEAD = "front-trace", "front-killed"
_FOLDER, _KILL_AT = "CRASH_FOLDER", "CRASH_FRONT_KILL_AT"
_COMMAND = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.crash.front_points import main; "
    "main(*map(int, sys.argv[1:4]), sys.argv[4])"
)


class FrontPoints(Points):
    """Points of which one kills in the first life only."""

    def __init__(self, folder: Path, kill_at: int) -> None:
        self._dead = folder / DEAD
        super().__init__(folder / TRACE, 0 if self._dead.exists() else kill_at)

    def die(self) -> None:
        """Leave word, and end."""
        self._dead.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def build_plan(folder: Path, kill_at: int) -> dict[str, object]:
    """What the plan of a life says, so that its fronts have points; 0: they live."""
    return {
        "environment": {_FOLDER: str(folder), _KILL_AT: str(kill_at)},
        # The mail under which a front died is looked at again soon, not in an hour.
        "constants": {
            "gateway.net.fronts.process:_COMMAND": _COMMAND,
            "gateway.net.fronts.suspects:HOUR_S": 0.5,
        },
    }


def has_died(folder: Path) -> bool:
    """Whether the front was killed at its point."""
    return (folder / DEAD).exists()


def main(records: int, handed: int, page: int, log_level: str) -> None:
    """A front, its points set."""
    from gateway.net.fronts import worker

    set_front_points(FrontPoints(Path(os.environ[_FOLDER]), int(os.environ[_KILL_AT])))
    worker.main(records, handed, page, log_level)


def set_front_points(points: Points) -> None:
    """Put the points on the front's half of the path in."""
    from gateway.net.dns.resolver import DnsResolver
    from gateway.net.fronts.framing import Frames
    from gateway.net.fronts.worker import Worker
    from gateway.net.smtp.hooks import Hooks
    from gateway.net.smtp.session import SmtpSession

    def at(name: str) -> Callable[..., None]:
        return lambda *_: points.reach(f"front: {name}")

    wrap(Worker, "take_connections", at("before connections are taken"), at("connections are taken"))
    wrap(Frames, "send", at("before a frame to the writer"), at("a frame is on its way to the writer"))
    wrap(Hooks, "handle_DATA", at("a mail is whole"), at("before the reply to a mail"))
    wrap(DnsResolver, "resolve", at("before a question to DNS"), at("DNS has answered"))
    wrap(Worker, "submit", at("before a record"), at("the writer has answered, and the client has not heard"))
    wrap(SmtpSession, "smtp_DATA", at("a mail may come"), at("after the reply to a mail"))
