"""A writing command as it is sent to the process that writes, and its answer.

Imports nothing of the desk, so that a command that the running gateway executes starts quickly.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Request:
    """A request: command name, who asks, arguments, and when it expires."""

    id: str
    name: str
    by: str
    arguments: Mapping[str, object]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The result: `facts` if it was done, `error` if it was refused."""

    done: bool
    facts: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


def new_request(
    name: str,
    by: str,
    arguments: Mapping[str, object],
    now: datetime,
    wanted: timedelta = timedelta(seconds=30),
) -> Request:
    """Return a request that is refused unless it is executed within `wanted`."""
    stamp = f"{now.astimezone(UTC):%Y%m%d%H%M%S}"
    return Request(f"{stamp}-{secrets.token_hex(16)}", name, by, arguments, now + wanted)
