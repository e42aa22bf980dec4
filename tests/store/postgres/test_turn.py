"""One row orders all transactions, and says which node is active."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter
from gateway.printing.fields import ours
from gateway.store.integrity import hash_chain
from gateway.store.postgres.cluster import nodes
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.connecting.session import connect
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError
from tests.store.filled import DOMAIN
from tests.store.postgres.conftest import Admin, Node, Place, PostgresStore
from tests.store.test_contract import mail
from tests.support.factories import APPLICANT, NOW, case

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")

HOUR = timedelta(hours=1)


def other(place: Place, store: PostgresStore, node: str = "mx2") -> PostgresStore:
    return PostgresStore(place, store.path, DOMAIN, Node(node, "0.2.0"))


async def note(store: PostgresStore, name: str, hours: int = 0) -> None:
    entry = JournalEntry(name, ours("me"), {"a": 1})
    await store.transact(lambda tx: tx.journal((entry,), NOW + hours * HOUR, None, None))


async def test_every_transaction_counts_also_one_that_only_reads(store: PostgresStore, admin: Admin) -> None:
    before = admin("SELECT n FROM turn")[0][0]
    for _ in range(3):
        assert not await store.transact(lambda tx: tx.has_mail("k1"))
    assert [(before + 3,)] == admin("SELECT n FROM turn")  # type: ignore[operator]


async def test_the_chain_goes_on_from_the_row_over_transactions_batches_and_failures(
    store: PostgresStore, admin: Admin
) -> None:
    async def fail() -> None:
        def work(tx: object) -> None:
            tx.journal((JournalEntry("bad", ours("me"), {}),), NOW, None, None)  # type: ignore[attr-defined]
            raise ValueError("halfway")

        with pytest.raises(ValueError, match="halfway"):
            await store.transact(work)

    await note(store, "one")
    await asyncio.gather(note(store, "two"), fail(), note(store, "three"), fail(), note(store, "four"))
    proof = await store.transact(lambda tx: hash_chain.check(tx.connection))  # type: ignore[arg-type]
    assert ([], 4) == (proof.broken, proof.lines)
    assert [(4, proof.head.hash)] == admin("SELECT head_number, head_hash FROM turn")


async def test_the_journal_never_goes_back_in_time(store: PostgresStore, admin: Admin) -> None:
    for name, hours in (("one", 1), ("two", 0), ("three", 2)):
        await note(store, name, hours)
    found = [row[0] for row in admin("SELECT at FROM journal ORDER BY id")]
    assert found == sorted(found)  # type: ignore[type-var]
    assert found[0] == found[1]


async def test_another_node_stays_away_while_one_is_active(store: PostgresStore, place: Place) -> None:
    with pytest.raises(DatabaseInUseError, match="node mx1 is active until"):
        other(place, store).open()


async def test_another_node_takes_over_when_the_time_is_over_and_the_first_writes_nothing_more(
    store: PostgresStore, place: Place, admin: Admin
) -> None:
    """By the clock of the database, and with what the first had in hand."""
    lost: list[bool] = []
    store._writer.on_lost = lambda: lost.append(True)  # type: ignore[union-attr]
    letter = OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})
    await store.transact(lambda tx: tx.enqueue(None, [letter], NOW, None))
    (claimed,) = await store.transact(lambda tx: tx.claim(NOW, NOW + HOUR, 10))
    admin("UPDATE turn SET held_until = clock_timestamp() - interval '1 s'")
    second = other(place, store)
    second.open()
    with pytest.raises(StoreUnavailableError, match="TurnLostError"):
        await note(store, "late")
    assert [True] == lost
    assert not await second.transact(lambda tx: tx.holds_lease(claimed))
    (again,) = await second.transact(lambda tx: tx.claim(NOW, NOW + HOUR, 10))
    assert (claimed.message_id, 1) == (again.message_id, again.failures)
    assert [(0,)] == admin("SELECT count(*) FROM journal")
    second.close()


@pytest.mark.parametrize("is_lost", [True, False], ids=["lost", "closed"])
def test_a_node_is_listed_as_seen_when_it_was_last_active(
    store: PostgresStore, place: Place, admin: Admin, is_lost: bool
) -> None:
    """Not when it was last on standby, which may be months ago; and never as one that can take over."""
    admin("UPDATE nodes SET seen_at = clock_timestamp() - interval '90 days'")
    if is_lost:
        admin("UPDATE turn SET held_until = clock_timestamp() - interval '1 s'")
    else:
        store.close()
    second = other(place, store)
    second.open()
    with contextlib.closing(connect(place)) as connection, connection.transaction():
        rows = nodes.load(PostgresConnection(connection))
        (former,) = [row for row in rows if row.name == "mx1"]
    second.close()
    assert "silent" == former.state
    assert 10 <= former.seen_s < 30


async def test_a_node_whose_time_is_over_goes_on_where_nobody_took_over(
    store: PostgresStore, admin: Admin
) -> None:
    admin("UPDATE turn SET held_until = clock_timestamp() - interval '1 h'")
    await note(store, "after a while")
    assert [(True,)] == admin("SELECT held_until > clock_timestamp() FROM turn")


async def test_a_node_that_closes_leaves_the_place_at_once(store: PostgresStore, place: Place) -> None:
    store.close()
    second = other(place, store)
    second.open()
    second.close()


async def test_a_node_with_another_tombstone_key_does_not_begin(
    store: PostgresStore, place: Place, tmp_path: Path, admin: Admin
) -> None:
    store.close()
    with pytest.raises(UnusableStoreError, match="tombstone key"):
        PostgresStore(place, tmp_path / "elsewhere" / "gateway.db", DOMAIN, Node("mx2", "0.2.0")).open()
    assert [("",)] == admin("SELECT holder FROM turn")


async def test_a_statement_outside_of_a_turn_is_a_mistake(store: PostgresStore) -> None:
    kept = await store.transact(lambda tx: tx.connection)
    with pytest.raises(RuntimeError, match="needs a transaction"):
        kept.execute("SELECT 1")


async def test_a_new_application_takes_at_most_fifteen_round_trips(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    execute = psycopg.Connection.execute

    def count(self: object, query: object, *given: object, **named: object) -> object:
        asked.append(query)
        return execute(self, query, *given, **named)

    letters = [
        OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {}),
        OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {}),
    ]

    def work(tx: Transaction) -> None:
        assert not tx.has_mail("k1")
        assert tx.latest_case(APPLICANT) is None
        saved = tx.save(case())
        number = tx.record(mail("k1"), saved.id)
        tx.enqueue(saved, letters, NOW, number)
        tx.journal((JournalEntry("received", ours("me"), {}),), NOW, saved.id, number)

    monkeypatch.setattr(psycopg.Connection, "execute", count)
    await store.transact(work)
    assert 8 <= len(asked) <= 15
