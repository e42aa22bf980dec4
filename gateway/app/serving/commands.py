"""The side that asks for a command that writes: the running gateway does it, or we where none runs.

A request that was sent and not answered is sent again with the same id: what was done is not done twice
(`gateway.store.commands.requests`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from gateway.net.control import client
from gateway.net.control.server import name_account
from gateway.store.commands.requests import Answer, CommandRunner, Handler, Request
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import DatabaseInUseError, OwnedStore

COMMAND = "command"
STEP_S = 0.05


class NoAnswerError(Exception):
    """Nobody answered in time; the message says whether something may have been changed."""


def name_operator(claimed: str, account: str) -> str:
    """The actor in the journal: who says that they ask, and the account that does, by the kernel's word."""
    return claimed if claimed == f"operator:{account}" else f"{claimed} as {account}"


async def run_command(
    store: OwnedStore,
    request: Request,
    handlers: Mapping[str, Handler],
    now: Callable[[], datetime],
    timeout_s: float = 20.0,
) -> Answer:
    """Have `request` carried out by the running gateway, or by ourselves with `handlers` and this store.

    Raises NoAnswerError, OSError, SchemaError or sqlite3.Error.
    """
    asked, holder = False, ""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while (left_s := deadline - asyncio.get_running_loop().time()) > 0:
        try:
            return await asyncio.to_thread(_ask, store.path, request, left_s)
        except client.NotRunningError:
            try:
                return await _run_locally(store, request, handlers, now)
            except DatabaseInUseError as error:
                holder = str(error)
        except (client.HungError, client.NotPermittedError) as error:
            raise NoAnswerError(str(error)) from error
        except client.NotAnsweredError:
            asked = True  # it went away: its successor knows whether it is done
        await asyncio.sleep(STEP_S)
    raise NoAnswerError(_SENT if asked else f"{holder or _NO_ANSWER}; nothing was changed")


_SENT = "the gateway took the command and did not answer in time; check the journal before retrying"
_NO_ANSWER = "the gateway that holds the database did not answer"


def _ask(database: Path, request: Request, timeout_s: float) -> Answer:
    arguments = msgspec.to_builtins(request)
    try:
        return msgspec.convert(client.ask(database, COMMAND, arguments, timeout_s), Answer)
    except client.RefusedError as error:
        return Answer(False, error=str(error))


async def _run_locally(
    store: OwnedStore, request: Request, handlers: Mapping[str, Handler], now: Callable[[], datetime]
) -> Answer:
    """The answer, as nobody holds the database. Raises DatabaseInUseError where somebody does."""
    try:
        store.open()
    except StoreUnavailableError as error:
        raise NoAnswerError(f"{error}; nothing was changed") from error
    by = name_operator(request.by, name_account(os.geteuid()))
    try:
        answer = await CommandRunner(store, handlers, now).carry_out(replace(request, by=by))
        with contextlib.suppress(StoreUnavailableError):  # done all the same; the gateway tries again
            await store.compact()
    except StoreUnavailableError as error:
        raise NoAnswerError(f"{error}; nothing was changed") from error
    finally:
        store.close()
    return answer
