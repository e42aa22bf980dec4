"""Checks which newer databases this version can open, so that a downgrade loses nothing.

`user_version` in the file is the number of the last step that prevents a downgrade. A gateway that has this
step opens the file if everything it needs is there unchanged, and nothing new can reject what it writes. What
else a newer version added is left as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from gateway.store.sqlite.migrations import LEFT_BEHIND, MODULES

Columns = dict[str, tuple[object, ...]]
_FOLLOWS = frozenset({"CASCADE", "SET NULL"})


def number(name: str) -> int:
    """Return the number of a step: 26 for `v0026_about_several`; 0 for any other name."""
    digits = name[1:5]
    return int(digits) if name.startswith("v") and len(digits) == 4 and digits.isdecimal() else 0


def find_floor(modules: Mapping[str, object] = MODULES) -> int:
    """Return the oldest step that a gateway must know to open a database made by all these steps.

    A step counts with its own number, but an `ADDITIVE` one not at all, and one that waited for a release
    with the step since which every gateway is prepared for it (`READY_SINCE`).
    """
    return max(
        (
            number(getattr(module, "READY_SINCE", name))
            for name, module in modules.items()
            if not getattr(module, "ADDITIVE", False)
        ),
        default=0,
    )


def list_obstacles(
    connection: sqlite3.Connection, ours: sqlite3.Connection, newer: Iterable[str], known: Iterable[str]
) -> tuple[str, ...]:
    """Return why this version cannot open a file with newer steps, as phrases; empty if it can.

    `ours` is an empty database of this version, `known` its steps. Only reads. Raises sqlite3.Error.
    """
    floor = connection.execute("PRAGMA user_version").fetchone()[0]
    last = max(map(number, known))
    return (
        *(f"{name} is not a later migration" for name in sorted(newer) if number(name) <= last),
        *([] if 0 < floor <= last else [f"it requires at least migration {floor or 'unknown'}"]),
        *list_lost(connection, ours),
    )


def list_lost(there: sqlite3.Connection, ours: sqlite3.Connection) -> Iterator[str]:
    """Yield what is missing or changed of our schema, and new objects that could reject our statements."""
    wanted, found = _read_words(ours), _read_words(there)
    tables = [name for kind, name in wanted if kind == "table" and "sqlite_" not in name]
    for table in tables:
        if ("table", table) in found:
            yield from _compare_table(there, ours, table)
        elif f"table {table}" not in LEFT_BEHIND:
            yield f"table {table} is missing"
    for kind, name in sorted(wanted.keys() - {("table", table) for table in tables}):
        if f"{kind} {name}" not in LEFT_BEHIND and found.get((kind, name)) != wanted[kind, name]:
            yield f"{kind} {name} is missing or changed"
    for kind, name in sorted(found.keys() - wanted.keys()):
        yield from _judge_new(there, kind, name, found[kind, name], tables)


def _compare_table(there: sqlite3.Connection, ours: sqlite3.Connection, table: str) -> Iterator[str]:
    wanted, found = _read_columns(ours, table), _read_columns(there, table)
    for column, form in wanted.items():
        if f"column {table}.{column}" not in LEFT_BEHIND and found.get(column) != form:
            yield f"column {table}.{column} is missing or changed"
    for column in found.keys() - wanted.keys():
        _, not_null, default, key, _ = found[column]
        if key or (not_null and default is None):
            yield f"column {table}.{column} is new and requires a value"
    if _read_rules(there, table) != _read_rules(ours, table):
        yield f"table {table} has a different definition or different constraints"
    if any(key not in _read_keys(there, table) for key in _read_keys(ours, table)):
        yield f"table {table} refers to other rows"


def _judge_new(there: sqlite3.Connection, kind: str, name: str, sql: str, tables: list[str]) -> Iterator[str]:
    if kind == "trigger" and "RAISE" in sql.upper():
        yield f"trigger {name} is new and rejects statements"
    if kind == "index" and " UNIQUE " in f" {sql.upper()} ":
        on = there.execute("SELECT tbl_name FROM sqlite_schema WHERE name = :name", {"name": name}).fetchone()
        if on[0] in tables:
            yield f"index {name} is new and rejects duplicates"
    if kind == "table" and any(
        to in tables and rule not in _FOLLOWS for _, to, rule in _read_keys(there, name)
    ):
        yield f"table {name} is new and prevents rows from being deleted"


def _read_words(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return every table, index, trigger and view with its SQL; white space is normalised."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '%sqlite_%'"
    )
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in found}


def _read_columns(connection: sqlite3.Connection, table: str) -> Columns:
    """Return each column with type, NOT NULL, default, position in the key, and whether it is generated."""
    rows = connection.execute(
        'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(:table)',
        {"table": table},
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _read_rules(connection: sqlite3.Connection, table: str) -> tuple[object, ...]:
    """Return STRICT, WITHOUT ROWID, and the numbers of CHECK and UNIQUE constraints of a table."""
    values = {"table": table}
    form = connection.execute(
        "SELECT l.strict, l.wr, s.sql FROM pragma_table_list(:table) l"
        " JOIN sqlite_schema s ON s.name = l.name WHERE l.schema = 'main'",
        values,
    ).fetchone()
    single = connection.execute(
        "SELECT count(*) FROM pragma_index_list(:table) WHERE origin = 'u'", values
    ).fetchone()
    return (form[0], form[1], form[2].upper().count("CHECK"), single[0])


def _read_keys(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, str]]:
    """Return the foreign keys of a table: column, referenced table, action when that row is deleted."""
    rows = connection.execute(
        'SELECT "from", "table", on_delete FROM pragma_foreign_key_list(:table)', {"table": table}
    )
    return sorted((row[0], row[1], row[2]) for row in rows)
