"""The PostgreSQL schema as text for the database's owner: the gateway itself must not change it.

`tables.sql` and `triggers.sql` are the whole of the newest version; `upgrades` leads there from earlier ones.
"""

from __future__ import annotations

import re
from importlib import resources

# The last version of `gateway.store.sqlite.migrations` that this schema equals.
VERSION = "v0035_mail_choices"
OWNER, WRITER, READER = "gateway_owner", "gateway", "gateway_console"

_MADE = re.compile(r"^CREATE (TABLE|INDEX|TRIGGER) (\w+)", re.MULTILINE)
_CHECKS = """\
DO $$
BEGIN
  IF current_setting('server_version_num')::int < 150000 THEN
    RAISE EXCEPTION 'PostgreSQL 15 or later is needed';
  END IF;
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the encoding of this database is %: create it with ENCODING UTF8 TEMPLATE template0',
      current_setting('server_encoding');
  END IF;
END $$;
"""
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
GRANT USAGE ON SCHEMA {schema} TO {writer}, {reader};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {writer};
REVOKE DELETE, INSERT ON turn FROM {writer};
REVOKE INSERT, UPDATE, DELETE ON versions FROM {writer};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {writer};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
"""


def build_sql(schema: str, owner: str = OWNER, writer: str = WRITER, reader: str = READER) -> str:
    """Return the SQL that a DBA runs once, in a transaction: roles, schema, tables, triggers, privileges."""
    words = {"schema": quote(schema), "owner": quote(owner), "writer": quote(writer), "reader": quote(reader)}
    roles = _ROLES.format(**{key: value.strip('"').replace("'", "''") for key, value in words.items()})
    return "\n".join(
        (
            "BEGIN;",
            _CHECKS,
            roles,
            _SCHEMA.format(**words),
            _read("tables.sql"),
            _read("triggers.sql"),
            note_version(VERSION),
            build_grants(schema, writer, reader),
            "COMMIT;\n",
        )
    )


def note_version(name: str) -> str:
    """Return the SQL that notes that the schema has a version."""
    return f"INSERT INTO versions (name) VALUES ('{name}');\n"  # noqa: S608 - our own names


def build_grants(schema: str, writer: str, reader: str) -> str:
    """Return the privileges on all tables of the schema; to grant them again changes nothing."""
    return _GRANTS.format(schema=quote(schema), writer=quote(writer), reader=quote(reader))


def read_names() -> frozenset[str]:
    """Return every table, index and trigger that is created by name, as `kind name`."""
    made = _MADE.findall("".join(map(_read, ("tables.sql", "triggers.sql"))))
    return frozenset(f"{kind.lower()} {name}" for kind, name in made)


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def quote(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
