"""The configured store: a file, or a schema on a PostgreSQL server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gateway import __version__
from gateway.app.wiring.files.shared_files import hash_shared
from gateway.settings import Settings, SettingsError
from gateway.store.protocol.opening import OwnedStore
from gateway.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from gateway.store.postgres.connecting.session import Place


def build_store(
    config: Settings, on_lost: Callable[[], None] = lambda: None, folder: Path | None = None
) -> OwnedStore:
    """Build the store without opening it; `on_lost` is called when another node becomes active.

    `folder` contains the settings. Raises SettingsError.
    """
    path = Path(config.store.path)
    if not config.store.url:
        return SqliteStore(path, config.desk.domain)
    place = build_place(config)
    from gateway.store.postgres.cluster.nodes import Node  # noqa: PLC0415 - psycopg is an extra
    from gateway.store.postgres.store import PostgresStore  # noqa: PLC0415

    name = config.store.node or socket.gethostname()
    node = Node(name, __version__, hash_shared(config, folder))
    return PostgresStore(place, path, config.desk.domain, node, on_lost)


def build_place(config: Settings) -> Place:
    """Return where on a PostgreSQL server the desk is stored. Raises SettingsError, OSError."""
    try:
        from gateway.store.postgres.connecting.session import Place  # noqa: PLC0415 - psycopg is an extra
    except ImportError as error:
        advice = "install the extra: pip install 'intake-gateway[postgres]'"
        raise SettingsError(f"store.url: {error}; {advice}") from error
    store = config.store
    return Place(store.url, store.schema, _read_password(store.password_file))


def build_console_place(config: Settings) -> Place:
    """Return where the console reads the desk, with `store.reader` in place of the URL's user.

    Raises SettingsError, OSError.
    """
    store = config.store
    if not store.reader:
        return build_place(config)
    own = msgspec.structs.replace(store, password_file=store.reader_password_file)
    place = build_place(msgspec.structs.replace(config, store=own))
    from gateway.store.postgres.connecting.session import replace_user  # noqa: PLC0415 - psycopg is an extra

    return replace_user(place, store.reader)


def _read_password(file: str) -> str:
    return Path(file).read_text(encoding="utf-8").strip() if file else ""
