"""Translates the store's SQL for PostgreSQL.

Statements are written once, in the common subset of SQLite and PostgreSQL; SQLite runs them unchanged. The
table `WORDS` lists the few differences of PostgreSQL. `tests/store/test_prepared.py` has both databases
prepare every statement of the gateway.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.memoize import memoize

_EXPRESSION = r"((?:[\w.]+)|(?:\([^()]*\)))"


def _to_path(path: str) -> str:
    """Return the path `a.b` of `'$.a.b'` in PostgreSQL's notation."""
    return "'{" + path.replace(".", ",") + "}'"


# The store's SQL, and PostgreSQL's.
WORDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r" INDEXED BY \w+"), ""),
    (re.compile(r"\bCROSS JOIN (?=\w+ \w+ ON\b)"), "JOIN "),
    (re.compile(r"\bx''"), "''::bytea"),
    (re.compile(r"\binstr\("), "strpos("),
    (re.compile(rf"\bjson_array_length\({_EXPRESSION}\)"), r"json_array_length(CAST(\1 AS json))"),
    (re.compile(r"\bjson_each\((:\w+)\)"), r"json_array_elements_text(CAST(\1 AS json))"),
    (
        re.compile(rf"\bjson_each\({_EXPRESSION}, '\$\.([\w.]+)'\)"),
        lambda found: f"json_array_elements(CAST({found[1]} AS json) #> {_to_path(found[2])})",
    ),
    (
        re.compile(rf"\bjson_extract\({_EXPRESSION}, '\$\.([\w.]+)'\)"),
        lambda found: f"(CAST({found[1]} AS json) #>> {_to_path(found[2])})",
    ),
)
# A name after a single colon; `::` is a cast, and no statement of ours has a colon after a letter.
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]\w*)")


@memoize(maxsize=512, why="each of about three hundred statements is translated once")
def translate(sql: str) -> str:
    """Translate a statement of the store for psycopg."""
    for pattern, said in WORDS:
        sql = pattern.sub(said, sql)
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))
