"""Databases for tests of the store: one that the demo filled, and small ones made here."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
from pathlib import Path

from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import SqliteStore

FIXTURES = Path(__file__).parent / "fixtures"
DOMAIN = "gw.example.go.jp"


def versions() -> list[str]:
    """The versions of the schema of which there is a dump, the oldest first."""
    return sorted(place.name[:5] for place in FIXTURES.glob("v*.sql*"))


def dump(version: str) -> str:
    """The database that a version left, as SQL; all but the first and the newest are compressed."""
    plain = FIXTURES / f"{version}.sql"
    octets = plain.read_bytes() if plain.exists() else lzma.decompress(Path(f"{plain}.xz").read_bytes())
    return octets.decode("utf-8")


def at_version(version: str, path: Path) -> sqlite3.Connection:
    """The database that a version of the schema left."""
    connection = sqlite3.connect(path)
    connection.executescript(dump(version))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.commit()
    return connection


def demo(path: Path) -> Path:
    """The demo's made-up people in today's schema, as a service that was stopped leaves them."""
    at_version(versions()[-1], path).close()
    store = SqliteStore(path, DOMAIN)
    store.open()
    store.close()
    shutil.rmtree(path.with_name("backups"), ignore_errors=True)  # of the upgrade, if there was one
    return path


SETTINGS = """
[desk]
domain = "gw.example.go.jp"
[[staff]]
address = "sato@kyoso.mihon.go.jp"
name = "佐藤"
[store]
path = "{path}"
[invitation]
join_link = "https://join.example/x"
"""


def settings_folder(folder: Path) -> Path:
    """A settings folder with the demo's database."""
    path = demo(folder / "gateway.db")
    (folder / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")
    return folder
