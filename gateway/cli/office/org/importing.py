"""`gateway org import`: shows a list from a file as a difference and imports it as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from gateway.cli.shared import context, loading, output

if TYPE_CHECKING:
    from gateway.admission.organisations.entries.import_list import Problem
    from gateway.admission.organisations.entries.import_plan import Change, Plan
    from gateway.admission.organisations.register import Register

COLUMNS: Mapping[str, output.Cell] = {
    "change": "change",
    "code": "code",
    "name": "name",
    "what": lambda row: "\n".join(row["what"]),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of the command."""

    dry_run: bool
    replace: bool
    remove: bool


def take_over(
    file: IO[bytes],
    wish: Wish,
    known: Register,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Show what the file changes, and import it. Exits with 1 if a line is invalid."""
    text = _read_text(file)
    plan = _plan(file.name, text, wish, known, as_json)
    counts = _count(plan)
    if not wish.dry_run and plan.changes:
        asked = {"text": text, "replace": wish.replace, "remove": wish.remove}
        counts = context.run_organisation_command("organisation.import", asked, config_path, database)
    rows = [_row(each) for each in plan.changes]
    missing = [_row(each) for each in plan.missing]
    if as_json:
        output.print_json({"dry_run": wish.dry_run, **counts, "changes": rows, "missing": missing})
        return
    if rows:
        output.print_rows(rows, COLUMNS)
    output.echo(_sentence(counts, wish.dry_run))
    if missing:
        output.print_rows(
            missing, COLUMNS, title="From the same sources, but not in the file (--remove deletes them)"
        )


def _read_text(file: IO[bytes]) -> str:
    from gateway.admission.organisations.entries import import_list
    from gateway.admission.organisations.entries.validation import EntryError

    raw = file.read(import_list.MAX_BYTES + 1)
    try:
        text = import_list.decode(raw) if len(raw) <= import_list.MAX_BYTES else ""
    except EntryError as error:
        loading.fail(f"{file.name}: {error}", loading.EXIT_NOT_FOUND)
    if len(raw) > import_list.MAX_BYTES or len(text.encode()) > import_list.MAX_BYTES:
        allowed = f"at most {import_list.MAX_BYTES:,} octets of UTF-8; split it by source"
        loading.fail(f"{file.name}: too large: {allowed}", loading.EXIT_NOT_FOUND)
    return text


def _plan(name: str, text: str, wish: Wish, known: Register, as_json: bool) -> Plan:
    from gateway.admission.organisations.entries import import_list, import_plan

    reading = import_list.read_list(text, known)
    plan = import_plan.build_plan(reading.entries, known, replace_others=wish.replace, remove=wish.remove)
    problems = sorted((*reading.problems, *plan.problems), key=lambda each: each.line)
    if problems:
        _fail(name, problems, as_json)
    return plan


def _fail(name: str, problems: Sequence[Problem], as_json: bool) -> NoReturn:
    """Report every invalid line, and exit."""
    if as_json:
        output.print_json({"problems": [asdict(each) for each in problems]})
    for each in () if as_json else problems:
        place = f"line {each.line}, {each.column}" if each.column else f"line {each.line}"
        output.echo(f"{name}: {place}: {each.text}", err=True)
    loading.fail(f"{name}: {len(problems)} problems; nothing was changed", loading.EXIT_NOT_FOUND)


def _count(plan: Plan) -> dict[str, Any]:
    from gateway.admission.organisations.entries.import_plan import ADDED, CHANGED, REMOVED

    return {**{kind: plan.count(kind) for kind in (ADDED, CHANGED, REMOVED)}, "unchanged": plan.unchanged}


def _row(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "code": change.body.code,
        "name": change.body.title,
        "what": list(change.details),
    }


def _sentence(counts: Mapping[str, Any], dry_run: bool) -> str:
    said = ", ".join(f"{counts[kind]} {kind}" for kind in ("added", "changed", "removed", "unchanged"))
    return f"{said}; nothing was written (--dry-run)." if dry_run else f"{said}."
