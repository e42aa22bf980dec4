"""Loading of settings and databases for commands, with their error handling."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar, overload

from gateway.cli.shared import output

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.protocol import Source
    from gateway.store.queries.reader import Reader

R = TypeVar("R", bound="Reader")
# sysexits.h: the service manager must not restart after 78, the settings are wrong.
EXIT_TEMPORARY = 75
EXIT_CONFIG = 78
EXIT_NOT_FOUND = 1
# Nagios plugin status: this user, or this machine, cannot tell.
EXIT_UNKNOWN = 3


def fail(message: str, code: int) -> NoReturn:
    """Print one line to standard error, and exit with this code."""
    from gateway.log.handlers import mark_priority

    output.echo(mark_priority(f"gateway: {message}"), err=True)
    sys.exit(code)


def load_settings(
    config_path: Path | None, *, serving: bool = False, failing: str = ""
) -> tuple[Settings, Path]:
    """Return the settings and their file; exit with 78 if they are invalid.

    Keys and passwords must exist only for `serving`; for other commands, unreadable settings exit with 3
    (unknown). `failing` says what was not done, if that is not obvious.
    """
    from gateway import settings

    path, before = settings.find_settings_file(config_path), f"{failing}: " if failing else ""
    try:
        return settings.load(path, serving=serving), path
    except settings.UnreadableSettingsError as error:
        fail(f"{before}{error}", EXIT_CONFIG if serving else EXIT_UNKNOWN)
    except settings.SettingsError as error:
        fail(f"{before}{error}", EXIT_CONFIG)


def load_settings_or_demo(config_path: Path | None) -> tuple[Settings, Path | None]:
    """Return the settings and their folder; without settings those of the demo, without a folder."""
    from gateway import settings
    from gateway.demo.fixtures import settings_text

    if config_path is not None or settings.find_settings_file(None).is_file():
        loaded, path = load_settings(config_path)
        return loaded, path.parent
    output.echo(f"{settings.find_settings_file(None)}: no settings found; using the demo settings.", err=True)
    return settings.parse(settings_text(Path("var/demo"), 25, 53).encode(), "the demo settings"), None


@overload
def open_reader(config_path: Path | None, database: Path | None) -> Reader: ...


@overload
def open_reader(config_path: Path | None, database: Path | None, kind: type[R]) -> R: ...


def open_reader(config_path: Path | None, database: Path | None, kind: type[Reader] | None = None) -> Reader:
    """Open the database given by `--database`, else that of the settings, with this kind of reader; exit if
    there is none.
    """
    from gateway.store.queries.reader import Reader

    source = find_source(config_path, database)
    with using_database(source):
        return (kind or Reader)(source)


def find_source(config_path: Path | None, database: Path | None) -> Source:
    """Return the source given by `--database`, else that of the settings."""
    from gateway.app.wiring.database import source

    return source.find_source(database, None if database else load_settings(config_path)[0])


def find_database(config_path: Path | None, database: Path | None) -> Path:
    """Return the file given by `--database`, else that of the settings."""
    return database or Path(load_settings(config_path)[0].store.path)


@contextmanager
def using_database(place: Path | Source, failing: str = "") -> Iterator[None]:
    """Context for work on a database; on failure, exit with one line of error message.

    The exit code is 78 if waiting does not help (settings, privileges, version), otherwise 75. `failing`
    says what was not done, if that is not obvious.
    """
    import sqlite3

    from gateway.settings import SettingsError
    from gateway.store.protocol import NoDatabaseError, StoreUnavailableError
    from gateway.store.protocol.opening import DatabaseInUseError, ReplicaError, UnusableStoreError
    from gateway.store.protocol.source import UnsuitableDatabaseError
    from gateway.store.sqlite.backup import BackupError
    from gateway.store.sqlite.faults import describe_fault
    from gateway.store.sqlite.migrations.schema import SchemaError

    before = f"{failing}: " if failing else ""
    try:
        yield
    except SchemaError as error:
        fail(f"{before}{place}: {error}", EXIT_CONFIG)
    except ReplicaError as error:  # it accepts writes once it is promoted
        fail(f"{before}{error}", EXIT_TEMPORARY)
    except (UnusableStoreError, UnsuitableDatabaseError, SettingsError) as error:
        fail(f"{before}{error}", EXIT_CONFIG)
    except PermissionError:
        raise  # no permission: exits with 3
    except (NoDatabaseError, DatabaseInUseError, StoreUnavailableError, BackupError) as error:
        fail(f"{before}{error}", EXIT_TEMPORARY)
    except (OSError, sqlite3.Error) as error:
        fail(f"{before}{describe_fault(place, error)}", EXIT_TEMPORARY)


def require_source(source: Source) -> None:
    """Exit if there is nothing to read."""
    if not source.exists():
        require_database(source.path)


def require_database(place: Path) -> None:
    """Exit if there is no database."""
    from gateway.store.sqlite.faults import describe_absence

    if not place.is_file():
        fail(describe_absence(place), EXIT_TEMPORARY)
