"""Signing in by an OpenID provider in a real browser, without JavaScript; axe-core on its pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("playwright.async_api")

from gateway.console.sign_in.openid import PROBLEMS
from tests.console.conftest import OPERATOR, READER, served
from tests.console.provider import Provider, serving
from tests.console.test_browser import PICTURES, WIDTHS, Page, axe_api, browsing
from tests.console.test_openid import bind, settings_of
from tests.support.screenshots import needs_browser

pytestmark = needs_browser


async def test_a_member_goes_to_the_provider_and_comes_back(tmp_path: Path) -> None:
    provider = Provider(person=READER)
    with serving(provider):
        async with served(tmp_path, settings_of(provider, tmp_path)) as bench, browsing(script=False) as page:
            await bind(bench, provider.issuer, READER)
            await page.goto(f"{bench.site.public_url}/outbox")
            await page.get_by_role("link", name="組織のアカウントでサインイン").click()
            assert f"{bench.site.public_url}/outbox" == page.url
            await page.get_by_role("button", name="サインアウト").click()
            provider.changed = {"aud": "other"}
            await page.get_by_role("link", name="組織のアカウントでサインイン").click()
            assert (await page.title()).startswith("エラー:")
            assert "code=" not in page.url


@pytest.mark.parametrize(("width", "locale"), [(320, "ja-JP"), (390, "ja-JP"), (1280, "en-GB")])
async def test_a_member_links_a_new_account(tmp_path: Path, width: int, locale: str) -> None:
    """Without a script; axe-core on each page on the way, and on those that tell of it; text at 200 %."""
    found = []

    async def look(page: Page) -> None:
        violations = (await axe_api.Axe().run(page)).response["violations"]
        found.extend((page.url, one["id"]) for one in violations)
        if PICTURES:
            name = page.url.split("/", 3)[3].partition("?")[0].replace("/", "-")
            place = Path(PICTURES) / f"link-{name}-{width}-{locale[:2]}.png"
            await asyncio.to_thread(place.write_bytes, await page.screenshot(full_page=True))
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((page.url, "wider than the window at 200 %"))

    claims = {"email": f"{'long.' * 12}name@sub.domain.of.login.example.go.jp", "name": "佐藤 花子"}
    with serving(provider := Provider(person="p7", changed=claims)):
        async with (
            served(tmp_path, settings_of(provider, tmp_path)) as bench,
            browsing(width=width, locale=locale) as page,
        ):
            await page.goto(f"{bench.site.public_url}/outbox")
            await page.locator("main a.button").click()
            assert claims["email"] == await page.locator("#address").input_value()
            await look(page)
            await page.locator("#address").fill(OPERATOR)
            await page.locator("main form.stack button").click()
            await look(page)
            await page.locator("#code").fill(await bench.code(OPERATOR))
            await page.locator("main form.stack button").click()
            assert f"{bench.site.public_url}/outbox" == page.url
            for place in ("", "desk"):
                await page.goto(f"{bench.site.public_url}/{place}")
                await look(page)
            await page.goto(f"{bench.site.public_url}/me")
            await look(page)
            await page.locator("form[action='/me/unlink'] button").click()
            assert 0 == await page.locator("form[action='/me/unlink']").count()
    assert [] == found


@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_axe_finds_nothing_on_its_pages(tmp_path: Path, width: int, locale: str) -> None:
    found = []
    with serving(provider := Provider()):
        async with (
            served(tmp_path, settings_of(provider, tmp_path)) as bench,
            browsing(width=width, locale=locale) as page,
        ):
            for problem in ("", *PROBLEMS):
                await page.goto(f"{bench.site.public_url}/login?problem={problem}")
                violations = (await axe_api.Axe().run(page)).response["violations"]
                found += [(problem, one["id"]) for one in violations]
                if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append((problem, "wider than the window"))
                if PICTURES:
                    picture = await page.screenshot(full_page=True)
                    place = Path(PICTURES) / f"provider-{problem}-{width}-{locale[:2]}.png"
                    await asyncio.to_thread(place.write_bytes, picture)
    assert [] == found
