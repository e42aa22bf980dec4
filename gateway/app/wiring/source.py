"""Where the settings say that the database is, for those who only read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gateway.app.wiring.store import build_place
from gateway.store.sqlite.source import SqliteSource

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.protocol import Source


def build_source(config: Settings) -> Source:
    """The database of these settings. Raises SettingsError."""
    if config.store.url:
        place = build_place(config)
        from gateway.store.postgres.source import PostgresSource  # noqa: PLC0415 - psycopg is an extra

        return PostgresSource(place, Path(config.store.path))
    return SqliteSource(Path(config.store.path))


def find_source(named: Path | None, config: Settings | None) -> Source:
    """The file that an option names, else the database of the settings."""
    if named is not None or config is None:
        return SqliteSource(named or Path())
    return build_source(config)
