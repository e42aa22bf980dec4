"""Search among all cases, however many: by number, or by part of a name, organisation or address.

The rarest two characters of the search text give the candidates, their folded texts decide; a text is read
only if the next rarest pairs occur in it too. Cases that were not indexed since they changed (`words_due`)
are read themselves. Filters (`filters`) restrict what is found; without a text, they alone decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.admission.authority.tokens import find_number
from gateway.mail.text import fold
from gateway.store.console.words import fold_texts, list_grams
from gateway.store.protocol import Connection
from gateway.store.queries.console.filters import FITS, Filters, find_fitting
from gateway.store.queries.console.lists import Row

MAX_FOUND = 50
MAX_DUE = 2_000  # newest cases that are not indexed yet
_ENOUGH = 200  # a pair that occurs in this many cases is common
_NEWEST = 2**62
ALL = Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """Matching cases, the newest first; `before` is the case where the search continues (0: complete)."""

    rows: list[Row]
    before: int = 0


def search(connection: Connection, text: str, before: int = 0, filters: Filters = ALL) -> Found:
    """Return one page of the matching cases; `before` is where the last one ended (0: from the newest on)."""
    wanted = fold(text).strip()
    number = None if "@" in wanted else find_number(wanted.upper())  # a domain can look like one
    if number is not None:
        return Found(_read(connection, _BY_NUMBER, {"number": number, **filters.values}))
    if not wanted:
        return _list_fitting(connection, before, filters) if filters.has_any else Found([])
    due = [] if before else _find_due(connection, wanted, filters)
    ids, older = _find_ids(connection, wanted, before or _NEWEST, filters)
    rows = [row for row in _load(connection, ids) if wanted in _text_of(row) and row not in due]
    return Found(due + rows, older)


def _list_fitting(connection: Connection, before: int, filters: Filters) -> Found:
    ids, older = find_fitting(connection, filters, before, MAX_FOUND)
    return Found(_load(connection, ids), older)


def _find_due(connection: Connection, wanted: str, filters: Filters) -> list[Row]:
    """Return the matching cases among those not indexed yet."""
    newest = _read(connection, _DUE, {"limit": MAX_DUE, **filters.values})
    return [row for row in newest if wanted in _text_of(row)][:MAX_FOUND]


def _find_ids(connection: Connection, wanted: str, before: int, filters: Filters) -> tuple[list[int], int]:
    """Return matching cases by the index, the newest first, and where to continue (0: complete)."""
    pairs = _rank_pairs(connection, wanted, before)
    ids: list[int] = []
    # What is common fills the page from the first few.
    for size in filters.sizes if pairs is not None else ():
        values = {"before": before, "limit": size, "wanted": wanted, **filters.values}
        by = _name_pairs(pairs) if pairs else {}
        some = connection.execute(_BY_PAIRS if pairs else _BY_SIGN, {**values, **by}).fetchall()
        ids += [row["case_id"] for row in some if row["place"]]
        if len(ids) >= MAX_FOUND:
            return ids[:MAX_FOUND], ids[MAX_FOUND - 1]
        if len(some) < size:
            return ids, 0
        before = some[-1]["case_id"]
    return ids, before if pairs is not None else 0


def _name_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """Return the rarest pair and the next three, starting again with the first if there are fewer."""
    return {
        name: pairs[place % len(pairs)] for place, name in enumerate(("pair", "second", "third", "fourth"))
    }


def _rank_pairs(connection: Connection, wanted: str, before: int) -> list[str] | None:
    """Return the pairs of characters, the rarest first: judged by how far apart their newest cases are.

    Empty for a single character; None if a pair occurs in no case.
    """
    found = {
        pair: connection.execute(_COUNT, {"pair": pair, "before": before, "enough": _ENOUGH}).fetchone()
        for pair in sorted(list_grams(wanted))
    }
    ranked = sorted(found, key=lambda pair: (found[pair]["n"], found[pair]["last"]))
    return None if ranked and not found[ranked[0]]["n"] else ranked


def _load(connection: Connection, ids: Iterable[int]) -> list[Row]:
    rows = [
        _read(connection, f"{_ROWS} WHERE c.id = :id AND c.erased_at IS NULL", {"id": one}) for one in ids
    ]
    return [row for found in rows for row in found]


def _text_of(row: Row) -> str:
    return fold_texts(row["name"], row["organisation"], row["applicant"])


def _read(connection: Connection, sql: str, values: dict[str, object]) -> list[Row]:
    return [dict(row) for row in connection.execute(sql, values)]


_ROWS = "SELECT c.number, c.state, c.name, c.organisation, c.applicant, c.opened_at, c.due_on FROM cases c"
_BY_NUMBER = f"{_ROWS} WHERE c.number = :number AND {FITS.format('c.id')}"
_DUE = f"""
{_ROWS} JOIN (SELECT case_id FROM words_due ORDER BY case_id DESC LIMIT :limit) d ON d.case_id = c.id
WHERE c.erased_at IS NULL AND {FITS.format("c.id")} ORDER BY c.id DESC
"""  # noqa: S608 - our own constants
_COUNT = """
SELECT count(*) AS n, min(case_id) AS last FROM (
  SELECT case_id FROM case_words WHERE gram = :pair AND case_id < :before ORDER BY case_id DESC LIMIT :enough
) newest
"""
# The entries of one pair are close together on disk, the texts are not: most cases are ruled out without
# their text.
_BY_PAIRS = f"""
SELECT w.case_id, CASE
  WHEN {FITS.format("w.case_id")}
   AND EXISTS (SELECT 1 FROM case_words a WHERE a.gram = :second AND a.case_id = w.case_id)
   AND EXISTS (SELECT 1 FROM case_words a WHERE a.gram = :third AND a.case_id = w.case_id)
   AND EXISTS (SELECT 1 FROM case_words a WHERE a.gram = :fourth AND a.case_id = w.case_id)
  THEN coalesce((SELECT instr(t.text, :wanted) FROM case_texts t WHERE t.case_id = w.case_id), 0)
  ELSE 0 END AS place
FROM (
  SELECT case_id FROM case_words WHERE gram = :pair AND case_id < :before ORDER BY case_id DESC LIMIT :limit
) w ORDER BY w.case_id DESC
"""  # noqa: S608 - our own constants
_BY_SIGN = f"""
SELECT t.case_id,
       CASE WHEN instr(t.text, :wanted) > 0 AND {FITS.format("t.case_id")} THEN 1 ELSE 0 END AS place
FROM case_texts t WHERE t.case_id < :before ORDER BY t.case_id DESC LIMIT :limit
"""  # noqa: S608 - our own constants
