"""Renders letters with jinja2, sandboxed; every undefined name is an error.

A template is `NAME.txt.j2` with the blocks `subject` and `body`; staff letters may have `NAME.html.j2`.
Folders are searched in order, so an operator overrides a template with a file of the same name in the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.admission.application.items.fields import FORM_FIELDS, FormField, render_form
from gateway.admission.application.items.labels import Item
from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from gateway.admission.terms import wording
from gateway.log import events
from gateway.mail.text import display_width
from gateway.memoize import memoize
from gateway.outbound.protocols import RenderedLetter
from gateway.printing import breaking, forms
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.sentences import stating
from gateway.printing.statement import Statement
from gateway.templating import members
from gateway.templating.dates import (
    JAPAN,
    format_english_date,
    format_japanese_date,
    format_japanese_datetime,
)
from gateway.templating.desk_words import leave_link_out, list_desk_words
from gateway.templating.facts import read_register_name, type_facts

# Empty parts of a letter leave their blank lines.
_GAP = re.compile(r"\n{3,}")
FORM_COLUMNS = 70


class InvalidTemplateError(Exception):
    """Raised if a template is unusable; the message has its file, its line and the problem."""


def build_environment(
    folders: Sequence[Path],
    kind: type[ImmutableSandboxedEnvironment] = ImmutableSandboxedEnvironment,
    without: frozenset[str] = frozenset(),
) -> ImmutableSandboxedEnvironment:
    """Build the environment for these folders, in this order, with the filters and globals of letters.

    Templates in `without` are taken from the last folder only. Raises InvalidTemplateError.
    """
    environment = kind(
        loader=FunctionLoader(_load_templates(folders, without).get),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
        finalize=_refuse_unprinted,
    )
    environment.filters |= {
        "day": format_japanese_date,
        "moment": format_japanese_datetime,
        "english_day": format_english_date,
        "quoted": stating.quoted,
        "stated": stating.stated,
        "inline": forms.inline,
        "organisation": forms.organisation,
        "exact": forms.exact,
        "colleague": members.colleague,
        "wrap": forms.folded,
        "defang": stating.quoted,  # until 0.3: the name that templates of 0.1 use
    }
    environment.globals |= {
        "mailto": build_mailto,
        "items": [item_facts(entry) for entry in FORM_FIELDS],
        "blank_form": blank_form,
        "form_words": wording.value_text,
        "proof_words": wording.proof_text,
        "kind_words": wording.kind_text,
        "flag_words": lambda flag: flag,  # until 0.3: a flag prints itself
        "letter_words": wording.letter_title,
        "words_for": wording.offered_decisions,
        "word_of": wording.decision_word,
        "outcome_words": wording.outcome_text,
        "answer_words": wording.answer_text,
        "refusal_words": wording.refusal_text,
    }
    return environment


def _refuse_unprinted(value: object) -> object:
    """Refuse to print text from outside without a form."""
    if isinstance(value, Outside | Statement):
        raise UnprintedError
    return value


def find_readers(letter: Letter) -> tuple[Reader, ...]:
    """Return whose grammars apply to a reply to a letter of this kind."""
    if letter in {Letter.AFFILIATION_REQUEST, Letter.AFFILIATION_CHECK}:  # a colleague replies
        return ("applicant", "confirmer")
    return ("staff",) if letter in STAFF_LETTERS else ("applicant",)


@memoize(maxsize=len(Letter), why="the wording of a letter's template depends only on its kind")
def _stems(letter: Letter) -> breaking.Stems:
    """Return the words to break in outside text in this letter: those of everybody who may reply to it."""
    return breaking.build_stems(stem for reader in find_readers(letter) for stem in reader_stems(reader))


def finish(letter: Letter, signed: RenderedLetter) -> RenderedLetter:
    """Return the letter as sent: decision words in outside text broken, signs of the forms removed."""
    stems = _stems(letter)
    page = breaking.finish_html(signed.html, stems) if signed.html is not None else None
    return RenderedLetter(breaking.finish(signed.subject, stems), breaking.finish(signed.text, stems), page)


class JinjaRenderer:
    """A renderer for the templates in `folders` at the time of creation.

    `office` has the facts about the desk, `now` determines which of its notices are current. Raises
    InvalidTemplateError.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        office: Mapping[str, object],
        environment: ImmutableSandboxedEnvironment | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._now = now
        self._environment = environment or build_environment(folders)
        self._office = office
        self._found: dict[Letter, tuple[Template, Template | None]] = {}

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        """Render subject and text of the letter, and HTML if there is a template for it.

        If a template of 0.1 prints outside text bare, it is printed inline until 0.3, and logged.
        """
        try:
            return self.render_strictly(letter, facts, reply_to)
        except UnprintedError:
            events.template_prints_bare(letter)
            return self._render(letter, _type_facts(facts, forms.printed), reply_to)

    def render_strictly(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        """Render without this fallback. Raises UnprintedError, and any error of a template."""
        return self._render(letter, _type_facts(facts), reply_to)

    def _render(self, letter: Letter, typed: Mapping[str, object], reply_to: str) -> RenderedLetter:
        return finish(letter, self.render_signed(letter, typed, reply_to))

    def render_signed(
        self,
        letter: Letter,
        typed: Mapping[str, object],
        reply_to: str,
        office: Mapping[str, object] | None = None,
    ) -> RenderedLetter:
        """Render the letter with the signs of the forms still in it.

        `typed` are facts from `facts.type_facts`; verification passes another `office`.
        """
        of = leave_link_out(letter, office or self._office)
        ours = list_desk_words(of, self._now().astimezone(JAPAN).date())
        values = {"reply_code": "", **ours, **typed, "office": of, "reply_to": reply_to}
        template, html = self._find_templates(letter)
        context = template.new_context(values)
        subject = " ".join("".join(template.blocks["subject"](context)).split())
        text = _GAP.sub("\n\n", template.render(values).strip()) + "\n"
        return RenderedLetter(subject, text, html.render(values) if html is not None else None)

    def check(self) -> None:
        """Load all templates, so that a broken one is found at startup. Raises InvalidTemplateError."""
        for letter in Letter:
            try:
                self._environment.get_template(f"{letter.value}.txt.j2")
                self._html_template(letter)
            except TemplateSyntaxError as error:
                place = f"{error.filename or error.name}, line {error.lineno}"
                raise InvalidTemplateError(f"{place}: {error.message}") from error
            except TemplateError as error:
                raise InvalidTemplateError(f"{letter.value}.txt.j2: {error}") from error

    def _find_templates(self, letter: Letter) -> tuple[Template, Template | None]:
        """Find the templates once: a letter without HTML would be searched for in every folder each time."""
        found = self._found.get(letter)
        if found is None:
            text = self._environment.get_template(f"{letter.value}.txt.j2")
            found = self._found[letter] = (text, self._html_template(letter))
        return found

    def _html_template(self, letter: Letter) -> Template | None:
        try:
            return self._environment.get_template(f"{letter.value}.html.j2")
        except TemplateNotFound:
            return None


def _type_facts(facts: Mapping[str, object], outside: Callable[[str], object] = Outside) -> dict[str, object]:
    return {**type_facts(facts, outside), "register_name": read_register_name(facts)}


Source = tuple[str, str, Callable[[], bool]]


def _load_templates(folders: Sequence[Path], without: frozenset[str]) -> dict[str, Source]:
    """Load all templates by name, each from the first folder that has it.

    Files edited while the gateway is running take effect at the next reload, all together.
    """
    places = {
        place.name: place
        for folder in reversed(folders)
        for place in sorted(folder.glob("*.j2"))
        if place.name not in without or folder == folders[-1]
    }
    return {name: (read_template(place), str(place), lambda: True) for name, place in places.items()}


def read_template(place: Path) -> str:
    """Read a template file, without the byte order mark that some editors add."""
    try:
        return place.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplateError(f"{place}: cannot be read as UTF-8 text: {error}") from error


def item_facts(entry: FormField) -> dict[str, str]:
    """Return an item of the form, for the templates that print it."""
    return {"key": entry.item.value, "ja": entry.japanese, "en": entry.english}


def blank_form(wanted: Sequence[str], known: Mapping[str, object] | None = None) -> str:
    """Return the items in `wanted` as a blank form that the gateway can parse in a reply.

    `known` values from outside are filled in if the line has room, but never a consent.
    """
    entries = [entry for entry in FORM_FIELDS if entry.item.value in wanted]
    return "\n".join(_form_line(entry, (known or {}).get(entry.item.value)) for entry in entries)


def _form_line(entry: FormField, known: object) -> str:
    """Return the line of one item, with its value instead of the hint unless that would be truncated."""
    if known and entry.item not in {Item.CONSENT, Item.CATEGORY}:
        bare = replace(entry, hint="")
        filled = render_form([bare], {entry.item: forms.organisation(known)})
        if display_width(filled) <= FORM_COLUMNS and "…" not in filled:
            return filled
    return render_form([entry], {})


def build_mailto(to: str, subject: str, body: str) -> str:
    """Build a mailto link (RFC 6068) that opens a prepared reply; nothing happens until a person sends it."""
    lines = "\r\n".join(body.split("\n"))  # RFC 6068 section 5: lines end with %0D%0A
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={quote(lines)}"
