#!/usr/bin/env python3
"""What recording an application costs in each store: rate and processor time, and of it the statements alone.

usage: stores.py [N]

N applications (default 1000) with two letters each, one a transaction and ten a transaction, in an SQLite
file and on a PostgreSQL server of its own on loopback, whose processor time is not counted. "statements
alone" are the same statements run again by the driver, without the gateway.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.checkout import enter

enter()

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter
from gateway.mail import address
from gateway.printing.fields import ours
from gateway.store.postgres.cluster.nodes import Node
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.store import PostgresStore
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.sqlite import store as sqlite_store
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN
from tests.store.test_contract import mail
from tests.support.factories import NOW, case
from tests.support.postgres import running_cluster

Call = tuple[str, object]


def record_application(tx: Transaction, number: int) -> None:
    """As `Receiver` does for somebody new."""
    who, key = address.parse(f"shokuin{number:05d}@town.mihon.lg.jp"), f"k{number}"
    assert not tx.has_mail(key)
    assert tx.latest_case(who) is None
    saved = tx.save(case(number=f"{number:05d}-AB", applicant=who, due_on=tokyo_date(NOW)))
    mail_id = tx.record(replace(mail(key), message_id=f"<{number}@mihon>", raw=bytes(6000)), saved.id)
    tx.enqueue(
        saved,
        [OutgoingLetter(each, who, {}) for each in (Letter.ACKNOWLEDGMENT, Letter.HOW_TO_APPLY)],
        NOW,
        mail_id,
    )
    tx.journal((JournalEntry("received", ours("me"), {}),), NOW, saved.id, mail_id)


async def record(store: OwnedStore, count: int, at_once: int) -> None:
    for first in range(0, count, at_once):
        numbers = range(first, first + at_once)
        await asyncio.gather(*(store.transact(lambda tx, n=n: record_application(tx, n)) for n in numbers))


def measure(store: OwnedStore, count: int, at_once: int) -> tuple[float, float]:
    """Applications a second, and processor time of one in microseconds."""
    store.open()
    try:
        begun, used = time.perf_counter(), time.process_time()
        asyncio.run(record(store, count, at_once))
        return count / (time.perf_counter() - begun), (time.process_time() - used) / count * 1e6
    finally:
        store.close()


class Noting(sqlite3.Connection):
    """Notes what is run."""

    calls: ClassVar[list[Call]] = []

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.calls.append((sql, parameters))
        return super().execute(sql, parameters)


@contextmanager
def noting() -> Iterator[list[Call]]:
    del Noting.calls[:]
    connect = functools.partial(sqlite3.connect, factory=Noting)
    with mock.patch.object(sqlite_store.sqlite3, "connect", connect):
        yield Noting.calls


def measure_statements(folder: Path, count: int, at_once: int) -> float:
    """Processor time of an application's statements, run again by the driver alone."""
    with noting() as calls:
        store = SqliteStore(folder / "noted.db", DOMAIN)
        store.open()
        del calls[:]
        asyncio.run(record(store, count, at_once))
        noted = list(calls)
        store.close()
    again = SqliteStore(folder / "again.db", DOMAIN)
    again.open()
    again.close()
    connection = sqlite3.connect(again.path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    used = time.process_time()
    for sql, parameters in noted:
        connection.execute(sql, parameters).fetchall()
    used = time.process_time() - used
    connection.close()
    return used / count * 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{'store':<12}{'a transaction':>14}{'a second':>10}{'CPU us':>8}{'statements alone':>18}")
    with running_cluster() as cluster:
        for at_once in (1, 10):
            with tempfile.TemporaryDirectory(prefix="stores-") as name:
                folder = Path(name)
                rate, cpu = measure(SqliteStore(folder / "gateway.db", DOMAIN), count, at_once)
                alone = measure_statements(folder, count, at_once)
                print(f"{'SQLite':<12}{at_once:>14}{rate:>10.0f}{cpu:>8.0f}{alone:>18.0f}", flush=True)
                place = Place(cluster.url(cluster.make_database("filled"), "gateway"))
                rate, cpu = measure(
                    PostgresStore(place, folder / "pg" / "gateway.db", DOMAIN, Node("mx1", "0.2.0")),
                    count,
                    at_once,
                )
                print(f"{'PostgreSQL':<12}{at_once:>14}{rate:>10.0f}{cpu:>8.0f}{'-':>18}", flush=True)


if __name__ == "__main__":
    main()
