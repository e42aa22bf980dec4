"""`gateway staff`: the members of the office, their mailboxes, practice replies, and sign-in accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.admission.case.model import Desk
    from gateway.settings.model import StaffMember
    from gateway.store.commands.requests import Handler
    from gateway.store.protocol import Source
    from gateway.store.queries.practices import PracticeRecord

Row = TypeVar("Row")

EPILOG = """\b
Examples:
  gateway staff list
  gateway staff list --json
  gateway staff try sato@example.go.jp
  gateway staff try sato@example.go.jp --json
  gateway staff revoke sato@example.go.jp
  gateway staff revoke sato@example.go.jp --json
  gateway staff restore sato@example.go.jp
  gateway staff restore sato@example.go.jp --json
  gateway staff accounts
  gateway staff accounts --json
  gateway staff unlink 3f9c0a61d2e4
  gateway staff unlink 3f9c0a61d2e4 --json
"""

_COLUMNS: Mapping[str, output.Cell] = {
    "address": "address",
    "name": "name",
    "role": "role",
    "mail": "mail",
    "practised": lambda one: (one["practised"] or "never")[:10],
    "known lines": "lines",
    "away": lambda one: " - ".join(one["away"]),
    "revoked": lambda one: one["revoked"][:10],
    "last decision": lambda one: (one["decided"] or "never")[:10],
}

_ACCOUNT_COLUMNS: Mapping[str, output.Cell] = {
    "account": "account",
    "address": "address",
    "provider": "provider",
    "linked": lambda one: one["since"][:10],
    "last sign-in": lambda one: one["used"][:10],
}


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def staff() -> None:
    """Manage staff mailboxes, practice requests and sign-in accounts."""


@staff.command("try", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
def try_out(address: str, config_path: Path | None, as_json: bool) -> None:
    """Send a practice request to a staff member.

    Replies to it do not affect any case."""
    facts = _run_staff_command("staff.try", config_path, {"address": address})
    said = f"A practice request to {facts['address']} has been queued."
    output.print_result(facts, said, as_json)


@staff.command("revoke", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
def revoke_staff(address: str, config_path: Path | None, as_json: bool) -> None:
    """Revoke a staff mailbox, for example if it is compromised.

    Its tokens and codes become invalid, and no more mail is sent to it.

    The revocation survives reloads and restarts until it is lifted with gateway staff restore. First
    approvals from the mailbox become invalid, as do its telephone confirmations in open cases; these are
    requested again. Earlier decisions remain valid: gateway case list --decided-by lists them, gateway case
    undo undoes them, and gateway case revoke revokes approvals whose invitation has been sent.
    """
    facts = _run_staff_command("staff.revoke", config_path, {"address": address})
    said = f"{facts['address']} can no longer decide; {facts['tokens']} tokens were revoked."
    if facts["calls"]:
        said += f"\nTelephone confirmations to be repeated: {', '.join(facts['calls'])}"
    if facts["decided"]:
        said += (
            f"\nCheck these decisions, which were based on this member's calls: {', '.join(facts['decided'])}"
        )
    output.print_result(facts, said, as_json)


@staff.command("restore", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
def restore_staff(address: str, config_path: Path | None, as_json: bool) -> None:
    """Restore a revoked staff mailbox.

    The member can decide again by replying to messages sent from now on; older tokens remain invalid."""
    facts = _run_staff_command("staff.restore", config_path, {"address": address})
    output.print_result(
        facts, f"{facts['address']} can decide again, by replying to messages sent from now on.", as_json
    )


@staff.command("unlink", epilog=EPILOG)
@click.argument("account")
@options.config_option
@options.json_option
def unlink_account(account: str, config_path: Path | None, as_json: bool) -> None:
    """Unlink a sign-in account from a staff address.

    The account at the OpenID provider can no longer sign in to the console, and the member's console sessions
    end. It can be linked again with a code mailed to a staff address."""
    facts = _run_staff_command("staff.unlink", config_path, {"account": account})
    output.print_result(
        facts, f"Account {facts['account']} can no longer sign in as {facts['address']}.", as_json
    )


def _run_staff_command(
    name: str, config_path: Path | None, arguments: Mapping[str, object]
) -> dict[str, Any]:
    """Run the command, in the running gateway or here."""
    from gateway.cli.shared import context

    return context.run_desk_command(name, arguments, config_path, _build_handlers)


def _build_handlers(desk: Desk, _: object) -> Mapping[str, Handler]:
    from gateway.store.commands import staff as commands

    return commands.build_handlers(desk)


@staff.command("list", epilog=EPILOG)
@options.config_option
@options.json_option
@options.wide_option
def list_members(config_path: Path | None, as_json: bool) -> None:
    """List staff members.

    Shows each member's mail preference, practice status, absence and last decision, and whether the mailbox
    has been revoked."""
    config, _ = loading.load_settings(config_path)
    from gateway.app.wiring.database.source import build_source
    from gateway.store.queries import practices

    source = build_source(config)
    found = _load(source, practices.load_practices)
    away, revoked = _load(source, practices.load_absences), _load(source, practices.load_revoked)
    chosen = _load(source, practices.load_mail_choices) if config.desk.digest else {}
    members = [
        _member_row(one, found.get(one.address.lower()), away, chosen)
        | {"revoked": revoked.get(one.address.lower(), "")}
        for one in config.staff
    ]
    output.print_rows(members, _COLUMNS, as_json)


@staff.command("accounts", epilog=EPILOG)
@options.config_option
@options.json_option
@options.wide_option
def list_accounts(config_path: Path | None, as_json: bool) -> None:
    """List the accounts that can sign in to the console.

    These are accounts at the OpenID provider. Each has been linked to its staff address with a code
    mailed to that address."""
    config, _ = loading.load_settings(config_path)
    from gateway.app.wiring.database.source import build_source
    from gateway.store.queries import practices

    source = build_source(config)
    with loading.using_database(source):
        found = practices.load_accounts(source) if source.exists() else []
    rows = [
        {
            "account": one.name,
            "address": one.member,
            "provider": one.issuer,
            "since": one.since.isoformat(),
            "used": one.used_at.isoformat(),
        }
        for one in found
    ]
    output.print_rows(rows, _ACCOUNT_COLUMNS, as_json, empty="No account is linked.")


def _member_row(
    one: StaffMember,
    known: PracticeRecord | None,
    away: Mapping[str, tuple[str, str]],
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    from gateway.store.tables.staff import absences

    return {
        "away": away.get(absences.digest(one.address.lower()), ()),
        "address": one.address,
        "name": one.name,
        "role": one.role,
        "practised": known.passed_at if known else "",
        "lines": len(one.signature) + (known.lines if known else 0),
        "mail": chosen.get(absences.digest(one.address.lower()), one.mail),
        "decided": known.decided_at if known else "",
    }


def _load(source: Source, query: Callable[[Source], dict[str, Row]]) -> dict[str, Row]:
    """Return a query's result, or nothing without a database. Exits if it cannot be read."""
    with loading.using_database(source):
        return query(source) if source.exists() else {}
