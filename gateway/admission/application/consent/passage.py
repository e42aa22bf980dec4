"""The lines in which somebody agrees to the rules, with a label or without one.

What stands in the same sentence and on the lines directly below, up to the next label or blank line, belongs
to a consent: it counts only where every word of that is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answer import Consent, find_version, fold, is_put_off, read_answer
from gateway.admission.application.labels import Item, find_item, strip_bullets
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.table import is_frame
from gateway.admission.application.values import MAX_VALUE
from gateway.mail.lines import find_mark, has_sentence_end, is_rule

MAX_BELOW = 20
MAX_SHORT = 20
_WRAPPED = 3  # lines that one sentence may take
_REACH = 4
BOX = re.compile(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")
_BULLET = re.compile(r"[\s　]*[○〇◯●◉・*◆◇*-][\s　]*")
_CONSENT = re.compile(r"同意|agree|accept|consent")
_RULES = re.compile(r"(?:規約|ルール|利用条件).*[にを]|(?:^|[.!] )i .*(?:rules|terms)")
_FRAME = re.compile(r"[\s　]*[-－─―=＝]{2,}[\s　]*(?:ここから|ここまで)[\s　]*[-－─―=＝]{2,}[\s　]*")
_LIMIT = re.compile(
    r"[\s　※(（*]*(?:ただし|但し|ただ[、,]|もっとも|条件|しかし|however|but |except|provided|unless)",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"同意(?:は|を|が)?(?:でき(?:ません|ない|かね)|(?:いた|致)?し(?:かね|ません))"
    r"|(?:cannot|can't|do not|don't|not) agree",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line that may hold a consent: its number, and the value beside its label (None: it has no label)."""

    at: int
    quoted: bool
    raw: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was said of the rules, their version, and the number of the line (-1: none)."""

    consent: Consent = Consent.ABSENT
    version: str = ""
    at: int = -1


def find_place(text: str, at: int, held: tuple[Item, str] | None, *, quoted: bool) -> Place | None:
    """The place of a line that may hold a consent; `held` is what its label gives."""
    is_labelled = held is not None and held[0] is Item.CONSENT and not _is_sentence(text)
    if is_labelled and held is not None and (held[1].strip() or BOX.match(text) is None):
        return Place(at, quoted, held[1])
    if is_consent(text, quoted=quoted):
        return Place(at, quoted, None)
    return Place(at, quoted, "") if is_labelled else None


def is_consent(text: str, *, quoted: bool) -> bool:
    """A line that ticks or says consent by itself; said in a quotation it is somebody else's."""
    if not speaks_of_consent(text):
        return False
    bare = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    if BOX.match(text) is None or bare is not text:
        if quoted or (find_item(bare.strip()) is Item.CONSENT and not _is_sentence(text)):
            return False
        return is_said(bare, is_marked=bare is not text)
    return read_lines([text]) is not Consent.ABSENT


def _is_sentence(text: str) -> bool:
    """Whether a line that is called as a label is a sentence all the same: 規約に同意する。"""
    return parse_line(text) == (Item.CONSENT, "") and (has_sentence_end(text) or fold(text).startswith("i "))


def speaks_of_consent(text: str) -> bool:
    """Whether a text holds a word of consent."""
    return _CONSENT.search("".join(fold(text).split())) is not None


def is_said(text: str, *, is_marked: bool = False) -> bool:
    """Whether the line is a sentence about the rules, or, without a mark in front, nothing but an answer."""
    is_about = _RULES.search(fold(text)) is not None
    return (is_about or (not is_marked and len(fold(text)) < MAX_SHORT)) and read_lines(
        [text]
    ) is not Consent.ABSENT


def read_agreement(lines: Lines, places: Sequence[Place], *, in_form: bool) -> Agreement:
    """What all places together say: the writer's own win over quoted ones, and one that is not understood, or
    says no, leaves no consent. `in_form`: other items were said: 同意します alone is about the rules then."""
    found: list[tuple[Place, Agreement]] = []
    reached = -1
    for place in places:
        if place.at <= reached:
            continue
        said = list(_collect(lines, place))
        reached = place.at + len(said)
        if place.raw is None and not in_form and _is_bare(lines.texts[place.at]):
            continue
        agreement = _read_place(lines, place, said)
        if agreement is not None:
            found.append((place, agreement))
    own = [one for place, one in found if not place.quoted]
    return _agree(own or [one for _, one in found], lines)


def _is_bare(text: str) -> bool:
    return BOX.match(text) is None and _RULES.search(fold(text)) is None


def _agree(found: Sequence[Agreement], lines: Lines) -> Agreement:
    answers = {one.consent for one in found}
    if Consent.NO in answers:
        return Agreement(Consent.NO)
    if answers != {Consent.YES} or _is_refused(lines):
        return Agreement()
    return found[0]


