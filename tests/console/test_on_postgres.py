"""The console of a desk on PostgreSQL: it reads with a role of its own, and that role's password."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from gateway.cli.run.console import build_source
from gateway.net.control.protocol import CONSOLE, socket_path
from gateway.settings import SettingsError
from gateway.store.console.sessions import TELL_EVERY
from gateway.store.postgres.schema import READER, WRITER
from gateway.store.protocol import NoDatabaseError, Trouble
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, Bench, opened
from tests.console.test_faults import assert_says, elsewhere
from tests.console.test_last_checks import FOUND, keep, read
from tests.console.test_shown_codes import show
from tests.support.postgres import Cluster, running_cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
PASSWORD = "right"  # noqa: S105 - of a server of this test
PAGES = (
    "/", f"/cases/{NUMBER}", "/search", "/mails", "/outbox", "/letters", "/desk", "/organisations",
    "/figures", "/export", "/health", "/journal", "/me",
)  # fmt: skip

RIGHTS = """
SELECT relname, has_table_privilege(oid, 'SELECT'),
       has_table_privilege(oid, 'INSERT') OR has_table_privilege(oid, 'UPDATE')
       OR has_table_privilege(oid, 'DELETE') OR has_table_privilege(oid, 'TRUNCATE')
FROM pg_class WHERE relnamespace = 'gateway'::regnamespace AND relkind = 'r'
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server that wants a password of the role that reads."""
    with running_cluster() as made:
        hba = made.data / "pg_hba.conf"
        hba.write_text(f"host all {READER} 127.0.0.1/32 scram-sha-256\n{hba.read_text()}")
        made.execute(f"ALTER ROLE {READER} PASSWORD '{PASSWORD}'", "SELECT pg_reload_conf()")
        yield made


@pytest.fixture
async def node(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Bench]:
    """A desk with a case; the password is where systemd puts it for the console alone."""
    url = cluster.url(cluster.make_database("filled"), WRITER)
    password = tmp_path / "gateway.reader.password"
    password.write_text(f"{PASSWORD}\n")
    password.chmod(0o600)
    store = f'path = "{tmp_path / "gateway.db"}"\nurl = "{url}"\nreader = "{READER}"\n'
    async with opened(tmp_path, store=f'{store}reader_password_file = "{password}"') as bench:
        await bench.save(case())
        yield bench


async def test_each_page_is_read_with_the_role_that_only_reads(node: Bench, cluster: Cluster) -> None:
    async with node.browser() as browser:
        await node.sign_in(browser, OPERATOR)
        for page in PAGES:
            answer = await browser.get(page)
            assert 200 == answer.status_code, (page, answer.text)
        users = "SELECT string_agg(DISTINCT usename, ' ' ORDER BY usename) FROM pg_stat_activity"
        with psycopg.connect(cluster.url()) as connection:
            ((found,),) = connection.execute(f"{users} WHERE application_name = 'gateway'").fetchall()
        assert f"{WRITER} {READER}" == found


async def test_its_role_reads_every_table_and_writes_none(node: Bench) -> None:
    place = build_source(node.sandbox.app.config).place  # type: ignore[attr-defined]
    with psycopg.connect(place.url, password=place.password) as connection:
        rights = connection.execute(RIGHTS).fetchall()
    assert len(rights) > 20
    assert {(True, False)} == {(reads, writes) for _, reads, writes in rights}, rights


async def test_a_wrong_password_is_a_page_and_a_missing_one_ends_the_console(node: Bench) -> None:
    config, place = node.sandbox.app.config, password_of(node)
    async with node.browser() as browser:
        await node.sign_in(browser)
    place.write_text("wrong\n")
    source = build_source(config)
    with pytest.raises(NoDatabaseError, match=f'password authentication failed for user "{READER}"'):
        source.open()
    async with replace(node, site=replace(node.site, source=source)).browser() as other:
        other.cookies = browser.cookies
        assert_says(await other.get("/"), Trouble.BROKEN)
    place.unlink()
    with pytest.raises(SettingsError, match=r"store\.reader_password_file: .*No such file.*machines\.md"):
        build_source(config)


def password_of(node: Bench) -> Path:
    return Path(node.sandbox.app.config.store.reader_password_file)


async def test_an_operator_sees_the_code_of_a_browser(node: Bench) -> None:
    async with node.browser() as browser:
        await browser.post("/login", data={"address": DECIDER})
        code = await node.code(DECIDER)
        assert [code] == [one["code"] for one in await show(node)]
        assert 303 == (await browser.post("/login/code", data={"code": code})).status_code


async def test_without_a_role_of_its_own_it_reads_as_the_gateway(node: Bench) -> None:
    config = node.sandbox.app.config
    same = msgspec.structs.replace(config, store=msgspec.structs.replace(config.store, reader=""))
    with contextlib.closing(build_source(same).open()) as connection:
        assert WRITER == connection.execute('SELECT current_user AS "me"').fetchone()["me"]


async def test_an_operator_sees_the_last_checks_of_this_node(node: Bench) -> None:
    keep(node, *FOUND)
    assert "no MX record" in await read(node)


async def test_on_a_standby_pages_are_read_and_nobody_signs_in(node: Bench) -> None:
    """There is no socket where no gateway is active."""
    async with node.browser() as browser:
        await node.sign_in(browser)
        with elsewhere(socket_path(node.sandbox.app.store.path, CONSOLE)):
            node.clock.ahead = TELL_EVERY
            assert 200 == (await browser.get(f"/cases/{NUMBER}")).status_code
            assert_says(await browser.post(f"/cases/{NUMBER}/note", data={"memo": "x"}), Trouble.INACTIVE)
