"""Every letter as pages: complete, fit to be sent, and looked at in a real browser."""

import re
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pytest
from jinja2.nodes import TemplateData

from gateway import settings
from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.app.wiring.files.resources import resource_dir
from gateway.demo.fixtures import settings_text
from gateway.preview import pages as preview
from gateway.preview.rendered import REMOVED, RenderedSample, render_samples
from gateway.preview.sample_cases import APPLICANTS
from gateway.templating.renderer import build_environment
from tests.support.screenshots import needs_browser, overflows, screenshot

CONSOLE = '[console]\npublic_url = "https://desk.example"\nlink_in_letters = true\n'
CONFIG = settings.parse((settings_text(Path("demo"), 25, 53) + CONSOLE).encode(), "demo")


@cache
def sheets() -> list[RenderedSample]:
    return list(render_samples(CONFIG, None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("preview")
    preview.write_pages(where, sheets())
    return where


def sheet(key: str) -> RenderedSample:
    return next(one for one in sheets() if one.key == key)


@pytest.mark.parametrize("letter", list(Letter))
def test_every_letter_is_shown_in_every_language_it_has(letter: Letter) -> None:
    languages = {one.english for one in sheets() if one.outgoing.letter is letter}
    assert ({None} if letter in STAFF_LETTERS else {True, False}) == languages


def test_every_sentence_of_every_template_is_shown() -> None:
    said = "".join(f"{one.rendered.subject}\n{one.rendered.text}\n{one.rendered.html}" for one in sheets())
    folder = resource_dir("templates")
    parse = build_environment([folder]).parse
    unseen = [
        (file.name, line.strip())
        for file in folder.glob("*.j2")
        for data in parse(file.read_text(encoding="utf-8")).find_all(TemplateData)
        for line in data.data.splitlines()
        if line.strip() not in said
    ]
    assert [] == unseen


def test_every_applicant_is_shown() -> None:
    assert {of.key for of in APPLICANTS} == {one.of.key for one in sheets()}


def test_no_shipped_letter_has_findings() -> None:
    assert [] == [(one.key, one.findings) for one in sheets() if one.findings]


def test_names_of_files_are_different() -> None:
    assert len(sheets()) == len({one.key for one in sheets()})


def test_the_english_block_can_be_left_out() -> None:
    assert "[English]" in sheet("town-apply-acknowledgment-en").rendered.text
    assert "[English]" not in sheet("town-apply-acknowledgment-ja").rendered.text


def test_behind_an_lgwan_gateway_the_link_is_gone_and_the_letter_says_what_to_do() -> None:
    text = sheet("town-approved-invitation-ja").sanitised
    assert "https://" not in text
    assert REMOVED in text
    assert "リンクが表示されないとき" in text


def test_the_pages_need_nothing_from_elsewhere(folder: Path) -> None:
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe)\b|@import|url\(", text)
        assert re.findall(r'href="([^"]+)"', text.split("<template")[0])
        # A letter to the staff may link to its case in the console.
        for target in re.findall(r'href="((?!mailto:|https://desk\.example/cases/)[^"]+)"', text):
            assert (folder / target).is_file(), target


def test_the_eml_is_the_mail_that_would_be_sent(folder: Path) -> None:
    raw = (folder / "private-apply-review_request.eml").read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert sheet("private-apply-review_request").rendered.subject == message["Subject"]
    assert "multipart/alternative" == message.get_content_type()
    assert message["Reply-To"].startswith("decide+")


def test_every_letter_is_linked_from_the_index(folder: Path) -> None:
    linked = set(re.findall(r'href="([^"]+)\.html"', (folder / "index.html").read_text(encoding="utf-8")))
    assert {one.key for one in sheets()} == linked


@needs_browser
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_nothing_overflows(folder: Path, tmp_path: Path, width: int) -> None:
    pages = [folder / f"{one.key}.html" for one in sheets() if one.of.key == "association"]
    assert [] == overflows([folder / "index.html", *pages], tmp_path, width)


@needs_browser
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_what_is_wider_than_the_window_is_found(tmp_path: Path, width: int) -> None:
    for name, pixels in (("wide", width + 1), ("narrow", width - 40)):
        box = f'<body style="margin: 0"><p style="width: {pixels}px">承認</p>'
        (tmp_path / f"{name}.html").write_text(box, encoding="utf-8")
    assert ["wide.html"] == overflows([tmp_path / "wide.html", tmp_path / "narrow.html"], tmp_path, width)


def addresses_of(one: RenderedSample) -> set[str]:
    """Whom the letter may name: the applicant, a colleague, the desk, and a page of the desk."""
    told = {str(one.outgoing.facts.get("applicant", "")), str(one.of.colleague), CONFIG.invitation.join_link}
    pages = {CONFIG.desk.rules_link, CONFIG.desk.manual_link, CONFIG.desk.guide_link}
    return (told | pages | {f"{CONFIG.desk.request}@{CONFIG.desk.domain}"}) - {""}


def find_broken(text: str, address: str) -> bool:
    """Whether an address stands in a text only when the line ends are taken out of it."""
    joined = "".join(line.removeprefix("| ").strip() for line in text.splitlines())
    return joined.count(address) > sum(line.count(address) for line in text.splitlines())


def test_no_address_of_a_letter_to_an_applicant_is_broken() -> None:
    broken = [
        (one.key, address)
        for one in sheets()
        if one.outgoing.letter not in STAFF_LETTERS
        for address in addresses_of(one)
        if find_broken(one.rendered.text, address)
    ]
    assert [] == broken


@pytest.mark.parametrize("day", ["2026年11月27日（金）", "2026年12月14日（月）", "27 November 2026"])
def test_no_day_of_a_letter_is_broken(day: str) -> None:
    assert [] == [one.key for one in sheets() if find_broken(one.rendered.text, day)]


def test_a_broken_address_is_found() -> None:
    assert find_broken("a@town.\n| example", "a@town.example")
    assert not find_broken("a@town.example", "a@town.example")


@needs_browser
def test_the_pages_are_not_blank(folder: Path, tmp_path: Path) -> None:
    assert 100 < len(screenshot(folder / "index.html", tmp_path))
    assert 100 < len(screenshot(folder / "town-apply-acknowledgment-en.html", tmp_path))


def test_a_review_request_begins_with_its_verdict() -> None:
    expected = {
        "town": "○ 自動の確認で問題なし",
        "ministry": "△ 注意1点",
        "association": "△ 注意1点",
        "private": "△ 注意1点",
    }
    requests = {of: sheet(f"{of}-apply-review_request").rendered for of in expected}
    assert expected == {of: one.text.split("\n")[0] for of, one in requests.items()}
    for of, one in requests.items():
        assert expected[of] in (one.html or "").split("</p>")[0]
        assert one.subject.startswith("○【審査依頼" if of == "town" else "△注意1点【審査依頼")


def test_what_differs_stands_before_the_form() -> None:
    one = sheet("ministry-apply-review_request").rendered
    for part in (one.text, one.html or ""):
        assert -1 < part.index("注意1：") < part.index("大臣官房デジタル室")


def test_a_ready_answer_has_the_line_ends_of_mail() -> None:
    page = sheet("town-apply-review_request").rendered.html or ""
    bodies = re.findall(r"body=([^\"]+)", page)
    assert 6 == len(bodies)
    assert all("%0A" not in body.replace("%0D%0A", "") for body in bodies)
    assert all("%0D%0A" in body for body in bodies[1:])


@needs_browser
@pytest.mark.parametrize("width", [360, 390])
def test_letters_of_the_staff_need_no_scrolling_sideways(tmp_path: Path, width: int) -> None:
    pages = []
    for one in sheets():
        if one.rendered.html is not None and one.of.key in {"association", "private"}:
            pages.append(tmp_path / f"{one.key}.html")
            pages[-1].write_text(one.rendered.html, encoding="utf-8")
    assert pages
    assert [] == overflows(pages, tmp_path, width)
