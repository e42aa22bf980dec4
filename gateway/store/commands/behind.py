"""The command that lets a desk continue with a database that is behind (`integrity.journal_head`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from gateway.admission.case.model import JournalEntry
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.console import sessions
from gateway.store.protocol import Store, Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.tables.letters.holding import hold_waiting

T = TypeVar("T")
ACCEPT = "store.accept_behind"
WHY_HELD = "the database was behind, and it is unknown whether this message had already been sent"


class AcceptingStore:
    """A store that is behind, and that accepts this with the first work it is given."""

    def __init__(self, store: OwnedStore) -> None:
        self._store = store

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Accept the database with `work`. Raises RefusedError if it is not behind; StoreUnavailableError."""
        if not self._store.behind:
            raise RefusedError("the database is not behind; nothing to accept")
        return await self._store.accept_behind(work)

    async def compact(self) -> bool:
        """Compact the store; see `gateway.store.protocol.Store`."""
        return await self._store.compact()


def choose_store(store: OwnedStore, request: Request) -> Store:
    """Return the store on which a command is executed."""
    return AcceptingStore(store) if request.name == ACCEPT else store


def build_handlers() -> Mapping[str, Handler]:
    """Return the handler of the command by its name."""
    return {ACCEPT: _accept}


def _accept(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
    sessions.forget_ways_in(tx.connection)
    held = hold_waiting(tx.connection, WHY_HELD)
    entry = JournalEntry("accepted_behind", Outside(request.by), to_facts({"held": len(held)}))
    tx.journal((entry,), now, None, None)
    return {"held": list(held)}
