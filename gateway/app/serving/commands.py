"""The client side of writing commands: the running gateway executes them, or this process if none runs.

A request that was sent and not answered is sent again with the same id: nothing is done twice
(`gateway.store.commands.requests`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from gateway.net.control import client
from gateway.net.control.commands import COMMAND, TIMEOUT_S, ask_command
from gateway.net.control.server import name_account
from gateway.store.commands.behind import choose_store
from gateway.store.commands.requests import Answer, CommandRunner, Handler, Request
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import DatabaseInUseError, OwnedStore

__all__ = ["COMMAND", "NoAnswerError", "name_operator", "run_command"]

STEP_S = 0.05


class NoAnswerError(Exception):
    """Raised if nobody answered in time; the message says whether something may have changed."""


def name_operator(claimed: str, account: str) -> str:
    """Return the actor for the journal: the claimed name, and the account according to the kernel."""
    return claimed if claimed == f"operator:{account}" else f"{claimed} as {account}"


async def run_command(
    store: OwnedStore,
    request: Request,
    handlers: Mapping[str, Handler],
    now: Callable[[], datetime],
    timeout_s: float = TIMEOUT_S,
    *,
    asked: bool = False,
) -> Answer:
    """Have `request` executed by the running gateway, or by this process with `handlers` and this store.

    `asked`: it was sent before, and may be done. Raises NoAnswerError, OSError, SchemaError or sqlite3.Error.
    """
    holder = ""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while (left_s := deadline - asyncio.get_running_loop().time()) > 0:
        try:
            return await asyncio.to_thread(ask_command, store.path, request, left_s)
        except client.NotRunningError:
            try:
                return await _run_locally(store, request, handlers, now)
            except DatabaseInUseError as error:
                holder = str(error)
        except (client.HungError, client.NotPermittedError, client.WaitsForStoreError) as error:
            raise NoAnswerError(str(error)) from error
        except client.NotAnsweredError:
            asked = True  # it went away: its successor knows whether the command is done
        await asyncio.sleep(STEP_S)
    raise NoAnswerError(_SENT if asked else f"{holder or _NO_ANSWER}; nothing was changed")


_SENT = "the gateway accepted the command but did not answer in time; check the journal before retrying"
_NO_ANSWER = "the gateway that holds the database did not answer"


async def _run_locally(
    store: OwnedStore, request: Request, handlers: Mapping[str, Handler], now: Callable[[], datetime]
) -> Answer:
    """Execute the request while nobody has the database open. Raises DatabaseInUseError if somebody does."""
    try:
        store.open()
    except StoreUnavailableError as error:
        raise NoAnswerError(f"{error}; nothing was changed") from error
    by = name_operator(request.by, name_account(os.geteuid()))
    try:
        runner = CommandRunner(choose_store(store, request), handlers, now)
        answer = await runner.carry_out(replace(request, by=by))
        with contextlib.suppress(StoreUnavailableError):  # done anyway; the gateway tries again
            await store.compact()
    except StoreUnavailableError as error:
        raise NoAnswerError(f"{error}; nothing was changed") from error
    finally:
        store.close()
    return answer
