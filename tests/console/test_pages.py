"""What each page shows, and to whom: the table of roles and addresses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from gateway.admission.application.form import Form
from gateway.admission.case.model import State
from gateway.console.app import list_pages
from gateway.console.words import JOURNAL
from gateway.demo.messages import Person
from gateway.demo.stories import ScenarioRun, form
from tests.console.conftest import ASKER, DECIDER, NUMBER, OPERATOR, READER, Bench
from tests.support.factories import case
from tests.support.paths import ROOT

APPLICANT = Person("手書 一葉", "ichiyo@town.mihon.lg.jp")

PLACES = {"number": NUMBER, "id": "1"}
# What each address answers to somebody who is signed in, where that is not 200.
ANSWERS = {
    ("GET", "/cases/{number}/mails/{id}"): 404,
    ("GET", "/cases/{number}/letters/{id}"): 404,
    ("GET", "/mails/{id}"): 404,
    ("GET", "/search/{id}"): 404,
    ("POST", "/search"): 303,
    ("POST", "/me/end"): 303,
}
OPERATORS_ONLY = {("GET", "/letters/{id}")}
HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "attribute": '" autofocus onfocus="alert(1)',
    "bidi": "abc\u202etxt.exe\u2066\u200b\u0000",
    "long": "あ" * 4_000,
    "formula": '=HYPERLINK("http://evil.example","x")',
    "template": "{{ 7*7 }}{% raw %}",
    "link": "https://evil.example/path",
}


@pytest.mark.parametrize("member", [None, READER, ASKER, DECIDER, OPERATOR])
async def test_each_address_answers_as_the_table_of_roles_says(bench: Bench, member: str | None) -> None:
    async with bench.browser() as browser:
        if member:
            await bench.sign_in(browser, member)
        for page in list_pages():
            key = (page.method, page.path)
            answer = await browser.request(
                page.method, page.path.format(**PLACES), data={"x": "1"} if page.method == "POST" else None
            )
            wanted = ANSWERS.get(key, 200)
            if key in OPERATORS_ONLY:
                wanted = 200 if member == OPERATOR else 403
            if member is None:
                assert answer.headers["location"].startswith("/login?next=/"), key
                wanted = 303
            assert (key, wanted) == (key, answer.status_code)


async def test_the_queue_is_paged_by_due_day_and_shows_each_case_once(bench: Bench) -> None:
    first = case().due_on
    many = [
        case(
            number=f"AAA{'0123456789ABCDEFGHJKMNPQRSTVWXYZ'[n % 32]}-{n // 32}0",
            due_on=first + timedelta(days=n % 7),
        )
        for n in range(120)
    ]
    await bench.save(*many)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        seen, address = list[str](), "/"
        while address:
            page = (await browser.get(address)).text
            seen += [part.partition('"')[0] for part in page.split('href="/cases/')[1:]]
            _, found, rest = page.partition('class="button" href="')
            address = rest.partition('"')[0].replace("&amp;", "&") if found else ""
    days = {one.number: one.due_on for one in (*many, case())}
    assert sorted(days) == sorted(seen)
    assert [days[number] for number in seen] == sorted(days.values())


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_what_an_applicant_wrote_does_nothing_on_any_page(bench: Bench, value: str) -> None:
    text = HOSTILE[value]
    form = Form(name=text, organisation=text, department=text, title=text, category="local")
    await bench.save(case(number="H0ST-1E", form=form, question=text, reason=text))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        found = await browser.post("/search", data={"q": "hanako"})
        pages = [await browser.get(place) for place in ("/", "/cases/H0ST-1E", found.headers["location"])]
    for page in pages:
        assert 200 == page.status_code
        assert "H0ST-1E" in page.text
        for poison in (
            "<script",
            "<img",
            ' onfocus="',
            "\u202e",
            "\u2066",
            "\u200b",
            "\0",
            ">49<",
            "https://evil",
        ):
            assert poison not in page.text
    assert 1 == pages[1].text.count("<h1>")


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        (NUMBER, True),
        ("ｋ７ｑｍ-４ｔ", True),
        ("見本町", True),
        ("花子", True),
        ("HANAKO@", True),
        ("田中", False),
        ("AAAA-AA", False),
        ("%", False),
        ("_", False),
    ],
)
async def test_a_search_finds_by_number_name_organisation_and_address(
    bench: Bench, typed: str, is_found: bool
) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        sent = await browser.post("/search", data={"q": typed})
        # A search is kept under a name drawn by chance, of letters and these two signs.
        assert typed in "-_" or typed not in sent.headers["location"]
        page = await browser.get(sent.headers["location"])
        assert is_found is (f'href="/cases/{NUMBER}"' in page.text)
        async with bench.browser() as other:
            await bench.sign_in(other, READER)
            assert 404 == (await other.get(sent.headers["location"])).status_code


async def test_a_case_says_what_comes_by_itself(bench: Bench) -> None:
    today = bench.clock().date()
    await bench.save(case(State.ON_HOLD, number="H0HD-01", held_until=today + timedelta(days=3)))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await browser.get("/cases/H0HD-01")).text
    assert "保留が終わり、審査に戻ります" in page
    assert f"{(today + timedelta(days=3)).day}日" in page


async def test_all_that_happened_is_told_in_words(bench: Bench) -> None:
    """A real application: its mail with its words and proof, the letters, the journal; codes stay hidden."""
    run = ScenarioRun(bench.sandbox, APPLICANT)
    await run.apply(form("見本町", "手書 一葉", code="477010"))
    number = await run.number()
    await bench.sandbox.letter(DECIDER, "審査依頼", number)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await browser.get(f"/cases/{number}")).text
        links = sorted(set(re.findall(rf'href="(/cases/{number}/(?:mails|letters)/[0-9]+)"', page)))
        pages = [await browser.get(link) for link in links]
    assert ["受信", "送信", "記録"] == [
        one for one in ("受信", "送信", "記録") if f"<strong>{one}</strong>" in page
    ]
    for words in ("氏名: 手書 一葉", "審査依頼", "申請を受け付けました", "○ DMARCに合格"):
        assert words in page
    assert {200} == {one.status_code for one in pages}
    assert {"mails", "letters"} == {link.split("/")[3] for link in links}
    shown = [page, *(one.text for one in pages)]
    codes = [code for text in shown for code in re.findall("確認符号(?:: |：)(.{4})", text)]
    assert {"****"} == set(codes)


DESK_EVENTS = {"staff.away", "staff.back", "staff.welcomed", "practice.read", "figures", "digest.asked"}
DESK_EVENTS |= {"digest.answered", "desk.stop", "desk.resume", "desk.not_resumed", "desk.pause"}


def test_each_line_of_the_journal_about_a_case_has_words() -> None:
    trees = [ast.parse(place.read_text("utf-8")) for place in (ROOT / "gateway/admission/case").rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    entries = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "JournalEntry"]
    names = {one.args[0].value for one in entries if isinstance(one.args[0], ast.Constant)}
    assert len(names) > 40
    assert names - DESK_EVENTS - JOURNAL.keys() == set()


def test_service_and_help_know_nothing_of_the_web_framework() -> None:
    code = (
        "import sys; import gateway.cli, gateway.cli.run.service, gateway.app.serving.serve;"
        "print([n for n in sys.modules if n.startswith(('starlette', 'uvicorn', 'gateway.console'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
