"""`gateway backup` and `gateway restore`: make copies of the database, and restore them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.run.recovery.rehearsal import run_rehearsal
from gateway.cli.run.recovery.replay import Replayed, run_replay
from gateway.cli.run.recovery.verify import build_progress, print_report, report_facts
from gateway.cli.shared import loading, options, output
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.store.copying.restore import RestoreResult

BACKUP_EPILOG = """\b
Examples:
  gateway backup
  gateway backup --to /mnt/backups --keep 14
  gateway backup --json

\b
Exit codes: 0 backup made and verified, 1 backup made, but the database is inconsistent (see gateway
verify), 75 no backup made (disk full, no database), 78 the database was written by a newer gateway.
"""
RESTORE_EPILOG = """\b
Examples:
  systemctl stop gateway.socket gateway.service
  gateway restore /var/lib/gateway/backups/gateway-20261125T030000Z.db
  gateway outbox list --state held
  gateway restore --rehearse
  gateway restore --replay-applications /var/lib/gateway/gateway.db.replaced-20261125T080000Z-mails
  gateway outbox release --all
  systemctl start gateway.socket gateway.service
"""


@click.command(epilog=BACKUP_EPILOG)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Target directory (default: the directory backups next to the database).",
)
@click.option(
    "--keep", type=click.IntRange(min=1), help="Maximum number of backups to keep; older ones are deleted."
)
@options.config_option
@options.json_option
@options.wide_option
def backup(folder: Path | None, keep: int | None, config_path: Path | None, as_json: bool) -> None:
    """Back up the database and verify the copy.

    Can be run while the gateway is running. Old backups are pruned.

    Because backups contain personal data, those older than retention.backup_days are deleted, except the
    newest.
    """
    from gateway.app.wiring.database.source import build_source
    from gateway.store.sqlite import backup as backups

    config, _ = loading.load_settings(config_path)
    source, now = build_source(config), datetime.now(UTC)
    folder = folder or backups.backup_folder(source.path)
    loading.require_source(source)
    with loading.using_database(source, f"no backup was made in {folder}"):
        made = source.back_up(folder, now, build_progress())
        life = timedelta(days=config.retention.backup_days)
        removed = backups.prune(folder, now, keep=keep, life=life)
    if as_json:
        gone = [str(place) for place in removed]
        size = {"backup": str(made.path), "size_bytes": made.size_bytes, "removed": gone}
        output.print_json({**size, **report_facts(made.report)})
    else:
        output.echo(
            f"{made.path}: {made.size_bytes:,} bytes, {'sound' if made.report.is_sound else 'NOT sound'}."
        )
        for place in removed:
            output.echo(f"{place}: removed.")
        if not made.report.is_sound:
            print_report(made.path, made.report)
    sys.exit(0 if made.report.is_sound else 1)


@click.command(epilog=RESTORE_EPILOG)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--replay-applications",
    "replay",
    type=click.Path(file_okay=False, path_type=Path),
    help="Process the applications among the messages that an earlier restore saved in DIRECTORY.",
)
@click.option(
    "--release", is_flag=True, help="Send held messages, even those that may already have been sent."
)
@click.option(
    "--rehearse",
    is_flag=True,
    help="Only do a test restore of FILE or the latest backup, in a temporary directory.",
)
@options.config_option
@options.json_option
@options.wide_option
def restore(
    file: Path | None,
    replay: Path | None,
    release: bool,
    rehearse: bool,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Restore the database from a backup.

    The gateway must be stopped.

    Messages received after the backup are listed and saved as .eml files next to the replaced database.
    --replay-applications processes the applications among them, in a separate run or right after FILE has
    been restored: each is authenticated and acknowledged again. Replies from staff and colleagues are never
    replayed.

    The replaced database is kept. It shows which messages were sent after the backup, so that they
    are not sent again. If it cannot be read, waiting messages are held until an operator releases
    them.

    --rehearse does all of this in a temporary directory and changes nothing; the gateway can keep running.
    """
    from gateway.cli.shared import context
    from gateway.store.copying import restore as restoring
    from gateway.store.sqlite import backup as backups

    if file is None and replay is None and not rehearse:
        raise click.UsageError("specify a backup file, --rehearse, or --replay-applications DIRECTORY")
    if rehearse and (replay is not None or release):
        raise click.UsageError("--rehearse changes nothing and cannot be combined with other options")
    config, path = loading.load_settings(config_path)
    desk = context.load_desk(config, path.parent)
    database, now = Path(config.store.path), datetime.now(UTC)
    if rehearse:
        run_rehearsal(config, desk, file, now, as_json=as_json)
    if file is None:
        _finish_replay(run_replay(replay or Path(), config, path.parent), as_json=as_json)
        return
    with loading.using_database(file, "nothing was restored"):
        try:
            done = restoring.restore(
                database, file, desk, now, config.desk.domain, release=release, progress=build_progress()
            )
        except backups.BackupError as error:
            loading.fail(str(error), loading.EXIT_NOT_FOUND)
    replayed = run_replay(replay, config, path.parent) if replay is not None else []
    if as_json:
        output.print_json({**_restore_facts(done), "replayed": [asdict(one) for one in replayed]})
    else:
        _print_restored(database, done)
        _print_replayed(replayed)
    sys.exit(0 if done.report.is_sound else 1)


