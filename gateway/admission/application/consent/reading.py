"""What lines of a mail say of the rules, sentence by sentence: every word of them has to be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answer import Consent, fold, is_hesitant, may_answer, read_answer
from gateway.admission.application.consent.people import NOBODY, Writer
from gateway.admission.application.labels import Item, strip_remark
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.values import clean_value
from gateway.memoize import memoize

WRAPPED = 3  # lines that one sentence may take
BOX = re.compile(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ×✕✗]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")
_ANSWER = re.compile(r"^[\s　]*[AaＡ][0-9０-９]{0,2}[.:．：][\s　]*")  # A5. 同意します
_CONSENT = re.compile(r"同意|agree|accept|consent")


def speaks_of_consent(text: str) -> bool:
    """Whether a text holds a word of consent."""
    return _CONSENT.search("".join(fold(text).split())) is not None


def read_lines(lines: Sequence[str], writer: Writer = NOBODY) -> Consent:
    """What lines that belong together say; absent where a word is not understood, or nothing answers."""
    return read_every_line(lines, writer) if may_answer("\n".join(lines)) else Consent.ABSENT


def read_every_line(lines: Sequence[str], writer: Writer = NOBODY) -> Consent:
    """The same without a look whether an answer may stand there."""
    found: set[Consent] = set()
    rest = list(_join_boxes(lines))
    while rest:
        taken, answers = _read_first(rest, writer)
        if not taken:  # who says no may go on to say why
            return Consent.NO if _begins_with_no(rest[0], writer) else Consent.ABSENT
        found |= answers
        del rest[:taken]
    if Consent.NO in found:
        return Consent.NO
    return found.pop() if found else Consent.ABSENT


def _begins_with_no(text: str, writer: Writer) -> bool:
    first = re.split(r"[。!！]", text, maxsplit=1)[0]
    return first != text and _read_sentence(first, writer) == frozenset({Consent.NO})


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


def _read_first(lines: Sequence[str], writer: Writer) -> tuple[int, frozenset[Consent]]:
    """How many lines were understood together from the first on, and the answers in them; 0 for none."""
    for count in range(1, min(WRAPPED, len(lines)) + 1):
        for joint in ("", " ") if count > 1 else ("",):
            answers = _read_sentences(joint.join(line.strip() for line in lines[:count]), writer)
            if answers is not None:
                return count, answers
    return 0, frozenset()


def _read_sentences(text: str, writer: Writer) -> frozenset[Consent] | None:
    """The answers in a line; None where one of its sentences is not understood."""
    remark = strip_remark(_ANSWER.sub("", text))
    if remark != text and not clean_value(remark):
        return frozenset()
    text = remark
    whole = _read_sentence(text, writer)
    if whole is not None:
        return whole
    if is_hesitant(text):
        return None
    answers: frozenset[Consent] = frozenset()
    for sentence in filter(str.strip, re.split(r"[。!！]|\. |\.$", text)):
        answer = _read_sentence(sentence, writer)
        if answer is None:
            return None
        answers |= answer
    return answers


@memoize(
    maxsize=900,
    max_key=beside.MAX_KEPT,
    why="a sentence is read alone, and with its neighbours in case it was wrapped",
)
def _read_sentence(sentence: str, writer: Writer) -> frozenset[Consent] | None:
    held = parse_line(sentence)
    value = held[1] if held is not None and held[0] is Item.CONSENT and held[1].strip() else sentence
    answer = read_answer(value.lstrip(" \t　、,").rstrip(" \t　"), writer)
    if answer is not Consent.ABSENT:
        return frozenset({answer})
    if value is not sentence and (answer := read_answer(sentence, writer)) is not Consent.ABSENT:
        return frozenset({answer})
    return frozenset() if beside.is_harmless(sentence, writer) else None
