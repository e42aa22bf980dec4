"""What the pages say when nothing can be read or done: each kind of trouble, made for real."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from gateway.console.asgi.app import build_app
from gateway.console.security.shield import MAX_REQUESTS, Receive, Scope, Send, Shield
from gateway.console.view.errors import ERRORS, NOT_ENDED, TROUBLES
from gateway.net.control.protocol import CONSOLE, socket_path
from gateway.printing.bilingual import Text
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.schema import VERSION
from gateway.store.postgres.source import PostgresSource
from gateway.store.protocol import StoreUnavailableError, Trouble
from gateway.store.sqlite.migrations import VERSIONS
from gateway.store.sqlite.source import SqliteSource
from tests.console.conftest import NUMBER, READER, URL, Bench, opened
from tests.store.sqlite.test_faults import small_disk
from tests.support.postgres import Cluster, running_cluster


def assert_says(answer: httpx.Response, trouble: Trouble) -> None:
    assert 503 == answer.status_code
    assert "60" == answer.headers["retry-after"]
    for text in TROUBLES[trouble]:
        assert text.ja in answer.text


@contextlib.contextmanager
def elsewhere(place: Path) -> Iterator[None]:
    """A file that is away for a while."""
    away = place.with_name(f"{place.name}.away")
    place.rename(away)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)
        away.rename(place)


async def test_a_gateway_that_is_stopped(bench: Bench) -> None:
    database = bench.sandbox.app.store.path
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        await browser.post("/login", data={"address": READER})
        with elsewhere(socket_path(database, CONSOLE)):
            assert_says(await browser.post("/login/code", data={"code": "1"}), Trouble.STOPPED)
            note = await browser.post(f"/cases/{NUMBER}/note", data={"memo": "x"})
            assert_says(note, Trouble.STOPPED)
            assert 200 == (await browser.get("/")).status_code
            gone = await browser.post("/logout", data={"x": "1"})
            assert 503 == gone.status_code
            assert NOT_ENDED[0].ja in gone.text
            assert "/login?next=/" == (await browser.get("/")).headers["location"]
        await bench.sign_in(browser)
        with elsewhere(database):
            assert_says(await browser.get("/"), Trouble.STOPPED)
        assert 200 == (await browser.get("/")).status_code


async def test_a_gateway_that_does_not_answer(bench: Bench) -> None:
    place = socket_path(bench.sandbox.app.store.path, CONSOLE)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        with elsewhere(place), socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(str(place))
            deaf.listen()
            assert_says(await browser.post(f"/cases/{NUMBER}/note", data={"memo": "x"}), Trouble.BUSY)


@pytest.mark.parametrize("newer", [True, False])
async def test_a_schema_of_another_version(bench: Bench, newer: bool) -> None:
    statements = (
        (
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('intake-gateway', 'v9999_future', '')",
            "DROP TABLE absences",
        )
        if newer
        else (f"DELETE FROM _sqlite_migrations WHERE name = '{max(VERSIONS)}'",)  # noqa: S608 - our own name
    )
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for statement in statements:
            await bench.sandbox.app.store.transact(
                lambda tx, statement=statement: tx.connection.execute(statement)
            )
        bench.clock.ahead = timedelta(minutes=1)
        for _ in range(2):
            assert_says(await browser.get("/"), Trouble.NEWER if newer else Trouble.OLDER)


# mailbox.Maildir leaves its file open when not even closing it finds room.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 16_384) as disk:
        async with opened(disk) as bench, bench.browser() as browser:
            await bench.sign_in(browser)
            await browser.post("/login", data={"address": READER})
            with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
                while ballast.write(b"x" * 4096):
                    pass
            for _ in range(300):
                answer = await browser.post("/me/end", data={"digest": "0" * 64})
                last = await browser.post("/login/code", data={"code": "1"})
                if 503 in {answer.status_code, last.status_code}:
                    break
            assert_says(answer if answer.status_code == 503 else last, Trouble.FULL)
            assert 200 == (await browser.get("/")).status_code


async def test_a_file_that_is_no_database(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"no database" * 1_000)
    site = replace(bench.site, source=SqliteSource(tmp_path / "other.db"))
    async with Bench(bench.sandbox, site, bench.clock).browser() as browser:
        assert_says(await browser.get("/"), Trouble.BROKEN)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with running_cluster() as made:
        yield made


async def test_a_database_server_that_is_away(bench: Bench, cluster: Cluster, tmp_path: Path) -> None:
    place = Place(cluster.url(cluster.make_database("filled"), "gateway"))
    source = PostgresSource(place, tmp_path / "gateway.db")
    site = replace(bench.site, source=source)
    reading = source.open()
    async with Bench(bench.sandbox, site, bench.clock).browser() as browser:
        assert 303 == (await browser.get("/")).status_code
        cluster.stop("immediate")
        with pytest.raises(StoreUnavailableError) as caught:
            reading.execute("SELECT 1")
        assert Trouble.AWAY is caught.value.trouble
        assert_says(await browser.get("/"), Trouble.AWAY)
        cluster.start()
        assert 303 == (await browser.get("/")).status_code


async def test_a_database_server_with_another_schema(bench: Bench, cluster: Cluster, tmp_path: Path) -> None:
    name = cluster.make_database("filled")
    site = replace(
        bench.site, source=PostgresSource(Place(cluster.url(name, "gateway")), tmp_path / "gateway.db")
    )
    async with Bench(bench.sandbox, site, bench.clock).browser() as browser:
        for version, trouble in (("v9999", Trouble.NEWER), ("v0000", Trouble.OWNED)):
            cluster.execute(f"UPDATE gateway.versions SET name = '{version}'", database=name)  # noqa: S608
            assert_says(await browser.get("/"), trouble)
        cluster.execute(f"UPDATE gateway.versions SET name = '{VERSION}'", database=name)  # noqa: S608
        assert 303 == (await browser.get("/")).status_code


async def test_more_requests_than_there_is_room_for(bench: Bench) -> None:
    """The first ones wait in the app; the next is told so at once, and there is room again after them."""
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def wait(_scope: Scope, _receive: Receive, send: Send) -> None:
        begun.release()
        await go_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = build_app(bench.site)
    assert isinstance(app, Shield)
    app._app = wait
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as browser:
        first = [asyncio.create_task(browser.get("/")) for _ in range(MAX_REQUESTS)]
        for _ in first:
            await begun.acquire()
        answer = await browser.get("/")
        assert_says(answer, Trouble.BUSY)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        go_on.set()
        assert {204} == {one.status_code for one in await asyncio.gather(*first)}
        assert 204 == (await browser.get("/")).status_code


def test_each_trouble_and_each_status_has_words_of_its_own() -> None:
    pages: list[tuple[Text, Text, Text]] = [*TROUBLES.values(), *ERRORS.values(), NOT_ENDED]
    assert set(Trouble) == TROUBLES.keys()
    assert len(pages) == len({(title.ja, text.ja) for title, text, _ in pages})


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("language", ["ja", "en"])
async def test_each_refusal_has_a_page(bench: Bench, method: str, language: str) -> None:
    async with bench.browser(**{"accept-language": language}) as browser:
        await bench.sign_in(browser)
        answers = [
            await browser.request(method, "/"),
            await browser.get("/nowhere"),
            await browser.get("/journal"),
            await browser.get("/", headers={"host": "evil.example"}),
            await browser.post("/logout", data={"x": "1"}, headers={"sec-fetch-site": "cross-site"}),
            await browser.post("/", data={"x": "1"}),
            await browser.post("/logout", data={"x": "x" * 70_000}),
        ]
    found = [answer.status_code for answer in answers]
    assert [405, 404, 403, 400, 403, 405, 413] == found
    for answer, status in zip(answers, found, strict=True):
        assert str(getattr(ERRORS[status][0], language)) in answer.text


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_fault_of_ours_is_a_page_that_tells_nothing_of_it(bench: Bench, language: str) -> None:
    def fail(_: object) -> NoReturn:
        raise RuntimeError("geheim")

    site = replace(bench.site, render_samples=fail)
    transport = httpx.ASGITransport(build_app(site), raise_app_exceptions=False)
    async with bench.browser(**{"accept-language": language}) as browser:
        await bench.sign_in(browser)
        async with httpx.AsyncClient(
            transport=transport, base_url=URL, headers=browser.headers, cookies=browser.cookies
        ) as other:
            answer = await other.get("/letters/samples/decline")
    assert 500 == answer.status_code
    assert "geheim" not in answer.text
    assert str(getattr(ERRORS[500][0], language)) in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
