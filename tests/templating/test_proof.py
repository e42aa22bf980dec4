"""Templates proved: every branch taken, poison only in its forms, no line that would answer its letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway import settings
from gateway.admission.case.model import Letter
from gateway.admission.replies.decision import parse_fresh
from gateway.admission.replies.reading import CHANGING
from gateway.app.wiring.files.resources import build_office, resource_dir, template_folders
from gateway.demo.fixtures import settings_text
from gateway.mail.text import wrap
from gateway.preview import proof
from gateway.preview.sample_cases import APPLICANTS, SAMPLE_CODE
from gateway.preview.sample_letters import build_letters
from gateway.templating.check import Problem
from gateway.templating.overrides import Templates
from gateway.templating.proof import answers
from gateway.templating.proof.answers import NEIGHBOURS, WIDTHS, AnswerFinder, cut, may_decide
from gateway.templating.proof.branches import WatchedEnvironment
from gateway.templating.proof.instead import INSTEAD
from gateway.templating.proof.prove import Desk, Prover
from gateway.templating.renderer import InvalidTemplateError, build_environment
from tests.support.replies import ROWS

CONFIG = settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo")
REPLY_TO = "decide+token@gw.example.go.jp"


def test_the_shipped_templates_are_proved_in_every_branch(tmp_path: Path) -> None:
    """What a start takes for granted of files that no operator changed."""
    environment = build_environment(template_folders(None), WatchedEnvironment)
    assert isinstance(environment, WatchedEnvironment)
    shipped = [replace(one, own=one.shipped) for one in Templates(resource_dir("templates"), tmp_path).all()]
    samples = [outgoing for of in APPLICANTS for _, outgoing in build_letters(of)]
    desk = Desk(environment, build_office(CONFIG), SAMPLE_CODE, lambda _: REPLY_TO)
    assert [] == list(Prover(desk, shipped, samples).prove())
    watched = environment.watched
    assert 100 < len(watched.branches)
    assert [] == [turn for one in shipped for turn in watched.find_missing(one.name)]


def find_problems(folder: Path, name: str, old: str, new: str) -> list[Problem]:
    templates = Templates(resource_dir("templates"), folder / "templates")
    path = templates.copy(name)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return proof.find_problems(CONFIG, folder)


DECLINE_REASON = "{{ reason|quoted }}"
STAFF_WORDS = "ほかの言葉では、何も変わりません。"
NOTHING_CHANGED = "いただいた返信では、何も変わっていません。"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("review_request.txt.j2", STAFF_WORDS, "承認します。", "the decision 'approve'"),
        (
            "unclear_decision.txt.j2",
            NOTHING_CHANGED,
            "承認 {{ reply_code }}",
            "a decision word with the code",
        ),
        (
            "affiliation_check.txt.j2",
            "符号の代わりに、その方の氏名を入れた一つの文で、",
            "はい {{ reply_code }}",
            "a confirmation of the affiliation",
        ),
        ("question.txt.j2", "お答えが届きしだい", "取り下げます。\nお答えが届きしだい", "a withdrawal"),
        ("question.txt.j2", "お答えが届きしだい", "利用規約に同意します。\nお答えが", "consent to the rules"),
        ("decline.txt.j2", DECLINE_REASON, "{{ reason|inline|reverse }}", "without a form"),
        (
            "unclear_decision.html.j2",
            "{{ one|quoted }}",
            "{{ one|quoted|safe }}",
            "treated as markup",
        ),
        (
            "decline.txt.j2",
            DECLINE_REASON,
            "{{ reason|quoted }}\n{% if number == 'K7QM-4T' and number == 'AB12-CD' %}承認{% endif %}",
            "the condition was never true",
        ),
    ],
)
def test_a_template_that_could_answer_or_be_misused_is_an_error(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    found = find_problems(tmp_path, name, old, new)
    errors = [one for one in found if one.error]
    assert any(says in one.text for one in errors), found
    assert {name} == {one.file for one in errors}
    assert all(one.instead for one in errors)
    written = (tmp_path / "templates" / name).read_text("utf-8")
    first = written[: written.index(new)].count("\n") + 1
    places = {one.line for one in errors if says in one.text}
    assert places <= {0, *range(first, first + new.count("\n") + 1)}


def test_a_template_with_an_error_is_not_chosen(tmp_path: Path) -> None:
    templates = Templates(resource_dir("templates"), tmp_path / "templates")
    path = templates.copy("question.txt.j2")
    text = path.read_text("utf-8")
    path.write_text(text.replace("お答えが届き", "取り下げます。\nお答えが届き", 1), "utf-8")
    with pytest.raises(InvalidTemplateError, match="gateway templates check"):
        proof.choose_templates(CONFIG, tmp_path)


def test_a_line_in_a_branch_that_no_sample_takes_is_found(tmp_path: Path) -> None:
    """Facts are changed until the branch is taken."""
    hidden = "{% if form.name|length == 0 and number == 'ZZ99-ZZ' %}\n取り下げます。\n{% endif %}"
    found = find_problems(tmp_path, "decline.txt.j2", DECLINE_REASON, f"{DECLINE_REASON}\n{hidden}")
    assert any(one.error and one.text.endswith("as a withdrawal") for one in found)


def test_a_template_of_0_1_is_warned_of_and_used(tmp_path: Path) -> None:
    found = find_problems(tmp_path, "decline.txt.j2", DECLINE_REASON, "{{ reason }}\n申請者: {{ form.name }}")
    assert found
    assert not [one for one in found if one.error]
    assert any("|inline" in one.instead for one in found)
    proof.choose_templates(CONFIG, tmp_path)


def test_a_copy_without_changes_costs_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = Templates(resource_dir("templates"), tmp_path / "templates")
    templates.copy("review_request.txt.j2")
    monkeypatch.setattr(Prover, "prove", lambda _: pytest.fail("it was proved again"))
    proof.choose_templates(CONFIG, tmp_path)
    proof.choose_templates(CONFIG, None)


@pytest.mark.parametrize("says", sorted(INSTEAD))
def test_what_is_to_be_written_instead_answers_nothing(says: str) -> None:
    finder = AnswerFinder(SAMPLE_CODE)
    letters = (Letter.REVIEW_REQUEST, Letter.AFFILIATION_REQUEST, Letter.DIGEST)
    assert [] == [found for letter in letters for found in finder.find(letter, INSTEAD[says])]


LINES = sorted({line for row in ROWS for line in row["body"].split("\n") if line.strip()})


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=4).map("\n".join))
@example("承認\nします。")
def test_no_text_decides_without_a_sentence_that_decides(text: str) -> None:
    assert may_decide(text) or parse_fresh(text).decision not in CHANGING
    assert may_decide(f"{text}\n\n承認します。")


def break_plainly(near: str) -> set[str]:
    """All three lines at once, at each width, whether they are wider or not."""
    every = [program(near, columns) for columns in WIDTHS for program in (wrap, cut)]
    found = set[str]()
    for lines in (broken.split("\n") for broken in every):
        for at in range(len(lines)):
            found |= {lines[at].strip(), "\n".join(lines[at : at + NEIGHBOURS + 1]).strip()}
    return found - {""}


SIGNS = st.sampled_from(
    ["承認", "。", "「", "a", "word ", "\u3000", "\u0301", "\r", "\x0b", "\u2028", "\x85"]
)
WIDE = st.lists(SIGNS, max_size=70).map("".join)
STRIPPED = st.one_of(WIDE, st.sampled_from(LINES)).map(str.strip)


@given(st.lists(STRIPPED, min_size=1, max_size=3).map("\n".join))
@example("\n\n承認します。")
@example(f"{'承認' * 26}\n\n{'a' * 101}")
def test_lines_are_broken_as_when_all_of_them_are_broken_together(near: str) -> None:
    assert break_plainly(near) == answers._break(near)
