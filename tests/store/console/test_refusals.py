"""Rejected mail by domain: the last seven days in Japan, each domain once, however it was rejected."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.admission.business_days import TOKYO
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.console import refusals
from gateway.store.queries.console.refusals import DAYS, MOST
from tests.store.makers import make_store, place, store

__all__ = ["make_store", "place", "store"]
NOON = datetime.now(TOKYO).replace(hour=12, minute=0, second=0, microsecond=0)
TOWN, CITY = "town.mihon.lg.jp", "city.mihon.lg.jp"


async def count(store: OwnedStore, domain: str, *moments: datetime, reason: str = "unproven") -> None:
    def write(tx: Transaction) -> None:
        for each in moments:
            tx.count_refusal(reason, domain, each, 1_000)

    await store.transact(write)


async def listed(store: OwnedStore) -> tuple[list[tuple[str, int, datetime]], int]:
    found, others = await store.transact(lambda tx: refusals.list_refused(tx.connection, NOON.date()))
    return [(one.domain, one.count, one.last_at) for one in found], others


async def test_domains_are_counted_over_days_and_reasons(store: OwnedStore) -> None:
    before = NOON - timedelta(days=1)
    await count(store, TOWN, before, NOON)
    await count(store, TOWN, before, reason="unreachable")
    await count(store, CITY, before)
    assert ([(TOWN, 3, NOON), (CITY, 1, before)], 0) == await listed(store)


async def test_only_the_last_seven_days_in_japan_count(store: OwnedStore) -> None:
    midnight = NOON.replace(hour=0)
    first = midnight - timedelta(days=DAYS - 1)
    await count(store, TOWN, first)
    await count(store, CITY, first - timedelta(seconds=1))
    assert ([(TOWN, 1, first)], 0) == await listed(store)


async def test_of_many_domains_the_first_are_listed_and_the_others_are_counted(store: OwnedStore) -> None:
    for number in range(MOST + 3):
        await count(store, f"d{number:02}.example", NOON)
    await count(store, "d60.example", NOON, NOON)
    found, others = await listed(store)
    assert (("d60.example", 2, NOON), MOST, 4) == (found[0], len(found), others)
    assert sorted(found, key=lambda one: (-one[1], one[0])) == found


async def test_nothing_rejected_is_nothing_listed(store: OwnedStore) -> None:
    assert ([], 0) == await listed(store)
