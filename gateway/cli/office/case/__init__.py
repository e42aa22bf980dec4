"""`gateway case`: list, show and manage cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from gateway.cli.office.case.listing import list_cases
from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing import terminal
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.admission.case.model import Desk
    from gateway.store.commands.requests import Handler

EPILOG = """\b
Examples:
  gateway case list
  gateway case list --all --org 見本市 --since 2026-04-01
  gateway case show K7QM-4T
  gateway case show K7QM-4T --json
  gateway case revoke K7QM-4T --reason "approved by mistake"
  gateway case revoke K7QM-4T --reason "another person" --json
  gateway case joined K7QM-4T
  gateway case joined K7QM-4T --json
  gateway case invite K7QM-4T
  gateway case invite K7QM-4T --json
  gateway case list --decided-by sato@example.go.jp --since 2026-11-28T09:00
  gateway case undo K7QM-4T 9X2B-1C
  gateway case undo K7QM-4T --json
  gateway case evidence K7QM-4T --out evidence.zip
  gateway case evidence K7QM-4T --config /etc/gateway-town
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def case() -> None:
    """List, show and manage cases."""


case.add_command(list_cases)


@case.command("show", epilog=EPILOG)
@click.argument("number")
@options.read_options
@options.wide_option
def show_case(number: str, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Show a case: form, authentication, all mail, journal."""
    found = loading.open_reader(config_path, database).case(number.upper())
    if found is None:
        _fail_unknown(number)
    if as_json:
        output.print_json(found)
        return
    _print_facts(found)
    output.print_rows(found["mails"], MAIL_COLUMNS, title="Mails received")
    _print_answers(found["mails"])
    output.print_rows(found["letters"], {"id": "id", **output.LETTER_COLUMNS}, title="Letters")
    output.print_rows(found["journal"], JOURNAL_COLUMNS, title="Journal")


def _fail_unknown(number: str) -> NoReturn:
    loading.fail(f"there is no case {number!r}; see gateway case list", loading.EXIT_NOT_FOUND)


@case.command("revoke", epilog=EPILOG)
@click.argument("number")
@click.option("--reason", required=True, help="Reason, reported to the staff.")
@options.config_option
@options.json_option
def revoke_case(number: str, reason: str, config_path: Path | None, as_json: bool) -> None:
    """Revoke an approval after the invitation has been sent.

    Until it has been sent, staff can reply 取消 instead.

    The case is declined with this reason, and the staff are asked to remove the person from the community.
    """
    facts = _run_case_command("case.revoke", config_path, number=number, reason=reason)
    output.print_result(
        facts,
        f"{facts['number']} was {facts['was']} and is now declined; the staff will be notified.",
        as_json,
    )


@case.command("joined", epilog=EPILOG)
@click.argument("number")
@options.config_option
@options.json_option
def record_joined(number: str, config_path: Path | None, as_json: bool) -> None:
    """Record that an invited person has joined.

    The staff can reply 参加 instead."""
    facts = _run_case_command("case.joined", config_path, number=number)
    said = f"{facts['number']} was {facts['was']} and is now joined."
    output.print_result(facts, said, as_json)


@case.command("invite", epilog=EPILOG)
@click.argument("number")
@options.config_option
@options.json_option
def invite(number: str, config_path: Path | None, as_json: bool) -> None:
    """Send a new invitation to an approved person.

    The staff can reply 再送 instead."""
    facts = _run_case_command("case.invite", config_path, number=number)
    output.print_result(
        facts, f"{facts['number']} was {facts['was']}; a new invitation has been queued.", as_json
    )


@case.command("undo", epilog=EPILOG)
@click.argument("numbers", nargs=-1, required=True)
@options.config_option
@options.json_option
@options.wide_option
def undo(numbers: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Undo the last staff decision in one or more cases.

    For a single case, staff can reply 取消 instead.

    Notifications that have not been sent are recalled; applicants who have already received one are
    informed that their case has been reopened. The staff receive new review requests and a single
    message that lists all the cases.
    """
    facts = _run_case_command("case.undo", config_path, numbers=list(numbers))
    if as_json:
        output.print_json(facts)
    else:
        output.print_rows(facts["cases"], UNDONE_COLUMNS)


@case.command("evidence", epilog=EPILOG)
@click.argument("number")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="File to write (default: NUMBER.zip)."
)
@options.config_option
def write_evidence(number: str, out: Path | None, config_path: Path | None) -> None:
    """Export a case's evidence to a single file.

    The file contains every message that decided, confirmed, withdrew or stopped something, exactly as
    received; the DNS answers seen at the time; how each message was authenticated and parsed then, and how
    this release authenticates and parses it with the same answers (without network queries); the
    outgoing mail; and the journal with the head of its hash chain.
    """
    import asyncio

    from gateway.app.wiring import values
    from gateway.cli.shared import context
    from gateway.reports.evidence.binding import Office
    from gateway.reports.evidence.pack import pack
    from gateway.store import private_files
    from gateway.store.queries.evidence import EvidenceReader

    config, path = loading.load_settings(config_path)
    found = loading.open_reader(config_path, None, EvidenceReader).evidence(number.upper())
    if found is None:
        _fail_unknown(number)
    place = out or Path(f"{number.upper()}.zip")
    if place.exists():
        loading.fail(f"{place}: already exists; choose another file with --out", 1)
    mails = len(found["evidence"])
    office = Office(context.load_desk(config, path.parent), values.build_mailboxes(config))
    packed = asyncio.run(pack(found, office, values.build_trust_policy(config)))
    try:
        private_files.write(place, packed)
    except OSError as error:
        loading.fail(f"{place}: cannot be written ({error.strerror})", 1)
    output.echo(f"{place}: contains {count(mails, 'message')} and personal data; store it securely.")


