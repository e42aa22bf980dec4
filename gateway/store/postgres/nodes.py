"""The machines of a desk: each says that it is there, and which of them is active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Node:
    """A machine as it says of itself. `settings`: a hash of the settings that have to agree."""

    name: str
    version: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A machine as the others see it, by the clock of the database."""

    name: str
    version: str
    settings: str
    seen_at: datetime
    seen_s: float
    is_active: bool


def note(connection: psycopg.Connection[Any], node: Node) -> None:
    """Say that this machine is there. It takes no turn."""
    values = {"name": node.name, "version": node.version, "settings": node.settings}
    connection.execute(_NOTE, values)


def load(connection: psycopg.Connection[Any]) -> tuple[NodeRow, ...]:
    """All machines, the active one at the front; who holds the turn is there as long as it is renewed."""
    found: list[Any] = connection.execute(_LIST).fetchall()
    return tuple(
        NodeRow(
            row["name"], row["version"], row["settings"], row["seen_at"], float(row["seen_s"]), row["active"]
        )
        for row in found
    )


_NOTE = """
INSERT INTO nodes (name, version, settings, seen_at)
VALUES (%(name)s, %(version)s, %(settings)s, clock_timestamp())
ON CONFLICT (name) DO UPDATE
SET version = excluded.version, settings = excluded.settings, seen_at = excluded.seen_at
"""
_LIST = """
SELECT name, version, settings, active, seen_at, extract(epoch FROM clock_timestamp() - seen_at) AS seen_s
FROM (
  SELECT n.name, n.version, n.settings, t.id IS NOT NULL AS active,
         greatest(n.seen_at, t.held_until - interval '15 seconds') AS seen_at
  FROM nodes n
  LEFT JOIN turn t ON split_part(t.holder, '/', 1) = n.name AND t.held_until > clock_timestamp()
) AS known
ORDER BY active DESC, name
"""
