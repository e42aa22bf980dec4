"""How pages look in a browser: nothing is cut or broken within a word, and what belongs together is level."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.async_api")
from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import State
from gateway.mail.address import parse
from tests.console.cases import case
from tests.console.conftest import OPERATOR, Bench, served
from tests.console.test_browser import browsing, sign_in
from tests.support.screenshots import needs_browser

pytestmark = needs_browser
LISTS = ("/", "/?view=hold", "/desk", "/outbox?state=sent", "/journal", "/organisations/477010")
LONG = "genuemon.urushibata@town.higashi-mihon.mihon.lg.jp"

# A union, a city, a prefecture, a ward, and none.
CODES = ("018457", "011002", "130001", "131016", "")
# What scrolls sideways, and words that are broken where they should not be.
CUT = """[...document.querySelectorAll("main, main *")].filter(one =>
  one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && getComputedStyle(one).overflowX != "visible"
).map(one => one.outerHTML.slice(0, 200))"""
BROKEN = """([cells, signs]) => [...document.querySelectorAll(cells)].flatMap(cell => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  for (let text; text = texts.nextNode();)
    for (const word of text.data.matchAll(new RegExp(signs, "g"))) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
    }
  return found;
})"""
# The middles of the first lines of each row's cells.
LINES = """[...document.querySelectorAll("main tbody tr")].map(row => [...row.cells].map(cell => {
  const range = document.createRange(), walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text; text = walk.nextNode();) {
    if (!text.data.trim()) continue;
    range.selectNodeContents(text);
    const box = range.getClientRects()[0];
    if (box) return (box.top + box.bottom) / 2;
  }
}).filter(middle => middle))"""


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with served(tmp_path) as made:
        yield made


async def fill_figures(bench: Bench) -> None:
    """A case in each state, and of each kind of organisation."""
    states = list(enumerate(State))
    forms = [
        Form(organisation="見本", category="national" if not code else "local", code=code) for code in CODES
    ]
    await bench.save(
        *(
            case(state, number=f"AAAA-{place:02}", form=forms[place % len(forms)], reason="対象外のため")
            for place, state in states
        )
    )


@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
@pytest.mark.parametrize("width", [320, 390])
async def test_figures_fit_on_a_phone(bench: Bench, width: int, locale: str) -> None:
    """WCAG 1.4.10: no table needs scrolling to the side, and no word is broken to avoid it."""
    await fill_figures(bench)
    async with browsing(width=width, locale=locale) as page:
        await sign_in(page, bench, member=OPERATOR)
        await page.goto(f"{bench.site.public_url}/figures")
        assert 6 <= await page.locator("main table").count()
        assert [] == await page.evaluate(CUT)
        assert [] == await page.evaluate(BROKEN, ["main th, main td", "[\\w.]{2,}"])
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
async def test_the_cells_of_a_row_are_level(bench: Bench, locale: str) -> None:
    """A link or a button is higher than text, but what it says stands on the line of the others."""
    await bench.save(
        case(),
        case(number="AAAA-01", form=Form(name="見本 太郎", organisation="見本町", department="総務課")),
        case(State.ON_HOLD, number="AAAA-02"),
    )
    async with browsing(locale=locale) as page:
        await sign_in(page, bench, member=OPERATOR)
        for path in LISTS:
            await page.goto(f"{bench.site.public_url}{path}")
            for middles in await page.evaluate(LINES):
                assert max(middles) - min(middles) <= 3, path
            for box in await page.locator("input.pick").all():
                link = await box.locator("xpath=following-sibling::a").bounding_box()
                own = await box.bounding_box()
                assert abs(own["y"] + own["height"] / 2 - link["y"] - link["height"] / 2) <= 3


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_an_address_found_is_whole_and_no_label_of_it_is_broken(bench: Bench, width: int) -> None:
    forms = [Form(name="漆畑 源右衛門", organisation="見本県東見本郡" * place) for place in (1, 2, 4)]
    await bench.save(
        *(
            case(number=f"AAAA-{place:02}", form=form, applicant=parse(LONG))
            for place, form in enumerate(forms)
        )
    )
    async with browsing(width=width) as page:
        await sign_in(page, bench, member=OPERATOR)
        await page.goto(f"{bench.site.public_url}/search")
        await page.locator("#q").fill("見本")
        await page.locator("main form button").click()
        assert [LONG] * 3 == await page.locator(".address").all_inner_texts()
        assert [] == await page.evaluate(BROKEN, ["td .address", "[\\w-]{2,}"])
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
