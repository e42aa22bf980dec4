"""Approving several cases in a real browser: each page looked at by axe, on a phone too."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.async_api")
pytest.importorskip("axe_playwright_python.async_playwright")
from tests.console import test_batch
from tests.console.conftest import DECIDER, Bench, served
from tests.console.test_browser import Page, axe_api, browsing, sign_in
from tests.support.screenshots import needs_browser

pytestmark = needs_browser
PICTURES = os.environ.get("CONSOLE_PICTURES", "")


async def look(page: Page, name: str) -> list[tuple[str, str]]:
    """What is wrong with the open page."""
    results = (await axe_api.Axe().run(page)).response["violations"]
    found = [(name, f"{one['id']}: {[node['html'] for node in one['nodes']][:2]}") for one in results]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append((name, "wider than the window"))
    if PICTURES:
        picture = await page.screenshot(full_page=True)
        await asyncio.to_thread((Path(PICTURES) / f"{name}.png").write_bytes, picture)
    return found


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with served(tmp_path) as made:
        yield made


@pytest.mark.parametrize(("width", "locale"), [(320, "ja-JP"), (1280, "en-US")])
async def test_several_cases_are_approved(bench: Bench, width: int, locale: str) -> None:
    await test_batch.fill(bench)
    found = []
    async with browsing(width=width, locale=locale) as page:
        await sign_in(page, bench)
        for box in await page.locator("input.pick").all():
            await box.check()
        found += await look(page, f"batch-queue-{width}")
        await page.locator('form[action="/batch"] button').click()
        await bench.touch(test_batch.CLEAR[0])
        found += await look(page, f"batch-{width}")
        await page.locator("#code").fill(await bench.code(DECIDER, subject=test_batch.SUBJECT))
        await page.locator('form[action="/batch/confirm"] button').click()
        assert 3 == await page.locator("main li").count()
        found += await look(page, f"batch-done-{width}")
    assert [] == found
