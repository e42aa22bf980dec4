"""Splits a short answer into sentences, so that each can be matched as a whole by a small grammar.

Words in 「」, 『』 or quotation marks are somebody else's; 【承認】 and [承認] are the author's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_SENTENCES = 2_000
_PAIRS = {
    "「": "」",
    "『": "』",
    "(": ")",
    "（": "）",
    "【": "】",
    "[": "]",
    "［": "］",
    "“": "”",
    "〔": "〕",
    "〈": "〉",
    "《": "》",
}
_CLOSERS = frozenset(_PAIRS.values())
_ENDS = "。．.!！?？｡⁉‼⁈❓❔❗❕؟"
QUESTIONS = frozenset("?？⁉⁈❓❔؟")
# A bracket, or marks in a row, as they are displayed.
_TURNS = compile_later(
    rf"[{re.escape(''.join((*_PAIRS, *_CLOSERS)))}]|[{re.escape(_ENDS)}][{re.escape(_ENDS)}\ufe0e\ufe0f]*"
)
_ABBREVIATION = compile_later(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|vs|no|nos|e\.g|i\.e|etc|cf|st|approx|dept|tel|fax|ext|[a-z0-9])$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and its position.

    `raw` is the text as written without its end mark, `mark` the end mark or empty. `bare` is folded, in
    lower case and without spaces, `spaced` the same with spaces. `line` is the index of its first line,
    `start` and `stop` are its position in the text. `first` and `last`: it begins and ends its line.
    """

    raw: str
    mark: str
    line: int
    start: int
    stop: int
    first: bool
    last: bool
    bare: str
    spaced: str

    @property
    def is_question(self) -> bool:
        """Return whether it ends with a question mark."""
        return not QUESTIONS.isdisjoint(self.mark)

    @property
    def is_hesitant(self) -> bool:
        """Return whether it trails off in dots, is struck through, or is displayed in another order."""
        dots = sum(self.mark.count(dot) for dot in "。．.｡")
        return dots > 1 or _REORDERS.search(self.raw) is not None or _is_struck(self.raw)


# Embeddings, overrides and isolates (UAX #9): people see a different text than the program.
_REORDERS = compile_later("[\u202a-\u202e\u2066-\u2069]")
_PRESENTATION = compile_later("[\ufe0e\ufe0f]")
_MARKS = frozenset({"Mn", "Me"})
_UNSEEN = _MARKS | {"Cf"}
_ONE_KIND = str.maketrans("’‘〜−‐‑–—―", "''~------")
# Of these, none is unseen or of one kind with another.
_PLAIN = compile_later(
    "[\x00-\x7f\u3000-\u301b\u301d-\u3029\u3030-\u3098\u309b-\u30ff\u4e00-\u9fff\uff01-\uff9f]*"
)


@memoize(maxsize=2048, max_key=170, why="each parser checks each sentence several times")
def _is_struck(text: str) -> bool:
    """Return whether characters are struck through or have marks not used in Japanese or English."""
    if text.isascii():
        return False
    composed = unicodedata.normalize("NFKC", _PRESENTATION.sub("", text))
    return any(unicodedata.category(sign) in _MARKS for sign in composed)


def fold_phrase(text: str) -> str:
    """Fold text: NFKC without format characters and combining marks, lower case, unified dashes and waves."""
    composed = unicodedata.normalize("NFKC", text)
    if _PLAIN.fullmatch(composed):
        return composed.casefold()
    seen = "".join(sign for sign in composed if unicodedata.category(sign) not in _UNSEEN)
    return seen.casefold().translate(_ONE_KIND)