def _run_case_command(name: str, config_path: Path | None, **arguments: object) -> dict[str, Any]:
    """Run a command about a case, in the running gateway or here."""
    from gateway.cli.shared import context

    return context.run_desk_command(name, arguments, config_path, _build_handlers)


def _build_handlers(desk: Desk, _: object) -> Mapping[str, Handler]:
    from gateway.store.commands import cases

    return cases.build_handlers(desk)


def _print_facts(found: dict[str, Any]) -> None:
    from gateway.admission.terms import wording

    background = found["background"]
    facts = [
        ("state", found["state"]),
        ("applicant", found["applicant"]),
        *((name, wording.value_text(name, value)) for name, value in found["form"].items() if value),
        (
            "domain class",
            f"{background['domain_kind']} ({background['standing']}) {background['organisation']}",
        ),
        ("proof", f"{wording.proof_text(background['grade'])} - {background['proof']}"),
        *(("flag", flag) for flag in background["flags"]),
        ("opened", output.format_short_time(found["opened_at"])),
        ("due", found["due_on"]),
        ("handled by", found["handler"]),
        ("asked", found["question"]),
        ("held until", found["held_until"]),
        ("confirmed by", found["confirmed_by"]),
        *_tell_call(found["affiliation"]),
        ("first approval by", found["first_approval"]),
        ("decided by", found["decided_by"]),
        ("decided at", output.format_short_time(found["decided_at"])),
        ("reason", found["reason"]),
        *((f"note by {one['by']}", one["text"]) for one in found["memos"]),
    ]
    output.print_table(f"Case {found['number']}", ("", ""), ((k, v) for k, v in facts if v))


def _tell_call(affiliation: dict[str, Any]) -> list[tuple[str, str]]:
    """Return who confirmed by telephone and when, and the number and person."""
    call = affiliation.get("call")
    if not call:
        return []
    return [
        ("telephoned by", f"{call['by']}, {output.format_short_time(call['at'])}"),
        ("telephone number and person", call["note"]),
    ]


def _print_answers(mails: list[dict[str, Any]]) -> None:
    """Print the DNS answers seen when each mail was authenticated, which explain its result."""
    rows = [
        (mail["id"], one["rtype"], one["name"], one["status"], " / ".join(one["records"])[:120])
        for mail in mails
        for one in (mail["verdict"] or {}).get("answers", ())
    ]
    output.print_table("DNS answers at the time", ("mail", "type", "name", "status", "records"), rows)


def _format_signatures(verdict: dict[str, Any]) -> str:
    return ", ".join(f"{one['result']} ({one['domain']})" for one in verdict["dkim"]) or "none"


def _read_verdict(read: Callable[[dict[str, Any]], str]) -> Callable[[output.Row], str]:
    """Build a column from the verdict; mail that needed no authentication has none."""
    return lambda mail: "-" if mail["verdict"] is None else read(mail["verdict"])


UNDONE_COLUMNS: Mapping[str, output.Cell] = {
    "case": "number",
    "was": "was",
    "is": lambda row: row["is"] or "nothing to undo",
    "its letter": "letter",
}
MAIL_COLUMNS: Mapping[str, output.Cell] = {
    "id": "id",
    "time": lambda mail: output.format_short_time(mail["received_at"]),
    "from": "author",
    "proof": _read_verdict(lambda verdict: verdict["grade"]),
    "kind": "kind",
    "SPF": _read_verdict(lambda verdict: verdict["spf"]["result"]),
    "DKIM": _read_verdict(_format_signatures),
    "DMARC": _read_verdict(lambda verdict: verdict["dmarc"]["result"]),
    "MX": _read_verdict(lambda verdict: verdict["mx"]),
}
JOURNAL_COLUMNS: Mapping[str, output.Cell] = {
    "time": lambda line: output.format_short_time(line["at"]),
    "event": "event",
    "detail": lambda line: terminal.show(line["detail"]),
    "by": "actor",
}
