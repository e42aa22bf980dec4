"""Verifies templates with poison in every fact and every branch, and checks that no line counts as a reply.

Every sample letter that uses the files is rendered, unchanged and with poison. For branches that no sample
takes, the facts are changed until one does. A branch that is never reached is a problem, because its content
is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from jinja2 import Environment, TemplateNotFound

from gateway.admission.case.model import CODED_LETTERS, STAFF_LETTERS, Letter, OutgoingLetter
from gateway.admission.replies.grammar.vocabulary import reader_stems
from gateway.outbound.protocols import RenderedLetter
from gateway.printing import forms
from gateway.printing.outside import UnprintedError
from gateway.templating.check import FORM, Problem, find_included_files
from gateway.templating.facts import type_facts
from gateway.templating.overrides import OverrideState, TemplateSource
from gateway.templating.proof.answers import Answer, AnswerFinder
from gateway.templating.proof.branches import Turn, WatchedEnvironment
from gateway.templating.proof.instead import INSTEAD, explain_answer
from gateway.templating.proof.poison import POISONS, find_leaks, find_line_starts, poison_facts
from gateway.templating.proof.variations import Facts, build_pool, vary
from gateway.templating.renderer import JinjaRenderer, finish

MOST_BASES = 12
_STARTS = "a line begins with text from outside, as if the desk had written it (an error from 0.3 on)"
_LATER = " (an error from 0.3 on)"
_BOTH = "a decision word and the code are on the same line, which is a valid reply"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LINK_TEXT = re.compile(r"(?s)<a [^>]*>.*?</a>")
_BLOCK_END = re.compile(r"</(?:p|li|td|th|tr|blockquote|title)>|<br */?>")


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are made with: environment, facts about the office, code, and reply mailboxes."""

    environment: WatchedEnvironment
    office: Mapping[str, object]
    code: str
    reply_to: Callable[[Letter], str]


