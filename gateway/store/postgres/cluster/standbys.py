"""The synchronous standbys, which have each commit before it is acknowledged, as the primary sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.store.protocol import Connection


@dataclass(frozen=True, slots=True)
class Standbys:
    """The standbys of a primary.

    `wanted` is `synchronous_standby_names`; `synchronous` counts the connected standbys that a commit waits
    for, None if the role may not see them (that needs pg_monitor).
    """

    wanted: str
    synchronous: int | None


def load(connection: Connection) -> Standbys:
    """Query the primary. Raises StoreUnavailableError."""
    row: Any = connection.execute(_STANDBYS).fetchone()
    return Standbys(row["wanted"], row["synchronous"] if row["permitted"] else None)


# A standby that is catching up is not waited for: its `state` is not streaming.
_STANDBYS = """
SELECT current_setting('synchronous_standby_names') AS wanted,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS permitted,
       count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')) AS synchronous
FROM pg_stat_replication
"""
