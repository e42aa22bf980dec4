"""The table of what counts as away, each code from a real server: nothing is kept, and the next try works."""

import asyncio
from collections.abc import Callable
from threading import Timer

import pytest

from gateway.store.postgres.faults import AWAY
from gateway.store.protocol import StoreUnavailableError, Transaction
from tests.store.postgres.conftest import Admin, Place, PostgresStore
from tests.store.postgres.test_writer import record, record_in_the_end
from tests.store.test_contract import mail
from tests.support.postgres import Cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
Provoke = Callable[[Transaction, Admin], None]


def end_the_session(_: Transaction, admin: Admin) -> None:
    admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway'")


def cancel(tx: Transaction, admin: Admin) -> None:
    find = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway'"
    Timer(0.3, admin, (find,)).start()
    tx.connection.execute("SELECT pg_sleep(5)")


def take_too_long(tx: Transaction, _: Admin) -> None:
    tx.connection.execute("SET LOCAL statement_timeout = '50ms'")
    tx.connection.execute("SELECT pg_sleep(5)")


def be_idle_too_long(tx: Transaction, _: Admin) -> None:
    tx.connection.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
    Timer(0.3, lambda: None).run()


def write_to_one_that_only_reads(tx: Transaction, _: Admin) -> None:
    tx.connection.execute("SET TRANSACTION READ ONLY")
    tx.record(mail("other"), None)


def wait_for_a_lock(tx: Transaction, admin: Admin) -> None:
    tx.connection.execute("SET LOCAL lock_timeout = '100ms'")
    admin("BEGIN")
    admin("LOCK TABLE letters")
    try:
        tx.connection.execute("SELECT count(*) FROM letters")
    finally:
        admin("ROLLBACK")


PROVOKED: dict[str, Provoke] = {
    "57P01": end_the_session,
    "57014 by hand": cancel,
    "57014 by time": take_too_long,
    "25P03": be_idle_too_long,
    "25006": write_to_one_that_only_reads,
    "55P03": wait_for_a_lock,
}


@pytest.mark.parametrize("name", PROVOKED)
async def test_what_the_server_reports_is_away_and_over(
    store: PostgresStore, admin: Admin, name: str
) -> None:
    def work(tx: Transaction) -> None:
        tx.record(mail("k1"), None)
        PROVOKED[name](tx, admin)
        tx.record(mail("k2"), None)

    both = asyncio.gather(store.transact(work), record(store, "neighbour"), return_exceptions=True)
    assert [StoreUnavailableError] * 2 == [type(one) for one in await both]
    assert [] == admin("SELECT key FROM mails")
    await record_in_the_end(store, "k1")
    assert [("k1",)] == admin("SELECT key FROM mails")


# What needs a broken disk or a second server comes from a trigger: the client gets the same.
CODES = ("08006", "08P01", "53100", "53200", "53300", "57P02", "57P03", "58030", "58P01", "XX000", "XX001")


@pytest.mark.parametrize("code", [*CODES, "25P02", "40001", "40P01"])
async def test_a_code_that_a_disk_or_another_server_makes_is_away(
    store: PostgresStore, admin: Admin, code: str
) -> None:
    admin(f"""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'of a broken disk' USING ERRCODE = '{code}'; END $$
    """)
    admin("CREATE TRIGGER fails BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION fail()")
    with pytest.raises(StoreUnavailableError, match="of a broken disk"):
        await record(store, "k1")
    admin("DROP TRIGGER fails ON mails")
    await record_in_the_end(store, "k1")
    assert [("k1",)] == admin("SELECT key FROM mails")


async def test_of_two_in_a_deadlock_the_other_may_win(
    store: PostgresStore, admin: Admin, place: Place, postgres: Cluster
) -> None:
    """40P01 from the server itself."""
    await record(store, "k1")
    with psycopg.connect(postgres.url(place.url.rpartition("/")[2]), autocommit=True) as other:
        other.execute("SET deadlock_timeout = '20s'")  # the store's session finds it
        other.execute("SET search_path TO gateway")
        other.execute("BEGIN")
        other.execute("LOCK TABLE letters")
        waiting = asyncio.get_running_loop().run_in_executor

        def work(tx: Transaction) -> None:
            tx.record(mail("k2"), None)
            Timer(0.2, lambda: other.execute("LOCK TABLE mails")).start()
            tx.connection.execute("SELECT pg_sleep(0.5)")
            tx.connection.execute("SELECT count(*) FROM letters")

        with pytest.raises(StoreUnavailableError, match="deadlock"):
            await store.transact(work)
        await waiting(None, other.execute, "ROLLBACK")
    await record_in_the_end(store, "k2")


async def test_two_that_are_in_each_others_way_are_away(store: PostgresStore, admin: Admin) -> None:
    """40001 from the server itself, at an isolation that the store never asks for."""

    await record(store, "k0")
    change = "UPDATE mails SET subject = 'other' WHERE key = 'k0'"

    def work(tx: Transaction) -> None:
        admin(change)
        tx.connection.execute(change)

    begin, turns = "BEGIN;", "BEGIN ISOLATION LEVEL REPEATABLE READ;"
    from gateway.store.postgres.writing import turn

    taken, turn._TAKE = turn._TAKE, turn._TAKE.replace(begin, turns)
    try:
        with pytest.raises(StoreUnavailableError, match="could not serialize"):
            await store.transact(work)
    finally:
        turn._TAKE = taken
    await record_in_the_end(store, "k1")


def test_the_table_has_a_test_for_each_of_its_rows() -> None:
    tried = (*PROVOKED, *CODES, "25P02", "40001", "40P01")
    assert [] == [start for start in AWAY if not any(one.startswith(start) for one in tried)]
