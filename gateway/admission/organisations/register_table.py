"""Parses the table of organisations, `config/organisations.tsv`, into a register."""

from __future__ import annotations

from datetime import date

from gateway.admission.organisations.register import Domain, Organisation, Register

COLUMNS = ("code", "prefecture", "name", "kana", "kind", "employer", "domains", "shared", "source", "date")
_FORMER_COLUMNS = COLUMNS[:8]  # a register that an office made for 0.1


# `agency` is a national body, `corporation` is not a government; both have a corporate number.
KINDS = (
    *("prefecture", "municipality", "ward", "administrative_ward", "northern_territories"),
    *("association", "agency", "corporation"),
)


class RegisterError(ValueError):
    """The text is not a valid register; the message names line, column and what is expected."""


def parse(text: str) -> Register:
    """Parse `organisations.tsv`. Raises RegisterError."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line and not line.startswith("#")
    ]
    named = tuple(lines[0][1].split("\t")) if lines else ()
    if named not in {COLUMNS, _FORMER_COLUMNS}:
        raise RegisterError(f"the first line must name the columns {', '.join(COLUMNS)}")
    return Register(_parse_row(number, line.split("\t"), len(named)) for number, line in lines[1:])


def _parse_row(number: int, cells: list[str], count: int) -> Organisation:
    if len(cells) != count:
        raise RegisterError(f"line {number}: {len(cells)} columns; expected {count}")
    cells = [*cells, *[""] * (len(COLUMNS) - count)]
    code, prefecture, name, kana, kind, employer, domains, shared, source, day = cells
    if kind not in KINDS:
        raise RegisterError(f"line {number}: kind = {kind!r}: expected one of {', '.join(KINDS)}")
    if not name:
        raise RegisterError(f"line {number}: name = '': expected a name")
    try:
        listed = tuple(_parse_domain(each, shared == "yes") for each in domains.split(";") if each)
    except ValueError as error:
        raise RegisterError(
            f"line {number}: domains = {domains!r}: expected NAME|SOURCE|FROM|UNTIL"
        ) from error
    as_of = _parse_day(number, day)
    return Organisation(
        code, prefecture, name, kana, kind, employer or code, listed, source=source, as_of=as_of
    )


def _parse_day(number: int, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RegisterError(f"line {number}: date = {text!r}: expected a date such as 2026-04-01") from error


def _parse_domain(text: str, shared: bool) -> Domain:
    name, source, since, until = text.split("|")
    return Domain(
        name,
        source,
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
        shared,
    )
