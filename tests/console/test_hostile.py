"""What people outside wrote, on every page that shows it: it is printed, and does nothing."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import httpx
import pytest

from gateway.admission.application.items.fields import Form
from gateway.store.protocol import Transaction
from tests.console.cases import case
from tests.console.conftest import NUMBER, OPERATOR, Bench
from tests.console.test_pages import HOSTILE

TOWN = "見本町"
CODE = "477010"
TAGS = re.compile(
    "html|head|meta|title|link|script|body|a|p|header|nav|ul|ol|li|main|h[123]|form|button|input|select|option|"
    "label|div|span|bdi|table|caption|thead|tbody|tr|th|td|dl|dt|dd|strong|code|details|summary|section|"
    "textarea|fieldset|legend|br|wbr|figure|svg|desc|defs|pattern|rect|circle|text|line|polyline"
)
# Signs that steer the direction of text, or that nobody sees.
STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x08\x0b-\x1f\x7f]")
LONGEST = 120_000  # octets of a page


class Reader(HTMLParser):
    """Finds in a page what no template of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not TAGS.fullmatch(tag):
            self.found.append(tag)
        self.scripts += tag == "script"
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "formaction", "autofocus"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and not re.fullmatch(r"|[/?#](?!/).*", value or ""):
                self.found.append(f"{tag} {name}={value}")


def assert_harmless(place: str, answer: httpx.Response) -> None:
    reader = Reader()
    reader.feed(answer.text)
    assert ([], True) == (reader.found, reader.scripts <= 1), place
    assert not STEERING.search(answer.text), place
    assert len(answer.content) < LONGEST, place


def poison(tx: Transaction, text: str) -> None:
    """What other servers and people outside can write into the rows that pages show."""
    values = {"text": text}
    for statement in (
        "UPDATE letters SET last_reply = :text, subject = :text, sent_text = :text",
        "INSERT INTO mails (key, received_at, client_ip, helo, reverse_path, forward_path, author, subject,"
        " message_id, kind, verdict, raw) VALUES ('k', '2026-11-27T01:00:00+00:00', :text, :text, :text,"
        " :text, :text, :text, :text, 'mail', '{}', CAST(:text AS BLOB))",
    ):
        tx.connection.execute(statement, values)


PAGES = (
    *("/", f"/cases/{NUMBER}", "/cases/H0ST-1E", "/mails", "/mails/1", "/outbox?state=sent", "/letters/1"),
    *(
        "/organisations",
        f"/organisations/{CODE}",
        "/figures",
        "/health",
        "/journal",
        "/export",
        "/desk",
        "/me",
    ),
)
# What an address itself says.
ECHOES = (
    *("/organisations", "/journal", "/figures", "/export", "/outbox", "/", "/mails", "/login", "/health"),
    *("/events", f"/cases/{NUMBER}", "/nowhere"),
)
NAMES = ("q", "by", "event", "from", "to", "state", "view", "handler", "kind", "before", "after", "next")
NAMES += ("done", "lang", "of", "number", "mark")


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_it_does_nothing_on_any_page(bench: Bench, value: str) -> None:
    text = HOSTILE[value]
    named = f"{TOWN}{text}"
    form = Form(name=text, organisation=named, department=text, title=text, category="local", code=CODE)
    await bench.save(case(number="H0ST-1E", form=form, question=text, reason=text))
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        await bench.sandbox.app.store.transact(lambda tx: poison(tx, text))
        sent = await browser.post("/search", data={"q": text})
        pages = [(place, await browser.get(place)) for place in (*PAGES, sent.headers["location"])]
        typed = await browser.post("/cases/H0ST-1E/decide", data=dict.fromkeys(("word", "reason"), text))
    shown = dict(pages)
    assert [] == [place for place, page in pages if place != "/mails/1" and page.status_code != 200]
    assert "H0ST-1E" in shown["/"].text
    for place, page in (*pages, ("decide", typed)):
        assert_harmless(place, page)


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_nor_does_what_an_address_says(bench: Bench, value: str) -> None:
    text = HOSTILE[value]
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        for place in ECHOES:
            answer = await browser.get(place, params=dict.fromkeys(NAMES, text[:300]))
            assert answer.status_code in {200, 400, 404}, place
            assert_harmless(place, answer)
        for field in ("accept-language", "x-real-ip", "cookie"):
            sent = text.encode("ascii", "ignore").decode().replace("\0", "")[:300]
            assert_harmless(field, await browser.get("/nowhere", headers={field: f"language={sent}"}))


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "\u202e=", " =", "\n="]
)
async def test_no_cell_of_an_export_is_a_formula(bench: Bench, sign: str) -> None:
    text = f'{sign}HYPERLINK("http://evil.example","x")\r\n{sign}1+1'
    form = Form(name=text, organisation=text, department=text, category="local", code=text)
    await bench.save(case(number="H0ST-1E", form=form, handler=text, decided_by=text))
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        sent = await browser.get("/export/cases.csv?from=2020-01-01")
    lines = list(csv.reader(io.StringIO(sent.text.removeprefix("\ufeff"), newline="")))
    assert 3 == len(lines)
    assert {len(lines[0])} == {len(line) for line in lines}
    for cell in (cell for line in lines for cell in line):
        assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")), cell
        assert not STEERING.search(cell.replace("\t", " ")), cell
        assert "\n" not in cell
