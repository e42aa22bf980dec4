"""`gateway case`: what the desk knows about applications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

EPILOG = """\b
Examples:
  gateway case list
  gateway case list --state under_review --state awaiting_affiliation
  gateway case show K7QM-4T
  gateway case show K7QM-4T --json
  gateway case revoke K7QM-4T --reason "approved by mistake"
  gateway case joined K7QM-4T
  gateway case invite K7QM-4T
"""
STATES = (
    "received", "needs_information", "awaiting_affiliation", "under_review", "on_hold", "approved", "invited",
    "joined", "declined", "withdrawn", "expired", "undeliverable",
)  # fmt: skip


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def case() -> None:
    """Look at cases; take admissions back, record who joined, invite again."""


@case.command("list", epilog=EPILOG)
@options.list_options(STATES)
def list_cases(
    states: tuple[str, ...], limit: int, config_path: Path | None, database: Path | None, as_json: bool
) -> None:
    """List cases, those due first at the top."""
    rows = loading.open_reader(config_path, database).cases(states, limit)
    if as_json:
        output.print_json(rows)
        return
    if not rows:
        click.echo("No cases.")
        return
    output.print_table(
        "",
        ("case", "state", "due", "name", "organisation", "address", "decided by"),
        (
            (
                r["number"],
                r["state"],
                r["due_on"],
                r["name"],
                r["organisation"],
                r["applicant"],
                r["decided_by"],
            )
            for r in rows
        ),
    )


@case.command("show", epilog=EPILOG)
@click.argument("number")
@options.config_option
@options.database_option
@options.json_option
def show_case(number: str, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Show one case: the form, the proof, its mails, letters and journal."""
    found = loading.open_reader(config_path, database).case(number.upper())
    if found is None:
        loading.fail(
            f"no case has the number {number!r}; gateway case list shows them", loading.EXIT_NOT_FOUND
        )
    if as_json:
        output.print_json(found)
        return
    _print_facts(found)
    _print_mails(found["mails"])
    _print_answers(found["mails"])
    _print_letters(found["letters"])
    _print_journal(found["journal"])


@case.command("revoke", epilog=EPILOG)
@click.argument("number")
@click.option("--reason", required=True, help="Why; the staff are told.")
@options.config_option
@options.json_option
def revoke_case(number: str, reason: str, config_path: Path | None, as_json: bool) -> None:
    """Take back an admission whose invitation has left; before that the staff reply 取消.

    The case is declined with the reason, and the staff are told to remove the person from the community.
    """
    facts = _run_case_command("case.revoke", config_path, number=number, reason=reason)
    if as_json:
        output.print_json(facts)
    else:
        click.echo(f"{facts['number']} was {facts['was']} and is declined now; the staff are told.")


@case.command("joined", epilog=EPILOG)
@click.argument("number")
@options.config_option
@options.json_option
def record_joined(number: str, config_path: Path | None, as_json: bool) -> None:
    """Record that an invited person is in the community; the staff can reply 参加 instead."""
    facts = _run_case_command("case.joined", config_path, number=number)
    if as_json:
        output.print_json(facts)
    else:
        click.echo(f"{facts['number']} was {facts['was']} and has joined now.")


@case.command("invite", epilog=EPILOG)
@click.argument("number")
@options.config_option
@options.json_option
def invite(number: str, config_path: Path | None, as_json: bool) -> None:
    """Send a new invitation to somebody who was approved; the staff can reply 再送 instead."""
    facts = _run_case_command("case.invite", config_path, number=number)
    if as_json:
        output.print_json(facts)
    else:
        click.echo(f"{facts['number']} was {facts['was']}; a new invitation is on its way.")


def _run_case_command(name: str, config_path: Path | None, **arguments: object) -> dict[str, Any]:
    """Have a command about a case carried out, by the running gateway or here."""
    from gateway.app.wiring.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk
    from gateway.cli.shared import context
    from gateway.store.commands import cases

    config, path = loading.load_settings(config_path)
    active_rules = load_active_rules(config, path.parent, load_directory(path.parent))
    handlers = cases.build_handlers(build_desk(config, active_rules))
    return context.run_command(Path(config.store.path), name, arguments, handlers, config.desk.domain)


def _print_facts(found: dict[str, Any]) -> None:
    from gateway.admission import wording

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
        *(("flag", wording.flag_text(flag)) for flag in background["flags"]),
        ("opened", output.format_short_time(found["opened_at"])),
        ("due", found["due_on"]),
        ("handled by", found["handler"]),
        ("asked", found["question"]),
        ("held until", found["held_until"]),
        ("confirmed by", found["confirmed_by"]),
        ("approved once by", found["first_approval"]),
        ("decided by", found["decided_by"]),
        ("decided at", output.format_short_time(found["decided_at"])),
        ("reason", found["reason"]),
    ]
    output.print_table(f"Case {found['number']}", ("", ""), ((k, v) for k, v in facts if v))


def _print_mails(mails: list[dict[str, Any]]) -> None:
    output.print_table(
        "Mails received",
        ("id", "time", "kind", "from", "SPF", "DKIM", "DMARC", "MX", "proof"),
        (
            (
                m["id"],
                output.format_short_time(m["received_at"]),
                m["kind"],
                m["author"],
                *_format_proof(m["verdict"]),
            )
            for m in mails
        ),
    )


def _print_answers(mails: list[dict[str, Any]]) -> None:
    """What DNS said when each mail was proven: the reason for the proof, for anyone who asks later."""
    rows = [
        (mail["id"], one["rtype"], one["name"], one["status"], " / ".join(one["records"])[:120])
        for mail in mails
        for one in (mail["verdict"] or {}).get("answers", ())
    ]
    output.print_table("DNS answers as seen", ("mail", "type", "name", "status", "records"), rows)


def _format_proof(verdict: dict[str, Any] | None) -> tuple[str, str, str, str, str]:
    if verdict is None:
        return ("-", "-", "-", "-", "-")
    signatures = ", ".join(f"{one['result']} ({one['domain']})" for one in verdict["dkim"]) or "none"
    return (verdict["spf"]["result"], signatures, verdict["dmarc"]["result"], verdict["mx"], verdict["grade"])


def _print_letters(letters: list[dict[str, Any]]) -> None:
    output.print_table(
        "Letters",
        ("id", "letter", "to", "state", "tries", "leaves or left", "last answer"),
        (
            (
                row["id"],
                row["letter"],
                row["recipient"],
                row["state"],
                row["attempts"],
                output.format_short_time(row["sent_at"] or row["not_before"]),
                row["last_reply"][:60],
            )
            for row in letters
        ),
    )


def _print_journal(journal: list[dict[str, Any]]) -> None:
    output.print_table(
        "Journal",
        ("time", "event", "by", "detail"),
        (
            (
                output.format_short_time(line["at"]),
                line["event"],
                line["actor"],
                _format_detail(line["detail"]),
            )
            for line in journal
        ),
    )


def _format_detail(detail: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in detail.items())
