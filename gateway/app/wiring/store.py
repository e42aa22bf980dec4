"""The store that the settings describe: a file, or a schema on a PostgreSQL server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.settings import Settings, SettingsError
from gateway.store.protocol.opening import OwnedStore
from gateway.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from gateway.store.postgres.session import Place


def build_store(config: Settings, on_lost: Callable[[], None] = lambda: None) -> OwnedStore:
    """The store, not yet open; `on_lost` is called when another node became active. Raises SettingsError."""
    path = Path(config.store.path)
    if not config.store.url:
        return SqliteStore(path, config.desk.domain)
    place = build_place(config)
    from gateway.store.postgres.store import PostgresStore  # noqa: PLC0415 - psycopg is an extra

    node = config.store.node or socket.gethostname()
    return PostgresStore(place, path, config.desk.domain, node, on_lost)


def build_place(config: Settings) -> Place:
    """Where on a PostgreSQL server the desk is kept. Raises SettingsError, OSError."""
    try:
        from gateway.store.postgres.session import Place  # noqa: PLC0415 - psycopg is an extra
    except ImportError as error:
        advice = "install the extra: pip install 'intake-gateway[postgres]'"
        raise SettingsError(f"store.url: {error}; {advice}") from error
    store = config.store
    password = Path(store.password_file).read_text(encoding="utf-8").strip() if store.password_file else ""
    return Place(store.url, store.schema, password)
