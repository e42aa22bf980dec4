"""Asks the running gateway: what commands do that may not, or need not, look for themselves."""

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
    """Nothing is known: no gateway runs, this user may not ask, or it does not answer."""


class NotRunningError(NotAnsweredError):
    """No gateway listens there: nothing was asked."""


class NotPermittedError(NotAnsweredError):
    """This user may not ask there."""


class HungError(NotAnsweredError):
    """The gateway runs, and does not answer in time."""


class RefusedError(Exception):
    """The gateway answered that it will not, and why."""


def ask(
    database: Path,
    verb: str,
    arguments: Mapping[str, object] | None = None,
    timeout_s: float = PATIENCE_S,
    door: Door = CONTROL,
) -> Any:
    """The facts of an answer of one line. Raises NotAnsweredError or one of its kinds, RefusedError."""
    for facts in follow(database, verb, arguments, timeout_s, door):
        return facts
    unit = find_units(database).name()
    raise NotAnsweredError(f"the gateway ended before it answered; systemctl status {unit}")


def follow(
    database: Path,
    verb: str,
    arguments: Mapping[str, object] | None = None,
    timeout_s: float = PATIENCE_S,
    door: Door = CONTROL,
) -> Iterator[Any]:
    """The facts of each line of an answer, as they come. Raises as `ask` does."""
    place, units = socket_path(database, door), find_units(database)
    try:
        with connect(place, timeout_s) as channel, channel.makefile("rb") as lines:
            with suppress(BrokenPipeError):  # refused before it was asked: the answer says why
                channel.sendall(msgspec.json.encode(Question(verb, dict(arguments or {}))) + b"\n")
            while raw := lines.readline(MAX_ANSWER):
                yield _read(raw)
    except TimeoutError as error:
        text = f"the gateway runs and did not answer within {timeout_s:g} s: systemctl restart {units.name()}"
        raise HungError(text) from error
    except PermissionError as error:
        who = (
            f"sudo -u {units.user}, or be root"
            if door is CONTROL
            else f"be root or a member of the group {units.user}"
        )
        raise NotPermittedError(f"this user may not ask the gateway ({place}): {who}") from error
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise NotRunningError(
            f"no gateway that can be asked runs on {database}: systemctl status {units.name()}"
        ) from error
    except OSError as error:
        raise NotAnsweredError(f"{place}: {error.strerror or error}") from error


def _read(raw: bytes) -> Any:
    try:
        line = msgspec.json.decode(raw, type=AnswerLine)
    except msgspec.DecodeError as error:
        raise NotAnsweredError(f"the answer of the gateway cannot be read: {error}") from error
    if line.error:
        raise RefusedError(line.error)
    return line.facts
