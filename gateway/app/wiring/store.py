"""The store that the settings describe: a file, or a schema on a PostgreSQL server."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gateway import __version__
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
    from gateway.store.postgres.nodes import Node  # noqa: PLC0415 - psycopg is an extra
    from gateway.store.postgres.store import PostgresStore  # noqa: PLC0415

    name = config.store.node or socket.gethostname()
    node = Node(name, __version__, hash_settings(config))
    return PostgresStore(place, path, config.desk.domain, node, on_lost)


def hash_settings(config: Settings) -> str:
    """A hash of the settings that have to agree on all machines of a desk: all but how each listens and where
    its files lie."""
    shared = {
        name: value
        for name, value in msgspec.to_builtins(config).items()
        if name not in ("listen", "log", "store", "watch")
    }
    return hashlib.sha256(msgspec.json.encode(shared, order="deterministic")).hexdigest()[:16]


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
