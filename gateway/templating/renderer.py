"""Letters in words: jinja2, sandboxed, with every undefined name an error.

A template is `NAME.txt.j2` with the blocks `subject` and `body`; staff letters may have `NAME.html.j2`.
Folders are searched in order, so an operator overrides one template by putting a file of that name first.
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

from gateway.admission import wording
from gateway.admission.application import form
from gateway.admission.application.labels import FORM_FIELDS, FormField, Item
from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from gateway.log import events
from gateway.mail.text import display_width
from gateway.memoize import memoize
from gateway.outbound.protocols import RenderedLetter
from gateway.printing import breaking, forms, stating
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.statement import Statement
from gateway.templating import members
from gateway.templating.dates import (
    JAPAN,
    format_english_date,
    format_japanese_date,
    format_japanese_datetime,
)
from gateway.templating.desk_words import list_desk_words
from gateway.templating.facts import read_register_name, type_facts

# Parts of a letter that say nothing here leave their blank lines behind.
_GAP = re.compile(r"\n{3,}")
FORM_COLUMNS = 70


class InvalidTemplateError(Exception):
    """A template cannot be used; the message names its file, its line and what is wrong."""


def build_environment(
    folders: Sequence[Path],
    kind: type[ImmutableSandboxedEnvironment] = ImmutableSandboxedEnvironment,
    without: frozenset[str] = frozenset(),
) -> ImmutableSandboxedEnvironment:
    """How templates are read: from these folders in this order, with the filters and words of letters;
    those named in `without` from the last folder alone.

    Raises InvalidTemplateError.
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
        "flag_words": lambda flag: flag,  # until 0.3: a flag says itself
        "letter_words": wording.letter_title,
        "words_for": wording.offered_decisions,
        "word_of": wording.decision_word,
        "outcome_words": wording.outcome_text,
        "answer_words": wording.answer_text,
        "refusal_words": wording.refusal_text,
    }
    return environment


def _refuse_unprinted(value: object) -> object:
    """Text from outside is printed by a form, or not at all."""
    if isinstance(value, Outside | Statement):
        raise UnprintedError
    return value


def find_readers(letter: Letter) -> tuple[Reader, ...]:
    """Whose words are read in an answer to a letter of this kind."""
    if letter in {Letter.AFFILIATION_REQUEST, Letter.AFFILIATION_CHECK}:  # a colleague answers
        return ("applicant", "confirmer")
    return ("staff",) if letter in STAFF_LETTERS else ("applicant",)


@memoize(maxsize=len(Letter), why="each kind of letter has the same words, whatever it says")
def _stems(letter: Letter) -> breaking.Stems:
    """The words that no outside text may hold whole in this letter: those of whoever may answer it."""
    return breaking.build_stems(stem for reader in find_readers(letter) for stem in reader_stems(reader))


def finish(letter: Letter, signed: RenderedLetter) -> RenderedLetter:
    """The letter as it leaves: words of decision broken in outside text, and no signs of the forms."""
    stems = _stems(letter)
    page = breaking.finish_html(signed.html, stems) if signed.html is not None else None
    return RenderedLetter(breaking.finish(signed.subject, stems), breaking.finish(signed.text, stems), page)


class JinjaRenderer:
    """Renders from `folders`, as they are when this is made; `office` is what letters may say of the desk,
    `now` tells which of its notices are young.

    Raises InvalidTemplateError.
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
        """The letter as subject and text, with html where there is a template for it.

        A template of 0.1 that prints outside text bare gets it inline until 0.3, and the log says so.
        """
        try:
            return self.render_strictly(letter, facts, reply_to)
        except UnprintedError:
            events.template_prints_bare(letter)
            return self._render(letter, _type_facts(facts, forms.printed), reply_to)

    def render_strictly(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        """The same without a way out: raises UnprintedError, and whatever a template is wrong with."""
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
        """The letter with the signs of the forms still in it; `typed` as by `facts.type_facts`, and for a
        proof with another `office`."""
        ours = list_desk_words(office or self._office, self._now().astimezone(JAPAN).date())
        values = {"reply_code": "", **ours, **typed, "office": office or self._office, "reply_to": reply_to}
        template, html = self._find_templates(letter)
        context = template.new_context(values)
        subject = " ".join("".join(template.blocks["subject"](context)).split())
        text = _GAP.sub("\n\n", template.render(values).strip()) + "\n"
        return RenderedLetter(subject, text, html.render(values) if html is not None else None)

    def check(self) -> None:
        """Load every template, so that a broken one is found at start. Raises InvalidTemplateError."""
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
        """Looked up once: a letter without html would be searched for in every folder each time."""
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
    """All templates as they are now, by name, from the first folder that has them.

    What is edited while the gateway runs counts from the next reload on, and then all of it.
    """
    places = {
        place.name: place
        for folder in reversed(folders)
        for place in sorted(folder.glob("*.j2"))
        if place.name not in without or folder == folders[-1]
    }
    return {name: (read_template(place), str(place), lambda: True) for name, place in places.items()}


def read_template(place: Path) -> str:
    """The text of a template file; a mark of some editors in front is no part of it."""
    try:
        return place.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplateError(f"{place}: cannot be read as UTF-8 text: {error}") from error


def item_facts(entry: FormField) -> dict[str, str]:
    """One item of the form, for the templates that print it."""
    return {"key": entry.item.value, "ja": entry.japanese, "en": entry.english}


def blank_form(wanted: Sequence[str], known: Mapping[str, object] | None = None) -> str:
    """The items in `wanted` as a form to fill in, which the gateway reads back from a reply; `known` values
    of outside stand in it where the line has room, a consent never."""
    entries = [entry for entry in FORM_FIELDS if entry.item.value in wanted]
    return "\n".join(_form_line(entry, (known or {}).get(entry.item.value)) for entry in entries)


def _form_line(entry: FormField, known: object) -> str:
    """One item, its value in the place of the hint; a value that would be cut is left out."""
    if known and entry.item not in {Item.CONSENT, Item.CATEGORY}:
        bare = replace(entry, hint="")
        filled = form.render_form([bare], {entry.item: forms.organisation(known)})
        if display_width(filled) <= FORM_COLUMNS and "…" not in filled:
            return filled
    return form.render_form([entry], {})


def build_mailto(to: str, subject: str, body: str) -> str:
    """A mailto link (RFC 6068) that opens a ready reply; nothing happens until a person sends it."""
    lines = "\r\n".join(body.split("\n"))  # RFC 6068 section 5: lines end with %0D%0A
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={quote(lines)}"
