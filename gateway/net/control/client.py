"""Client of the running gateway's Unix sockets, for commands that need data from the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from gateway.net.control.protocol import CONTROL, MAX_ANSWER, AnswerLine, Door, Question, connect, socket_path
from gateway.net.host.desk_units import find_units

PATIENCE_S = 5.0


class NotAnsweredError(Exception):
    """No answer: no gateway is running, this user has no permission, or the gateway does not respond."""


class NotRunningError(NotAnsweredError):
    """No gateway listens on the socket; no request was sent."""


class NotPermittedError(NotAnsweredError):
    """This user has no permission to connect to the socket."""


class HungError(NotAnsweredError):
    """The gateway is running but does not answer in time."""


class WaitsForStoreError(NotAnsweredError):
    """The gateway is running, but the database is unavailable; nothing was changed."""


class RefusedError(Exception):
    """The gateway refused the request; the message gives the reason, `trouble` the kind of database fault."""

    def __init__(self, message: str, trouble: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble


def ask(
    database: Path,
    verb: str,
    arguments: Mapping[str, object] | None = None,
    timeout_s: float = PATIENCE_S,
    door: Door = CONTROL,
) -> Any:
    """Return the facts of a one-line answer. Raises NotAnsweredError or a subclass, RefusedError."""
    for facts in follow(database, verb, arguments, timeout_s, door):
        return facts
    unit = find_units(database).name()
    raise NotAnsweredError(f"the gateway exited before answering: systemctl status {unit}")


def follow(
    database: Path,
    verb: str,
    arguments: Mapping[str, object] | None = None,
    timeout_s: float = PATIENCE_S,
    door: Door = CONTROL,
) -> Iterator[Any]:
    """Yield the facts of each line of an answer as it arrives. Raises the same errors as `ask`."""
    place, units = socket_path(database, door), find_units(database)
    try:
        with connect(place, timeout_s) as channel, channel.makefile("rb") as lines:
            with suppress(BrokenPipeError):  # refused before the request was sent: the answer says why
                channel.sendall(msgspec.json.encode(Question(verb, dict(arguments or {}))) + b"\n")
            while raw := lines.readline(MAX_ANSWER):
                yield _read(raw)
    except TimeoutError as error:
        text = (
            f"the gateway is running but did not answer within {timeout_s:g} s: systemctl restart "
            f"{units.name()}"
        )
        raise HungError(text) from error
    except PermissionError as error:
        who = (
            f"use sudo -u {units.user}, or run it as root"
            if door is CONTROL
            else f"run it as root or as a member of the group {units.user}"
        )
        raise NotPermittedError(
            f"permission denied for the gateway's control socket ({place}): {who}"
        ) from error
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise NotRunningError(
            f"cannot reach a running gateway for {database}: systemctl status {units.name()}"
        ) from error
    except OSError as error:
        raise NotAnsweredError(f"{place}: {error.strerror or error}") from error


def _read(raw: bytes) -> Any:
    try:
        line = msgspec.json.decode(raw, type=AnswerLine)
    except msgspec.DecodeError as error:
        raise NotAnsweredError(f"cannot parse the gateway's response: {error}") from error
    if line.error:
        raise RefusedError(line.error, line.trouble)
    return line.facts
