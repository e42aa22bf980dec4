"""Whatever is wrong with the server, its settings or its rights is said in one line, with what to do.

Nothing is written then: no turn is taken, no node is noted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import UnusableStoreError
from tests.crash.nodes.servers import DATABASE, replicated
from tests.store.filled import DOMAIN
from tests.store.postgres.conftest import Admin, Node, Place, PostgresStore
from tests.store.postgres.test_writer import record, record_in_the_end
from tests.support.ports import wait_until_listening
from tests.support.postgres import Cluster, free_port, give_to_account, running_cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
Spoil = Callable[[Place, Admin, Cluster], Place]


def of(place: Place, **parts: object) -> Place:
    """The same place, another part of its URL."""
    known = psycopg.conninfo.conninfo_to_dict(place.url) | parts
    url = "postgresql://{user}@{host}:{port}/{dbname}".format(**known)
    return replace(place, url=url)


def wrong_password(place: Place, admin: Admin, postgres: Cluster) -> Place:
    """The first line of pg_hba.conf wants one of this role alone."""
    hba = postgres.data / "pg_hba.conf"
    if "secretive" not in (text := hba.read_text()):
        hba.write_text(f"host all secretive 127.0.0.1/32 scram-sha-256\n{text}")
        admin("CREATE ROLE secretive LOGIN PASSWORD 'right'")
        admin("SELECT pg_reload_conf()")
    return replace(of(place, user="secretive"), password="wrong")  # noqa: S106 - that is what it is


def other_encoding(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("DROP DATABASE IF EXISTS latin")
    admin("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    return of(place, dbname="latin")


def older_schema(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("UPDATE versions SET name = 'v0001_cases_mails_letters'")
    return place


def one_right_less(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("REVOKE UPDATE ON letters FROM gateway")
    return place


def no_rights(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("REVOKE ALL ON ALL TABLES IN SCHEMA gateway FROM gateway")
    return place


def no_way_in(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("REVOKE USAGE ON SCHEMA gateway FROM gateway")
    return place


def other_desk(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("UPDATE turn SET key_digest = decode(repeat('01', 32), 'hex')")
    return place


def no_connection_left(place: Place, admin: Admin, _: Cluster) -> Place:
    admin("DROP ROLE IF EXISTS crowded")
    admin("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    return of(place, user="crowded")


BROKEN, AWAY = UnusableStoreError, StoreUnavailableError
TABLE: dict[str, tuple[Spoil, type[Exception], str]] = {
    "no server": (lambda place, *_: of(place, port=free_port()), AWAY, "check that the server is running"),
    "no host": (lambda place, *_: of(place, host="db.invalid"), AWAY, "check the host and port in store.url"),
    "user": (lambda place, *_: of(place, user="nobody"), BROKEN, "correct the user or the password"),
    "password": (wrong_password, BROKEN, "correct the user or the password"),
    "database": (
        lambda place, *_: of(place, dbname="nothing"),
        BROKEN,
        "correct the database name in store.url",
    ),
    "schema": (
        lambda place, *_: replace(place, schema="elsewhere"),
        BROKEN,
        "no gateway schema: run",
    ),
    "encoding": (other_encoding, BROKEN, "create the database with encoding UTF8"),
    "older schema": (older_schema, BROKEN, "`gateway store sql --upgrade` as the owner"),
    "one right": (one_right_less, BROKEN, "lacks write privileges on letters: run the GRANT statements"),
    "no rights": (no_rights, BROKEN, "lacks read privileges: run the GRANT statements"),
    "a closed schema": (no_way_in, BROKEN, "may not use the schema: correct the user in store.url"),
    "another desk": (other_desk, BROKEN, "correct store.schema if this is another desk's schema"),
    "connections": (no_connection_left, AWAY, "or the limit of the role (ALTER ROLE ... CONNECTION LIMIT)"),
}


def open_store(place: Place, folder: Path) -> PostgresStore:
    store = PostgresStore(place, folder / "gateway.db", DOMAIN, Node("mx1", "0.2.0"), answer_s=2.0)
    store.open()
    return store


def look(admin: Admin) -> list[list[tuple[object, ...]]]:
    return [
        admin("SELECT * FROM turn"),
        admin("SELECT name FROM nodes"),
        admin("SELECT count(*) FROM journal"),
    ]


@pytest.mark.parametrize("name", TABLE)
def test_what_is_wrong_is_one_line_with_a_remedy_and_nothing_is_written(
    place: Place, admin: Admin, postgres: Cluster, tmp_path: Path, name: str
) -> None:
    spoil, kind, remedy = TABLE[name]
    spoilt = spoil(place, admin, postgres)
    (turn, _, lines) = look(admin)
    with pytest.raises(kind) as found:
        open_store(spoilt, tmp_path)
    said = str(found.value)
    assert (1, True, False) == (len(said.splitlines()), remedy in said, "wrong" in said)
    assert [turn, [], lines] == look(admin)


def test_a_replica_is_refused_and_names_the_remedy(tmp_path: Path) -> None:
    with replicated() as servers:
        replica = Place(servers.standby.url(DATABASE, "gateway"))
        with pytest.raises(BROKEN, match=r"this is a replica: set store\.url to the primary") as found:
            open_store(replica, tmp_path)
        assert 1 == len(str(found.value).splitlines())
        assert [("",)] == servers.ask("SELECT holder FROM turn")


@contextmanager
def pooler(place: Place, more: str) -> Iterator[Place]:
    """PgBouncer of Debian in transaction mode, before the server. It refuses root, as the server does."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="gwpool", dir="/tmp"))
    folder.chmod(0o755)
    known, port = psycopg.conninfo.conninfo_to_dict(place.url), free_port()
    users, settings = folder / "users", folder / "pgbouncer.ini"
    users.write_text('"gateway" ""\n')
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={known['port']}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {users}\n"
        f"pool_mode = transaction\n{more}\n"
    )
    become = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*become, program, str(settings)], stdout=log, stderr=log)
    try:
        asyncio.run(wait_until_listening(port))
        yield of(place, port=port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "connect to the server itself, not to a pooler such as PgBouncer"),
        ("ignore_startup_parameters = options", "not through PgBouncer"),
    ],
)
def test_a_real_pooler_is_refused_also_one_that_ignores_our_settings(
    place: Place, admin: Admin, tmp_path: Path, more: str, said: str
) -> None:
    before = look(admin)
    with pooler(place, more) as behind, pytest.raises(BROKEN, match=said):
        open_store(behind, tmp_path)
    assert before == look(admin)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 24 MB; only root may mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0755", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_of_the_server_is_said_and_over_when_there_is_room() -> None:
    """No mail is kept in part; the node goes on by itself."""
    with running_cluster() as cluster, small_disk(cluster.folder / "disk") as disk:
        give_to_account(disk)
        cluster.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        cluster.execute("CREATE DATABASE desk TEMPLATE filled TABLESPACE small")
        store = open_store(Place(cluster.url("desk", "gateway")), cluster.folder)
        try:
            await record(store, "before")
            filler = disk / "filler"
            fill(filler)
            said = await record_until_full(store)
            assert "the disk of the database server is full: free space there" in said
            assert 1 == len(said.splitlines())
            kept = count_mails(cluster)
            filler.unlink()
            await record_in_the_end(store, "after")
            assert kept + 1 == count_mails(cluster)
        finally:
            store.close()


def fill(filler: Path) -> None:
    """Take all room that there is."""
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(65536))
                file.flush()
        except OSError:
            return


async def record_until_full(store: PostgresStore) -> str:
    """What is said to the first that finds no room; pages that are there already have some."""
    for number in range(2000):
        try:
            await record(store, f"key{number}")
        except StoreUnavailableError as error:
            return str(error)
    raise AssertionError("the disk did not fill")


def count_mails(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url("desk")) as connection:
        return int(connection.execute("SELECT count(*) FROM gateway.mails").fetchone()[0])
