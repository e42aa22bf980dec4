"""The console in a real browser: the story without JavaScript, axe-core on every page, keyboard, pictures.

Needs the extra `browser` and Chromium; `nox -s browser` runs it. CONSOLE_PICTURES: a folder for pictures.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Absence, State
from gateway.console.asgi.routes import list_pages
from gateway.mail.address import parse
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, Bench, served
from tests.support.screenshots import CHROMIUM, needs_browser, rows

playwright_api = pytest.importorskip("playwright.async_api")
axe_api = pytest.importorskip("axe_playwright_python.async_playwright")
pytestmark = needs_browser

WIDTHS = (320, 390, 1280)
FILES = {"/figures.csv", "/export/cases.csv"}
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
Page = Any  # playwright publishes types only where it is installed


async def fill(bench: Bench) -> None:
    today = bench.clock().date()
    long = Form(name="見" * 200, organisation="x" * 300, department="部" * 100, category="local")
    await bench.save(
        case(),
        case(number="AAAA-01", form=long, question="長" * 2_000, due_on=today - timedelta(days=3)),
        case(State.ON_HOLD, number="AAAA-02", held_until=today + timedelta(days=3)),
        case(State.APPROVED, number="AAAA-03"),
    )
    away = Absence(parse(OPERATOR), today, today + timedelta(days=3))
    await bench.sandbox.app.store.transact(lambda tx: tx.note_absence(away))
    refused = f"{'long' * 15}.{'x' * 40}.example"
    await bench.sandbox.app.store.transact(
        lambda tx: tx.count_refusal("unproven", refused, datetime.now(UTC), 9)
    )


@asynccontextmanager
async def browsing(*, script: bool = True, width: int = 1280, locale: str = "ja-JP") -> AsyncIterator[Page]:
    async with playwright_api.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 900}, locale=locale
        )
        page = await context.new_page()
        page.set_default_timeout(60_000)
        yield page
        await browser.close()


async def sign_in(page: Page, bench: Bench, *, wide: bool = False, member: str = DECIDER) -> None:
    before = len(bench.sandbox.letters(member))
    await page.goto(bench.site.public_url)
    await page.locator("#address").fill(member)
    await page.locator("main button").click()
    code = await bench.code(member, before)
    typed = code.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else code
    await page.locator("#code").fill(typed)
    await page.locator("main form.stack button").click()


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


async def choose(page: Page, bench: Bench, word: str, number: str = NUMBER) -> None:
    """Open a case, choose a word and go on to what would leave."""
    await page.goto(f"{bench.site.public_url}/cases/{number}")
    await page.get_by_label(word, exact=True).check()
    await page.get_by_role("button", name="内容を確かめる").first.click()


async def type_code(page: Page, bench: Bench, member: str, before: int) -> None:
    code = await bench.code(member, before, "【確認番号")
    await page.get_by_label("確認番号（6桁）").fill(code)
    await page.get_by_role("button", name="を確定する").click()


async def test_deciding_without_a_script(bench: Bench) -> None:
    """A reason is missing, the code is wrong, it is done, taken back, and the next case is offered."""
    await fill(bench)
    async with browsing(script=False) as page:
        await sign_in(page, bench)
        await choose(page, bench, "却下")
        assert (await page.title()).startswith("エラー:")
        await page.get_by_label("理由（申請者にそのまま届きます）").fill("対象の団体ではないためです。")
        before = len(bench.sandbox.letters(DECIDER))
        await page.get_by_role("button", name="内容を確かめる").first.click()
        assert "対象の団体ではないためです。" in await page.locator(".letter").first.inner_text()
        code = await bench.code(DECIDER, before, "【確認番号")
        await page.get_by_label("確認番号（6桁）").fill(f"{(int(code) + 1) % 1_000_000:06d}")
        await page.get_by_role("button", name="却下を確定する").click()
        assert (await page.title()).startswith("エラー:")
        await type_code(page, bench, DECIDER, before)
        assert "却下しました。" in await page.locator(".banner").inner_text()
        await page.locator(".banner").get_by_role("button", name="取り消す").click()
        await page.get_by_role("button", name="取り消しを確定する").click()
        assert "取り消しました。" in await page.locator(".banner").inner_text()
        await page.locator(".banner").get_by_role("link", name="AAAA-01").click()
        assert "AAAA-01" in await page.title()


async def test_two_browsers_on_one_case(bench: Bench) -> None:
    await fill(bench)
    async with browsing(script=False) as first, browsing(script=False) as second:
        await sign_in(first, bench)
        await sign_in(second, bench, member=OPERATOR)
        await second.goto(f"{bench.site.public_url}/cases/{NUMBER}")
        before = len(bench.sandbox.letters(DECIDER))
        await choose(first, bench, "保留")
        await type_code(first, bench, DECIDER, before)
        await second.get_by_label("承認", exact=True).check()
        await second.get_by_role("button", name="内容を確かめる").first.click()
        assert "この件は変わりました" in await second.title()
        assert "保留" in await second.locator("table").inner_text()


async def walk_forms(page: Page, bench: Bench) -> AsyncIterator[str]:
    """The pages behind forms, one after the other: what would leave, errors, what changed, what was done."""
    url = bench.site.public_url
    go_on = page.locator("form[action$='/decide'] button").first
    await page.goto(f"{url}/cases/{NUMBER}")
    await page.locator("#word-decline").check()
    await go_on.click()
    yield "decide-error"
    await page.locator("#reason").fill("対象の団体ではないためです。")
    before = len(bench.sandbox.letters(OPERATOR))
    await go_on.click()
    yield "confirm"
    await page.locator("#code").fill("1")
    await page.locator("form[action$='/confirm'] button").click()
    yield "confirm-error"
    await page.locator("#code").fill(await bench.code(OPERATOR, before, "【確認番号"))
    await page.locator("form[action$='/confirm'] button").click()
    yield "done"
    await page.goto(f"{url}/cases/AAAA-01")
    await bench.touch("AAAA-01")
    await page.locator("#word-approve").check()
    await go_on.click()
    yield "changed"
    await page.goto(f"{url}/desk")
    await page.locator("td form button").first.click()
    yield "order"


async def walk_search(page: Page, bench: Bench) -> AsyncIterator[str]:
    """What a search with filters alone finds, and what it says about days in the wrong order."""
    await page.goto(f"{bench.site.public_url}/search")
    await page.locator("details.filters summary").click()
    await page.locator("#state").select_option("on_hold")
    await page.locator("#by").select_option(index=0)
    await page.locator("#from").fill("2026-04-03")
    await page.locator("main form button").click()
    yield "search-found"
    await page.locator("#to").fill("2026-04-02")
    await page.locator("main form button").click()
    yield "search-error"


async def walk(page: Page, bench: Bench, *, with_forms: bool) -> AsyncIterator[str]:
    """Every page, by its name."""
    await page.goto(f"{bench.site.public_url}/login")
    await page.locator("#address").fill(READER)
    await page.locator("main button").click()
    yield "code"
    await page.locator("#code").fill("1")
    await page.locator("main form.stack button").click()
    yield "code-error"
    for address in ADDRESSES:
        await page.goto(f"{bench.site.public_url}{address}")
        yield address.strip("/").replace("/", "_").replace("?", "_") or "queue"
    async for name in walk_search(page, bench):
        yield name
    if with_forms:
        async for name in walk_forms(page, bench):
            yield name


ADDRESSES = (
    *("/login", "/", "/?view=hold", "/?view=applicant", f"/cases/{NUMBER}", "/cases/AAAA-01"),
    *("/search", "/mails", "/outbox", "/outbox?state=sent", "/me", "/desk", "/nowhere", "/letters/1"),
    *(
        "/figures",
        "/organisations",
        "/organisations?q=見本",
        "/organisations/477010",
        "/organisations/477010",
        "/letters",
        "/letters/samples/decline",
        "/health",
        "/journal",
        "/export",
    ),
)


@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_nothing_and_no_page_is_wider_than_the_window(
    bench: Bench, width: int, is_full: bool, locale: str
) -> None:
    if is_full:
        await fill(bench)
    found = []
    async with browsing(width=width, locale=locale) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await sign_in(page, bench, member=OPERATOR)
        async for name in walk(page, bench, with_forms=is_full):
            results = (await axe_api.Axe().run(page)).response["violations"]
            found += [(name, one["id"], [node["html"] for node in one["nodes"]][:2]) for one in results]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((name, "wider than the window", []))
            picture = await page.screenshot(full_page=True)
            assert len(set(rows(picture))) > 10, name
            if PICTURES and is_full:
                place = Path(PICTURES) / f"{name}-{width}-{locale[:2]}.png"
                await asyncio.to_thread(place.write_bytes, picture)
        blocked = [text for text in said if "Content Security Policy" in text]
    assert [] == found
    assert [] == blocked


async def test_text_of_twice_the_size_stays_in_the_window(bench: Bench) -> None:
    await fill(bench)
    async with browsing(width=640) as page:
        await sign_in(page, bench, member=OPERATOR)
        plain = {one.path for one in list_pages() if one.method == "GET" and "{" not in one.path}
        for address in sorted({*plain, "/cases/AAAA-01", "/nowhere"} - {*FILES, "/events"}):
            await page.goto(f"{bench.site.public_url}{address}")
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth"), address


async def test_the_keyboard_reaches_everything_and_focus_is_seen(bench: Bench) -> None:
    await fill(bench)
    async with browsing() as page:
        await sign_in(page, bench)
        await page.goto(f"{bench.site.public_url}/cases/{NUMBER}")
        # Of radio buttons the keyboard reaches one, and goes on among them by arrows.
        wanted = await page.locator("a:visible, button:visible, summary:visible, textarea:visible").count()
        seen = set()
        for _ in range(wanted + 12):  # a date has several fields
            await page.keyboard.press("Tab")
            focus = await page.evaluate(
                "(() => { const at = document.activeElement, box = at.getBoundingClientRect();"
                " return [at.outerHTML, getComputedStyle(at).outlineStyle, box.width * box.height]; })()"
            )
            if focus[0].startswith(("<a", "<button", "<summary", "<textarea")):
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


async def test_an_open_page_says_that_it_changed_and_stays_as_it_is(bench: Bench) -> None:
    await fill(bench)
    async with browsing() as page, browsing() as other:
        for each in (page, other):
            await sign_in(each, bench)
            await each.goto(f"{bench.site.public_url}/cases/{NUMBER}")
        await page.evaluate("window.stays = true")
        await page.get_by_label("却下", exact=True).check()
        assert not await page.locator(".changed").is_visible()
        await other.get_by_role("button", name="担当になる").click()
        await page.locator(".changed").wait_for(state="visible", timeout=15_000)
        assert await page.evaluate("window.stays")
        assert await page.get_by_label("却下", exact=True).is_checked()
        await page.locator(".changed a").click()
        await page.wait_for_load_state()
        assert not await page.locator(".changed").is_visible()
        assert "担当になりました" in await page.locator("main").inner_text()