def fold_compact(text: str) -> str:
    """Fold text and remove all white space, to compare text that a program may have spaced or wrapped."""
    return "".join(fold_phrase(text).split())


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text, in order; a line of marks alone is one too."""
    found: list[Sentence] = []
    offset = 0
    for number, line in enumerate(text.split("\n")):
        found += _split_line(line, number, offset)
        offset += len(line) + 1
        if len(found) > MAX_SENTENCES:
            break
    return found


def has_too_many(text: str) -> bool:
    """Return whether a text has so many lines and marks that `split_sentences` may omit its end."""
    lines = sum(bool(line.strip()) for line in text.split("\n"))
    return lines + sum(map(text.count, (*_ENDS, *_TAG_ENDS))) >= MAX_SENTENCES


def whole_line(line: str, number: int) -> Sentence:
    """Return a line as one sentence, because signature lines contain full stops."""
    return _build_sentence(line, "", number, 0, len(line), first=True, last=True)


def join_sentences(parts: Sequence[Sentence]) -> Sentence:
    """Join sentences on consecutive lines that may be one sentence wrapped by a mail program."""
    spaced = " ".join(part.spaced for part in parts)
    joined = replace(
        parts[-1],
        raw=" ".join(part.raw for part in parts),
        line=parts[0].line,
        start=parts[0].start,
        first=parts[0].first,
    )
    return replace(joined, bare="".join(part.bare for part in parts), spaced=spaced)


def _split_line(line: str, number: int, offset: int) -> Iterator[Sentence]:
    spans = [part for span in _sentence_spans(line) for part in _split_tag(line, *span)]
    for at, (start, end, stop) in enumerate(spans):
        first, last = at == 0, at == len(spans) - 1
        raw, mark = line[start:end], line[end:stop]
        yield _build_sentence(raw, mark, number, offset + start, offset + stop, first=first, last=last)


# 【外部メール】 or 【承認】 before a sentence is a separate sentence; [x] is a ticked box.
_TAG_ENDS = "】]］"
_TAG = compile_later(r"\s*(?:【[^【】]{1,80}】|[\[［][^\[\]［］]{2,80}[\]］])\s*(?=\S)")


def _split_tag(line: str, start: int, end: int, stop: int) -> Iterator[tuple[int, int, int]]:
    tag = _TAG.match(line, start, end)
    if tag is not None:
        yield start, tag.end(), tag.end()
        start = tag.end()
    yield start, end, stop


def _build_sentence(
    raw: str, mark: str, line: int, start: int, stop: int, *, first: bool, last: bool
) -> Sentence:
    spaced = " ".join(fold_phrase(raw).split())
    return Sentence(raw, mark, line, start, stop, first, last, "".join(spaced.split()), spaced)


def _sentence_spans(line: str) -> list[tuple[int, int, int]]:
    """Return start, end and end with mark of each sentence of a line; marks inside brackets are ignored."""
    parts: list[tuple[int, int, int]] = []
    start = depth = 0
    for found in _TURNS.finditer(line):
        depth = max(0, depth + (found[0] in _PAIRS) - (found[0] in _CLOSERS))
        at, stop = found.span()
        if found[0][0] in _ENDS and not depth and _is_boundary(line, start, at, stop):
            parts.append((start, at, stop))
            start = stop
    return [*parts, (start, len(line), len(line))] if line[start:].strip() else parts


def _is_boundary(line: str, start: int, at: int, stop: int) -> bool:
    """Return whether a mark ends a sentence: not inside a word or number, nor after an abbreviation."""
    if line[at] not in ".．" or stop - at > 1:
        return True
    if stop < len(line) and line[stop].isascii() and line[stop].isalnum():
        return False
    return _ABBREVIATION.search(line[max(start, at - 10) : at]) is None


def has_balanced_brackets(text: str) -> bool:
    """Return whether all brackets are balanced."""
    waiting: list[str] = []
    for character in text:
        if character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif character in _CLOSERS and (not waiting or waiting.pop() != character):
            return False
    return not waiting


_BULLET = compile_later(r"(?:[・•●○◎◆◇■▪*→⇒➡▶►☑✓✔✅-]|\[[xv✓✔]\]|\(?\d{1,2}[.)])\s{0,4}")
_OUTER = {"【": "】", "(": ")", "[": "]", "〔": "〕", "*": "*"}
# Marks and emoji after a word that do not restrict it; those that doubt (🤔) are not included.
_LIMITS_NOTHING = "👍👌🙆🙏🙇😊😀😄🙂☺✨♪♫♬ー~★☆♥❤💮⭕🏻🏼🏽🏾🏿♂♀^"


def strip_decoration(text: str) -> str:
    """Remove bullets, trailing marks and up to three pairs of outer brackets from a folded sentence."""
    text = text.strip()
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :].strip()
    text = text.rstrip(_LIMITS_NOTHING).rstrip()
    for _ in range(3):
        if len(text) < 2 or _OUTER.get(text[0]) != text[-1] or not has_balanced_brackets(text[1:-1]):
            break
        text = text[1:-1].strip()
    # A single mark ends a sentence inside brackets; repeated dots are hesitation.
    return text if text.endswith(("..", "。。")) else text.rstrip("。.!")