def _finish_replay(replayed: list[Replayed], *, as_json: bool) -> None:
    if as_json:
        output.print_json({"replayed": [asdict(one) for one in replayed]})
    else:
        _print_replayed(replayed)


def _print_replayed(replayed: list[Replayed]) -> None:
    if replayed:
        lines = [(one.id, one.author, "taken" if one.taken else "not taken", one.why) for one in replayed]
        output.print_table("Applications replayed", ("id", "from", "", "why"), lines)


def _restore_facts(done: RestoreResult) -> dict[str, object]:
    return {
        "aside": str(done.replaced_path) if done.replaced_path else None,
        "later_mails": None if done.later is None else len(done.later),
        "later": [asdict(mail) for mail in done.later or ()],
        "later_folder": str(done.later_folder) if done.later_folder else None,
        "sent": done.changed.sent,
        "erased_again": done.changed.erased,
        "held": list(done.changed.held),
        **report_facts(done.report),
    }


def _print_restored(database: Path, done: RestoreResult) -> None:
    print_report(database, done.report)
    if done.replaced_path is not None:
        output.echo(
            f"The replaced database is at {done.replaced_path}; it contains personal data: remove it "
            "when no longer needed."
        )
    if done.later:
        output.print_table(
            f"Messages received after the backup, saved in {done.later_folder}",
            ("file", "time", "from", "kind", "case", "subject"),
            (
                (
                    mail.file or "gone",
                    output.format_short_time(mail.received_at),
                    mail.author,
                    mail.kind,
                    mail.case,
                    mail.subject,
                )
                for mail in done.later
            ),
        )
        output.echo(f"To process the applications: gateway restore --replay-applications {done.later_folder}")
    elif done.later is None and done.replaced_path is not None:
        output.echo("It cannot be read, so the messages received after the backup are unknown.")
    if done.changed.sent:
        sent = count(done.changed.sent, "message")
        output.echo(f"Sent after the backup, so not sent again: {sent}.")
    if done.changed.erased:
        output.echo(f"Erased after the backup, so erased again: {count(done.changed.erased, 'case')}.")
    if done.changed.held:
        output.print_table(
            "Held, because they may have been sent after the backup",
            ("id", "case", "letter", "to", "queued"),
            (
                (
                    row["id"],
                    row["case"],
                    row["letter"],
                    row["recipient"],
                    output.format_short_time(row["queued_at"]),
                )
                for row in done.changed.held
            ),
        )
        output.echo(
            "Find out which messages arrived, then run gateway outbox release ID (or --all) or gateway "
            "outbox drop ID."
        )