class Prover:
    """Verifies the given templates with sample letters."""

    def __init__(
        self, desk: Desk, sources: Sequence[TemplateSource], samples: Sequence[OutgoingLetter]
    ) -> None:
        self._desk = desk
        self._renderer = JinjaRenderer((), desk.office, desk.environment)
        self._sources = {source.name: source for source in sources}
        self._files = {letter: _list_files(desk.environment, letter) for letter in Letter}
        self._samples = [one for one in samples if self._files[one.letter] & {*self._sources}]
        self._finder = AnswerFinder(desk.code)
        self._ways: dict[tuple[Letter, frozenset[Turn]], OutgoingLetter] = {}

    def prove(self) -> Iterator[Problem]:
        """Yield all problems, each once."""
        yield from dict.fromkeys([*self._prove_samples(), *self._prove_branches()])

    def _prove_samples(self) -> Iterator[Problem]:
        """Render each letter unchanged, and with poison if it takes other branches than those before it."""
        for outgoing in self._samples:
            facts = self._facts(outgoing)
            with self._desk.environment.watched.watch_apart() as turns:
                yield from self._try(outgoing.letter, facts, ("",))
            way = (outgoing.letter, frozenset(turns))
            if way not in self._ways:
                self._ways[way] = outgoing
                yield from self._try(outgoing.letter, facts, POISONS)

    def _facts(self, outgoing: OutgoingLetter) -> Facts:
        code = self._desk.code if outgoing.letter in CODED_LETTERS else ""
        return {**outgoing.facts, "reply_code": code, "office": dict(self._desk.office)}

    def _try(self, letter: Letter, facts: Facts, poisons: Sequence[str]) -> Iterator[Problem]:
        """Yield the problems of a letter with these facts, for each poison; an empty one changes nothing."""
        plain, office = _split_office(facts)
        for poison in poisons:
            yield from self._judge(letter, poison_facts(plain, poison) if poison else plain, office)

    def _judge(self, letter: Letter, facts: Facts, office: Mapping[str, object]) -> Iterator[Problem]:
        reply_to = self._desk.reply_to(letter)
        try:
            signed = self._renderer.render_signed(letter, type_facts(facts), reply_to, office)
        except UnprintedError:  # the placeholder check reports where; the result is checked anyway
            signed = self._renderer.render_signed(letter, type_facts(facts, forms.printed), reply_to, office)
        yield from self._judge_forms(letter, signed)
        rendered = finish(letter, signed)
        parts = [rendered.text] if rendered.html is None else [rendered.text, _read_page(rendered.html)]
        for part in parts:
            for answer in self._finder.find(letter, part):
                yield self._answer_problem(letter, answer)
            yield from self._judge_code(letter, part, str(facts.get("reply_code", "")))

    def _judge_forms(self, letter: Letter, signed: RenderedLetter) -> Iterator[Problem]:
        for part, is_html in ((signed.subject, False), (signed.text, False), (signed.html or "", True)):
            for leak in find_leaks(part, html=is_html):
                yield self._problem(letter, "", leak, FORM)
        for line in find_line_starts(signed.text):
            yield self._problem(letter, line, _STARTS, f"words of your own before {FORM}", error=False)

    def _judge_code(self, letter: Letter, text: str, code: str) -> Iterator[Problem]:
        """Reject a line with a decision word and the code: it is a reply, whatever else it contains."""
        for line in text.split("\n") if code and letter in STAFF_LETTERS else ():
            folded = "".join(line.casefold().split())
            if code.casefold() in folded and any(stem in folded for stem in reader_stems("staff")):
                yield self._problem(letter, line, _BOTH, INSTEAD["code"])

    def _answer_problem(self, letter: Letter, answer: Answer) -> Problem:
        """Build the problem for a line that counts as a reply.

        Letters of 0.1 mention a consent. It is only a warning there, because the parser ignores a consent in
        our letters.
        """
        problem = self._problem(letter, answer.line, explain_answer(answer), INSTEAD.get(answer.says, ""))
        source = self._sources.get(problem.file)
        waits = source is not None and source.standing is OverrideState.OUTDATED and answer.says == "consent"
        return replace(problem, text=problem.text + _LATER, error=False) if waits else problem

    def _problem(self, letter: Letter, line: str, text: str, instead: str, *, error: bool = True) -> Problem:
        file, number = self._locate(letter, line)
        return Problem(file, number, text, error=error, instead=instead)

    def _locate(self, letter: Letter, line: str) -> tuple[str, int]:
        """Return the file and line of a template that most likely produced a line of a letter."""
        names = sorted(self._files[letter] & {*self._sources})
        bare = "".join(forms.remove_signs(line).split())
        found = [
            (len(own), name, number)
            for name in names
            for number, written in enumerate((self._sources[name].own or "").split("\n"), 1)
            if len(own := "".join(_TAG.sub("", written).split())) > 1 and (own in bare or bare in own)
        ]
        return max(found)[1:] if bare and found else (names[0], 0)

    def _prove_branches(self) -> Iterator[Problem]:
        watched = self._desk.environment.watched
        for name in sorted(self._sources):
            for turn in watched.find_missing(name):
                if turn not in watched.seen:  # another turn may have reached it
                    found, failure = self._seek(turn)
                    yield from found
                    if turn not in watched.seen:
                        yield self._unreached(turn, failure)

    def _seek(self, turn: Turn) -> tuple[list[Problem], str]:
        """Change facts until the branch is taken; return the problems then, or why the last try failed."""
        watched, failure = self._desk.environment.watched, ""
        for outgoing in self._list_bases(turn):
            for facts in vary(turn[0], watched, self._facts(outgoing), self._pool):
                try:
                    with watched.watch_apart() as turns:
                        self._render(outgoing.letter, facts)
                    if turn in turns:
                        return list(self._try(outgoing.letter, facts, ("", *POISONS))), ""
                except Exception as error:  # facts that no letter can have: try others
                    failure = f"{type(error).__name__}: {error}"
                    watched.seen.discard(turn)
        return [], failure

    def _render(self, letter: Letter, facts: Facts) -> None:
        plain, office = _split_office(facts)
        typed = type_facts(plain, forms.printed)
        self._renderer.render_signed(letter, typed, self._desk.reply_to(letter), office)

    def _list_bases(self, turn: Turn) -> list[OutgoingLetter]:
        """Return letters to change, one for each path through the templates, the closest first."""
        branch, outcome = turn
        able = [one for one in self._ways.items() if branch.file in self._files[one[0][0]]]
        able.sort(key=lambda one: (branch, not outcome) not in one[0][1])
        return [outgoing for _, outgoing in able[:MOST_BASES]]

    @cached_property
    def _pool(self) -> dict[str, list[object]]:
        return build_pool(self._facts(outgoing) for outgoing in self._samples)

    def _unreached(self, turn: Turn, failure: str) -> Problem:
        branch, outcome = turn
        written = (self._sources[branch.file].own or "").split("\n")[branch.line - 1].strip()[:80]
        why = f" ({failure})" if failure else ""
        text = (
            f"{branch.explain(outcome)}, whatever facts a letter has{why}: {written};"
            " its content could not be verified"
        )
        return Problem(branch.file, branch.line, text, instead="remove it, or test a fact that letters have")


def _split_office(facts: Facts) -> tuple[Facts, Mapping[str, object]]:
    office = facts.get("office")
    rest = {key: value for key, value in facts.items() if key != "office"}
    return rest, office if isinstance(office, Mapping) else {}


def _list_files(environment: Environment, letter: Letter) -> frozenset[str]:
    """Return all files that a letter of this kind uses."""
    found = find_included_files(environment, f"{letter.value}.txt.j2")
    with suppress(TemplateNotFound):
        found |= find_included_files(environment, f"{letter.value}.html.j2")
    return frozenset(found)


def _read_page(page: str) -> str:
    """Return the text of an HTML part as lines, without button labels: buttons open a mail."""
    text = _LINK_TEXT.sub(" ", page.replace("\n", " "))
    return re.sub(r"<[^>]*>", "", _BLOCK_END.sub("\n", text))
