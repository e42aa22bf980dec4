"""`gateway node` and other commands on a real server: what cannot be done, and whether waiting helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.demo.fixtures import settings_text
from tests.support.postgres import Cluster, free_port, running_cluster

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
NOW_AND_LATER = (("node", "list"), ("case", "list"), ("report",))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        cluster.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
        yield cluster


def ask(folder: Path, url: str, *words: str, more: str = "") -> Result:
    text = settings_text(folder, 25, 53).replace("[store]\n", f'[store]\nurl = "{url}"\n{more}', 1)
    (folder / "gateway.toml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


@pytest.mark.parametrize("words", NOW_AND_LATER, ids=" ".join)
@pytest.mark.parametrize(
    ("user", "database", "more", "code"),
    [
        ("nobody", "filled", "", 78),
        ("gateway", "nothing", "", 78),
        ("gateway", "filled", 'schema = "elsewhere"\n', 78),
        ("crowded", "filled", "", 75),
    ],
)
def test_what_must_be_corrected_is_78_and_what_passes_is_75(
    cluster: Cluster, tmp_path: Path, words: tuple[str, ...], user: str, database: str, more: str, code: int
) -> None:
    done = ask(tmp_path, cluster.url(database, user), *words, more=more)
    assert (code, 1) == (done.exit_code, len(done.stderr.splitlines())), done.stderr


@pytest.mark.parametrize("words", NOW_AND_LATER, ids=" ".join)
def test_another_version_is_78_and_a_silent_server_75(
    cluster: Cluster, tmp_path: Path, words: tuple[str, ...]
) -> None:
    name = cluster.make_database("filled")
    cluster.execute("UPDATE gateway.versions SET name = 'v9999_later'", database=name)
    assert 78 == ask(tmp_path, cluster.url(name, "gateway"), *words).exit_code
    silent = f"postgresql://gateway@127.0.0.1:{free_port()}/filled"
    assert 75 == ask(tmp_path, silent, *words).exit_code
