"""The markup of every page, as it is sent, is valid by html-validate: what a browser repairs in silence.

Skipped where it is not installed: npm install --prefix tests/oracle
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.async_api")
pytest.importorskip("axe_playwright_python.async_playwright")
from gateway.console.view import errors
from gateway.console.view.rendering import Frame, render_error, render_trouble
from gateway.printing.bilingual import Language
from gateway.store.protocol import Trouble
from tests.console import test_batch
from tests.console.conftest import DECIDER, OPERATOR, Bench, served
from tests.console.test_browser import Page, browsing, fill, sign_in, walk
from tests.support.paths import ROOT
from tests.support.screenshots import needs_browser

ORACLE = ROOT / "tests" / "oracle"
NODE = shutil.which("node")
COMMAND = ORACLE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
needs_validator = pytest.mark.skipif(
    not NODE or not COMMAND.is_file(),
    reason="needs node and html-validate: npm install --prefix tests/oracle",
)


def validate(pages: dict[str, str], folder: Path) -> list[tuple[str, int, str, str]]:
    """What is wrong with each page: its name, line, rule and message."""
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    said, config = folder / "said.json", ORACLE / "html-validate.json"
    command = [
        str(NODE),
        str(COMMAND),
        "--config",
        str(config),
        "--formatter",
        "json",
        str(folder / "*.html"),
    ]
    with said.open("wb") as file:  # of a pipe, it leaves the rest unwritten
        done = subprocess.run(
            command, stdout=file, stderr=subprocess.PIPE, text=True, timeout=120, check=False
        )
    assert done.returncode in {0, 1}, done.stderr
    return [
        (Path(page["filePath"]).stem, one["line"], one["ruleId"], one["message"])
        for page in json.loads(said.read_bytes())
        for one in page["messages"]
    ]


class Documents:
    """What a browser was sent, before it made anything of it."""

    def __init__(self, page: Page) -> None:
        self._last: Any = None
        page.on("response", self._note)

    def _note(self, response: Any) -> None:
        if response.request.resource_type == "document" and response.status not in {302, 303}:
            self._last = response

    async def read(self) -> str:
        """The page that is open now."""
        await self._last.finished()
        return str(await self._last.text())


def _is_whole(text: str) -> bool:
    return text.lstrip().lower().startswith("<!doctype html>") and text.rstrip().endswith("</html>")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with served(tmp_path) as made:
        yield made


@needs_validator
@needs_browser
@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "empty"])
async def test_every_page_is_valid(bench: Bench, tmp_path: Path, is_full: bool, locale: str) -> None:
    if is_full:
        await fill(bench)
    pages = dict[str, str]()
    async with browsing(script=False, locale=locale) as page:
        documents = Documents(page)
        await sign_in(page, bench, member=OPERATOR)
        async for name in walk(page, bench, with_forms=is_full):
            pages[name] = await documents.read()
    assert len(pages) > 20
    assert [] == [name for name, text in pages.items() if not _is_whole(text)]
    folder = tmp_path / "pages"
    folder.mkdir()
    assert [] == validate(pages, folder)


@needs_validator
@needs_browser
async def test_the_pages_of_several_cases_are_valid(bench: Bench, tmp_path: Path) -> None:
    await test_batch.fill(bench)
    pages = dict[str, str]()
    async with browsing(script=False) as page:
        documents = Documents(page)
        await sign_in(page, bench)
        for box in await page.locator("input.pick").all():
            await box.check()
        pages["queue"] = await documents.read()
        await page.locator('form[action="/batch"] button').click()
        pages["batch"] = await documents.read()
        await page.locator("#code").fill(await bench.code(DECIDER, subject=test_batch.SUBJECT))
        await page.locator('form[action="/batch/confirm"] button').click()
        pages["done"] = await documents.read()
    assert 3 == len(set(pages.values()))
    folder = tmp_path / "pages"
    folder.mkdir()
    assert [] == validate(pages, folder)


@needs_validator
def test_every_error_page_is_valid(tmp_path: Path) -> None:
    pages = dict[str, str]()
    for language in Language:
        frame = Frame("見本の窓口", language=language, other="/?lang=ja")
        made = {f"{status}": render_error(frame, status) for status in errors.ERRORS}
        made |= {trouble.value: render_trouble(frame, trouble) for trouble in Trouble}
        pages |= {f"{name}-{language}": bytes(answer.body).decode() for name, answer in made.items()}
    assert [] == validate(pages, tmp_path)


@needs_validator
def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = '<!doctype html><html lang="ja"><head><title>x</title></head><body><p><div id="a"></div></p>'
    rules = {rule for _, _, rule, _ in validate({"wrong": wrong}, tmp_path)}
    assert {"close-order", "element-permitted-content"} & rules
