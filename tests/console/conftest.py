"""A console in front of a running gateway: real letters, a real socket, a real database."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from gateway.admission.case.model import Case, State
from gateway.cli.run.console import build_site
from gateway.console.asgi.app import build_app
from gateway.console.asgi.serving import build_server
from gateway.console.site import Site
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.net.host.sockets import bind
from gateway.store.protocol import Transaction
from tests.console.cases import case

URL = "http://127.0.0.1:8025"
READER, ASKER = "reader@kyoso.mihon.go.jp", "asker@kyoso.mihon.go.jp"
DECIDER, OPERATOR = "suzuki@kyoso.mihon.go.jp", "sato@kyoso.mihon.go.jp"
SETTINGS = f"""
[console]
public_url = "{URL}"
operators = ["{OPERATOR}"]
decisions = "confirmed"
[[staff]]
address = "{READER}"
name = "見る人"
role = "read"
[[staff]]
address = "{ASKER}"
name = "聞く人"
role = "ask"
"""
NUMBER = "K7QM-4T"
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


class Clock:
    """The console's time; the gateway's goes on by itself."""

    def __init__(self) -> None:
        self.ahead = datetime.now(UTC) - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Bench:
    """A gateway, its console, and browsers in front of it."""

    sandbox: Sandbox
    site: Site
    clock: Clock

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A browser that sends what browsers send with a form of the own page."""
        sent = {"sec-fetch-site": "same-origin", "origin": URL} | headers
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(build_app(self.site)), base_url=URL, headers=sent
        )

    async def sign_in(self, browser: httpx.AsyncClient, member: str = DECIDER) -> None:
        """By the code of the letter."""
        before = len(self.sandbox.letters(member))
        await browser.post("/login", data={"address": member, "next": "/"})
        code = await self.code(member, before)
        answer = await browser.post("/login/code", data={"code": code, "next": "/"})
        assert (303, "/") == (answer.status_code, answer.headers["location"])

    async def code(self, member: str, before: int = 0, subject: str = "【サインイン】") -> str:
        """The code of the newest letter with this subject, once there are more than `before`."""
        for _ in range(600):
            for letter in reversed(self.sandbox.letters(member)[before:]):
                part = letter.get_body(("plain",))
                assert part is not None
                if subject in str(letter["Subject"]) and (found := CODE.search(part.get_content())):
                    return found[1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no code for {member}")

    async def save(self, *cases: Case) -> None:
        """Put cases into the store."""
        await self.sandbox.app.store.transact(lambda tx: [tx.save(each) for each in cases])

    async def touch(self, number: str) -> None:
        """The applicant writes more: another content than was shown."""

        def change(tx: Transaction) -> None:
            found = tx.case_by_number(number)
            assert found is not None
            form = replace(found.form, department="新しい課")
            tx.save(replace(found, form=form, revision=found.revision + 1))

        await self.sandbox.app.store.transact(change)

    async def trace(self) -> list[tuple[object, ...]]:
        """All that a request could have changed: the journal, the letters, sessions and codes."""
        tables = ("journal", "letters", "console_sessions", "console_codes", "console_browsers", "cases")
        tables += ("console_confirmations", "console_grants", "console_takes", "brakes", "revoked_staff")
        tables += ("console_identities", "absences", "mail_choices")
        return await self.sandbox.app.store.transact(
            lambda tx: [
                tuple(row)
                for table in tables
                for row in tx.connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            ]
        )


@asynccontextmanager
async def opened(folder: Path, console: str = "", store: str = "") -> AsyncIterator[Bench]:
    """With more lines for the table of the console, and those of the store unless it is a file."""
    clock, more = Clock(), SETTINGS.replace("[console]", f"[console]\n{console}")
    async with open_sandbox(folder, more_settings=more, store=store) as sandbox:
        site = replace(build_site(sandbox.app.config, sandbox.folder), now=clock)
        yield Bench(sandbox, site, clock)


@asynccontextmanager
async def served(folder: Path, console: str = "") -> AsyncIterator[Bench]:
    """The console on a port of its own, as uvicorn serves it; with more lines for its table."""
    pages = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{pages.getsockname()[1]}"
    more = SETTINGS.replace(URL, url).replace("[console]", f"[console]\n{console}")
    async with open_sandbox(folder, more_settings=more) as sandbox:
        bench = Bench(sandbox, replace(build_site(sandbox.app.config, sandbox.folder), now=Clock()), Clock())
        server = build_server(bench.site)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [pages]})
        thread.start()
        try:
            yield bench
        finally:
            server.should_exit = True
            await asyncio.to_thread(thread.join)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with opened(tmp_path) as made:
        await made.save(case(State.UNDER_REVIEW))
        yield made
