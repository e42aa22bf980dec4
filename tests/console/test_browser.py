"""The console in a real browser: the story without JavaScript, axe-core on every page, keyboard, pictures.

Needs the extra `browser` and Chromium; `nox -s browser` runs it. CONSOLE_PICTURES: a folder for pictures.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.application.form import Form
from gateway.admission.case.model import State
from gateway.cli.run.console import build_site
from gateway.console.serving import build_server
from gateway.demo.sandbox import open_sandbox
from gateway.net.host.sockets import bind
from tests.console.conftest import DECIDER, NUMBER, SETTINGS, URL, Bench, Clock
from tests.support.factories import case
from tests.support.screenshots import CHROMIUM, needs_browser, rows

playwright_api = pytest.importorskip("playwright.async_api")
axe_api = pytest.importorskip("axe_playwright_python.async_playwright")
pytestmark = needs_browser

WIDTHS = (320, 390, 1280)
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
Page = Any  # playwright publishes types only where it is installed


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Bench]:
    """The console on a port of its own, with cases in every view."""
    pages = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{pages.getsockname()[1]}"
    async with open_sandbox(folder, more_settings=SETTINGS.replace(URL, url)) as sandbox:
        bench = Bench(sandbox, replace(build_site(sandbox.app.config), now=Clock()), Clock())
        server = build_server(bench.site)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [pages]})
        thread.start()
        try:
            yield bench
        finally:
            server.should_exit = True
            await asyncio.to_thread(thread.join)


async def fill(bench: Bench) -> None:
    today = bench.clock().date()
    long = Form(name="見" * 200, organisation="x" * 300, department="部" * 100, category="local")
    await bench.save(
        case(),
        case(number="AAAA-01", form=long, question="長" * 2_000, due_on=today - timedelta(days=3)),
        case(State.ON_HOLD, number="AAAA-02", held_until=today + timedelta(days=3)),
        case(State.APPROVED, number="AAAA-03"),
    )


@asynccontextmanager
async def browsing(*, script: bool = True, width: int = 1280) -> AsyncIterator[Page]:
    async with playwright_api.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 900}, locale="ja-JP"
        )
        page = await context.new_page()
        page.set_default_timeout(60_000)
        yield page
        await browser.close()


async def sign_in(page: Page, bench: Bench, *, wide: bool = False) -> None:
    before = len(bench.sandbox.letters(DECIDER))
    await page.goto(bench.site.public_url)
    await page.get_by_label("メールアドレス").fill(DECIDER)
    await page.get_by_role("button", name="確認番号を送る").click()
    code = await bench.code(DECIDER, before)
    typed = code.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else code
    await page.get_by_label("確認番号（6桁）").fill(typed)
    await page.get_by_role("button", name="サインイン", exact=True).click()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with served(tmp_path) as made:
        yield made


async def test_the_story_without_a_script(bench: Bench) -> None:
    await fill(bench)
    async with browsing(script=False) as page:
        await page.goto(f"{bench.site.public_url}/cases/{NUMBER}")
        assert "サインイン" in await page.title()
        await page.get_by_label("メールアドレス").fill(DECIDER)
        await page.get_by_role("button", name="確認番号を送る").click()
        code = await bench.code(DECIDER)
        await page.get_by_label("確認番号（6桁）").fill(f"{(int(code) + 1) % 1_000_000:06d}")
        await page.get_by_role("button", name="サインイン", exact=True).click()
        assert (await page.title()).startswith("エラー:")
        wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        await page.get_by_label("確認番号（6桁）").fill(f" {wide[:3]}　{wide[3:]} ")
        await page.get_by_role("button", name="サインイン", exact=True).click()
        assert NUMBER in await page.title()
        await page.get_by_role("link", name="審査").click()
        await page.get_by_role("link", name="保留").click()
        await page.get_by_role("link", name="AAAA-02").click()
        assert "保留が終わり" in await page.locator("main").inner_text()
        await page.get_by_role("link", name="検索").click()
        await page.get_by_role("searchbox").fill("花子")
        await page.get_by_role("button", name="検索する").click()
        assert 1 <= await page.get_by_role("link", name=NUMBER).count()
        await page.get_by_role("button", name="サインアウト").click()
        await page.goto(bench.site.public_url)
        assert "/login" in page.url


ADDRESSES = (
    *("/login", "/login/code", "/", "/?view=hold", "/?view=applicant", f"/cases/{NUMBER}", "/cases/AAAA-01"),
    *("/search", "/mails", "/outbox", "/outbox?state=sent", "/me", "/nowhere", "/letters/1"),
)


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_nothing_and_no_page_is_wider_than_the_window(
    bench: Bench, width: int, is_full: bool
) -> None:
    if is_full:
        await fill(bench)
    found = []
    async with browsing(width=width) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await sign_in(page, bench)
        for address in ADDRESSES:
            await page.goto(f"{bench.site.public_url}{address}")
            results = (await axe_api.Axe().run(page)).response["violations"]
            found += [(address, one["id"], [node["html"] for node in one["nodes"]][:2]) for one in results]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((address, "wider than the window", []))
            picture = await page.screenshot(full_page=True)
            assert len(set(rows(picture))) > 10, address
            if PICTURES and is_full:
                name = f"{address.strip('/').replace('/', '_').replace('?', '_') or 'queue'}-{width}.png"
                await asyncio.to_thread((Path(PICTURES) / name).write_bytes, picture)
        blocked = [text for text in said if "Content Security Policy" in text]
    assert [] == found
    assert [] == blocked


async def test_text_of_twice_the_size_stays_in_the_window(bench: Bench) -> None:
    await fill(bench)
    async with browsing(width=640) as page:
        await sign_in(page, bench)
        for address in ("/", "/cases/AAAA-01", "/search"):
            await page.goto(f"{bench.site.public_url}{address}")
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth"), address


async def test_the_keyboard_reaches_everything_and_focus_is_seen(bench: Bench) -> None:
    await fill(bench)
    async with browsing() as page:
        await sign_in(page, bench)
        await page.goto(f"{bench.site.public_url}/cases/{NUMBER}")
        wanted = await page.locator("a:visible, button:visible, summary:visible").count()
        seen = set()
        for _ in range(wanted + 2):
            await page.keyboard.press("Tab")
            focus = await page.evaluate(
                "(() => { const at = document.activeElement, box = at.getBoundingClientRect();"
                " return [at.outerHTML, getComputedStyle(at).outlineStyle, box.width * box.height]; })()"
            )
            if focus[0].startswith(("<a", "<button", "<summary")):
                assert "solid" == focus[1]
                assert 0 < focus[2]
                seen.add(focus[0])
        assert len(seen) >= wanted
        await page.goto(bench.site.public_url)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert "#main" in page.url


async def test_a_form_of_another_site_is_refused_and_no_page_is_framed(bench: Bench, tmp_path: Path) -> None:
    evil = tmp_path / "evil.html"
    url = bench.site.public_url
    evil.write_text(
        f'<form method="post" action="{url}/logout"><button>win</button></form><iframe src="{url}/"></iframe>'
    )
    async with browsing() as page:
        await sign_in(page, bench)
        await page.goto(evil.as_uri())
        assert "判断待ち" not in await page.frames[1].content()
        await page.get_by_role("button", name="win").click()
        assert "この操作はできません" in await page.title()
        await page.goto(url)
        assert "審査" in await page.locator("h1").inner_text()
