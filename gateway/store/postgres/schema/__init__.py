"""The schema on PostgreSQL as text for whoever owns the database: the gateway itself may not change it.

`tables.sql` and `triggers.sql` are the whole of the newest version.
"""

from __future__ import annotations

import re
from importlib import resources

# The versions of `gateway.store.sqlite.migrations` that this schema is equal to end with this one.
VERSION = "v0028_console"
OWNER, WRITER, READER = "gateway_owner", "gateway", "gateway_console"

_MADE = re.compile(r"^CREATE (TABLE|INDEX|TRIGGER) (\w+)", re.MULTILINE)
_ROLES = """\
-- Three roles: one owns the tables, one is the gateway and may only change rows, one may only read them.
-- They belong to the cluster: those that are there already stay as they are.
DO $$
DECLARE
  role TEXT;
BEGIN
  FOREACH role IN ARRAY ARRAY['{owner}', '{writer}', '{reader}'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', role);
    END IF;
  END LOOP;
END $$;
"""
_SCHEMA = """\
CREATE SCHEMA {schema} AUTHORIZATION {owner};
SET LOCAL ROLE {owner};
SET LOCAL search_path TO {schema}, pg_temp;
"""
_GRANTS = """\
INSERT INTO versions (name) VALUES ('{version}');

GRANT USAGE ON SCHEMA {schema} TO {writer}, {reader};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {writer};
REVOKE DELETE, INSERT ON turn FROM {writer};
REVOKE INSERT, UPDATE, DELETE ON versions FROM {writer};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {writer};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
"""


def build_sql(schema: str, owner: str = OWNER, writer: str = WRITER, reader: str = READER) -> str:
    """All that a DBA runs once, in one transaction: roles, schema, tables, triggers and rights."""
    words = {
        "schema": _quote(schema),
        "owner": _quote(owner),
        "writer": _quote(writer),
        "reader": _quote(reader),
        "version": VERSION,
    }
    roles = _ROLES.format(**{key: value.strip('"').replace("'", "''") for key, value in words.items()})
    return "\n".join(
        (
            "BEGIN;",
            roles,
            _SCHEMA.format(**words),
            _read("tables.sql"),
            _read("triggers.sql"),
            _GRANTS.format(**words),
            "COMMIT;\n",
        )
    )


def read_names() -> frozenset[str]:
    """Every table, index and trigger that is made by name, as `kind name`."""
    made = _MADE.findall("".join(map(_read, ("tables.sql", "triggers.sql"))))
    return frozenset(f"{kind.lower()} {name}" for kind, name in made)


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
