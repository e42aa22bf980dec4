"""The other cases of a domain: the newest ten, by an index, however many cases there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.admission.case.model import Case
from gateway.mail.address import parse
from gateway.store.postgres.connecting import dialect
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.console import lists
from gateway.store.sqlite.store import SqliteStore
from tests.store.console.test_filters import count_steps
from tests.store.makers import make_store, place, store
from tests.support.factories import case
from tests.support.postgres import Cluster

__all__ = ["make_store", "place", "store"]
OWN = case(applicant=parse("hanako@town.mihon.lg.jp"))


async def save(store: OwnedStore, *addresses: str, since: int = 0) -> None:
    made = [case(number=f"C{n:04X}-0", applicant=parse(each)) for n, each in enumerate(addresses, since)]
    await store.transact(lambda tx: [tx.save(each) for each in made])


async def listed(store: OwnedStore, of: Case = OWN) -> tuple[list[str], bool]:
    def read(tx: Transaction) -> tuple[list[str], bool]:
        found, has_more = lists.list_of_domain(tx.connection, of)
        return [row["applicant_key"] for row in found], has_more

    return await store.transact(read)


@pytest.mark.parametrize(
    ("address", "is_listed"),
    [
        ("other@town.mihon.lg.jp", True),
        ("OTHER@TOWN.mihon.lg.jp", True),
        ("hanako+2@town.mihon.lg.jp", True),
        ("town.mihon.lg.jp@town.mihon.lg.jp", True),
        ("%_*@town.mihon.lg.jp", True),
        ("hanako@town.mihon.lg.jp", False),  # listed as the address's own
        ("Hanako@town.mihon.lg.jp", False),
        ("other@new-town.mihon.lg.jp", False),
        ("other@sub.town.mihon.lg.jp", False),
        ("other@town.mihon.lg.jp.d.example", False),
        ("town.mihon.lg.jp@d.example", False),
        ("other@mihon.lg.jp", False),
    ],
)
async def test_the_domain_is_the_same_to_the_letter(
    store: OwnedStore, address: str, *, is_listed: bool
) -> None:
    await save(store, address)
    assert ([parse(address).key] if is_listed else [], False) == await listed(store)


async def test_an_erased_case_is_listed_nowhere(store: OwnedStore) -> None:
    await save(store, "other@town.mihon.lg.jp", "third@town.mihon.lg.jp")
    erase = "UPDATE cases SET erased_at = opened_at WHERE applicant_key = 'third@town.mihon.lg.jp'"
    await store.transact(lambda tx: tx.connection.execute(erase))
    assert (["other@town.mihon.lg.jp"], False) == await listed(store)


@pytest.mark.parametrize("count", [0, 9, 10, 11, 21, 60])
async def test_the_newest_ten_are_listed_and_more_is_said(store: OwnedStore, count: int) -> None:
    addresses = [f"a{n:02}@town.mihon.lg.jp" for n in range(count)]
    await save(store, *addresses)
    assert (addresses[::-1][:10], count > 10) == await listed(store)


async def test_many_of_the_own_address_may_hide_others_which_is_said(store: OwnedStore) -> None:
    await save(store, "other@town.mihon.lg.jp", *[str(OWN.applicant)] * 60)
    assert ([], True) == await listed(store)


async def test_more_cases_are_not_more_work(tmp_path: Path) -> None:
    store, costs = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp"), []
    store.open()
    for count in (100, 2_000):
        await save(
            store,
            *(f"a{n}@{'town.mihon.lg.jp' if n % 2 else f'd{n}.example'}" for n in range(count)),
            since=count,
        )
        work = lambda tx: count_steps(tx.connection, lambda: lists.list_of_domain(tx.connection, OWN))  # noqa: E731
        costs.append(await store.transact(work))
    store.close()
    assert costs[1] <= costs[0] + 1


def test_postgresql_finds_them_by_the_index(postgres: Cluster) -> None:
    psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    sql = dialect.translate(f"EXPLAIN {lists._OF_DOMAIN}")
    with psycopg.connect(postgres.url("filled")) as connection:
        connection.execute("SET search_path TO gateway, pg_temp")
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(sql, {"domain": "@d.example", "limit": 22}))
    assert "Index Scan Backward using cases_domain" in plan
    assert "Sort" not in plan
