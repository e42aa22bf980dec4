"""How pages look in a browser: nothing is cut or broken within a word, and what belongs together is level."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.async_api")
from gateway.admission.application.fields import Form
from gateway.admission.case.model import State
from tests.console.cases import case
from tests.console.conftest import OPERATOR, Bench, served
from tests.console.test_browser import browsing, sign_in
from tests.support.screenshots import needs_browser

pytestmark = needs_browser

# A union, a city, a prefecture, a ward, and none.
CODES = ("018457", "011002", "130001", "131016", "")
# What scrolls sideways, and words that are broken where they should not be.
CUT = """[...document.querySelectorAll("main, main *")].filter(one =>
  one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && getComputedStyle(one).overflowX != "visible"
).map(one => one.outerHTML.slice(0, 200))"""
BROKEN = """[...document.querySelectorAll("%s")].flatMap(cell => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  for (let text; text = texts.nextNode();)
    for (const word of text.data.matchAll(/[\\w.]{2,}/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
    }
  return found;
})"""


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
        assert [] == await page.evaluate(BROKEN % "main th, main td")
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
