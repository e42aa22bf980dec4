"""The lines in which somebody agrees to the rules, with or without a label.

The rest of the sentence, and the lines directly below, up to the next label or blank line, belong to the
consent: it counts only if every word of them is understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gateway.admission.application.consent.answers.answer import find_version, fold, read_answer
from gateway.admission.application.consent.answers.reading import (
    BOX,
    WRAPPED,
    is_answer,
    read_lines,
    speaks_of_consent,
    strip_request,
)
from gateway.admission.application.consent.around.contacts import find_sender, is_contact_person
from gateway.admission.application.consent.around.mentions import is_about, is_any_taken_back, is_limited
from gateway.admission.application.consent.around.signers import is_in_old_mail, is_of_another
from gateway.admission.application.consent.below.second_thought import is_aside
from gateway.admission.application.consent.below.unread import is_unread, names_another
from gateway.admission.application.consent.elsewhere import judge
from gateway.admission.application.consent.people import Writer
from gateway.admission.application.items.fields import AGREED, Consent
from gateway.admission.application.items.labels import Item, find_item, is_remark, strip_bullets, strip_remark
from gateway.admission.application.items.values import MAX_VALUE
from gateway.admission.application.layout.beyond.signature import is_below_signature_mark
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_form_frame, is_mark_of_mail
from gateway.admission.application.layout.table.rows import is_frame
from gateway.mail.lines import find_mark, has_sentence_end, is_rule
from gateway.patterns import compile_later

MAX_BELOW = 20
MAX_SHORT = 20
_REACH = 4
_BULLET = compile_later(r"[\s　]*[○〇◯●◉・*◆◇*-][\s　]*")
_CHOICES = compile_later(r"[○〇◯●◉×✕✗✖]")
_RULES = compile_later(r"(?:規約|ルール|利用条件).*[にをは]|(?:^|[.!] )i .*(?:rules|terms)")


@dataclass(frozen=True, slots=True)
class Place:
    """A line that may contain a consent: its number, and the value beside its label (None: no label)."""

    at: int
    quoted: bool
    raw: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer about the rules, their version, and the line number (-1: none)."""

    consent: Consent = Consent.ABSENT
    version: str = ""
    at: int = -1


def find_place(text: str, at: int, held: tuple[Item, str] | None, *, quoted: bool) -> Place | None:
    """Return the place of a line that may contain a consent; `held` is its parsed label."""
    is_labelled = held is not None and held[0] is Item.CONSENT and not _is_sentence(text)
    if is_labelled and held is not None and (held[1].strip() or BOX.match(text) is None):
        return Place(at, quoted, held[1])
    if is_consent(text, quoted=quoted):
        return Place(at, quoted, None)
    return Place(at, quoted, "") if is_labelled else None


def is_consent(text: str, *, quoted: bool) -> bool:
    """Return whether a line ticks or states consent by itself; in a quotation it is somebody else's."""
    if not speaks_of_consent(text):
        return False
    if len(_CHOICES.findall(text)) > 1:
        return is_answer(text)
    bare = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    if BOX.match(text) is None or bare is not text:
        if quoted or (find_item(bare.strip()) is Item.CONSENT and not _is_sentence(text)):
            return False
        return is_said(bare, is_marked=bare is not text)
    return is_answer(text)


def _is_sentence(text: str) -> bool:
    """Return whether a line that reads like a label is in fact a sentence: 規約に同意する。"""
    return parse_line(text) == (Item.CONSENT, "") and (has_sentence_end(text) or fold(text).startswith("i "))


def is_said(text: str, *, is_marked: bool = False) -> bool:
    """Return whether the line is a sentence about the rules, or, without a mark in front, only an answer."""
    is_about = _RULES.search(fold(text)) is not None
    return (is_about or (not is_marked and len(fold(strip_request(text))) < MAX_SHORT)) and is_answer(text)


