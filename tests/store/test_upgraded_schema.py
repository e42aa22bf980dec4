"""A schema on PostgreSQL that was upgraded, version by version, equals one that was made new."""

from __future__ import annotations

import pytest

from gateway.store.postgres.schema import VERSION, build_sql, note_version
from gateway.store.postgres.schema.upgrade import FIRST, UpgradeError, build_upgrade, list_steps
from gateway.store.sqlite.migrations import VERSIONS
from tests.support.paths import DATA
from tests.support.postgres import Cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
# The output of `gateway store sql` of the first version that can be upgraded.
MADE_BY_FIRST = (DATA / "postgres-v0030.sql").read_text(encoding="utf-8")
WORDS = {
    "columns": """
        SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default,
               collation_name FROM information_schema.columns WHERE table_schema = 'gateway'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'gateway'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'gateway'",
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'gateway'::regnamespace""",
    "triggers": """
        SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = 'gateway'::regnamespace""",
    "owners and privileges": """
        SELECT c.relname, c.relkind, pg_get_userbyid(c.relowner), a.grantee::regrole::text, a.privilege_type
        FROM pg_class c LEFT JOIN LATERAL aclexplode(c.relacl) a ON true
        WHERE c.relnamespace = 'gateway'::regnamespace AND c.relkind IN ('r', 'S')""",
    "storage": """
        SELECT relname, reloptions FROM pg_class
        WHERE relnamespace = 'gateway'::regnamespace AND relkind = 'r'""",
}


def describe(cluster: Cluster, *statements: str) -> dict[str, list[str]]:
    """What there is in a new database after these, without the order in which it was made."""
    name = cluster.make_database()
    try:
        cluster.execute(*statements, database=name)
        with psycopg.connect(cluster.url(name)) as connection:
            return {
                what: sorted(map(repr, connection.execute(sql.encode()).fetchall()))
                for what, sql in WORDS.items()
            }
    finally:
        cluster.drop_database(name)


def test_it_equals_a_new_one(postgres: Cluster) -> None:
    made = describe(postgres, build_sql("gateway"))
    upgraded = describe(postgres, MADE_BY_FIRST, build_upgrade(FIRST, "gateway"))
    assert made == upgraded


def test_the_first_version_is_that_of_the_saved_output() -> None:
    assert note_version(FIRST) in MADE_BY_FIRST


def test_each_version_since_has_a_step() -> None:
    names = list(VERSIONS)
    assert tuple(names[names.index(FIRST) + 1 :]) == list_steps(FIRST)
    assert VERSION == list_steps(FIRST)[-1]


def test_the_newest_version_needs_none() -> None:
    with pytest.raises(UpgradeError, match="nothing to upgrade"):
        list_steps(VERSION)


@pytest.mark.parametrize("since", ["v0029_case_words", "v9999_of_another", ""])
def test_there_is_no_way_from_any_other_version(since: str) -> None:
    with pytest.raises(UpgradeError, match=f"only from {FIRST} or later"):
        build_upgrade(since, "gateway")
