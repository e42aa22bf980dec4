"""What several commands load: the settings and the database; and how they fail."""

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
# sysexits.h: the service manager must not restart on 78, the settings are wrong.
EXIT_TEMPORARY = 75
EXIT_CONFIG = 78
EXIT_NOT_FOUND = 1
# As a plugin of Nagios says it: this user, or this machine, cannot tell.
EXIT_UNKNOWN = 3


def fail(message: str, code: int) -> NoReturn:
    """One clear line on standard error, and an exit code that means something."""
    from gateway.log.handlers import mark_priority

    output.echo(mark_priority(f"gateway: {message}"), err=True)
    sys.exit(code)


def load_settings(
    config_path: Path | None, *, serving: bool = False, failing: str = ""
) -> tuple[Settings, Path]:
    """The settings and the file they came from; exits with 78 when they are wrong.

    Keys and passwords have to be there only for `serving`; for a command, settings that this user may not
    read are 3: unknown. `failing` says what was not done, where that is not plain.
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
    """The settings and their folder; the demo's, without a folder, when none are named and none exist."""
    from gateway import settings
    from gateway.demo.fixtures import settings_text

    if config_path is not None or settings.find_settings_file(None).is_file():
        loaded, path = load_settings(config_path)
        return loaded, path.parent
    output.echo(f"{settings.find_settings_file(None)}: no settings there, the demo's are taken.", err=True)
    return settings.parse(settings_text(Path("var/demo"), 25, 53).encode(), "the demo's settings"), None


@overload
def open_reader(config_path: Path | None, database: Path | None) -> Reader: ...


@overload
def open_reader(config_path: Path | None, database: Path | None, kind: type[R]) -> R: ...


def open_reader(config_path: Path | None, database: Path | None, kind: type[Reader] | None = None) -> Reader:
    """The database named by `--database`, else by the settings, for the questions of this kind of reader;
    exits when there is none."""
    from gateway.store.queries.reader import Reader

    source = find_source(config_path, database)
    with using_database(source):
        return (kind or Reader)(source)


def find_source(config_path: Path | None, database: Path | None) -> Source:
    """The same, for those who read."""
    from gateway.app.wiring import source

    return source.find_source(database, None if database else load_settings(config_path)[0])


def find_database(config_path: Path | None, database: Path | None) -> Path:
    """The file named by `--database`, else by the settings."""
    return database or Path(load_settings(config_path)[0].store.path)


@contextmanager
def using_database(place: Path | Source, failing: str = "") -> Iterator[None]:
    """What is done with a database; exits with one line where it cannot be used: 78 where it is of another
    version, else 75. `failing` says what was not done, where that is not plain."""
    import sqlite3

    from gateway.settings import SettingsError
    from gateway.store.protocol import NoDatabaseError, StoreUnavailableError
    from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError
    from gateway.store.sqlite.backup import BackupError
    from gateway.store.sqlite.faults import describe_fault
    from gateway.store.sqlite.migrations.schema import SchemaError

    before = f"{failing}: " if failing else ""
    try:
        yield
    except SchemaError as error:
        fail(f"{before}{place}: {error}", EXIT_CONFIG)
    except (UnusableStoreError, SettingsError) as error:
        fail(f"{before}{error}", EXIT_CONFIG)
    except PermissionError:
        raise  # this user may not look: 3
    except (NoDatabaseError, DatabaseInUseError, StoreUnavailableError, BackupError) as error:
        fail(f"{before}{error}", EXIT_TEMPORARY)
    except (OSError, sqlite3.Error) as error:
        fail(f"{before}{describe_fault(place, error)}", EXIT_TEMPORARY)


def require_source(source: Source) -> None:
    """Exits where there is nothing to read."""
    if not source.exists():
        require_database(source.path)


def require_database(place: Path) -> None:
    """Exits where there is no database."""
    from gateway.store.sqlite.faults import describe_absence

    if not place.is_file():
        fail(describe_absence(place), EXIT_TEMPORARY)