def read_agreement(lines: Lines, places: Sequence[Place], writer: Writer, *, in_form: bool) -> Agreement:
    """Combine the answers of all places.

    The writer's own places take precedence over quoted ones. One that is not understood, or says no, prevents
    the consent. `in_form`: other items were given, so that 同意します alone is about the rules.
    """
    found: list[_Found] = []
    reached = -1
    for place in places:
        if place.at <= reached:
            continue
        said = list(_collect(lines, place))
        reached = place.at + len(said)
        if place.raw is None and not in_form and _is_bare(lines.texts[place.at]):
            continue
        agreement = _read_place(lines, place, said, writer)
        if agreement is not None:
            found.append(_Found(place, agreement, reached))
    own = [one for one in found if not one.place.quoted]
    return _agree(own or found, lines, writer)


class _Found(NamedTuple):
    """A place that says something, its answer, and the last line that it extends to."""

    place: Place
    said: Agreement
    reached: int


def _is_bare(text: str) -> bool:
    return BOX.match(text) is None and _RULES.search(fold(text)) is None


def _agree(found: Sequence[_Found], lines: Lines, writer: Writer) -> Agreement:
    answers = {one.said.consent for one in found}
    heard = {at for one in found for at in range(one.place.at, one.reached + 1)}
    # A form filled in inside the quotation is also the writer's; labels answered below are not.
    is_filled_in = bool(found) and found[0].place.quoted and found[0].said.at in lines.quoted
    foreign = frozenset[int]() if is_filled_in else lines.quoted
    others = set(range(len(lines.texts))) - heard - foreign
    if Consent.NO in answers or is_any_taken_back([lines.texts[at] for at in others]):
        return Agreement(Consent.NO)
    if not answers or not answers <= AGREED or is_about(lines.beyond):
        return Agreement()
    if _is_of_another(found[0].place, lines.texts, writer):
        return Agreement()
    consent = judge(lines.texts, others, lines.quoted, found[0].place.at, writer)
    if consent is Consent.YES and Consent.UNSURE in answers:
        consent = Consent.UNSURE
    # A quotation is not shown to the staff: they could not judge what is beside it.
    is_left = consent is Consent.YES or (consent is Consent.UNSURE and not found[0].place.quoted)
    return replace(found[0].said, consent=consent) if is_left else Agreement()


def _is_of_another(place: Place, texts: Sequence[str], writer: Writer) -> bool:
    if not place.quoted and is_in_old_mail(texts, place.at, writer):
        return True
    # What a signature says is written once for all mails.
    return is_below_signature_mark(texts, place.at) or is_of_another(texts, place.at, writer)


def _read_place(lines: Lines, place: Place, below: Sequence[str], writer: Writer) -> Agreement | None:
    """Read one place; None for a label with nothing beside or below it, or about something else."""
    text = lines.texts[place.at]
    first = text if place.raw is None else place.raw or _split_answer(text, lines)
    said = [first, *below] if first.strip() else [line for line in below if line.strip()]
    if not said:
        return None
    rejoined = _rejoin(text) if place.raw is not None else ""
    above = _find_begun(lines, place) if place.raw is None else []
    consent = read_lines([*above, *([rejoined, *below] if rejoined else said)], writer)
    if consent is Consent.ABSENT and BOX.match(first) and read_lines([first], writer) is Consent.NO:
        consent = Consent.NO  # an empty box is a no, whatever is asked below it
    if consent is Consent.ABSENT and _is_followed_by_other(first, below, writer):
        consent = Consent.UNSURE
    if is_limited(lines.texts[place.at + 1 + len(below) :][:_REACH]) or len(text) >= 2 * MAX_VALUE:
        consent = Consent.NO if consent is Consent.NO else Consent.ABSENT
    if consent is Consent.ABSENT and not any(map(speaks_of_consent, (text, said[0]))):
        return None  # 規約：https://…
    beside = (at for at in range(place.at, place.at + 1 + len(below)) if lines.texts[at].strip())
    is_below = place.quoted and place.raw is not None and not place.raw.strip()
    at = next((at for at in beside if at > place.at), place.at) if is_below else place.at
    return Agreement(consent, find_version(first), at)


