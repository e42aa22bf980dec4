"""`gateway restore --rehearse`: tests whether a backup can be restored, without changing anything.

The backup becomes a database in a temporary folder, which is migrated, verified, opened as by the service,
and removed. The database in use is not consulted: the test is that the copy alone is sufficient.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gateway.admission.case.model import Desk
from gateway.cli.run.recovery.verify import build_progress, print_report, report_facts
from gateway.cli.shared import loading, output
from gateway.printing.terminal import count
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.store.copying.restore import RestoreResult


def run_rehearsal(
    config: Settings, desk: Desk, file: Path | None, now: datetime, *, as_json: bool
) -> NoReturn:
    """Rehearse a restore, print the result and exit: 0 sound, 1 not, 75 no room or no access, 78 too new."""
    from gateway.store.sqlite.backup import BackupError, backup_folder

    with loading.using_database(file or Path(config.store.path), "the restore could not be tested"):
        try:
            source = file or _find_newest(backup_folder(Path(config.store.path)))
            done = _rehearse(config, desk, source, now)
        except BackupError as error:
            loading.fail(f"cannot restore it: {error}", loading.EXIT_NOT_FOUND)
    sound, held = done.report.is_sound, len(done.changed.held)
    if as_json:
        output.print_json({"backup": str(source), "held": held, **report_facts(done.report)})
    else:
        print_report(source, done.report)
        said = (
            f"can be restored; {count(held, 'message')} would be held"
            if sound
            else "can be restored, but has these problems"
        )
        output.echo(f"{source} {said}. Nothing was changed.")
    sys.exit(0 if sound else 1)


def _find_newest(folder: Path) -> Path:
    from gateway.store.sqlite.backup import BackupError, list_backups

    found = list_backups(folder)
    if not found:
        raise BackupError(f"{folder} contains no backup; run gateway backup")
    return found[0]


def _rehearse(config: Settings, desk: Desk, source: Path, now: datetime) -> RestoreResult:
    """Rehearse a restore. Raises BackupError, SchemaError, OSError or sqlite3.Error if it fails."""
    import shutil
    import tempfile

    from gateway.store.copying import restore
    from gateway.store.privacy import erasure_log, tombstones
    from gateway.store.sqlite.store import SqliteStore

    database = Path(config.store.path)
    with tempfile.TemporaryDirectory(prefix="gateway-rehearsal-") as folder:
        trial = Path(folder) / database.name
        for kept in (tombstones.locate(database), erasure_log.locate(database)):
            if kept.exists():
                shutil.copy2(kept, trial.with_name(kept.name))
        done = restore.restore(trial, source, desk, now, config.desk.domain, progress=build_progress())
        store = SqliteStore(trial, config.desk.domain)
        store.open()
        store.close()
        return done
