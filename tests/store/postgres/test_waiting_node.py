"""A machine that was upgraded first waits for the new schema. The others see it; nothing else is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.run.store.node import _cells
from gateway.store.postgres.cluster import nodes
from gateway.store.postgres.cluster.nodes import NodeRow
from gateway.store.postgres.connecting.session import connect
from gateway.store.postgres.schema import VERSION
from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError
from tests.store.filled import DOMAIN
from tests.store.postgres.conftest import Admin, Node, Place, PostgresStore
from tests.support.factories import NOW

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
OLDER, NEWER = "UPDATE versions SET name = 'v0001_older'", "UPDATE versions SET name = 'v9999_newer'"
OTHER_TABLE = "ALTER TABLE nodes RENAME COLUMN settings TO shared"
ALL = "SELECT name, version, settings FROM nodes WHERE name <> 'mx1'"


@pytest.fixture
def upgraded(place: Place, store: PostgresStore) -> PostgresStore:
    """A machine beside the active one, mx1."""
    return PostgresStore(place, store.path, DOMAIN, Node("mx2", "0.3.0", "settings=1"))


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        pytest.param((OLDER,), [("mx2", "0.3.0", f"settings=1 schema={VERSION}")], id="the schema is older"),
        pytest.param((OLDER, OTHER_TABLE), None, id="and the table of machines another"),
        pytest.param((OLDER, "REVOKE INSERT ON nodes FROM gateway"), [], id="and the right is missing"),
    ],
)
def test_it_is_noted_while_another_is_active(
    upgraded: PostgresStore, admin: Admin, changes: tuple[str, ...], noted: list[object] | None
) -> None:
    before = admin("SELECT * FROM turn")
    for change in changes:
        admin(change)
    with pytest.raises(DatabaseInUseError, match=f"this gateway needs {VERSION}"):
        upgraded.open()
    assert noted is None or noted == admin(ALL)
    assert before == admin("SELECT * FROM turn")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((NEWER,), id="this one is the older"),
        pytest.param((OLDER, "UPDATE turn SET held_until = 'epoch'"), id="nobody is active"),
    ],
)
def test_one_that_ends_is_not_noted(upgraded: PostgresStore, admin: Admin, changes: tuple[str, ...]) -> None:
    for change in changes:
        admin(change)
    with pytest.raises(UnusableStoreError):
        upgraded.open()
    assert [] == admin(ALL)


def test_it_stays_listed_until_the_schema_is_there_and_then_waits_for_nothing(
    upgraded: PostgresStore, store: PostgresStore, place: Place, admin: Admin
) -> None:
    admin(OLDER)
    with pytest.raises(DatabaseInUseError):
        upgraded.open()
    store.close()
    admin("UPDATE nodes SET settings = ''")
    with pytest.raises(UnusableStoreError):
        upgraded.open()
    assert [("mx2", "0.3.0", f"settings=1 schema={VERSION}")] == admin(ALL)
    admin(OLDER.replace("v0001_older", VERSION))
    upgraded.open()
    with connect(place) as connection:
        found = {row.name: (row.is_active, row.needs) for row in nodes.load(connection)}  # type: ignore[arg-type]
    upgraded.close()
    assert {"mx1": (False, ""), "mx2": (True, "")} == found


PARTS = st.dictionaries(st.sampled_from(["settings", "keys", "files"]), st.sampled_from(["1", "2"]))


def as_row(name: str, parts: dict[str, str], needs: str = "", seen_s: float = 1.0) -> NodeRow:
    node = Node(name, "0.3.0", " ".join(f"{part}={value}" for part, value in parts.items()))
    shared = nodes.wait_for_schema(node, needs).shared if needs else node.shared
    return NodeRow(name, "0.3.0", shared, NOW, seen_s, is_active=False, needs=needs)


@given(first=PARTS, second=PARTS, needs=st.sampled_from(["", "v0032_a", "v0033_b"]))
def test_what_it_waits_for_is_no_difference(
    first: dict[str, str], second: dict[str, str], needs: str
) -> None:
    """Settings, keys and files are compared all the same, whichever is listed first."""
    plain = nodes.find_differences((as_row("a", first), as_row("b", second)))
    assert plain == nodes.find_differences((as_row("a", first, "v0032_a"), as_row("b", second, needs)))


@pytest.mark.parametrize(
    ("needs", "seen_s", "said"),
    [("", 1.0, "standby"), ("v0032_a", 1.0, "waiting for schema v0032_a"), ("v0032_a", 60.0, "silent")],
)
def test_the_list_says_it(needs: str, seen_s: float, said: str, tmp_path: Path) -> None:
    assert said == _cells(as_row("mx2", {}, needs, seen_s), ())[1]
