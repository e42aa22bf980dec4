"""A consent in one paragraph with who writes: each sentence becomes a line, as if it had been written so.

A paragraph is only cut if each of its sentences is a plain consent, says who writes, or limits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.reading import read_lines, speaks_of_consent
from gateway.admission.application.consent.below.second_thought import is_second_thought
from gateway.admission.application.consent.people import is_plain
from gateway.admission.application.evidence.introduced import find_writer
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.unlabelled import introduction
from gateway.mail.lines import has_sentence_end, is_quoted
from gateway.patterns import compile_later

MAX_LINES, MAX_PARAGRAPH = 6, 400
_WRAPPED = 20  # minimum length of a line that a mail program wrapped
_SENTENCE = compile_later(r"[^。！!]+[。！!]*")
_SENTENCE_EN = compile_later(r"(?<=[.!]) +(?=[A-Z])")
_OF_POST = compile_later(
    r"(?:役職は)?[^、。はが]{2,16}[長員官師士任査事幹](?:を(?:して|務めて)(?:い|おり)ます|です)"
)
_CONSENT_EN = compile_later("agree|accept|consent")


def part_sentences(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, with the sentences of a paragraph that contains a consent on their own lines."""
    at = 0
    for place in [place for place, line in enumerate(lines) if "同意" in line or _is_english(line)]:
        if place < at or parse_line(lines[place]) is not None:
            continue
        begun, end = _find_paragraph(lines, place, at)
        yield from lines[at:begun]
        yield from _cut(lines[begun:end]) or lines[begun:end]
        at = end
    yield from lines[at:]


def _is_english(line: str) -> bool:
    return line.isascii() and _CONSENT_EN.search(line) is not None


def _find_paragraph(lines: Sequence[str], place: int, first: int) -> tuple[int, int]:
    """Return where the paragraph around a line begins, not before `first`, and the line after it."""
    begun, end = place, place + 1
    while begun > max(first, place - MAX_LINES) and _is_wrapped(lines[begun - 1]):
        begun -= 1
    while end < min(len(lines), place + MAX_LINES) and _is_wrapped(lines[end - 1]):
        end += 1
    return begun, end


def _is_wrapped(line: str) -> bool:
    return len(line.strip()) >= _WRAPPED and not has_sentence_end(line) and parse_line(line) is None


def _cut(paragraph: Sequence[str]) -> list[str]:
    """Return the sentences of a paragraph with a consent that no line of it says alone; otherwise empty."""
    said = [line.strip(" \t　") for line in paragraph]
    sentences = _split((" " if said[0].isascii() else "").join(said))
    if len(sentences) < 2 or any(read_lines([line]) is not Consent.ABSENT for line in paragraph):
        return []
    return sentences if _holds_consent(sentences) else []


def _split(text: str) -> list[str]:
    if len(text) > MAX_PARAGRAPH or "「" in text or is_quoted(text):
        return []
    if parse_line(text) is not None:
        return []
    sentences = _SENTENCE_EN.split(text) if text.isascii() else _SENTENCE.findall(text)
    return [one for one in sentences if one.strip()]


def _holds_consent(sentences: Sequence[str]) -> bool:
    """Return whether one sentence is a plain consent, and no other can be about it."""
    others = [one for one in sentences if not speaks_of_consent(one)]
    agreed = [read_lines([one]) for one in sentences if speaks_of_consent(one)]
    return bool(agreed) and set(agreed) == {Consent.YES} and all(map(_is_other, others))


def _is_other(sentence: str) -> bool:
    """Return whether a sentence limits nothing, or only says in which office the writer works."""
    if beside.is_harmless(sentence) or not is_second_thought(sentence):
        return True
    if not is_plain(sentence):
        return False
    body = introduction.read_introduction([sentence]).organisation
    return bool(body or find_writer([sentence], "") or _OF_POST.fullmatch(sentence.strip(" \t　。")))
