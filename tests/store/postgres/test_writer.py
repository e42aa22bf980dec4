"""What the waiters hear when the server is away, frozen, or answers COMMIT with a warning."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from gateway.store.postgres.writing.writer import Writer
from gateway.store.protocol import StoreUnavailableError, Transaction
from tests.store.filled import DOMAIN
from tests.store.postgres.conftest import Admin, Node, Place, PostgresStore
from tests.store.test_contract import mail
from tests.support.postgres import running_cluster


async def record(store: PostgresStore, key: str) -> None:
    def work(tx: Transaction) -> None:
        if not tx.has_mail(key):
            tx.record(mail(key), None)

    await store.transact(work)


async def record_in_the_end(store: PostgresStore, key: str) -> None:
    """As a client does that comes again."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await record(store, key)
            except StoreUnavailableError:
                await asyncio.sleep(0.1)


async def test_a_commit_with_a_warning_does_not_count_and_the_mail_comes_again(
    store: PostgresStore, admin: Admin
) -> None:
    """So PostgreSQL tells that the wait for a standby was cancelled."""
    admin("""
        CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$
    """)
    admin("""
        CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON mails DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION warn()
    """)
    with pytest.raises(StoreUnavailableError, match="canceling wait"):
        await record(store, "k1")
    admin("DROP TRIGGER warns ON mails")
    await record(store, "k1")
    assert [("k1",)] == admin("SELECT key FROM mails")


async def test_a_connection_that_was_ended_is_made_anew(store: PostgresStore, admin: Admin) -> None:
    await record(store, "k1")
    admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway'")
    with pytest.raises(StoreUnavailableError):
        await record(store, "k2")
    await record_in_the_end(store, "k2")
    assert [("k1",), ("k2",)] == admin("SELECT key FROM mails ORDER BY key")


async def test_a_frozen_server_is_given_up_with_all_who_wait(store: PostgresStore, admin: Admin) -> None:
    ((pid,),) = admin("SELECT pid FROM pg_stat_activity WHERE application_name = 'gateway'")
    os.kill(int(str(pid)), signal.SIGSTOP)
    try:
        waiting = [asyncio.create_task(record(store, key)) for key in ("k1", "k2")]
        done = await asyncio.gather(*waiting, return_exceptions=True)
        assert [StoreUnavailableError] * 2 == [type(each) for each in done]
    finally:
        os.kill(int(str(pid)), signal.SIGCONT)
    await record_in_the_end(store, "k1")
    assert ("k1",) in admin("SELECT key FROM mails")


async def test_while_the_server_is_stopped_each_is_told_so_and_it_goes_on_by_itself(tmp_path: Path) -> None:
    with running_cluster() as cluster:
        place = Place(cluster.url("filled", "gateway"))
        store = PostgresStore(place, tmp_path / "gateway.db", DOMAIN, Node("mx1", "0.2.0"))
        store.open()
        await record(store, "k1")
        cluster.stop()
        for key in ("k2", "k3", "k4"):
            with pytest.raises(StoreUnavailableError):
                await record(store, key)
        cluster.start()
        await record_in_the_end(store, "k2")
        assert await store.transact(lambda tx: [tx.has_mail(key) for key in ("k1", "k2", "k3")]) == [
            True,
            True,
            False,
        ]
        store.close()


async def test_a_nul_is_no_reason_to_put_a_mail_off_for_ever(store: PostgresStore, admin: Admin) -> None:
    from dataclasses import replace

    await store.transact(lambda tx: tx.record(replace(mail(), subject="a\0b"), None))
    assert [("a\N{REPLACEMENT CHARACTER}b",)] == admin("SELECT subject FROM mails")


async def test_a_fault_of_the_writer_itself_keeps_nobody_waiting(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, admin: Admin
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_end", fail)
        with pytest.raises(StoreUnavailableError, match="a fault of ours"):
            await record(store, "k1")
    await record_in_the_end(store, "k2")
    assert [("k2",)] == admin("SELECT key FROM mails")
