"""Filters on the search page: kept with the text, refused in words, the same on each page of the result."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gateway.admission.case.model import State
from gateway.console.pages import search as page
from gateway.mail.address import parse
from gateway.store.queries.console import search
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, Bench

OPENED = datetime(2026, 4, 1, 15, tzinfo=UTC)  # on 2 April in Japan
HELD = "H0HD-01"
NEXT = re.compile(r'class="button" href="(/search/[^"]+)"')


async def fill(bench: Bench) -> None:
    """Two cases: the first under review as of today, the second on hold since April."""
    await bench.save(
        case(State.ON_HOLD, number=HELD, opened_at=OPENED, handler=OPERATOR, applicant=parse("h@d.example"))
    )


async def sign_in_and_send(bench: Bench, browser: httpx.AsyncClient, fields: Mapping[str, str]) -> str:
    await bench.sign_in(browser)
    sent = await browser.post("/search", data=dict(fields))
    assert 303 == sent.status_code, sent.text
    return sent.headers["location"]


FOUND: dict[str, tuple[dict[str, str], set[str]]] = {
    "state": ({"state": "on_hold"}, {HELD}),
    "another state": ({"state": "under_review"}, {NUMBER}),
    "no such case": ({"state": "joined"}, set()),
    "kind": ({"kind": "local"}, {HELD, NUMBER}),
    "another kind": ({"kind": "national"}, set()),
    "handler": ({"by": OPERATOR}, {HELD}),
    "another member": ({"by": DECIDER}, set()),
    "that day in Japan": ({"from": "2026-04-02", "to": "2026-04-02"}, {HELD}),
    "the day before": ({"to": "2026-04-01"}, set()),
    "the day after": ({"from": "2026-04-03"}, {NUMBER}),
    "spaces around a day": ({"to": " 2026-04-02 "}, {HELD}),
    "text and state": ({"q": "花子", "state": "on_hold"}, {HELD}),
    "text that no such case has": ({"q": "田中", "state": "on_hold"}, set()),
    "number and state": ({"q": HELD, "state": "under_review"}, set()),
    "number": ({"q": HELD, "state": "on_hold"}, {HELD}),
    "empty filters and a text": (
        {"q": "花子", "state": "", "kind": "", "by": "", "from": "", "to": ""},
        {HELD, NUMBER},
    ),
}


@pytest.mark.parametrize("name", FOUND)
async def test_filters_restrict_what_is_found(bench: Bench, name: str) -> None:
    fields, expected = FOUND[name]
    await fill(bench)
    async with bench.browser() as browser:
        place = await sign_in_and_send(bench, browser, fields)
        assert re.fullmatch(r"/search/[\w-]{16}", place)  # nothing of the form
        text = (await browser.get(place)).text
        assert expected == {number for number in (HELD, NUMBER) if f'href="/cases/{number}"' in text}
        for field, value in fields.items():
            if value and field in {"state", "kind", "by"}:
                assert f'<option value="{value}" selected>' in text
            elif value:
                assert f'id="{field}"' in text
                assert f'value="{value.strip()}"' in text
        async with bench.browser() as other:
            await bench.sign_in(other, READER)
            assert 404 == (await other.get(place)).status_code


WRONG: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "state": ({"state": "gone"}, ("state",)),
    "kind": ({"kind": "<b>"}, ("kind",)),
    "not a member": ({"by": "dare@town.mihon.lg.jp"}, ("by",)),
    "no day": ({"from": "2026-13-40"}, ("from",)),
    "a day as people type it": ({"to": "2026/4/1"}, ("to",)),
    "markup for a day": ({"from": '"><script>x</script>'}, ("from",)),
    "a day of no year": ({"to": "0001-01-01"}, ("to",)),
    "much text": ({"from": "9" * 5_000, "state": "x" * 5_000}, ("state", "from")),
    "reversed": ({"from": "2026-04-03", "to": "2026-04-02"}, ("to",)),
    "NUL and bidi": ({"by": "\0\u202e", "kind": "\u202e"}, ("kind", "by")),
    "all": (
        {"q": "花子", "state": "x", "kind": "x", "by": "x", "from": "x", "to": "x"},
        ("state", "kind", "by", "from", "to"),
    ),
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", WRONG)
async def test_wrong_values_are_refused_in_words(bench: Bench, name: str, language: str) -> None:
    fields, wrong = WRONG[name]
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        before = await bench.trace()
        answer = await browser.post(f"/search?lang={language}", data=fields)
        assert 400 == answer.status_code
        assert before == await bench.trace()
    text = answer.text
    assert f"<title>{'エラー:' if language == 'ja' else 'Error:'}" in text
    assert [f"#{field}" for field in wrong] == re.findall(r'<li><a href="(#\w+)"', text)
    for field in wrong:
        label = getattr(page.LABELS[field], language)
        assert f'<a href="#{field}">{label}: ' in html.unescape(text)
        assert re.search(rf'<label for="{field}">.*id="{field}"[^>]* aria-invalid="true"', text)
    assert text.count('aria-invalid="true"') == len(wrong)
    if "q" in fields:
        assert f'value="{fields["q"]}"' in text  # what was right is kept
    assert [] == [one for one in ("<script>x", "\0", "\u202e") if one in text]


async def test_a_case_lists_the_newest_of_its_domain_and_leads_to_the_others(bench: Bench) -> None:
    numbers = [f"AAAA-{n:02}" for n in range(12)]
    others = [case(number=n, applicant=parse(f"other{n[-2:]}@town.mihon.lg.jp")) for n in numbers]
    await bench.save(
        case(number="BBBB-01"),
        case(number="BBBB-02", applicant=parse("other@town.mihon.lg.jp.d.example")),
        case(number="BBBB-03", applicant=parse("other@new-town.mihon.lg.jp")),
        *others[:2],
    )
    async with bench.browser() as browser:
        await bench.sign_in(browser, READER)
        listed, sought = await list_others(browser)
        assert (["AAAA-01", "AAAA-00"], []) == (listed, sought)
        await bench.save(*others[2:])
        listed, sought = await list_others(browser)
        assert (numbers[:1:-1], ["@town.mihon.lg.jp"]) == (listed, sought)
        sent = await browser.post("/search", data={"q": sought[0]})
        found = re.findall(
            r'<th scope="row"><a href="/cases/([\w-]+)"', (await browser.get(sent.headers["location"])).text
        )
    assert {NUMBER, "BBBB-01", "BBBB-02", *numbers} == set(found)  # the text may go on after the domain


async def list_others(browser: httpx.AsyncClient) -> tuple[list[str], list[str]]:
    """The cases listed below the domain, and the domain in the form that searches for more."""
    text = (await browser.get(f"/cases/{NUMBER}")).text
    part = text.partition("ほかのアドレスからの申請</h2>")[2].partition("<h2")[0]
    sought = re.findall(r'action="/search".*\n<input type="hidden" name="q" value="([^"]+)"', part)
    return re.findall(r'href="/cases/([\w-]+)"', part), sought


async def test_each_page_of_a_result_keeps_the_filters(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_FOUND", 2)
    numbers = [f"AAAA-0{n}" for n in range(5)]
    await fill(bench)
    await bench.save(
        *(
            case(State.ON_HOLD, number=number, opened_at=OPENED + timedelta(days=n + 1))
            for n, number in enumerate(numbers)
        )
    )
    async with bench.browser() as browser:
        place = await sign_in_and_send(bench, browser, {"state": "on_hold", "from": "2026-04-03"})
        seen = list[str]()
        while place:
            text = (await browser.get(place)).text
            assert '<option value="on_hold" selected>' in text
            assert 'value="2026-04-03"' in text
            seen += re.findall(r'<th scope="row"><a href="/cases/([\w-]+)"', text)
            following = NEXT.search(text)
            place = following[1] if following else ""
    assert list(reversed(numbers)) == seen


@pytest.mark.parametrize("before", ["0", "999999999", "-1", "x", "9" * 40])
async def test_a_page_that_begins_nowhere_is_a_page(bench: Bench, before: str) -> None:
    async with bench.browser() as browser:
        place = await sign_in_and_send(bench, browser, {"state": "under_review"})
        assert 200 == (await browser.get(f"{place}?before={before}")).status_code


async def test_an_empty_form_is_the_form_again(bench: Bench) -> None:
    async with bench.browser() as browser:
        assert "/search" == await sign_in_and_send(bench, browser, {"q": " ", "state": ""})
        text = (await browser.get("/search")).text
    for field in ("q", *page.LABELS):
        assert 1 == text.count(f'<label for="{field}">') == text.count(f' id="{field}"')
