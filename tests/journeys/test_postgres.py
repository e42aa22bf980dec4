"""The whole way of applications on a PostgreSQL server: real SMTP in, letters out, decided by mail."""

from pathlib import Path

import pytest

from gateway.demo import sandbox as sandboxes
from gateway.demo.runner import run_scenarios
from gateway.demo.sandbox import open_sandbox
from gateway.store.integrity import hash_chain
from gateway.store.protocol import Transaction
from tests.support.postgres import Cluster, running_cluster

pytest.importorskip("psycopg", reason="the extra postgres is not installed")


@pytest.fixture(scope="module")
def cluster() -> object:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def on_postgres(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's settings name a database on the server."""
    database = cluster.make_database("filled")
    write, url = sandboxes.settings_text, cluster.url(database, "gateway")
    monkeypatch.setattr(
        sandboxes,
        "settings_text",
        lambda *given: write(*given).replace("[store]\n", f'[store]\nurl = "{url}"\nnode = "mx1"\n'),
    )


def look(tx: Transaction) -> tuple[list[str], int, list[tuple[object, ...]]]:
    proof = hash_chain.check(tx.connection)
    wrong = tx.connection.execute("""
        SELECT coalesce(c.state, r.state), c.n, r.n FROM case_counts c
        FULL JOIN (SELECT state, count(*) AS n FROM cases GROUP BY state) r ON r.state = c.state
        WHERE coalesce(c.n, 0) <> coalesce(r.n, 0)
    """)
    return proof.broken, proof.lines, [tuple(row) for row in wrong]


@pytest.mark.usefixtures("on_postgres")
async def test_every_persona_of_the_demo_ends_where_it_should(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path) as desk:
        findings = await run_scenarios(desk, lambda *_: None)
        assert 12 <= len(findings)
        assert [] == [(one.persona.who, one.trouble) for one in findings if not one.is_ok]
        broken, lines, wrong = await desk.app.store.transact(look)
        assert ([], []) == (broken, wrong)
        assert 12 <= lines
    assert not (tmp_path / "gateway.db").exists()