def _read_place(lines: Lines, place: Place, below: Sequence[str]) -> Agreement | None:
    """What one place says; None for a label with nothing beside or below it, or about something else."""
    text = lines.texts[place.at]
    first = text if place.raw is None else place.raw
    said = [first, *below] if first.strip() else [line for line in below if line.strip()]
    if not said:
        return None
    rejoined = _rejoin(text) if place.raw is not None else ""
    above = _find_begun(lines, place) if place.raw is None else []
    consent = read_lines([*above, *([rejoined, *below] if rejoined else said)])
    if is_limited(lines.texts[place.at + 1 + len(below) :][:_REACH]) or len(text) >= 2 * MAX_VALUE:
        consent = Consent.NO if consent is Consent.NO else Consent.ABSENT
    if consent is Consent.ABSENT and not any(map(speaks_of_consent, (text, said[0]))):
        return None  # 規約：https://…
    return Agreement(consent, find_version(first), place.at)


def _rejoin(text: str) -> str:
    """The whole line where a gap inside a word made a label of its first half: 同意 する."""
    joined = "".join(strip_bullets(text).split())
    return joined if read_answer(joined) is not Consent.ABSENT else ""


def _collect(lines: Lines, place: Place) -> Iterator[str]:
    """The lines that belong to a consent: directly below it, and boxes below a blank line."""
    is_blank = not (place.raw is None or place.raw.strip())
    for at in range(place.at + 1, min(place.at + 1 + MAX_BELOW, len(lines.texts))):
        line = lines.texts[at]
        if (at in lines.quoted and not place.quoted) or _is_end(line):
            return
        if not line.strip():
            below = lines.texts[at + 1] if at + 1 < len(lines.texts) else ""
            if not (is_blank or BOX.match(below)) or _is_end(below):
                return
        is_blank = is_blank and not line.strip()
        yield line


def _is_end(line: str) -> bool:
    """Whether another item, a drawn line, a signature's mark or an old mail begins here."""
    held = parse_line(line)
    if held is not None and held[0] is not Item.CONSENT:
        return True
    is_drawn = bool(line.strip()) and is_frame(line)
    is_drawn = is_drawn or is_rule(line) or _FRAME.fullmatch(line) is not None
    return is_drawn or is_mark_of_mail(line) or bool(find_mark(line))


def _find_begun(lines: Lines, place: Place) -> list[str]:
    """The lines above on which the sentence of this one began."""
    begun: list[str] = []
    for at in range(place.at - 1, max(-1, place.at - _WRAPPED), -1):
        line = lines.texts[at]
        is_other = (at in lines.quoted) != place.quoted or parse_line(line) is not None or _is_end(line)
        if not line.strip() or has_sentence_end(line) or is_other:
            break
        begun.insert(0, line)
    return begun


def read_lines(lines: Sequence[str]) -> Consent:
    """What lines that belong together say; absent where a word is not understood, or nothing answers."""
    found: set[Consent] = set()
    rest = list(_join_boxes(lines))
    while rest:
        taken, answers = _read_first(rest)
        if not taken:
            return Consent.ABSENT
        found |= answers
        del rest[:taken]
    if Consent.NO in found:
        return Consent.NO
    return found.pop() if found else Consent.ABSENT


def _join_boxes(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those with boxes that follow each other as one: they are choices of one answer."""
    boxes: list[str] = []
    for line in filter(str.strip, lines):
        if BOX.match(line) is not None:
            boxes.append(line.strip())
            continue
        if boxes:
            yield " ".join(boxes)
            boxes = []
        yield line.strip()
    if boxes:
        yield " ".join(boxes)


def _read_first(lines: Sequence[str]) -> tuple[int, set[Consent]]:
    """How many lines were understood together from the first on, and the answers in them; 0 for none."""
    for count in range(1, min(_WRAPPED, len(lines)) + 1):
        for joint in ("", " ") if count > 1 else ("",):
            answers = _read_sentences(joint.join(line.strip() for line in lines[:count]))
            if answers is not None:
                return count, answers
    return 0, set()


def _read_sentences(text: str) -> set[Consent] | None:
    """The answers in a line; None where one of its sentences is not understood."""
    whole = _read_sentence(text)
    if whole is not None:
        return whole
    answers: set[Consent] = set()
    for sentence in filter(str.strip, re.split(r"[。!！]|\. |\.$", text)):
        answer = _read_sentence(sentence)
        if answer is None:
            return None
        answers |= answer
    return answers


def _read_sentence(sentence: str) -> set[Consent] | None:
    held = parse_line(sentence)
    value = held[1] if held is not None and held[0] is Item.CONSENT and held[1].strip() else sentence
    answer = read_answer(value.strip(" \t　、,"))
    if answer is not Consent.ABSENT:
        return {answer}
    if value is not sentence and (answer := read_answer(sentence)) is not Consent.ABSENT:
        return {answer}
    return set() if beside.is_harmless(sentence) else None


def _is_refused(lines: Lines) -> bool:
    """Whether one of the writer's lines says that a rule is not agreed to, or later, and is no choice."""
    return any(
        (_REFUSAL.search(text) or is_put_off(text)) and not is_consent(text, quoted=False)
        for text in lines.own_texts()
        if "同意" in text or "agree" in text.casefold()
    )


def is_limited(below: Sequence[str]) -> bool:
    """Whether the next words take back what stands above them: ただし…"""
    return _LIMIT.match(next(filter(str.strip, below), "")) is not None
