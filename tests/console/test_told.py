"""What a page says was done: only to the session that did it, there, and not for long."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.console.deciding import texts
from gateway.console.office.figures import read_day
from gateway.console.security.told import VALID, add_done, read_done
from gateway.printing.fields import to_plain
from tests.console.conftest import Bench
from tests.console.test_deciding import NUMBER

NOW = datetime(2026, 10, 5, 3, tzinfo=UTC)
SECRET, PATH = "s" * 43, "/cases/AAAA-BB"


def made(word: str = "approve", path: str = PATH, secret: str = SECRET, now: datetime = NOW) -> str:
    return parse_qs(urlsplit(add_done(path, word, secret, now)).query)["done"][0]


def test_the_session_that_did_it_is_told() -> None:
    assert "approve" == read_done(made(), PATH, SECRET, NOW)
    assert "approve" == read_done(made(), PATH, SECRET, NOW + VALID)


@pytest.mark.parametrize(
    "text",
    [
        "approve",
        "",
        made(secret="t" * 43),
        made(path="/cases/CCCC-DD"),
        made().replace("approve", "decline"),
        made(now=NOW - VALID - timedelta(minutes=1)),
        made(now=NOW + timedelta(minutes=2)),
        "approve.٣.x",
        f"approve.{'9' * 5000}.x",
    ],
)
def test_nobody_else_is_told_nor_later_nor_elsewhere(text: str) -> None:
    assert not read_done(text, PATH, SECRET, NOW)


@given(st.text(max_size=80))
def test_no_text_is_one_that_was_not_made(text: str) -> None:
    assert not read_done(text, PATH, SECRET, NOW)


@pytest.mark.parametrize("word", ["approve", "first", "decline", "undo", "sent"])
async def test_a_link_to_a_case_does_not_say_that_it_was_decided(bench: Bench, word: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        linked = (await browser.get(f"/cases/{NUMBER}?done={word}")).text
    assert to_plain(texts.DONE[word].ja) not in linked


@pytest.mark.parametrize("text", ["20261201", "2026-W50-1", "2026-1-1", "9999-12-31", "２０２６-12-01", ""])
def test_a_day_has_one_form(text: str) -> None:
    assert read_day(text) is None
