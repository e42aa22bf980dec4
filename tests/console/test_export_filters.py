"""Filters of an export: those of the search, with the same values, with and without names."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import State
from gateway.console.pages.search import LABELS
from gateway.mail.address import parse
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, Bench

OPENED = datetime(2026, 4, 1, 15, tzinfo=UTC)  # on 2 April in Japan
HELD, FIRST, DECIDED = "H0HD-01", "F1RS-01", "DECD-01"
ALL = {NUMBER, HELD, FIRST, DECIDED}
YEARS = {"from": "2020-01-01", "to": "2099-12-31"}

FOUND: dict[str, tuple[dict[str, str], set[str]]] = {
    "none": ({}, ALL),
    "empty ones": ({"state": "", "kind": "", "by": ""}, ALL),
    "state": ({"state": "on_hold"}, {HELD}),
    "kind": ({"kind": "national"}, {HELD, DECIDED}),
    "another kind": ({"kind": "local"}, {NUMBER, FIRST}),
    "handler, in another case of letters": ({"by": OPERATOR}, {HELD}),
    "decided and approved first": ({"by": DECIDER}, {FIRST, DECIDED}),
    "nobody's": ({"by": READER}, set()),
    "kind and member": ({"kind": "national", "by": DECIDER}, {DECIDED}),
    "all of them": ({"state": "under_review", "kind": "local", "by": DECIDER}, {FIRST}),
    "that day in Japan": ({"from": "2026-04-02", "to": "2026-04-02"}, {HELD}),
    "the day before": ({"to": "2026-04-01"}, set()),
}


async def fill(bench: Bench) -> None:
    national = Form(name="花子", organisation="見本省", category="national")
    await bench.save(
        case(State.ON_HOLD, number=HELD, opened_at=OPENED, handler=OPERATOR.title(), form=national),
        case(number=FIRST, first_approval=DECIDER, applicant=parse("f@town.mihon.lg.jp")),
        case(State.DECLINED, number=DECIDED, decided_by=DECIDER, form=national),
    )


@pytest.mark.parametrize("member", [READER, OPERATOR])
@pytest.mark.parametrize("name", FOUND)
async def test_an_export_holds_what_the_filters_leave(bench: Bench, name: str, member: str) -> None:
    asked, expected = FOUND[name]
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser, member)
        sent = await browser.get("/export/cases.csv", params=YEARS | asked)
    assert 200 == sent.status_code
    head, *lines = csv.reader(io.StringIO(sent.text.removeprefix("\ufeff")))
    assert (member == OPERATOR) is ("氏名" in head)
    assert sorted(expected) == sorted(line[0] for line in lines)


WRONG = {
    "state": "gone",
    "kind": "<b>",
    "by": "dare@town.mihon.lg.jp",
    "a member in capitals": READER.upper(),
    "much text": "x" * 5_000,
    "NUL and bidi": "\0\u202e",
}


@pytest.mark.parametrize("path", ["/export", "/export/cases.csv"])
@pytest.mark.parametrize("name", WRONG)
async def test_what_is_not_in_the_list_is_refused(bench: Bench, name: str, path: str) -> None:
    field = name if name in LABELS else "by"
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        answer = await browser.get(
            path, params={field: WRONG[name], "state": "on_hold"} | {field: WRONG[name]}
        )
    assert 400 == answer.status_code
    assert "条件に読み取れないものがあります" in answer.text
    assert "text/html" in answer.headers["content-type"]
    assert field == "state" or '<option value="on_hold" selected>' in answer.text  # what was right is kept
    assert [] == [one for one in ("<b>", "\0", "\u202e") if one in answer.text]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_form_offers_what_the_search_offers(bench: Bench, language: str) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        forms = [(await browser.get(f"{place}?lang={language}")).text for place in ("/search", "/export")]
    for field in ("state", "kind", "by"):
        offered = [re.findall(rf'<select id="{field}".*?</select>', form) for form in forms]
        assert offered[0] == offered[1] != []
        assert all(f'<label for="{field}">{getattr(LABELS[field], language)}' in form for form in forms)
