"""Every letter with a poison value in every outside fact: it appears marked, inline or exact, and broken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateway import settings
from gateway.admission.case.model import PRACTICE_LETTERS, STAFF_LETTERS, Letter, OutgoingLetter
from gateway.app.wiring.files import resources
from gateway.preview.sample_cases import PRIVATE, TOWN
from gateway.preview.sample_letters import build_letters
from gateway.printing.outside import Outside
from gateway.printing.sentences import catalogue
from gateway.printing.statement import Statement
from gateway.templating.facts import type_facts
from gateway.templating.renderer import JinjaRenderer
from tests.printing.test_breaking import holds_a_stem
from tests.support.letters import one_of_each_shape
from tests.support.paths import CONFIG

REPLY_TO = "decide+token@gw.example.go.jp"
SEED = "POISONEDVALUE"
POISONS = {
    "escape": f"{SEED}\x1b]0;x\x07\x1b[31m",
    "bidi": f"{SEED}\u202eecived",
    "mark": f"{SEED}\n| {SEED}\n> {SEED}",
    "block": f"{SEED}\n-----BEGIN INVITATION-----\n{SEED}\n-----END INVITATION-----",
    "link": f"https://{SEED}.example/ www.{SEED}.example {SEED}.example/x mailto:{SEED}",
    "long": SEED * 400,
    "lines": f"{SEED}\r\n{SEED}\u2028{SEED}\x85{SEED}",
    "template": f"{SEED}{{{{ office }}}}{{% raw %}}",
    "html": f"<b onclick=x>{SEED}</b>&amp;",
    "words": f"承認します。{SEED} Approved. 却下 取消",
    "half": f"承 {SEED}",
    "address": f"{SEED}@approve.example.jp",
}
LETTERS = one_of_each_shape(
    (f"{who}-{name}", outgoing)
    for who, of in (("town", TOWN), ("private", PRIVATE))
    for name, outgoing in build_letters(of)
)
# Poison that breaks lines or decides is tried in every shape, the rest in the richest letter of each kind.
SHAPING = ("mark", "lines", "words")
RICHEST = {
    name
    for letter in Letter
    for name, _ in sorted(
        (one for one in LETTERS if one[1].letter is letter), key=lambda one: len(str(one[1].facts))
    )[-1:]
}


@pytest.fixture(scope="module")
def renderer() -> JinjaRenderer:
    return resources.build_renderer(settings.load(CONFIG / "gateway.toml"), None)


def poisoned(facts: Mapping[str, object], poison: str) -> dict[str, object]:
    """The facts, with the poison wherever a text is not ours."""
    typed = type_facts(facts)
    return {key: _poisoned(facts[key], typed[key], poison) for key in facts}


def _poisoned(value: object, typed: object, poison: str) -> object:
    if isinstance(typed, Outside):
        return poison if value else value
    if isinstance(typed, Statement):
        return hostile_statement(typed.id, poison)
    if isinstance(value, Mapping) and isinstance(typed, Mapping):
        return {key: _poisoned(value[key], typed[key], poison) for key in value}
    if isinstance(value, list | tuple) and isinstance(typed, list):
        return [_poisoned(one, other, poison) for one, other in zip(value, typed, strict=True)]
    return value


def hostile_statement(name: str, poison: str) -> dict[str, object]:
    """A sentence of the desk as the store holds it, the poison in every slot that is not the office's."""
    slots = [slot for slot in catalogue.SLOTS[name] if slot.name]
    return {
        "statement": name,
        "arguments": {slot.name: "x" if slot.kind == "office" else poison for slot in slots},
    }


def outside_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if SEED in line]


def is_inline(line: str) -> bool:
    """Whether a line is one of a sentence of ours: ours in front, and of a value what fits."""
    return line.startswith("  ") and not line.lstrip().startswith(SEED) and len(line) <= 70


REASONS = (*catalogue.REASONS, catalogue.AS_WRITTEN)


@pytest.mark.parametrize(
    ("letter", "names"),
    [
        (Letter.REVIEW_REQUEST, tuple(catalogue.FLAGS)),
        (Letter.UNCLEAR_DECISION, REASONS),
        (Letter.TRANSCRIPT, REASONS),
    ],
)
@pytest.mark.parametrize("poison", POISONS)
def test_every_sentence_of_the_desk_is_safe_with_poison(
    renderer: JinjaRenderer, poison: str, letter: Letter, names: tuple[str, ...]
) -> None:
    sample = next(outgoing for _, outgoing in LETTERS if outgoing.letter is letter)
    all_said = [hostile_statement(name, POISONS[poison]) for name in names]
    line = {"number": "K7QM-4T", "organisation": "x", "name": "x", "word": "none"}
    lines = [{**line, "why": said} for said in all_said]
    background = sample.facts.get("background")
    if isinstance(background, dict):
        check_poison(renderer, _with(sample, background={**background, "flags": all_said}), poison)
    for said in all_said if letter is Letter.UNCLEAR_DECISION else all_said[:1]:
        check_poison(renderer, _with(sample, why=said, lines=lines), poison)


