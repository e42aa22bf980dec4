"""Which newer database this version still opens, so that a release can be taken back with nothing lost.

The file says in `user_version` the number of the last step over which nobody goes back. A gateway that has
this step opens the file if all that it needs itself stands there as it made it, and nothing new can refuse
what it writes. What else a newer version added stays as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from gateway.store.sqlite.migrations import LEFT_BEHIND, MODULES

Columns = dict[str, tuple[object, ...]]
_FOLLOWS = frozenset({"CASCADE", "SET NULL"})


def number(name: str) -> int:
    """Which step a name means: 26 for `v0026_about_several`; 0 for a name of another kind."""
    digits = name[1:5]
    return int(digits) if name.startswith("v") and len(digits) == 4 and digits.isdecimal() else 0


def find_floor(modules: Mapping[str, object] = MODULES) -> int:
    """The oldest step that a gateway must know to open what all these steps made.

    A step counts with its own number, one that is `ADDITIVE` not at all, and one that waited a release with
    the step since which every gateway is ready for it (`READY_SINCE`)."""
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
    """Why this version cannot open a file with newer steps, as phrases; empty where it can.

    `ours` is an empty database of this version, `known` its steps. Only reads. Raises sqlite3.Error."""
    floor = connection.execute("PRAGMA user_version").fetchone()[0]
    last = max(map(number, known))
    return (
        *(f"{name} is no later step" for name in sorted(newer) if number(name) <= last),
        *([] if 0 < floor <= last else [f"it is not for versions before step {floor or 'unknown'}"]),
        *list_lost(connection, ours),
    )


def list_lost(there: sqlite3.Connection, ours: sqlite3.Connection) -> Iterator[str]:
    """What of ours is missing or changed, and what is new and could refuse a statement of ours."""
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
            yield f"column {table}.{column} is new and may not be left out"
    if _read_rules(there, table) != _read_rules(ours, table):
        yield f"table {table} has another form or other rules"
    if any(key not in _read_keys(there, table) for key in _read_keys(ours, table)):
        yield f"table {table} refers to other rows"


def _judge_new(there: sqlite3.Connection, kind: str, name: str, sql: str, tables: list[str]) -> Iterator[str]:
    if kind == "trigger" and "RAISE" in sql.upper():
        yield f"trigger {name} is new and refuses statements"
    if kind == "index" and " UNIQUE " in f" {sql.upper()} ":
        on = there.execute("SELECT tbl_name FROM sqlite_schema WHERE name = :name", {"name": name}).fetchone()
        if on[0] in tables:
            yield f"index {name} is new and refuses what stands twice"
    if kind == "table" and any(
        to in tables and rule not in _FOLLOWS for _, to, rule in _read_keys(there, name)
    ):
        yield f"table {name} is new and keeps rows from being deleted"


def _read_words(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Every table, index, trigger and view with its words; white space does not count."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '%sqlite_%'"
    )
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in found}


def _read_columns(connection: sqlite3.Connection, table: str) -> Columns:
    """Each column with type, NOT NULL, default, place in the key, and whether it is generated."""
    rows = connection.execute(
        'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(:table)',
        {"table": table},
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _read_rules(connection: sqlite3.Connection, table: str) -> tuple[object, ...]:
    """STRICT, WITHOUT ROWID, how many constraints CHECK there are, and what may not stand twice."""
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
    """The foreign keys of a table: column, table meant, what happens when that row is deleted."""
    rows = connection.execute(
        'SELECT "from", "table", on_delete FROM pragma_foreign_key_list(:table)', {"table": table}
    )
    return sorted((row[0], row[1], row[2]) for row in rows)
