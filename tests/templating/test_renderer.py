"""Every letter in words: complete, narrow, harmless, and never readable as a decision."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.admission.application.form import parse_form as read_form
from gateway.admission.application.items.fields import FORM_FIELDS, Consent, Form, missing_items
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.letters import form_facts
from gateway.admission.case.model import CODED_LETTERS, Letter, OutgoingLetter
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext
from gateway.admission.replies.decision import parse, parse_fresh
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.admission.replies.text.other_parts import is_subject_clear
from gateway.admission.terms import wording
from gateway.app.wiring.files import resources
from gateway.demo.fixtures import settings_text
from gateway.mail.text import wrap
from gateway.outbound.protocols import RenderedLetter
from gateway.preview.sample_cases import PRIVATE, SATO, TOWN
from gateway.preview.sample_letters import build_letters
from gateway.templating.lint import lint
from gateway.templating.renderer import JinjaRenderer
from tests.support.factories import APPLICANT
from tests.support.paths import CONFIG

REPLY_TO = "case+0123456789abcdefghjkmnpqrs@gw.example.go.jp"
# Whatever a person writes: our own letters must not read as a decision even when it holds the word.
LETTERS = [
    (f"{of.key}-{name}", outgoing)
    for of in (TOWN, PRIVATE)
    for name, outgoing in build_letters(of, "\n承認します。")
]
EACH = pytest.mark.parametrize(
    "outgoing", [outgoing for _, outgoing in LETTERS], ids=[name for name, _ in LETTERS]
)


@pytest.fixture(scope="module")
def renderer() -> JinjaRenderer:
    return resources.build_renderer(settings.load(CONFIG / "gateway.toml"), None)


# With the pages that a desk may have.
PAGED = resources.build_renderer(settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo"), None)
# The first part of the path: the rules where consent is asked for or acknowledged, else one page.
LINKS = {
    Letter.HOW_TO_APPLY: ["rules"],
    Letter.MISSING_FIELDS: ["rules"],
    Letter.ACKNOWLEDGMENT: ["rules"],
    Letter.INVITATION: ["t"],
    Letter.INVITATION_NOTICE: ["guide"],
    Letter.ALREADY_ADMITTED: ["manual"],
    Letter.HELD_DATA: ["privacy"],
}


def rendered(renderer: JinjaRenderer, outgoing: OutgoingLetter) -> RenderedLetter:
    return renderer.render(outgoing.letter, outgoing.facts, REPLY_TO)


def test_a_new_invitation_says_that_it_replaces_the_one_before(renderer: JinjaRenderer) -> None:
    found = dict(build_letters(TOWN))
    first, new = (
        rendered(renderer, found[f"{step}-invitation"]).text.split("\n\n")[1]
        for step in ("approved", "resent")
    )
    assert "お待たせしました" in first
    assert "新しい招待" in new
    assert "お待たせしました" not in new


def test_the_steps_bring_every_letter() -> None:
    assert set(Letter) == {outgoing.letter for _, outgoing in LETTERS}


@EACH
def test_a_letter_is_fit_to_be_sent(renderer: JinjaRenderer, outgoing: OutgoingLetter) -> None:
    assert () == lint(outgoing, rendered(renderer, outgoing))


@EACH
def test_a_letter_has_one_link_at_most(outgoing: OutgoingLetter) -> None:
    links = re.findall(r"https?://[^/]+/([a-z]+)", rendered(PAGED, outgoing).text)
    expected = LINKS.get(outgoing.letter, [])
    assert links in (expected, [])
    assert outgoing.letter is Letter.MISSING_FIELDS or expected == links


@EACH
def test_our_own_letters_read_as_no_decision(renderer: JinjaRenderer, outgoing: OutgoingLetter) -> None:
    letter = rendered(renderer, outgoing)
    for prefix in ("", "> ", "| ", "\u3000"):
        text = "".join(prefix + line + "\n" for line in letter.text.splitlines())
        reads_as_no_decision(text, letter.subject)


def reads_as_no_decision(text: str, subject: str) -> None:
    assert Decision.NONE is parse(text, "Re: " + subject).decision
    assert Decision.NONE is parse_fresh(text).decision
    assert Confirmation.NONE is parse_confirmation(text)
    assert not is_withdrawal(text)
    entries = digest_lines.parse(SATO, text, NO_CONTEXT, {"K7QM-4T": 1}).entries
    assert {Decision.NONE} >= {entry.reply.decision for entry in entries}


WIDTHS = (24, 32, 37, 42, 54, 66, 76, 100)


def test_no_line_of_ours_reads_as_a_decision_however_it_is_broken(renderer: JinjaRenderer) -> None:
    """Broken at any width, alone or with two neighbours: lines of the letters without their marks."""
    windows: set[tuple[bool, str]] = set()
    for _, outgoing in LETTERS:
        to_staff = outgoing.letter in CODED_LETTERS
        text = re.sub(r"(?m)^\| ", "", rendered(renderer, outgoing).text)
        for width in WIDTHS:
            lines = wrap(text, width).split("\n")
            for at in range(len(lines)):
                windows.add((to_staff, lines[at].strip()))
                windows.add((to_staff, "\n".join(lines[at : at + 3]).strip()))
    read = {
        window
        for to_staff, window in windows
        if (to_staff and parse_fresh(window).decision in CHANGING)
        or parse_confirmation(window) is Confirmation.CONFIRM
        or is_withdrawal(window)
    }
    assert 1_000 < len(windows)
    assert set() == read


@EACH
def test_only_staff_get_html(renderer: JinjaRenderer, outgoing: OutgoingLetter) -> None:
    if rendered(renderer, outgoing).html is not None:
        assert outgoing.letter in CODED_LETTERS


@pytest.mark.parametrize("letter", [Letter.REVIEW_REQUEST, Letter.DECISION_RECEIPT, Letter.UNCLEAR_DECISION])
def test_a_reply_that_overtakes_the_record_of_its_letter_is_not_doubted_for_our_subject(
    renderer: JinjaRenderer, letter: Letter
) -> None:
    for found in (outgoing for name, outgoing in LETTERS if outgoing.letter is letter and "en" not in name):
        subject = f"Re: {rendered(renderer, found).subject}"
        facts = found.facts
        context = ReplyContext(
            case_number=str(facts["number"]),
            organisation=str(facts.get("register_name", "")),
            organisation_known=True,
        )
        assert is_subject_clear(subject, "decline", context), subject


KANJI = st.text("見本町試作葉子危機管理佐藤", min_size=2, max_size=4)


@given(KANJI, KANJI, KANJI)
def test_a_form_that_is_filled_in_for_somebody_reads_back_once_they_agree(
    body: str, section: str, name: str
) -> None:
    known = Form(organisation=f"{body}町", code="990019", department=f"{section}課", name=f"{name} 葉子")
    facts = {"english_first": False, "form": form_facts(replace(known, consent=Consent.YES))}
    text = rendered(PAGED, OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, facts)).text
    assert known == read_form(text)
    sent_back = re.sub(r"(?m)^(・規約への同意.*：)$", r"\1同意する", text)
    assert replace(known, consent=Consent.YES) == read_form(sent_back)


@pytest.mark.parametrize(
    "outgoing",
    [outgoing for _, outgoing in LETTERS if outgoing.letter in {Letter.MISSING_FIELDS, Letter.HOW_TO_APPLY}],
)
@pytest.mark.parametrize("is_paged", [True, False])
@pytest.mark.parametrize("width", [None, 54, 66])
def test_no_line_of_our_own_letter_is_a_doubt_about_the_rules(
    renderer: JinjaRenderer, outgoing: OutgoingLetter, is_paged: bool, width: int | None
) -> None:
    """Whatever a letter prints beside its form, it takes no consent back when it is sent back unmarked."""
    text = rendered(PAGED if is_paged else renderer, outgoing).text
    if width is not None:  # broken anew below the form
        form, frame, below = text.partition("---- ここまで ----\n")
        text = form + frame + wrap(below, width)
    agreed = re.sub(r"(?m)^([・-] ?(?:規約への同意|Consent to the rules).*[：:]) ?$", r"\1同意する", text)
    assert agreed == text or Consent.YES is read_form(agreed).consent


@pytest.mark.parametrize("letter", [Letter.MISSING_FIELDS, Letter.HOW_TO_APPLY])
def test_the_form_in_a_letter_reads_back_empty_and_filled(renderer: JinjaRenderer, letter: Letter) -> None:
    outgoing = next(outgoing for _, outgoing in LETTERS if outgoing.letter is letter)
    text = rendered(renderer, outgoing).text
    assert read_form(text).is_empty
    asked = set(re.findall(r"(?m)^・([^（：]+).*：$", text))
    values = {"区分": "自治体", "全国地方公共団体コード": "131016", "規約への同意": "同意する"}
    filled = re.sub(r"(?m)^・([^（：]+)(.*：)$", lambda m: m[0] + values.get(m[1], "見本課"), text)
    left = {
        entry.japanese
        for entry in FORM_FIELDS
        if entry.item in missing_items(read_form(filled), category="local")
    }
    assert asked
    assert set() == asked & left


@pytest.mark.parametrize(
    ("role", "code", "buttons"),
    [("decide", "", 4), ("decide", "4F7K", 6), ("ask", "", 2), ("ask", "4F7K", 4), ("read", "4F7K", 0)],
)
def test_review_buttons_open_a_mail_and_nothing_else(
    renderer: JinjaRenderer, role: str, code: str, buttons: int
) -> None:
    """Words that count beside the code alone have one only where the letter has a code."""
    outgoing = next(outgoing for _, outgoing in LETTERS if outgoing.letter is Letter.REVIEW_REQUEST)
    facts = {**outgoing.facts, "role": role, "reply_code": code}
    html = rendered(renderer, replace(outgoing, facts=facts)).html or ""
    links = re.findall(r'href="([^"]+)"', html)
    assert buttons == len(links)
    assert all(link.startswith(f"mailto:{REPLY_TO.replace('+', '%2B')}?subject=") for link in links)
    assert "<script" not in html
    assert "src=" not in html


def test_an_applicants_html_is_text_in_a_staff_letter(renderer: JinjaRenderer) -> None:
    outgoing = next(outgoing for _, outgoing in LETTERS if outgoing.letter is Letter.REVIEW_REQUEST)
    form = {**outgoing.facts["form"], "name": "<b>承認</b> {{ 7*7 }}"}  # type: ignore[dict-item]
    letter = renderer.render(outgoing.letter, {**outgoing.facts, "form": form}, REPLY_TO)
    assert "&lt;b&gt;承/認" in (letter.html or "")
    assert "{{ 7*7 }}" in letter.text


def test_an_operators_template_stands_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    own = "{% block subject %}own {{ number }}{% endblock %}own text"
    (tmp_path / "templates" / "invitation.txt.j2").write_text(own, encoding="utf-8")
    renderer = resources.build_renderer(settings.load(CONFIG / "gateway.toml"), tmp_path)
    outgoing = next(outgoing for _, outgoing in LETTERS if outgoing.letter is Letter.INVITATION)
    assert "own K7QM-4T" == renderer.render(outgoing.letter, outgoing.facts, REPLY_TO).subject


@pytest.mark.parametrize("kind", sorted(DomainKind))
def test_every_domain_class_has_words(kind: DomainKind) -> None:
    assert kind.value != wording.kind_text(kind)


@pytest.mark.parametrize("letter", sorted(Letter))
def test_every_letter_has_a_name(letter: Letter) -> None:
    assert letter.value != wording.letter_title(letter)


def test_a_hostile_name_in_a_digest_cannot_become_a_line_of_the_answer(renderer: JinjaRenderer) -> None:
    outgoing = next(outgoing for name, outgoing in LETTERS if name == "town-role-decide-digest")
    hostile = "見本 " * 20 + "K7QM-4T 承認"
    lines = [{**line, "name": hostile} for line in outgoing.facts["cases"]]  # type: ignore[attr-defined]
    text = renderer.render(outgoing.letter, {**outgoing.facts, "cases": lines}, REPLY_TO).text
    entries = digest_lines.parse(SATO, text, NO_CONTEXT, {"K7QM-4T": 1}).entries
    assert Decision.APPROVE not in {entry.reply.decision for entry in entries}
