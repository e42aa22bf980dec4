"""What `gateway store sql` prints is all that a database needs, for any names of roles and schema."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.support.postgres import running_cluster

pytest.importorskip("psycopg", reason="the extra postgres is not installed")


async def test_a_gateway_without_rights_of_its_own_works_on_what_the_owner_ran(tmp_path: Path) -> None:
    from gateway.store.postgres.cluster.nodes import Node
    from gateway.store.postgres.connecting.session import Place
    from gateway.store.postgres.store import PostgresStore

    named = ["--schema", "city", "--writer", "gateway_city", "--owner", "city_owner"]
    printed = CliRunner().invoke(main, ["store", "sql", *named])
    assert 0 == printed.exit_code
    with running_cluster() as cluster:
        cluster.execute(printed.output, database="filled")
        with pytest.raises(Exception, match='schema "city" already exists'):
            cluster.execute(printed.output, database="filled")
        place = Place(cluster.url("filled", "gateway_city"), "city")
        store = PostgresStore(place, tmp_path / "gateway.db", "gw.example.go.jp", Node("mx1", "0.2.0"))
        store.open()
        assert not await store.transact(lambda tx: tx.has_mail("k1"))
        store.close()
        for forbidden in ("DELETE FROM turn", "INSERT INTO versions VALUES ('x')", "TRUNCATE journal"):
            with pytest.raises(Exception, match="permission denied"):
                cluster.execute(
                    f"SET ROLE gateway_city; SET search_path TO city; {forbidden}", database="filled"
                )


def test_a_name_that_needs_quotes_is_refused() -> None:
    refused = CliRunner().invoke(main, ["store", "sql", "--schema", 'a"; DROP TABLE cases; --'])
    assert (2, True) == (refused.exit_code, "expected lower-case letters, digits and _" in refused.output)


def test_a_database_of_another_encoding_is_refused_before_anything_is_made() -> None:
    printed = CliRunner().invoke(main, ["store", "sql"])
    with running_cluster() as cluster:
        cluster.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        with pytest.raises(Exception, match="the encoding of this database is LATIN1: create it with"):
            cluster.execute(printed.output, database="latin")
        with pytest.raises(Exception, match="does not exist"):
            cluster.execute("SELECT * FROM gateway.cases", database="latin")


def test_a_version_to_upgrade_from_needs_an_upgrade() -> None:
    refused = CliRunner().invoke(main, ["store", "sql", "--from", "v0033_openid_links"])
    assert (2, True) == (refused.exit_code, "--from needs --upgrade" in refused.output)


@pytest.mark.parametrize("end", ["/desk?foo=bar", ":99999/desk", "/desk?sslmode=nonsense"])
def test_a_url_that_libpq_would_reject_is_no_place_to_copy_to(end: str) -> None:
    refused = CliRunner().invoke(main, ["store", "copy", "--to", f"postgresql://gateway@db1{end}"])
    assert (2, True) == (refused.exit_code, "expected" in refused.output)
