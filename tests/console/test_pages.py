"""What each page shows, and to whom: the table of roles and addresses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Letter, State
from gateway.app.wiring.files.resources import resource_dir
from gateway.cli.run.console import build_sampling
from gateway.console.asgi.routes import list_pages
from gateway.console.kept.openings import RECENT
from gateway.console.pages import queue
from gateway.console.view.cases.journal_words import JOURNAL
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import ScenarioRun, form
from gateway.store.queries.console import queue as counters
from tests.console.cases import case
from tests.console.conftest import ASKER, DECIDER, NUMBER, OPERATOR, READER, URL, Bench
from tests.store.filled import SETTINGS as DESK_SETTINGS
from tests.support.paths import ROOT

APPLICANT = Person("手書 一葉", "ichiyo@town.mihon.lg.jp")

PLACES = {"number": NUMBER, "id": "1", "code": "999999", "letter": "decline"}
# What each address answers to somebody who is signed in, where that is not 200.
ANSWERS = {
    ("GET", "/cases/{number}/mails/{id}"): 404,
    ("GET", "/cases/{number}/letters/{id}"): 404,
    ("GET", "/cases/{number}/mails/{id}.eml"): 404,
    ("GET", "/mails/{id}"): 404,
    ("GET", "/mails/{id}.eml"): 404,
    ("GET", "/search/{id}"): 404,
    ("GET", "/events"): 404,
    ("GET", "/organisations/{code}"): 404,
    ("POST", "/search"): 303,
    ("POST", "/me/end"): 303,
    ("POST", "/me/absence"): 400,
    ("POST", "/me/back"): 303,
    ("POST", "/me/mail"): 400,
    ("POST", "/me/unlink"): 303,
    **{("POST", f"/cases/{{number}}/{what}"): 400 for what in ("decide", "confirm", "note")},
    **{("POST", f"/cases/{{number}}/{what}"): 303 for what in ("take", "send-me")},
    ("POST", "/batch"): 400,
    ("POST", "/batch/confirm"): 400,
    ("POST", "/desk/propose"): 404,
    ("POST", "/desk/confirm"): 404,
}
# What a role may not say is refused on the page of the case.
REFUSED = {(READER, "/cases/{number}/take"): 400}
OPERATORS_ONLY = {
    *(("GET", "/desk"), ("POST", "/desk/propose"), ("POST", "/desk/confirm")),
    *(("GET", "/journal"), ("GET", "/letters/{id}")),
    *(("GET", "/mails/{id}.eml"), ("GET", "/cases/{number}/mails/{id}.eml")),
}
# What none of the hostile values may become.
POISON = ("<script>", "<img", ' onfocus="', "\u202e", "\u2066", "\u200b", "\0", ">49<")
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
            wanted = REFUSED.get((member or "", page.path), ANSWERS.get(key, 200))
            if key in OPERATORS_ONLY and member != OPERATOR:
                wanted = 403
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
        for poison in (*POISON, "https://evil"):
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


async def test_a_case_says_who_else_has_just_opened_it(bench: Bench) -> None:
    """For five minutes, never oneself, and only for this case."""
    said = "5分以内にこの件を開いた人"
    await bench.save(case(number="AAAA-01"))
    async with bench.browser() as first, bench.browser() as second:
        await bench.sign_in(first, ASKER)
        await bench.sign_in(second, READER)
        for place in (f"/cases/{NUMBER}", f"/cases/{NUMBER.lower()}"):
            assert said not in (await first.get(place)).text
        page = (await second.get(f"/cases/{NUMBER}")).text
        assert (True, True) == (said in page, "聞く人" in page)
        assert said not in (await second.get("/cases/AAAA-01")).text
        assert said in (await first.get(f"/cases/{NUMBER}")).text
        bench.clock.ahead += RECENT
        assert said not in (await second.get(f"/cases/{NUMBER}")).text


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


async def test_an_operator_gets_a_mail_as_it_was_received(bench: Bench) -> None:
    """As a file that no browser opens; not once it is erased, and not under the number of another case."""
    run = ScenarioRun(bench.sandbox, APPLICANT)
    await run.apply(form("見本町", "手書 一葉", code="477010"))
    number = await run.number()
    ((mail, raw),) = await bench.sandbox.app.store.transact(
        lambda tx: [tuple(row) for row in tx.connection.execute("SELECT id, raw FROM mails")]
    )
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        place = f"/cases/{number}/mails/{mail}"
        assert f'href="{place}.eml"' in (await browser.get(place)).text
        sent = await browser.get(f"{place}.eml")
        assert (200, raw, "message/rfc822") == (sent.status_code, sent.content, sent.headers["content-type"])
        assert f'attachment; filename="mail-{mail}.eml"' == sent.headers["content-disposition"]
        for other in (f"/mails/{mail}.eml", f"/cases/{NUMBER}/mails/{mail}.eml", f"{place}x.eml"):
            assert 404 == (await browser.get(other)).status_code
        await bench.sandbox.app.store.transact(lambda tx: tx.connection.execute("UPDATE mails SET raw = x''"))
        assert ".eml" not in (await browser.get(place)).text
        assert 404 == (await browser.get(f"{place}.eml")).status_code


DESK_EVENTS = {
    "staff.away",
    "staff.back",
    "staff.mail",
    "staff.welcomed",
    "practice.read",
    "figures",
    "digest.asked",
}
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


def test_the_console_loads_neither_the_network_nor_the_authentication_of_mail(tmp_path: Path) -> None:
    settings = DESK_SETTINGS.format(path=tmp_path / "gateway.db")
    (tmp_path / "gateway.toml").write_text(f'{settings}[console]\npublic_url = "{URL}"\n', encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; import gateway.console.asgi.serving as serving;"
        "from gateway.cli.shared.loading import load_settings;"
        "from gateway.cli.run.console import build_site;"
        "config, path = load_settings(Path(sys.argv[1])); serving.build_app(build_site(config, path.parent));"
        "print('gateway.console.asgi.app' in sys.modules, [n for n in sys.modules if n.startswith("
        "('cryptography', 'dns', 'aiosmtpd', 'gateway.auth.authenticate', 'gateway.net.dns'))])"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "True []" == done.stdout.strip()


@pytest.mark.parametrize("member", [READER, OPERATOR])
async def test_an_export_holds_names_for_operators_only_and_no_formula(bench: Bench, member: str) -> None:
    form = Form(name=HOSTILE["formula"], organisation="+1", department="@x", category="local")
    await bench.save(case(number="H0ST-1E", form=form))
    until = bench.clock().year + 1
    async with bench.browser() as browser:
        await bench.sign_in(browser, member)
        sent = await browser.get(f"/export/cases.csv?from=2020-01-01&to={until}-01-01")
    assert sent.content.startswith("\ufeff受付番号".encode())
    assert "H0ST-1E" in sent.text
    for secret in ("'=HYPERLINK", "hanako", "'+1", "'@x"):
        assert (member == OPERATOR) is (secret in sent.text), secret


async def test_the_queue_shows_what_a_filter_leaves(bench: Bench) -> None:
    await bench.save(
        case(number="MINE-01", handler=DECIDER), case(number="NATN-01", form=Form(category="national"))
    )
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        mine = (await browser.get(f"/?handler={DECIDER}")).text
        national = (await browser.get("/?kind=national")).text
    assert (True, False, False) == ("MINE-01" in mine, NUMBER in mine, "NATN-01" in mine)
    assert (True, False) == ("NATN-01" in national, NUMBER in national)


@pytest.mark.parametrize(("most", "late"), [(3, "2件"), (2, "2件以上"), (1, "1件以上")])
async def test_the_queue_says_where_it_stopped_counting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, most: int, late: str
) -> None:
    for module in (counters, queue):
        monkeypatch.setattr(module, "MOST", most)
    yesterday = bench.clock().date() - timedelta(days=1)
    await bench.save(case(number="LATE-01", due_on=yesterday), case(number="LATE-02", due_on=yesterday))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await browser.get("/")).text
    assert "<dt>判断待ち</dt><dd>3件</dd>" in page
    assert f"<dt>期限を過ぎた件</dt><dd>{late}</dd>" in page


@pytest.mark.parametrize("letter", Letter)
async def test_each_letter_is_shown_as_it_is_worded(bench: Bench, letter: Letter) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, READER)
        listed = (await browser.get("/letters")).text
        page = await browser.get(f"/letters/samples/{letter}")
    assert 1 == listed.count(f'href="/letters/samples/{letter}"')
    assert 200 == page.status_code
    assert 'class="pre letter" lang="ja"' in page.text


async def test_the_wording_is_that_of_the_operator_and_an_error_of_theirs_is_said(
    bench: Bench, tmp_path: Path
) -> None:
    own = tmp_path / "settings" / "templates"
    own.mkdir(parents=True)
    shipped = (resource_dir("templates") / "decline.txt.j2").read_text("utf-8")
    sampling = build_sampling(bench.sandbox.app.config, own.parent)
    site = replace(bench.site, render_samples=sampling)
    async with Bench(bench.sandbox, site, bench.clock).browser() as browser:
        await bench.sign_in(browser, READER)
        for text, status, shown in (
            (shipped.replace("ご参加いただけるのは", "参加できる方は"), 200, "参加できる方は"),
            ("{% block subject %}never closed", 503, "記録を読めません"),
        ):
            (own / "decline.txt.j2").write_text(text, "utf-8")
            page = await browser.get("/letters/samples/decline")
            assert (status, True) == (page.status_code, shown in page.text)
        assert 404 == (await browser.get("/letters/samples/nothing")).status_code


async def test_the_register_is_that_of_the_settings_folder(bench: Bench) -> None:
    """A town that only the demo knows."""
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for sought in ("見本町", "みほんちょう", "town.mihon.lg.jp", "477010"):
            assert "/organisations/477010" in (await browser.get("/organisations", params={"q": sought})).text
