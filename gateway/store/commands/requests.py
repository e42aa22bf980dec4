"""Writing commands: requests, and their execution, once however often a request arrives.

Only the process that holds the lock writes to the database. `gateway.app.serving.commands` passes a request
to it; the table `commands` stores the answers, so that a repeated request gets the same one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import msgspec

from gateway.store.commands.command_request import Answer, Request, new_request
from gateway.store.protocol import Store, StoreUnavailableError, Transaction
from gateway.store.tables import rows

__all__ = ["Answer", "CommandRunner", "Handler", "RefusedError", "Request", "new_request"]


class RefusedError(Exception):
    """Raised if the command cannot be executed as requested; the message says why. Nothing was changed."""


# Executes one command within a transaction, including its journal lines. Raises RefusedError.
Handler = Callable[[Transaction, Request, datetime], Mapping[str, object]]


async def _nothing() -> None:
    return


class CommandRunner:
    """The executor of requests on the writing side.

    `on_change` runs after each commit and before the answer; `on_error` is called with unexpected errors.
    """

    def __init__(
        self,
        store: Store,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        *,
        on_change: Callable[[], Awaitable[None]] = _nothing,
        on_error: Callable[[str, Exception], None] = lambda _what, _error: None,
    ) -> None:
        self._store = store
        self._handlers = handlers
        self._now = now
        self._on_change = on_change
        self._on_error = on_error

    async def carry_out(self, request: Request) -> Answer:
        """Execute the request, or return its earlier answer. Raises StoreUnavailableError."""
        try:
            answer = await self._answer(request)
        except StoreUnavailableError:
            raise
        except RefusedError as error:
            return Answer(False, error=str(error))
        except Exception as error:
            self._on_error(f"command {request.id}", error)
            return Answer(False, error=f"{type(error).__name__} in the gateway; see its log")
        await self._on_change()
        return answer

    async def _answer(self, request: Request) -> Answer:
        handler = self._handlers.get(request.name)
        if handler is None:
            raise RefusedError(f"{request.name!r} is not a gateway command")
        now = self._now()
        return await self._store.transact(lambda tx: _execute_once(tx, handler, request, now))


def _execute_once(tx: Transaction, handler: Handler, request: Request, now: datetime) -> Answer:
    """Execute the request, or return its stored answer if it was executed before."""
    connection = tx.connection
    done = connection.execute("SELECT answer FROM commands WHERE id = :id", {"id": request.id}).fetchone()
    if done is not None:
        return msgspec.json.decode(done["answer"], type=Answer)
    if request.expires_at <= now:
        raise RefusedError("too late: the client is no longer waiting")
    answer = Answer(True, handler(tx, request, now))
    connection.execute(
        "INSERT INTO commands (id, name, at, answer) VALUES (:id, :name, :at, :answer)",
        {"id": request.id, "name": request.name, "at": rows.to_text(now), "answer": rows.to_json(answer)},
    )
    return answer
