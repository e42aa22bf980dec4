"""A transaction on PostgreSQL: the same statements, with a journal that continues from the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from gateway.admission.case.model import JournalEntry
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.writing.turn import Turn
from gateway.store.tables.transaction import SqlTransaction


class PostgresTransaction(SqlTransaction):
    """Transaction for one piece of work; see `gateway.store.protocol.Transaction`."""

    def __init__(
        self,
        connection: PostgresConnection,
        turn: Turn,
        make_message_id: Callable[[], str],
        tombstone_key: bytes,
    ) -> None:
        super().__init__(connection, make_message_id, tombstone_key)
        self._turn = turn
        self._head = turn.head

    def journal(
        self, entries: Iterable[JournalEntry], now: datetime, case_id: int | None, mail_id: int | None
    ) -> None:
        """Append lines, which never go back in time, whatever the clock of a node says."""
        at = max(now, self._turn.last_at or now)
        super().journal(entries, at, case_id, mail_id)
        if self._head is not None and self._head != self._turn.head:
            self._turn.head, self._turn.last_at = self._head, at
