"""Reads what lines of a mail say about the rules, sentence by sentence: every word must be understood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.answer import (
    fold,
    is_hesitant,
    is_put_off,
    may_answer,
    read_answer,
)
from gateway.admission.application.consent.answers.phrases import ends_in_refusal
from gateway.admission.application.consent.answers.undertaking import is_settled, is_undertaking
from gateway.admission.application.consent.around.openings import tells_purpose
from gateway.admission.application.consent.below.second_thought import is_aside
from gateway.admission.application.consent.people import NOBODY, Writer
from gateway.admission.application.consent.wishes.conditions import say_i
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item, strip_remark
from gateway.admission.application.items.values import clean_value
from gateway.admission.application.layout.beyond.signature import is_contact
from gateway.admission.application.layout.line import parse_line
from gateway.mail.lines import find_mark, has_sentence_end
from gateway.memoize import memoize
from gateway.patterns import compile_later

WRAPPED = 3  # maximum number of lines of a sentence
BOX = compile_later(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ×✕✗]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")
# A5. 同意します, →同意します
_ANSWER = compile_later(r"^[\s　]*(?:[AaＡ][0-9０-９]{0,2}[.:．：]|[→⇒➡])[\s　]*")
_CONSENT = compile_later(r"同意|agree|accept|consent")


def speaks_of_consent(text: str) -> bool:
    """Return whether a text contains a word of consent."""
    return _CONSENT.search("".join(fold(text).split())) is not None


def is_answer(text: str) -> bool:
    """Return whether a text says yes, no or later by itself."""
    return read_lines([text]) is not Consent.ABSENT or is_put_off(text)


def read_lines(lines: Sequence[str], writer: Writer = NOBODY) -> Consent:
    """Read lines that belong together; absent if a word is not understood, or nothing answers."""
    return read_every_line(lines, writer) if may_answer("\n".join(lines)) else Consent.ABSENT


def read_every_line(lines: Sequence[str], writer: Writer = NOBODY) -> Consent:
    """Read lines as `read_lines` does, without the quick check for an answer."""
    found: set[Consent] = set()
    rest = list(_join_boxes(lines))
    while rest:
        taken, answers = _read_first(rest, writer)
        if not taken:  # a no may be followed by its reason
            is_no = _is_plain_no(found, lines) or _begins_with_no(rest[0], writer)
            return Consent.NO if is_no else Consent.ABSENT
        found |= answers
        del rest[:taken]
    if Consent.NO in found:
        return Consent.NO
    return found.pop() if found else Consent.ABSENT


def _goes_on(line: str) -> bool:
    """Return whether a sentence may be wrapped behind this line: 見本 花子 is none."""
    is_open = len(line.strip()) >= _LEAST or line.rstrip().endswith(("、", ","))
    return is_open and not (has_sentence_end(line) or find_mark(line) or is_contact(line))


_LEAST = 10  # characters


def join_wrapped(texts: Sequence[str], at: int) -> Iterator[str]:
    """Yield the line joined with those that a wrapped sentence may cover, in each possible way."""
    first = at
    while first > max(0, at - WRAPPED + 1) and _goes_on(texts[first - 1]):
        first -= 1
    for begun in range(first, at + 1):
        for end in range(max(at + 1, begun + 2), begun + WRAPPED + 1):
            is_over = end > len(texts) or not texts[end - 1].strip() or find_mark(texts[end - 1])
            if is_over or (end - 1 > at and not _goes_on(texts[end - 2])):
                break
            for joint in ("", " "):
                yield joint.join(line.strip() for line in texts[begun:end])


def _is_plain_no(found: Collection[Consent], lines: Sequence[str]) -> bool:
    """Return whether the understood part says no, whatever reason follows; a postponement does not."""
    return Consent.NO in found and not any(map(is_put_off, lines))


def _begins_with_no(text: str, writer: Writer) -> bool:
    first = re.split(r"[。!！]", text, maxsplit=1)[0]
    return first != text and _read_sentence(first, writer) == frozenset({Consent.NO})


def _join_boxes(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, with consecutive boxes joined: they are choices of one answer."""
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
    """Return how many of the first lines are understood together, and their answers; 0 for none."""
    for count in range(1, min(WRAPPED, len(lines)) + 1):
        for joint in ("", " ") if count > 1 else ("",):
            answers = _read_sentences(joint.join(line.strip() for line in lines[:count]), writer)
            if answers is not None:
                return count, answers
    return 0, frozenset()


def _read_sentences(text: str, writer: Writer) -> frozenset[Consent] | None:
    """Return the answers in a line; None if one of its sentences is not understood."""
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
    if _COMMENTED_OUT.match(value) is not None:
        return None
    if is_put_off(sentence) and not ends_in_refusal(fold(sentence)):
        return None
    answer = read_answer(_WISHES.sub("", value).lstrip(" \t　、,").rstrip(" \t　"), writer)
    if answer is not Consent.ABSENT:
        return frozenset({answer})
    if value is not sentence and (answer := read_answer(sentence, writer)) is not Consent.ABSENT:
        return frozenset({answer})
    if (asks := _AND_SO.search(value)) is not None and beside.asks_politely(value[asks.end() :]):
        answer = read_answer(value[: asks.end("said")].strip(" \t　"), writer)
        return frozenset({answer}) if answer is not Consent.ABSENT else None
    return frozenset() if _says_nothing(sentence, writer) else None


_COMMENTED_OUT = compile_later(r"[\s　]*(?://|／／|/\*)")  # in program text: // 同意する


def strip_request(text: str) -> str:
    """Return a text without a polite request behind its consent."""
    asks = _AND_SO.search(text)
    return text[: asks.end("said")] if asks is not None and beside.asks_politely(text[asks.end() :]) else text


# コミュニティに参加したいのですが、
_WISHES = compile_later(
    r"^[\s　]*(?:(?:コミュニティ|こちら|貴会)(?:へ|に))?(?:ぜひ|是非)?"
    r"(?:参加|登録|入会|利用)(?:(?:いた|致)?し)?た(?:い(?:のですが|と思い(?:ます(?:が|ので))?|ので)|く(?:思い|存じ)?)、(?=.*(?:同意|承諾))"
)
# 同意しますので、よろしくお願いします.
_AND_SO = compile_later(r"(?P<said>(?:同意|承諾)(?:いた|致)?します)(?:ので、?|、)")


def _says_nothing(sentence: str, writer: Writer) -> bool:
    """Return whether a sentence beside a consent limits nothing."""
    if beside.is_harmless(sentence, writer) or is_aside(say_i(sentence, writer)):
        return True
    compact = "".join(fold(sentence).split())
    return is_undertaking(compact) or is_settled(compact) or tells_purpose(sentence, writer)
