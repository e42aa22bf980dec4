"""The configured database, for read-only use, and the trouble behind an error of reading it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.app.wiring.database.store import build_console_place, build_place
from gateway.store.protocol import Trouble
from gateway.store.sqlite import faults
from gateway.store.sqlite.migrations.schema import SchemaError
from gateway.store.sqlite.source import SqliteSource

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.postgres.connecting.session import Place
    from gateway.store.protocol import Source


def build_source(config: Settings) -> Source:
    """Build the source of the configured database. Raises SettingsError."""
    if config.store.url:
        return _make_source(build_place(config), config)
    return SqliteSource(Path(config.store.path))


def build_console_source(config: Settings) -> Source:
    """Build the source of the console, which may have a role of its own. Raises SettingsError, OSError."""
    if config.store.url:
        return _make_source(build_console_place(config), config)
    return SqliteSource(Path(config.store.path))


def _make_source(place: Place, config: Settings) -> Source:
    from gateway.store.postgres.source import PostgresSource  # noqa: PLC0415 - psycopg is an extra

    return PostgresSource(place, Path(config.store.path))


def find_source(named: Path | None, config: Settings | None) -> Source:
    """Return the file named by an option, or the configured database."""
    if named is not None or config is None:
        return SqliteSource(named or Path())
    return build_source(config)


def find_trouble(error: Exception) -> Trouble | None:
    """Return the kind of trouble; None for an error unrelated to the database."""
    said = getattr(error, "trouble", None)
    if isinstance(said, Trouble):
        return said
    return faults.find_trouble(error) if isinstance(error, SchemaError | sqlite3.Error | OSError) else None
