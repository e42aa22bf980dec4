"""A list of organisations from a file, for `gateway org import`: parsed, validated, and compared.

The columns are those of `config/organisations.tsv`; `source` is the publisher of the row, `date` its date of
publication. Pure: the text and the current register are arguments.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.admission.organisations import register_table
from gateway.admission.organisations.entries import validation
from gateway.admission.organisations.entries.validation import EntryError
from gateway.admission.organisations.register import Domain, Organisation, Register
from gateway.patterns import compile_later

COLUMNS = register_table.COLUMNS
REQUIRED = ("code", "name", "source", "date")
MAX_BYTES = 1_000_000
_DAY = compile_later(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error at a line (from 1) and column; `text` ends with what is expected there."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: the body with its source and date, and the domains that the row assigns to it."""

    line: int
    body: Organisation


@dataclass(frozen=True, slots=True)
class Reading:
    """The valid rows, and the problems of all others; nothing is imported while there is a problem."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


# --- decoding and rows ------------------------------------------------------------------------


def decode(raw: bytes) -> str:
    """Decode a file in UTF-8 (with or without BOM) or Windows Shift_JIS (CP932).

    Raises EntryError with the number of the line that is neither.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp932")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise EntryError(f"line {line}: invalid encoding; expected UTF-8 or Shift_JIS") from error


def read_list(text: str, known: Register) -> Reading:
    """Parse and validate a list against the current register. Never raises: errors are in `problems`."""
    problems: list[Problem] = []
    entries: list[Entry] = []
    for line, row in _iter_rows(text, problems):
        entry = _read_row(line, row, known, problems)
        if entry is not None:
            entries.append(entry)
    problems += _find_repeats(entries)
    return Reading(tuple(entries), tuple(sorted(problems, key=lambda each: each.line)))


def _iter_rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield rows by column with their first line number; skip empty rows and comments (#)."""
    header: list[str] | None = None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    last = 0
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                problems += _check_header(line, header)
                if problems:
                    return
            elif len(cells) != len(header):
                said = f"{len(cells)} cells: expected {len(header)}, as in the header line"
                problems.append(Problem(line, "", said))
            else:
                yield line, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        problems.append(
            Problem(last + 1, "", f"{error}: expected comma-separated values, quoted with double quotes")
        )
    if header is None and not problems:
        problems.append(Problem(1, "", f"no columns: expected the header line {','.join(COLUMNS)}"))


def _check_header(line: int, header: Sequence[str]) -> Iterator[Problem]:
    allowed = f"expected {', '.join(COLUMNS)}"
    for name in header:
        if name not in COLUMNS:
            yield Problem(line, name, f"unknown column: {allowed}")
        elif header.count(name) > 1:
            yield Problem(line, name, "the column appears more than once")
    for name in REQUIRED:
        if name not in header:
            yield Problem(line, name, f"the column is missing: {allowed}; required: {', '.join(REQUIRED)}")


# --- one row ----------------------------------------------------------------------------------


def _read_row(line: int, row: Mapping[str, str], known: Register, problems: list[Problem]) -> Entry | None:
    found: list[Problem] = []
    body = _read_body(line, row, known, found)
    source = " ".join(row["source"].split())
    if not 0 < len(source) <= validation.MAX_TEXT:
        found.append(
            Problem(line, "source", f"{source!r}: expected the publisher's name, at most 100 characters")
        )
    day = _parse_day(row["date"])
    if day is None:
        found.append(Problem(line, "date", f"{row['date']!r}: expected a date such as 2026-04-01"))
    if body is not None and day is not None:
        inside = known.with_organisations([body])
        listed = _read_domains(line, row, body.code, f"{source} {day}", inside, found)
        body = replace(body, domains=listed, source=source, as_of=day)
    problems += found
    return Entry(line, body) if body is not None and not found else None


def _read_body(
    line: int, row: Mapping[str, str], known: Register, found: list[Problem]
) -> Organisation | None:
    """Return the body; values that the row leaves empty are taken from the register."""
    try:
        before = known.by_code(validation.parse_code(row["code"]))
        kept = {key: getattr(before, key) for key in ("prefecture", "kana", "kind")} if before else {}
        given = {key: row.get(key, "").strip() or kept.get(key, "") for key in ("prefecture", "kana", "kind")}
        body = validation.parse_organisation({**given, "code": row["code"], "name": row["name"]}, known)
    except EntryError as error:
        found.append(_problem(line, error))
        return None
    employer = row.get("employer", "").strip()
    if employer not in {"", body.employer}:
        found.append(Problem(line, "employer", f"{employer!r}: expected {body.employer} or an empty cell"))
    return body


def _read_domains(
    line: int, row: Mapping[str, str], code: str, source: str, inside: Register, found: list[Problem]
) -> tuple[Domain, ...]:
    """Parse the domains of a cell: NAME or NAME|SOURCE|FROM|UNTIL, separated by semicolons."""
    shared = row.get("shared", "").strip()
    if shared not in {"", "yes", "no"}:
        found.append(Problem(line, "shared", f"{shared!r}: expected yes, no or an empty cell"))
    domains = []
    for text in filter(None, map(str.strip, row.get("domains", "").split(";"))):
        name, *more = text.split("|")
        if len(more) not in {0, 3}:
            found.append(Problem(line, "domains", f"{text!r}: expected NAME or NAME|SOURCE|FROM|UNTIL"))
            continue
        own, since, until = more or ("", "", "")
        entry = {
            "code": code,
            "domain": name,
            "source": own or source,
            "since": since,
            "until": until,
            "shared": shared == "yes",
        }
        try:
            domains.append(validation.parse_listed_domain(entry, inside).domain)
        except EntryError as error:
            found.append(Problem(line, "domains", str(error)))
    return tuple(domains)


def _problem(line: int, error: EntryError) -> Problem:
    """Convert an EntryError, whose message starts with the key, which is the column."""
    key, mark, rest = str(error).partition(" = ")
    if not mark:
        key, _, rest = str(error).partition(": ")
    return Problem(line, key, rest)


def _parse_day(text: str) -> date | None:
    """Parse a date; spreadsheets write 2026/4/1."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found is not None else None
    except ValueError:
        return None


def _find_repeats(entries: Sequence[Entry]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for each in entries:
        before = first.setdefault(each.body.code, each.line)
        if before != each.line:
            yield Problem(
                each.line,
                "code",
                f"{each.body.code!r}: already on line {before}; expected one line per organisation",
            )
