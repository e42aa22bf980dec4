"""What a process of the journey is made to do otherwise: shorter waits, faults, and guards taken out.

Nothing of this is in the gateway, and no setting leads to it: the launcher calls it in the process that it
has made, before the real command begins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tests.crash import points

WRITER = "store-writer"


def apply(patches: Mapping[str, Any]) -> None:
    """Each by its name, with its value."""
    for name, value in patches.items():
        PATCHES[name](value)


def hold_for(seconds: float) -> None:
    """The active node holds its place for so long, and everything that follows from it is shorter too."""
    from gateway.app.serving import standby
    from gateway.store.postgres.writing import connector, turn, writer

    said = f"interval '{turn.HELD.total_seconds():.0f} seconds'"
    for name in ("_CLAIM", "_TAKE", "_RENEW"):
        sql = getattr(turn, name)
        assert said in sql, sql
        setattr(turn, name, sql.replace(said, f"interval '{seconds * 1000:.0f} milliseconds'"))
    writer.RENEWAL_S = seconds / 3
    connector.PAUSE_S = 0.1
    standby.LOOK_S = max(seconds / 8, 0.1)
    standby.GIVE_WAY_S = standby.LOOK_S * 3


def letters_fail_often(most: int) -> None:
    """So many deaths in the middle of a letter do not put it on hold; what was put off goes again soon."""
    from tenacity import wait_fixed

    from gateway.app.wiring import values
    from gateway.outbound.retry import Schedule

    names = list(Schedule.__dataclass_fields__)
    defaults = list(Schedule.__init__.__defaults__ or ())
    defaults[names.index("max_failures")] = most
    Schedule.__init__.__defaults__ = tuple(defaults)
    values.build_backoff = lambda _: wait_fixed(0.5)


def lease_letters_for(seconds: float) -> None:
    """The lease of a letter."""
    from gateway.outbound.retry import Schedule

    names = list(Schedule.__dataclass_fields__)
    defaults = list(Schedule.__init__.__defaults__ or ())
    defaults[names.index("lease")] = timedelta(seconds=seconds)
    Schedule.__init__.__defaults__ = tuple(defaults)


def die_at(where: tuple[str, int]) -> None:
    """Killed at so many-th point once it is active: before a statement, around a COMMIT, in a dialog."""
    import psycopg

    from gateway.store.postgres.writing.writer import Writer

    trace, number = where
    reached = points.Points(Path(trace), number)
    real = psycopg.Connection.execute

    def execute(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        if threading.current_thread().name == WRITER:
            reached.statement(query.decode() if isinstance(query, bytes) else str(query))
        return real(self, query, *given, **named)

    psycopg.Connection.execute = execute  # type: ignore[method-assign]
    points.set_points(reached)
    points.wrap(Writer, "_end", _at(reached, "before COMMIT"), _at(reached, "committed, nobody heard"))


def _at(reached: points.Points, name: str) -> Callable[..., None]:
    return lambda *_: reached.reach(name)


def unclear_commits(every: int) -> None:
    """Each so many-th COMMIT is done, and its answer is lost with the connection."""
    from psycopg import OperationalError

    from gateway.store.postgres.writing.writer import Writer

    numbers = count(1)

    def lose_answer(_: Writer, connection: Any, *__: object) -> None:
        if next(numbers) % every == 0:
            connection.close()
            raise OperationalError("the answer to COMMIT was lost")

    points.wrap(Writer, "_end", None, lose_answer)


def no_turn(_: object) -> None:
    """Nobody waits for a turn: two nodes write at the same time, and each reads the journal's end when it
    writes a line, as a store without that row would."""
    from gateway.store.postgres.writing import transaction, turn

    turn._CLAIM = turn._CLAIM.partition(" AND (")[0] + " RETURNING before.holder, before.held_until"
    turn._TAKE = (
        "BEGIN; SELECT n, head_number, head_hash, last_at, clock_timestamp() AS now FROM turn WHERE id = 1"
    )
    turn._RENEW = "UPDATE turn SET n = n WHERE id = 1"
    real = transaction.PostgresTransaction.journal

    def journal(self: Any, *given: Any) -> None:
        sql = "SELECT head_number, head_hash FROM turn WHERE id = 1 FOR UPDATE"
        row = self.connection.execute(sql).fetchone()
        self._head = self._turn.head = turn.Head(row["head_number"], bytes(row["head_hash"]))
        real(self, *given)

    transaction.PostgresTransaction.journal = journal  # type: ignore[method-assign]


def holder_not_checked(_: object) -> None:
    """Who held the turn once goes on writing, whoever became active since."""
    from gateway.store.postgres.writing import turn

    for name in ("_TAKE", "_RENEW"):
        sql = getattr(turn, name)
        assert turn._MINE in sql, sql
        setattr(turn, name, sql.replace(turn._MINE, "id = 1"))


def settle_without_lease(_: object) -> None:
    """What became of a letter is written down whoever has it in hand by now."""
    from gateway.store.tables.letters import leases

    leases.holds = lambda *_: True


PATCHES: Mapping[str, Callable[[Any], None]] = {
    each.__name__: each  # type: ignore[attr-defined]
    for each in (
        hold_for,
        letters_fail_often,
        lease_letters_for,
        die_at,
        unclear_commits,
        no_turn,
        holder_not_checked,
        settle_without_lease,
    )
}
