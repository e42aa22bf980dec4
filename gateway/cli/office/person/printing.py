"""Prints the data about a person for `gateway person show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.cli.shared import output

if TYPE_CHECKING:
    from gateway.store.privacy.subject_access import PersonalData


def collect_facts(found: PersonalData, backups: list[str]) -> dict[str, object]:
    """Return the data as `--json` prints it; `backups` are the copies that may contain it."""
    named = found.mentions
    return {
        "cases": list(found.cases),
        "mails": list(found.mails),
        "letters": list(found.letters),
        "named_in": {
            "cases": named.cases,
            "mails": named.mails,
            "letters": named.letters,
            "journal": named.journal,
        },
        "signature": list(found.signature),
        "console": list(found.console),
        "applied_before": found.applied_before,
        "backups": backups,
    }


def print_case(case: Mapping[str, Any]) -> None:
    """Print a case with its mail, letters and journal."""
    wanted = (
        "state",
        "applicant",
        "opened_at",
        "decided_by",
        "decided_at",
        "reason",
        "question",
        "confirmed_by",
    )
    rows = [(name, case[name]) for name in wanted]
    rows += [(f"form: {name}", value) for name, value in case["form"].items()]
    rows += [(f"finding: {name}", value) for name, value in case["background"].items()]
    output.print_table(f"Case {case['number']}", ("", ""), ((name, value) for name, value in rows if value))
    print_mails(f"Messages received for {case['number']}", case["mails"])
    print_letters(f"Messages sent for {case['number']}", case["letters"])
    output.print_table(
        f"Journal of {case['number']}",
        ("time", "event", "by", "detail"),
        (
            (output.format_short_time(line["at"]), line["event"], line["actor"], line["detail"])
            for line in case["journal"]
        ),
    )


def print_mails(title: str, mails: Iterable[Mapping[str, Any]]) -> None:
    """Print a table of mails, if there are any."""
    rows = [
        (
            row["id"],
            output.format_short_time(row["received_at"]),
            row["author"],
            row["subject"],
            len(row["raw"]),
        )
        for row in mails
    ]
    if rows:
        output.print_table(title, ("id", "time", "from", "subject", "stored characters"), rows)


def print_letters(title: str, letters: Iterable[Mapping[str, Any]]) -> None:
    """Print a table of letters, if there are any."""
    rows = [
        (
            row["id"],
            row["letter"],
            row["recipient"],
            output.format_short_time(row["sent_at"] or row["queued_at"]),
            row["subject"],
        )
        for row in letters
    ]
    if rows:
        output.print_table(title, ("id", "letter", "to", "time", "subject"), rows)


def print_rest(found: PersonalData, backups: list[str]) -> None:
    """Print where else the person is named, and which copies may contain the data."""
    named = found.mentions
    for what, ids in (
        ("other people's cases", named.cases),
        ("messages from other people", named.mails),
        ("messages to other people", named.letters),
        ("further journal entries", named.journal),
    ):
        if ids:
            output.echo(f"Mentioned in {len(ids)} {what}: {', '.join(str(each) for each in ids[:20])}")
    if found.applied_before:
        output.echo("An earlier case from this address was erased; nothing else is known.")
    for backup in backups:
        output.echo(f"A copy may be in {backup}")
