"""`store.copies` is held against the primary: with a synchronous standby, without, and where none is seen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from gateway import settings
from gateway.app.doctor import Level, Subject
from gateway.app.doctor.cluster import check_copies
from gateway.app.health import HealthThresholds, find_problems
from gateway.app.wiring.database.source import build_source
from gateway.demo.fixtures import settings_text
from gateway.net.dns.resolver import DnsResolver
from gateway.store.queries.statistics import Statistics, load_statistics

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
from tests.crash.nodes.servers import DATABASE, Servers, replicated
from tests.support.postgres import wait_until

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NO_NAMES = "ALTER SYSTEM SET synchronous_standby_names = ''"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with replicated() as servers:
        yield servers


def look_at(folder: Path, servers: Servers, copies: str) -> Subject:
    """A gateway whose settings name the primary."""
    config = settings.parse(settings_text(folder, 25, 53).encode(), "gateway.toml")
    url = servers.primary.url(DATABASE, "gateway")
    store = msgspec.structs.replace(config.store, url=url, copies=copies)
    config = msgspec.structs.replace(config, store=store)
    return Subject(config, folder, DnsResolver([]), NOW, lambda: True)


def count_standbys(folder: Path, servers: Servers) -> Statistics:
    return load_statistics(build_source(look_at(folder, servers, "standby").config), NOW)


def remarks(figures: Statistics, copies: str) -> list[str]:
    return [one.text for one in find_problems(figures, HealthThresholds(), copies=copies)]


def see(servers: Servers) -> None:
    servers.primary.execute("GRANT pg_monitor TO gateway")


def lose(servers: Servers) -> None:
    see(servers)
    servers.standby.stop()
    wait_until(lambda: servers.ask("SELECT count(*) FROM pg_stat_replication") == [(0,)])


def wait_for_none(servers: Servers) -> None:
    see(servers)
    servers.primary.execute(NO_NAMES, "SELECT pg_reload_conf()")
    wait_until(lambda: servers.ask("SHOW synchronous_standby_names") == [("",)])


@pytest.mark.parametrize(
    ("copies", "happens", "level", "said"),
    [
        ("one", see, Level.WARNING, "the database is on a single server"),
        ("provider", see, Level.OK, "this is not verified"),
        ("standby", lambda _: None, Level.UNKNOWN, "lacks the privilege to see the standbys"),
        ("standby", see, Level.OK, "every commit waits for a standby (1 synchronous)"),
        ("standby", lose, Level.ERROR, "mail is deferred with 451"),
        ("standby", wait_for_none, Level.ERROR, "a failover can lose mail"),
    ],
)
async def test_the_doctor_proves_what_the_settings_say(
    servers: Servers,
    tmp_path: Path,
    copies: str,
    happens: Callable[[Servers], None],
    level: Level,
    said: str,
) -> None:
    happens(servers)
    try:
        (found,) = await check_copies(look_at(tmp_path, servers, copies))
    finally:
        repair(servers)
    assert (level, True) == (found.level, said in found.text)
    assert bool(found.to_do) == (level is not Level.OK)


def repair(servers: Servers) -> None:
    """As at the beginning: a synchronous standby, and a role that does not see it."""
    if not (servers.standby.data / "postmaster.pid").exists():
        servers.standby.start()
    wanted = NO_NAMES.replace("''", "'*'")
    servers.primary.execute(wanted, "SELECT pg_reload_conf()", "REVOKE pg_monitor FROM gateway")
    servers.wait_for_standby()


async def test_a_server_that_is_away_leaves_it_unknown(servers: Servers, tmp_path: Path) -> None:
    subject = look_at(tmp_path, servers, "standby")
    url = "postgresql://gateway@127.0.0.1:1/desk"
    config = msgspec.structs.replace(
        subject.config, store=msgspec.structs.replace(subject.config.store, url=url)
    )
    (found,) = await check_copies(replace(subject, config=config))
    assert (Level.UNKNOWN, "see the database check") == (found.level, found.to_do)


async def test_nothing_is_said_of_a_file(tmp_path: Path) -> None:
    config = settings.parse(settings_text(tmp_path, 25, 53).encode(), "gateway.toml")
    assert [] == list(await check_copies(Subject(config, tmp_path, DnsResolver([]), NOW, lambda: True)))


def test_the_figures_and_the_status_tell_of_a_standby_that_is_lost(servers: Servers, tmp_path: Path) -> None:
    assert count_standbys(tmp_path, servers).standbys is None
    see(servers)
    there = count_standbys(tmp_path, servers)
    lose(servers)
    try:
        gone = count_standbys(tmp_path, servers)
    finally:
        repair(servers)
    assert (1, 0) == (there.standbys, gone.standbys)
    words = "no synchronous standby"
    told = {copies: [words in one for one in remarks(gone, copies)] for copies in ("one", "standby")}
    assert (True, False) == (any(told["standby"]), any(told["one"]))
    assert not any(words in one for one in remarks(there, "standby"))


def test_without_an_active_node_status_names_the_nodes_and_not_a_locked_file(
    tmp_path: Path, servers: Servers
) -> None:
    figures = count_standbys(tmp_path, servers)
    assert figures.running is False
    (found,) = [one for one in remarks(figures, "one") if "active" in one]
    assert found.startswith("no node is active, so no mail is accepted: gateway node list")
