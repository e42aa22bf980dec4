"""Every page in Japanese and English: chosen without a script, and never mixed."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import State
from gateway.admission.terms import wording, wording_english
from gateway.console.asgi.routes import OPEN_PAGES, list_pages
from gateway.console.view.language import read_accepted
from gateway.printing.bilingual import Language
from gateway.printing.sentences import catalogue, catalogue_english
from tests.console.cases import case
from tests.console.conftest import NUMBER, OPERATOR, READER, Bench
from tests.console.test_deciding import hidden_of
from tests.support.paths import ROOT

JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,}")
TEMPLATES = [
    *(ROOT / "gateway/console/view/templates").rglob("*.j2"),
    ROOT / "gateway/html/templates/report_body.html.j2",
]
_T = re.compile(r'\bt\("((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"')
_TAGS = re.compile(r"<(?:style|title)?[^>]*>")
# What stands in `bdi`, as a letter, in a field or a command is what people wrote, and names of machines.
_DATA = re.compile(
    r"<(bdi|textarea|code)\b[^>]*>.*?</\1>|<option value=\"[^\"]*@[^\"]*\">[^<]*|"
    r'\s(?:value|href)="[^"]*"|<p class="office">.*?</p>|<p class="language">.*?</p>|<title>.*?</title>',
    re.DOTALL,
)
_ATTRIBUTES = re.compile(r'(?:aria-label|data-label|placeholder|title)="([^"]*)"')


def read_own(page: str) -> str:
    """The console's own words on a page, without what people wrote."""
    body = _DATA.sub(" ", page)
    return unescape(" ".join([_TAGS.sub(" ", body), *_ATTRIBUTES.findall(body)]))


def test_every_text_of_a_template_has_both_languages() -> None:
    found = [(place.name, pair) for place in TEMPLATES for pair in _T.findall(place.read_text("utf-8"))]
    assert len(found) > 300
    slots = re.compile(r"\{[a-z_0-9]+\}")
    for name, (japanese, english) in found:
        assert english, (name, japanese)
        assert not JAPANESE.search(english) or english == "日本語", (name, english)
        assert set(slots.findall(english)) <= {*slots.findall(japanese), "{since}", "{until}"}, (
            name,
            english,
        )


@pytest.mark.parametrize("place", TEMPLATES, ids=lambda place: place.name)
def test_no_word_of_a_template_stands_outside_of_a_pair(place: Path) -> None:
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", " ", place.read_text("utf-8"), flags=re.DOTALL)
    assert not JAPANESE.search(bare)
    words = _TAGS.sub(" ", re.sub(r"<code>.*?</code>", " ", bare))
    assert set(ENGLISH.findall(words)) <= {"DOCTYPE", "html", "SQLite"}


def list_bare(tree: ast.Module) -> list[str]:
    """Japanese literals that are in no pair and no docstring."""
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    pairs = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"both", "Text"}]
    known = {id(inner) for call in pairs for inner in ast.walk(call)}
    known |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [str(one.value) for one in texts if id(one) not in known and JAPANESE.search(str(one.value))]


def test_no_word_of_the_console_is_in_japanese_alone() -> None:
    """Literals with Japanese stand in `both` or `Text`; what is left are tables of signs."""
    trees = [ast.parse(place.read_text("utf-8")) for place in (ROOT / "gateway/console").rglob("*.py")]
    assert {"月火水木金土日"} == {text for tree in trees for text in list_bare(tree)}


def test_the_terms_and_sentences_of_the_desk_have_both_languages() -> None:
    for name in ("PROOF", "KINDS", "LETTERS", "ANSWERS", "VALUES"):
        assert getattr(wording, name).keys() == getattr(wording_english, name).keys()
    assert set(State) == wording_english.STATES.keys()
    assert catalogue.TEXTS.keys() == catalogue_english.TEXTS.keys()
    assert catalogue.DECISIONS.keys() == catalogue_english.DECISIONS.keys()
    for name, text in catalogue_english.TEXTS.items():
        slots = {(slot.name, slot.kind) for slot in catalogue.read_slots(text)}
        assert {(slot.name, slot.kind) for slot in catalogue.SLOTS[name]} | {("", "")} == slots | {("", "")}
        assert not JAPANESE.search(text)


ADDRESSES = [page.path for page in list_pages() if page.method == "GET" and "{" not in page.path]
ADDRESSES = [path for path in ADDRESSES if not path.endswith((".csv", "/events"))]
ADDRESSES += [
    *(f"/cases/{NUMBER}", "/cases/AAAA-02", "/cases/AAAA-03", "/nowhere", "/login", "/organisations?q=見本"),
    *("/organisations/477010", "/letters/samples/decline", "/outbox?state=sent", "/?view=hold"),
]


