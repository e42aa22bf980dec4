"""Writing commands over the control socket."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gateway.net.control import client
from gateway.store.commands.command_request import Answer, Request

COMMAND = "command"
TIMEOUT_S = 20.0


def ask_command(database: Path, request: Request, timeout_s: float = TIMEOUT_S) -> Answer:
    """Have the running gateway execute a request. Raises NotAnsweredError or a subclass.

    After a NotAnsweredError that is no NotRunningError it may be done: the same request can be sent again.
    """
    arguments = msgspec.to_builtins(request)
    try:
        return msgspec.convert(client.ask(database, COMMAND, arguments, timeout_s), Answer)
    except client.RefusedError as error:
        if error.trouble:
            raise client.WaitsForStoreError(str(error)) from error
        return Answer(False, error=str(error))
