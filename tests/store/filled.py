"""Databases for tests of the store: one that the demo filled, and small ones made here."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import SqliteStore

FIXTURES = Path(__file__).parent / "fixtures"
DOMAIN = "gw.example.go.jp"


def at_version(version: str, path: Path) -> sqlite3.Connection:
    """The database that a version of the schema left."""
    connection = sqlite3.connect(path)
    connection.executescript((FIXTURES / f"{version}.sql").read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.commit()
    return connection


def demo(path: Path) -> Path:
    """The demo's made-up people in today's schema, as a service that was stopped leaves them."""
    newest = max(place.stem for place in FIXTURES.glob("v*.sql"))
    at_version(newest, path).close()
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