async def open_all(bench: Bench, browser: httpx.AsyncClient) -> list[tuple[str, str]]:
    today = bench.clock().date()
    await bench.save(
        case(State.ON_HOLD, number="AAAA-02", held_until=today), case(State.APPROVED, number="AAAA-03")
    )
    await bench.sign_in(browser, OPERATOR)
    pages = [(place, (await browser.get(place)).text) for place in ADDRESSES]
    form = hidden_of(pages[ADDRESSES.index(f"/cases/{NUMBER}")][1], f"/cases/{NUMBER}/decide")
    for word in ("decline", "approve", ""):
        answer = await browser.post(f"/cases/{NUMBER}/decide", data={**form, "word": word})
        pages.append((f"decide {word}", answer.text))
    return pages


@pytest.mark.parametrize(
    ("accepted", "language", "foreign"),
    [("ja", Language.JA, None), ("en-GB,en;q=0.8", Language.EN, JAPANESE)],
)
async def test_no_page_mixes_languages(
    bench: Bench, accepted: str, language: Language, foreign: re.Pattern[str] | None
) -> None:
    async with bench.browser(**{"accept-language": accepted}) as browser:
        pages = await open_all(bench, browser)
    assert {language} == {page.partition('<html lang="')[2][:2] for _, page in pages}
    own = [(place, read_own(page)) for place, page in pages]
    if foreign:
        assert [] == [(place, "".join(found)) for place, text in own if (found := foreign.findall(text))]
    else:
        assert [] == [place for place, text in own if not JAPANESE.search(text)]


async def test_a_link_changes_the_language_and_the_browser_keeps_it(bench: Bench) -> None:
    async with bench.browser(**{"accept-language": "ja"}) as browser:
        await bench.sign_in(browser)
        page = (await browser.get("/?view=hold")).text
        assert 'href="?view=hold&amp;lang=en" lang="en"' in page
        assert '<html lang="en">' in (await browser.get("/?view=hold&lang=en")).text
        assert '<html lang="en">' in (await browser.get("/nowhere")).text
        assert '<html lang="ja">' in (await browser.get("/me?lang=ja")).text
        assert '<html lang="ja">' in (await browser.get("/me?lang=xx")).text
        sent = await browser.get("/export/cases.csv?from=2020-01-01&lang=en")
        assert sent.text.startswith("\ufeffCase,State,")


async def test_behind_a_form_the_link_leads_to_a_page_that_can_be_opened(bench: Bench) -> None:
    async with bench.browser() as browser:
        await browser.post("/login", data={"address": READER})
        wrong = (await browser.post("/login/code", data={"code": "1"})).text
        assert 'href="/login/code?lang=en"' in wrong
        await bench.sign_in(browser)
        answer = await browser.post(f"/cases/{NUMBER}/decide", data={"x": "1"})
        assert f'href="/cases/{NUMBER}?lang=en"' in answer.text


async def test_the_link_of_every_page_can_be_opened(bench: Bench) -> None:
    places = {"number": NUMBER, "id": "1", "code": "477010", "letter": "decline"}
    pages = [(page.method, page.path) for page in list_pages()]
    pages += [(way, path) for path, way, _ in OPEN_PAGES if path != "/logout"]
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        opened = 0
        for method, path in pages:
            place = path.format(**places)
            sent = await browser.request(method, place, data={"x": "1"} if method == "POST" else None)
            found = re.search(r'<p class="language"><a href="([^"]*)"', sent.text)
            if found is None or sent.status_code == 404:
                continue
            opened += 1
            other = await browser.get(str(sent.url.join(unescape(found[1]))), follow_redirects=True)
            assert (200, True) == (other.status_code, 'lang="en"' in other.text), path
            await browser.get("/?lang=ja")
    assert opened > 20


@pytest.mark.parametrize(
    ("field", "language"),
    [
        ("", None),
        ("ja", Language.JA),
        ("en", Language.EN),
        ("en-US,en;q=0.9,ja;q=0.8", Language.EN),
        ("fr,ja;q=0.4,en;q=0.5", Language.EN),
        ("ja;q=0,fr", None),
        ("en;q=0,ja;q=0.1", Language.JA),
        ("en;q=x,ja", Language.JA),
        ("*", None),
    ],
)
def test_the_browser_says_what_it_prefers(field: str, language: Language | None) -> None:
    assert language == read_accepted(field)


@given(st.text(max_size=600))
def test_any_field_is_read(field: str) -> None:
    assert read_accepted(field) in {*Language, None}
