"""`gateway person`: data about one person, for requests of disclosure, correction and erasure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.office.person import printing
from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.store.privacy.subject_access import Mentions, PersonalData
    from gateway.store.protocol import Source

EPILOG = """\b
Examples:
  gateway person show hanako@town.mihon.lg.jp
  gateway person show hanako@town.mihon.lg.jp --json > disclosure.json
  gateway person correct hanako@town.mihon.lg.jp --name "見本 華子"
  gateway person correct K7QM-4T --organisation 見本市
  gateway person show K7QM-4T
  gateway person erase hanako@town.mihon.lg.jp
  gateway person erase K7QM-4T --force
"""
_MAX_ROUNDS = 100


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def person() -> None:
    """Handle data-subject requests: show, correct, erase.

    A person is named by address or case number."""


@person.command("show", epilog=EPILOG)
@click.argument("address", metavar="ADDRESS|NUMBER")
@options.read_options
@options.wide_option
def show_person(address: str, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Show all data about a person.

    With --json, incoming and outgoing mail is included in full.

    Other people's cases and mail that mention the person (such as staff digests) are listed by ID
    only.
    """
    source = loading.find_source(config_path, database)
    found = _load_subject_data(source, address)
    if as_json:
        output.print_json(printing.collect_facts(found, _find_backups(source.path)))
        return
    if not found.has_any and not found.applied_before:
        output.echo("No data is stored about this address.")
        return
    for case in found.cases:
        printing.print_case(case)
    printing.print_mails("Other messages from them", found.mails)
    printing.print_letters("Other messages to them", found.letters)
    printing.print_rest(found, _find_backups(source.path))


@person.command("correct", epilog=EPILOG)
@click.argument("address", metavar="ADDRESS|NUMBER")
@click.option("--name", default="", help="Corrected name.")
@click.option("--organisation", default="", help="Corrected organisation.")
@click.option("--case", "number", default="", help="Case number (default: the person's newest case).")
@options.config_option
@options.json_option
def correct_person(
    address: str, name: str, organisation: str, number: str, config_path: Path | None, as_json: bool
) -> None:
    """Correct the name or organisation in a case.

    The correction is recorded in the journal.

    If the case is open, staff decisions based on the earlier version no longer count: the staff are asked to
    decide again.
    """
    from gateway.store.commands import persons as person_commands

    if "@" not in address:  # a case number, which selects the case unless --case names another one
        number = number or address
        address = _load_subject_data(loading.find_source(config_path, None), address).address
    arguments = {"address": address, "name": name, "organisation": organisation, "number": number}
    _, facts = _run_person_command(person_commands.CORRECT, arguments, config_path)
    if as_json:
        output.print_json(facts)
        return
    for field, value in facts["now"].items():
        output.echo(f"{facts['number']}: {field} changed from {facts['was'][field]!r} to {value!r}.")


@person.command("erase", epilog=EPILOG)
@click.argument("address", metavar="ADDRESS|NUMBER")
@click.option(
    "--force", is_flag=True, help="Include open cases, which are withdrawn without notifying the applicant."
)
@options.config_option
@options.json_option
def erase_person(address: str, force: bool, config_path: Path | None, as_json: bool) -> None:
    """Permanently erase all data about a person.

    Keeps the case number, dates, decision, domain class and organisation code, and a keyed hash of the
    address to identify repeat applications. Lists the earlier backups, which still contain the data.
    """
    from gateway.app.wiring.database.source import build_source
    from gateway.store.commands import persons as person_commands

    config = loading.load_settings(config_path)[0]
    source, life = build_source(config), timedelta(days=config.retention.backup_days)
    total: dict[str, Any] = {"cases": [], "mails": 0, "letters": 0, "lines": 0, "signatures": 0}
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    for _ in range(_MAX_ROUNDS):
        found = _load_subject_data(source, address, names, numbers)
        if not found.has_any and any(total.values()):
            break
        address, names, numbers = found.address, found.names, found.numbers
        known = {"names": list(names), "numbers": list(numbers)}
        arguments = {"address": address, "force": force, **known, **_find_mentions(found)}
        _, facts = _run_person_command(person_commands.ERASE, arguments, config_path)
        total = {name: total[name] + facts[name] for name in total}
    backups = _find_backups(source.path)
    if as_json:
        output.print_json({**total, "backups": backups, "backups_until": _find_last_day(backups, life)})
        return
    output.echo(
        f"Erased: {count(len(total['cases']), 'case')} ({', '.join(total['cases']) or '-'}), "
        f"{count(total['mails'], 'message')} received, {count(total['letters'], 'message')} sent, "
        f"{count(total['lines'], 'line')} in the journal."
    )
    _print_backups(backups, life)


def _print_backups(backups: list[str], life: timedelta) -> None:
    """Print which backups still contain the data, and until when."""
    for backup in backups:
        day = _find_last_day([backup], life)
        output.echo(
            f"{backup}: an earlier backup that may still contain the data; it will be deleted after {day}."
        )
    if backups:
        output.echo(
            "Copies made elsewhere are not tracked. "
            "If a backup is restored, this person is erased from it again."
        )


def _find_last_day(backups: list[str], life: timedelta) -> str | None:
    """Return the last day (UTC) of the newest of these copies.

    The latest backup remains longer if it is the only one.
    """
    from gateway.store.sqlite import backup

    times = [backup.copy_time(Path(each)) for each in backups]
    return f"{max(times) + life:%Y-%m-%d}" if times else None


def _load_subject_data(
    source: Source, text: str, names: tuple[str, ...] = (), numbers: tuple[str, ...] = ()
) -> PersonalData:
    """Load the data about a person; `text` is an address, or the number of a case."""
    from gateway.cli.run.recovery.verify import build_progress
    from gateway.mail import address
    from gateway.store.privacy import subject_access

    try:
        with loading.using_database(source):
            person = subject_access.find_applicant(source, text) or address.parse(text)
            return subject_access.find_personal_data(
                source, person, build_progress(), names=names, numbers=numbers
            )
    except address.AddressError as error:
        if "@" not in text:
            loading.fail(
                f"{text!r} is neither a case number nor an address; see gateway case list --all",
                loading.EXIT_NOT_FOUND,
            )
        raise click.BadParameter(f"{text!r}: {error}", param_hint="ADDRESS") from error


def _find_mentions(found: PersonalData) -> dict[str, list[int]]:
    """Return the rows outside the person's own cases, at most as many as one request may contain."""
    from gateway.store.privacy.person_erasure import MAX_IDS

    theirs: Mentions = found.mentions
    rows = {
        "cases": theirs.cases,
        "mails": [*(row["id"] for row in found.mails), *theirs.mails],
        "letters": [*(row["id"] for row in found.letters), *theirs.letters],
        "journal": theirs.journal,
    }
    return {name: ids[:MAX_IDS] for name, ids in rows.items()}


def _run_person_command(
    name: str, arguments: Mapping[str, object], config_path: Path | None
) -> tuple[Path, dict[str, Any]]:
    from gateway.cli.shared import context
    from gateway.store.commands import persons as person_commands

    config, path = loading.load_settings(config_path)
    desk = context.load_desk(config, path.parent)
    place = Path(config.store.path)
    handlers = person_commands.build_handlers(desk)
    facts = context.run_command(context.find_store(config), name, arguments, handlers)
    return place, facts


def _find_backups(place: Path) -> list[str]:
    """Return the copies of the database in the default places."""
    from gateway.store.sqlite import backup

    replaced = backup.list_replaced(place)
    return [str(each) for each in (*backup.list_backups(backup.backup_folder(place)), *replaced)]
