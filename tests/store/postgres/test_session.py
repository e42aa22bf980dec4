"""What a role or a database sets for itself counts for nothing; a server that is not fit is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.store.postgres.connecting import session
from gateway.store.postgres.faults import describe_fault, find_trouble, is_away
from gateway.store.postgres.schema import VERSION
from gateway.store.postgres.source import PostgresSource
from gateway.store.protocol import StoreUnavailableError, Trouble
from gateway.store.protocol.opening import UnusableStoreError
from tests.store.postgres.conftest import Admin, Place, PostgresStore
from tests.support.postgres import Cluster, free_port

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
HOSTILE = {
    "TimeZone": "Asia/Tokyo",
    "DateStyle": "German",
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "synchronous_commit": "off",
    "search_path": "pg_temp, elsewhere",
    "statement_timeout": "1ms",
    "bytea_output": "escape",
}


@pytest.mark.parametrize("of", ["ROLE gateway IN DATABASE {}", "DATABASE {}"])
async def test_settings_of_a_hostile_role_or_database_change_nothing(
    place: Place, admin: Admin, store: PostgresStore, of: str
) -> None:
    of = of.format(place.url.rpartition("/")[2])
    for name, value in HOSTILE.items():
        admin(f"ALTER {of} SET {name} TO {value if name == 'search_path' else repr(value)}")
    connection = session.connect(place)
    shown = {name: connection.execute(f"SHOW {name}".encode()).fetchone()[0] for name in session.SETTINGS}
    assert {**session.SETTINGS, "DateStyle": "ISO, MDY"} | {"client_encoding": "UTF8"} == shown
    assert b"\x00\\" == connection.execute(b"SELECT '\\x005c'::bytea").fetchone()[0]
    connection.close()
    store.close()
    store.open()
    assert not await store.transact(lambda tx: tx.has_mail("k1"))


def of_another_version(admin: Admin) -> None:
    admin("UPDATE versions SET name = 'v0001_cases_mails_letters'")


def without_rights(admin: Admin) -> None:
    admin("REVOKE ALL ON ALL TABLES IN SCHEMA gateway FROM gateway")


def without_schema(admin: Admin) -> None:
    admin("DROP SCHEMA gateway CASCADE")


@pytest.mark.parametrize(
    ("hurt", "told"),
    [
        (
            of_another_version,
            f"schema is version v0001_cases_mails_letters, but this gateway needs {VERSION}",
        ),
        (without_rights, "the user lacks read privileges: run the GRANT statements"),
        (without_schema, "no gateway schema: run the output of `gateway store sql`"),
    ],
)
def test_a_database_that_is_not_fit_is_refused(
    place: Place, admin: Admin, hurt: Callable[[Admin], None], told: str
) -> None:
    hurt(admin)
    with pytest.raises(UnusableStoreError, match=told):
        session.connect(place)


def test_a_pooler_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It hands out process numbers of its own."""
    monkeypatch.setattr(psycopg.ConnectionInfo, "backend_pid", property(lambda _info: 1))
    with pytest.raises(UnusableStoreError, match="pooler"):
        session.connect(place)


@pytest.mark.parametrize(
    ("url", "remedy", "trouble"),
    [
        ("gateway@127.0.0.1:{closed}/filled", "check that the server is running", Trouble.AWAY),
        ("gateway@127.0.0.1:{open}/nothing", "correct the database name in store.url", Trouble.BROKEN),
        ("stranger@127.0.0.1:{open}/filled", "correct the user or the password", Trouble.BROKEN),
    ],
)
def test_a_connection_that_does_not_come_about_says_what_to_do(
    postgres: Cluster, url: str, remedy: str, trouble: Trouble
) -> None:
    place = Place("postgresql://" + url.format(open=postgres.port, closed=free_port()))
    with pytest.raises(psycopg.OperationalError) as found:
        session.connect(place)
    assert remedy in describe_fault(str(place), found.value)
    assert trouble == find_trouble(found.value)


def test_no_password_is_in_the_name_of_a_place() -> None:
    place = Place("postgresql://gateway:geheim@db.example:5433/desk?sslmode=require", "city")
    assert "postgresql://db.example:5433/desk (city)" == str(place)


@pytest.mark.parametrize("more", ["", "?target_session_attrs=read-write", "?target_session_attrs=any"])
def test_of_several_servers_the_one_that_takes_writes_is_found_also_by_those_who_read(
    postgres: Cluster, more: str
) -> None:
    place = Place(f"postgresql://gateway@127.0.0.1:{free_port()},127.0.0.1:{postgres.port}/filled{more}")
    session.connect(place).close()
    reading = PostgresSource(place, Path("gateway.db")).open()
    assert [("on",)] == [tuple(row) for row in reading.execute("SHOW default_transaction_read_only")]
    with pytest.raises(StoreUnavailableError, match="read-only transaction"):
        reading.execute("DELETE FROM letters")
    reading.close()
    assert f"{postgres.port}/filled" in str(place)


@pytest.mark.parametrize(
    ("code", "away"),
    [
        ("08006", True),
        ("53100", True),
        ("57P01", True),
        ("58030", True),
        ("XX001", True),
        ("25006", True),
        ("25P02", True),
        ("25P03", True),
        ("40001", True),
        ("40P01", True),
        ("55P03", True),
        ("23505", False),
        ("22P02", False),
        ("42703", False),
        ("25001", False),
    ],
)
def test_what_counts_as_away_is_a_table(code: str, *, away: bool) -> None:
    assert away == is_away(_fault(code))


def _fault(code: str) -> Exception:
    kind: type[Exception] = psycopg.errors.lookup(code)
    return kind("of the server")