def _is_followed_by_other(first: str, below: Sequence[str], writer: Writer) -> bool:
    """Return whether a consent is plain without the lines below it, and they are about something else."""
    if not any(line.strip() for line in below) or read_lines([first], writer) is not Consent.YES:
        return False
    said = "\n".join(below)
    if names_another(said, writer) or any(map(is_about, below)) or is_limited(below):
        return False
    return is_unread(said, writer)


_LEAST_ALIKE = 3
# Label, gap and value: a blank or more, with a hyphen between them.
_PAIR = compile_later(
    r"[\s　]*(?P<label>\S{2,10}|\S　\S)(?P<gap>[ 　]+(?:[-－‐–—―][ 　]+)?)(?P<answer>\S.*?)[\s　]*"
)
_BARE_ANSWERS = frozenset({"同意", "承諾"})


def _split_answer(text: str, lines: Lines) -> str:
    """Return the answer of a line that reads like a label: 規約 同意, 規約 - 同意.

    Only if other lines of the form have the same gap between label and value, or their values in this column.
    """
    found = _PAIR.fullmatch(text)
    if found is None or found["answer"] not in _BARE_ANSWERS or find_item(found["label"]) is not Item.CONSENT:
        return ""
    pairs = (pair for line in lines.texts if (pair := _PAIR.fullmatch(line)) is not None)
    alike = (
        pair
        for pair in pairs
        if find_item(pair["label"]) is not None
        and (pair["gap"] == found["gap"] or pair.start("answer") == found.start("answer"))
    )
    return found["answer"] if sum(1 for _ in alike) > _LEAST_ALIKE else ""


def _rejoin(text: str) -> str:
    """Return the whole line if a gap inside a word made a label of its first half: 同意 する."""
    joined = "".join(strip_bullets(text).split())
    return joined if read_answer(joined) is not Consent.ABSENT else ""


def _collect(lines: Lines, place: Place) -> Iterator[str]:
    """Yield the lines of a consent: those directly below it, and boxes below a blank line."""
    is_blank = not (place.raw is None or place.raw.strip())
    for at in range(place.at + 1, min(place.at + 1 + MAX_BELOW, len(lines.texts))):
        line = lines.texts[at]
        if (at in lines.quoted and not place.quoted) or _is_end(line) or _DOTS.fullmatch(line):
            return
        if not line.strip():
            below = lines.texts[at + 1] if at + 1 < len(lines.texts) else ""
            if not (is_blank or BOX.match(below)) or _is_end(below):
                return
        is_blank = is_blank and not line.strip()
        yield line


_DOTS = compile_later(r"\s*\.{3}\s*")  # the end of a YAML document


def _is_end(line: str) -> bool:
    """Return whether another item, a drawn line, a signature mark or an old mail begins here."""
    held = parse_line(line)
    if held is not None and held[0] is not Item.CONSENT:
        return True
    if strip_remark(line) != line or is_remark(line) or is_aside(line) or _names_somebody(line):
        return True  # its content is checked separately
    is_drawn = bool(line.strip()) and is_frame(line)
    is_drawn = is_drawn or is_rule(line) or is_form_frame(line)
    return is_drawn or is_mark_of_mail(line) or bool(find_mark(line))


def _names_somebody(line: str) -> bool:
    """Return whether a line only names whom to call, or who sends the mail."""
    return is_contact_person(line) or find_sender(line) != ""


def _find_begun(lines: Lines, place: Place) -> list[str]:
    """Return the lines above on which this line's sentence began."""
    begun: list[str] = []
    for at in range(place.at - 1, max(-1, place.at - WRAPPED), -1):
        line = lines.texts[at]
        is_other = (at in lines.quoted) != place.quoted or parse_line(line) is not None or _is_end(line)
        if not line.strip() or has_sentence_end(line) or is_other:
            break
        begun.insert(0, line)
    return begun
