"""The machines of a desk: each reports that it is up, and one of them is active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.store.protocol import Connection

SILENT_S = 10.0
STANDBY = "standby"


@dataclass(frozen=True, slots=True)
class Node:
    """A machine's report about itself. `shared`: `PART=HASH` of each part that must agree, with blanks."""

    name: str
    version: str
    shared: str = ""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A machine as the others see it, by the clock of the database.

    `needs`: the version of the schema that an upgraded machine waits for; empty if it waits for none.
    """

    name: str
    version: str
    shared: str
    seen_at: datetime
    seen_s: float
    is_active: bool
    needs: str = ""

    @property
    def state(self) -> str:
        """Its state for operators; only one on standby can take over."""
        if self.is_active:
            return "active"
        if self.seen_s >= SILENT_S:
            return "silent"
        return "waiting for schema" if self.needs else STANDBY


def note(connection: Connection, node: Node) -> None:
    """Report that this machine is up, without taking a turn."""
    values = {"name": node.name, "version": node.version, "shared": node.shared}
    connection.execute(_NOTE, values)


def note_end(connection: Connection, name: str) -> None:
    """Report that this machine was active until now; it counts as silent, because it may not come back."""
    connection.execute(_NOTE_END, {"name": name, "silent_s": SILENT_S})


def note_lost(connection: Connection, name: str, held_until: datetime) -> None:
    """Report when the machine was last active that held the turn until then."""
    connection.execute(_NOTE_LOST, {"name": name, "held_until": held_until})


def wait_for_schema(node: Node, version: str) -> Node:
    """Return the report of a machine that waits until the schema has this version."""
    return replace(node, shared=f"{node.shared} {_NEEDS}={version}")


def find_differences(rows: Sequence[NodeRow]) -> Mapping[str, tuple[str, ...]]:
    """Return the parts in which machines differ from the active one (or the first), by machine name.

    Machines without differences are left out. A part that one of them could not read is not compared.
    """
    if not rows:
        return {}
    wanted = _split(rows[0].shared)
    found = {row.name: _compare(_split(row.shared), wanted) for row in rows}
    return {name: parts for name, parts in found.items() if parts}


def _compare(shared: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        part for part, value in shared.items() if part != _NEEDS and value != wanted.get(part, value)
    )


def _split(shared: str) -> dict[str, str]:
    words = (word.partition("=") for word in shared.split())
    return {part: value for part, _, value in words if value}


def load(connection: Connection) -> tuple[NodeRow, ...]:
    """Return all machines, the active one first; the holder counts as up as long as it renews the turn."""
    found = connection.execute(_LIST).fetchall()
    return tuple(
        NodeRow(
            row["name"],
            row["version"],
            row["settings"],
            row["seen_at"],
            float(row["seen_s"]),
            row["active"],
            _split(row["settings"]).get(_NEEDS, ""),
        )
        for row in found
    )


_NEEDS = "schema"
_NOTE = """
INSERT INTO nodes (name, version, settings, seen_at)
VALUES (:name, :version, :shared, clock_timestamp())
ON CONFLICT (name) DO UPDATE
SET version = excluded.version, settings = excluded.settings, seen_at = excluded.seen_at
"""
_NOTE_END = """
UPDATE nodes
SET seen_at = greatest(seen_at, clock_timestamp() - CAST(:silent_s AS double precision) * interval '1 second')
WHERE name = :name
"""
_NOTE_LOST = """
UPDATE nodes SET seen_at = greatest(seen_at, CAST(:held_until AS timestamptz) - interval '15 seconds')
WHERE name = :name
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
