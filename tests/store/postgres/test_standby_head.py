"""A node on standby knows what the active one had committed, and misses it in a database that lacks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.integrity.hash_chain import Head
from gateway.store.integrity.journal_head import HeadFile
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import DatabaseInUseError
from tests.store.filled import DOMAIN
from tests.store.postgres.conftest import Admin, Node, Place, PostgresStore
from tests.store.postgres.test_writer import record
from tests.store.test_behind import note
from tests.support.postgres import Cluster

STANDBY = "mx2"


@pytest.fixture
def standby(place: Place, tmp_path: Path, store: PostgresStore) -> Iterator[PostgresStore]:
    """Beside the active node, with the same key."""
    folder = tmp_path / STANDBY
    folder.mkdir()
    (folder / "gateway.db.key").write_bytes((tmp_path / "gateway.db.key").read_bytes())
    made = PostgresStore(place, folder / "gateway.db", DOMAIN, Node(STANDBY, "0.2.0"), answer_s=2.0)
    yield made
    made.close()


def look(standby: PostgresStore) -> Head:
    """As each 2 s; gives what its file says after it."""
    with pytest.raises(DatabaseInUseError, match="node mx1 is active"):
        standby.open()
    standby._head.write(at_once=True)
    return HeadFile(standby.path).load()


def lines(admin: Admin) -> list[Head]:
    return [Head(), *(Head(*row) for row in admin("SELECT id, hash FROM journal ORDER BY id"))]


async def test_it_notes_a_line_when_the_active_node_went_on_after_it(
    store: PostgresStore, standby: PostgresStore, admin: Admin
) -> None:
    await note(store, "one")
    assert Head() == look(standby)  # it may be visible and on one disk only
    assert Head() == look(standby)
    await store.transact(lambda tx: tx.next_due())
    assert lines(admin)[1] == look(standby)


async def test_a_database_without_the_line_is_behind_for_it(
    store: PostgresStore, standby: PostgresStore, place: Place, postgres: Cluster
) -> None:
    """The active node is lost together with the primary, whose standby lacks the last line."""
    await note(store, "one")
    look(standby)
    await note(store, "two")
    look(standby)
    older = postgres.make_database("filled")
    standby._place = Place(postgres.url(older, "gateway"))
    standby.open()
    with pytest.raises(StoreUnavailableError, match="lacks line 1 of the journal"):
        await record(standby, "k1")


async def test_what_is_missing_is_not_forgotten_while_another_goes_on(
    store: PostgresStore, standby: PostgresStore
) -> None:
    """Another node, that does not know it, is active on the older database."""
    lost = Head(7, bytes(32))
    known = HeadFile(standby.path)
    known.note(lost)
    known.write(at_once=True)
    for name in ("one", "two", "three"):
        await note(store, name)
        assert lost == look(standby)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["line", "turn", "look"]), max_size=12))
async def test_its_line_stands_in_the_journal_and_never_goes_back(
    store: PostgresStore, standby: PostgresStore, admin: Admin, steps: list[str]
) -> None:
    last = 0
    for step in steps:
        if step == "line":
            await note(store, "one")
        elif step == "turn":
            await store.transact(lambda tx: tx.next_due())
        else:
            head = look(standby)
            assert head in lines(admin)
            assert last <= head.number
            last = head.number