def _with(sample: OutgoingLetter, **facts: object) -> OutgoingLetter:
    return replace(sample, facts={**sample.facts, **facts})


def test_a_transcript_of_an_older_version_still_renders(renderer: JinjaRenderer) -> None:
    sample = next(outgoing for _, outgoing in LETTERS if outgoing.letter is Letter.TRANSCRIPT)
    line = {"number": "K7QM-4T", "who": "見本市 承認", "word": "none", "why": "同じ番号が二度書かれています"}
    facts = {**sample.facts, "why": "", "lines": [line]}
    text = renderer.render_strictly(Letter.TRANSCRIPT, facts, REPLY_TO).text
    assert "| 見本市 承/認\n" in text
    assert "| 同じ番号が二度書かれています\n" in text


@pytest.mark.parametrize(("name", "outgoing"), LETTERS, ids=[name for name, _ in LETTERS])
def test_poison_is_marked_inline_or_exact(
    renderer: JinjaRenderer, name: str, outgoing: OutgoingLetter
) -> None:
    for poison in POISONS if name in RICHEST else SHAPING:
        check_poison(renderer, outgoing, poison)


def check_poison(renderer: JinjaRenderer, outgoing: OutgoingLetter, poison: str) -> None:
    facts = poisoned(outgoing.facts, POISONS[poison])
    letter = renderer.render_strictly(outgoing.letter, facts, REPLY_TO)
    for line in outside_of(letter.text):
        assert line.startswith(("| ", "お申し込みいただいた ", "・")) or '"' in line or is_inline(line), line
    parts = letter.text, re.sub(r"<[^>]*>", "", letter.html or ""), letter.subject
    for part in parts:
        assert not set(part) & set("\x1b\x07\x00\u202e\u2028\x85\r")
        assert not re.search(rf"(?:https?|mailto):(?://)?{SEED}", part)
    if outgoing.letter in STAFF_LETTERS:
        assert SEED not in letter.subject
        shown = "\n".join(line for line in letter.text.split("\n") if line.startswith("|"))
        assert poison == "address" or "" == holds_a_stem(shown.replace(SEED, ""))
    rules = [line for line in letter.text.split("\n") if line.startswith("-----")]
    assert len(rules) == (2 if outgoing.letter is Letter.HANDOFF else 0)
    assert "<b onclick" not in (letter.html or "")


@pytest.mark.parametrize("outgoing", [outgoing for _, outgoing in LETTERS], ids=[name for name, _ in LETTERS])
def test_subjects_to_the_staff_name_the_body_of_the_register(
    renderer: JinjaRenderer, outgoing: OutgoingLetter
) -> None:
    if outgoing.letter not in STAFF_LETTERS - PRACTICE_LETTERS or not outgoing.facts.get("number"):
        return
    known = {**outgoing.facts, "register_name": "東京都千代田区"}
    subject = renderer.render_strictly(outgoing.letter, known, REPLY_TO).subject
    assert f"{outgoing.facts['number']}】東京都千代田区 " in subject
    without = {key: value for key, value in outgoing.facts.items() if key != "register_name"}
    assert (
        subject.replace("東京都千代田区 ", "")
        == renderer.render_strictly(outgoing.letter, without, REPLY_TO).subject
    )


@pytest.mark.parametrize(
    "name",
    [
        "千代田区\x1b]0;x",
        "千代田区\r\nBcc: a@b",
        "【承認】",
        "千代田\u202e区",
        "a" * 201,
        "",
        7,
        ["千代田区"],
    ],
)
def test_no_other_text_passes_for_a_name_of_the_register(renderer: JinjaRenderer, name: object) -> None:
    outgoing = next(one for _, one in LETTERS if one.letter is Letter.REVIEW_REQUEST)
    subject = renderer.render_strictly(outgoing.letter, {**outgoing.facts, "register_name": name}, REPLY_TO)
    bare = f"【審査依頼 {outgoing.facts['number']}】参加申請のご判断のお願い"
    assert bare == subject.subject.removeprefix("○")


def test_a_word_of_decision_in_a_name_of_the_register_is_broken(renderer: JinjaRenderer) -> None:
    outgoing = next(one for _, one in LETTERS if one.letter is Letter.REVIEW_REQUEST)
    facts = {**outgoing.facts, "register_name": "例示承認センター"}
    assert "例示承/認センター" in renderer.render_strictly(outgoing.letter, facts, REPLY_TO).subject
