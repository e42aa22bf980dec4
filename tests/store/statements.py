"""Every statement of the gateway that both databases run: found in its source, so that none is left out.

A text that begins with a verb of SQL is evaluated in its module. What hangs on local names of a function,
such as the placeholders of a list, takes the examples of `LOCALS`.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import gateway
from gateway.store.copying.rows import PART
from gateway.store.queries import reader
from gateway.store.queries.console import queue
from gateway.store.queries.console.lists import _IDS
from gateway.store.sqlite.migrations.table_list import list_tables

ROOT = Path(gateway.__file__).parent
# What only one of the two runs: its schema, its files, its transactions.
ALONE = ("store/sqlite/", "store/postgres/")
_BEGINS = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b")
_VERB = re.compile(r"\s*(SELECT \S|INSERT INTO \w|UPDATE \w+\s+SET|DELETE FROM \w|WITH \w+ AS)|\s*SELECT\s")
_TEXTS = re.compile(r"'[^']*'")


def _twice(each: str) -> str:
    return reader._one_by_one(each, ["a", "b"])[0]


# Examples of local names, by file: one for each form that the statement takes.
_LETTERS = "SELECT id FROM letters WHERE state = 'sent'"
LOCALS: Mapping[str, tuple[Mapping[str, object], ...]] = {
    "store/commands/outbox.py": (
        {"where": ["1 = 1"]},
        {"where": ["l.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))"]},
        {"where": ["(c.number IN (SELECT value FROM json_each(:numbers)))"]},
        {"where": ["l.state IN (SELECT value FROM json_each(:states))"]},
    ),
    "store/queries/console/queue.py": tuple(
        {"parts": queue._one_by_one(queue.VIEWS["mine"], each)[0]} for each in (queue._EACH, queue._MINE)
    ),
    "store/queries/console/lists.py": tuple(
        {"ids": ids, "state": state, "of": "WHERE state = 'sent'", "way": "{of} AND id > 0", "one": _LETTERS}
        for state, ids in _IDS.items()
    ),
    "store/copying/copy.py": tuple({"table": table, "where": "LIMIT 1"} for table in list_tables()),
    "store/copying/rows.py": tuple(
        {
            "table": table,
            "columns": ", ".join(table.columns),
            "key": ", ".join(table.key),
            "size": PART,
            "after": f"WHERE ({', '.join(table.key)}) > ({', '.join(f':{name}' for name in table.key)})",
            "marks": ", ".join(f":{name}" for name in table.columns),
        }
        for table in list_tables()
    ),
    "store/privacy/erasure.py": ({"table": "evidence"}, {"table": "chores"}),
    "store/privacy/person_erasure.py": tuple(
        {"table": table, "columns": ("id",), "besides": ""}
        for table in ("cases", "mails", "letters", "journal")
    ),
    "store/privacy/subject_access.py": tuple(
        {"table": table, "sought": {"id": None}} for table in ("cases", "mails", "letters", "journal")
    ),
    "store/queries/reader.py": tuple(
        {"due": _twice(reader._CASES_DUE), "ids": ids, "order": order, "of": of}
        for ids, order, of in (
            (_twice(reader._WAITS), "l.not_before, l.id", "m.case_id IS NULL"),
            (f"{_twice(reader._OVER)} UNION ALL {reader._SENT}", "l.id DESC", "c.number = :number"),
            (reader._SENT, "l.id DESC", "1 = 1"),
        )
    ),
    "store/tables/staff/known_lines.py": ({"table": "member_lines"}, {"table": "practices"}),
}
COMMON: Mapping[str, object] = {"marks": ":m0, :m1"}
# Files of readers whose statements are still SQLite's alone.
NOT_YET = frozenset({
    "store/copying/replaced.py",
})  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """A statement and where it stands."""

    place: str
    sql: str

    def __str__(self) -> str:
        return self.place


def find_statements() -> list[Statement]:
    """All of them, in the order of their files; fragments that stand in others are no statements."""
    return [found for path in sorted(ROOT.rglob("*.py")) for found in _find_in(path)]


def _find_in(path: Path) -> Iterator[Statement]:
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    if name.startswith(ALONE) or name in NOT_YET or not _BEGINS.search(text):
        return
    module = vars(importlib.import_module(_dotted(name)))
    tree = ast.parse(text)
    made = {id(part): node for node in _made_texts(tree) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if id(node) in made or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        for local in LOCALS.get(name, ({},)):
            sql = _evaluate(node, module | dict(COMMON) | dict(local), f"{name}:{node.lineno}")
            if _VERB.match(sql) and "{" not in _TEXTS.sub("", sql):
                yield Statement(f"{name}:{node.lineno}", sql)


def _dotted(name: str) -> str:
    return "gateway." + name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _made_texts(tree: ast.Module) -> list[ast.JoinedStr]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]


def _evaluate(node: ast.Constant | ast.JoinedStr, names: dict[str, object], place: str) -> str:
    """The text as its module makes it; empty for a text of another kind."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    code: CodeType = compile(ast.Expression(node), f"<{place}>", "eval")
    try:
        return str(eval(code, names))  # noqa: S307 - our own source
    except Exception as error:
        first = node.values[0]
        if isinstance(first, ast.Constant) and _VERB.match(str(first.value)):
            raise AssertionError(f"{place}: {error}: give an example in LOCALS") from error
        return ""
