"""The SQL that upgrades the schema of an earlier version in place, for the database's owner.

A version is one file in `upgrades`, named like its migration of SQLite; its result equals the new schema.
"""

from __future__ import annotations

import re
from importlib import resources

from gateway.store.postgres.schema import OWNER, READER, VERSION, WRITER, build_grants, note_version, quote

FIRST = "v0030_console_decisions"  # the oldest version that can be upgraded
_BEGIN = """\
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL ROLE {owner};
SET LOCAL search_path TO {schema}, pg_temp;

-- Waits for the transaction of the active node, whose turn ends with it: it writes nothing to the new schema.
UPDATE turn SET n = n + 1, holder = '', held_until = 'epoch' WHERE id = 1;
DO $$
BEGIN
  IF (SELECT max(name) FROM versions) IS DISTINCT FROM '{since}' THEN
    RAISE EXCEPTION 'nothing was changed: the schema has version %, and this upgrade is for {since}',
      (SELECT max(name) FROM versions) USING HINT = 'run gateway store sql --upgrade again';
  END IF;
END $$;
"""
_NAME = re.compile(r"(v\d{4}_\w+)\.sql")


class UpgradeError(Exception):
    """Raised if there is no way from a version to this one; the message says why and what to do."""


def list_steps(since: str) -> tuple[str, ...]:
    """Return the versions after `since`, in order. Raises UpgradeError."""
    known = [FIRST, *sorted(match[1] for match in map(_NAME.fullmatch, _list_files()) if match)]
    if since == VERSION:
        raise UpgradeError(f"nothing to upgrade: the schema is already version {VERSION}")
    if since not in known:
        raise UpgradeError(
            f"the schema is version {since or 'unknown'}, but this gateway can upgrade only from {FIRST} or "
            f"later to {VERSION}: first install an intermediate version, or the one that created the schema"
        )
    return tuple(known[known.index(since) + 1 :])


def build_upgrade(
    since: str, schema: str, owner: str = OWNER, writer: str = WRITER, reader: str = READER
) -> str:
    """Return the SQL that a DBA runs in place of `build_sql`, in one transaction. Raises UpgradeError.

    It ends the turn of the active node. On any other version than `since` it changes nothing.
    """
    steps = [f"{_read(name)}\n{note_version(name)}" for name in list_steps(since)]
    begin = _BEGIN.format(owner=quote(owner), schema=quote(schema), since=since)
    return "\n".join((begin, *steps, build_grants(schema, writer, reader), "COMMIT;\n"))


def _list_files() -> list[str]:
    return [each.name for each in resources.files(__package__).joinpath("upgrades").iterdir()]


def _read(name: str) -> str:
    return resources.files(__package__).joinpath("upgrades", f"{name}.sql").read_text(encoding="utf-8")
