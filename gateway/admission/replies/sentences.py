"""A short answer as sentences, each with what stands around it, so that a whole sentence can be compared.

A keyword counts only when it is a sentence of its own. A line break is no proof of that: mail is wrapped on
its way, so each sentence carries whether its neighbours could be parts of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.mail.quoted_text import BANNER, fold_line, has_sentence_end, is_notice
from gateway.mail.text import CategoryFilter

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
}
_CLOSERS = frozenset(_PAIRS.values())
_ENDS = "。．.!！?？｡"
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|vs|no|nos|e\.g|i\.e|etc|cf|st|approx|dept|[a-z0-9])$", re.IGNORECASE
)

_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening))(?: [\w.'-]{1,30}){0,4}[,!:]?"
    r"|(?:thank you|thanks)(?: (?:very much|a lot|for [\w ]{1,40}))?[,!.]?"
    r"|(?:best|kind|warm|many)? ?(?:regards|thanks|wishes)[,.]?|sincerely(?: yours)?[,.]?"
    r"|cheers[,.]?|yours(?: truly| sincerely)?[,.]?",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:(?:以上|取り急ぎ|とり急ぎ|取急ぎ|引き?続き|今後とも|どうぞ|何卒|では|それでは|お手数ですが"
    r"|お手数をおかけしますが|以上です)[、,]?){0,4}"
    r"(?:(?:よろしく|宜しく)(?:お願い|御願い)?(?:いた|致|申し上げ|申上げ)?(?:し|)(?:ます|ください|下さい)?"
    r"|(?:よろしく|宜しく)どうぞ|(?:ご|御)?(?:連絡|報告|回答)まで|お願い(?:いた|致)?します"
    r"|失礼(?:いた|致)?します"
    r"|(?:いつも|どうも|ご連絡|ご対応|ご確認)?(?:誠に)?(?:ありがとう|有難う|有り難う)(?:ございます"
    r"|ございました)?"
    r"|(?:いつも)?お世話になって(?:おり|い)ます|お世話になります|お疲れ(?:様|さま)(?:です|でした)?"
    r"|おはようございます|こんにちは"
    r"|敬具|草々|拝復|拝啓|以上|以上です|以上となります)?[!]?"
)
# An addressee, or a sentence that is complete without its mark.
_CLOSED = ("です", "ます", "でした", "ました", "ません", "様", "御中", "各位", "殿")
_BOX = re.compile(r"[-_=*─━＝＊]{2,}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and its place.

    `raw` is the text as written without its end mark, `mark` the end mark or empty, `bare` folded and without
    spaces, `spaced` folded, both in lower case. `line` is the number of its line, `start` and `stop` its
    place in the text. `notice`: a mail gateway put the line in. `starts_clean` and `ends_clean`: the
    neighbours in the paragraph cannot be parts of it.
    """

    raw: str
    mark: str
    line: int
    start: int
    stop: int
    notice: bool
    starts_clean: bool
    ends_clean: bool
    bare: str
    spaced: str

    @property
    def is_question(self) -> bool:
        """Whether it ends in a question mark."""
        return "?" in self.mark or "？" in self.mark

    @property
    def is_hesitant(self) -> bool:
        """Whether it trails off in dots, is struck through, or is shown in another order than it is read."""
        dots = sum(self.mark.count(dot) for dot in "。．.｡")
        return dots > 1 or _REORDERS.search(self.raw) is not None or _is_struck(self.raw)


# Embeddings, overrides and isolates (UAX #9): the eye reads another text than the program.
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKS = CategoryFilter("Mn", "Me")
_UNSEEN = CategoryFilter("Cf", "Mn", "Me")
_ONE_KIND = str.maketrans("’‘〜−‐‑–—―", "''~------")


def _is_struck(text: str) -> bool:
    """Whether characters are struck through or carry marks that are no part of Japanese or English."""
    if text.isascii():
        return False
    composed = unicodedata.normalize("NFKC", text)
    return len(composed.translate(_MARKS)) < len(composed)


def fold_phrase(text: str) -> str:
    """NFKC without format characters and combining marks, lower case, one kind of dash and wave."""
    return unicodedata.normalize("NFKC", text).translate(_UNSEEN).casefold().translate(_ONE_KIND)


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order; a line of marks alone is one too."""
    lines = text.split("\n")
    found: list[Sentence] = []
    offset = 0
    for number, line in enumerate(lines):
        found += _split_line(lines, number, offset)
        offset += len(line) + 1
        if len(found) > MAX_SENTENCES:
            break
    return found


def _split_line(lines: Sequence[str], number: int, offset: int) -> list[Sentence]:
    line = lines[number]
    notice = is_notice(line)
    parts = _sentence_spans(line)
    found: list[Sentence] = []
    for at, (start, end, stop) in enumerate(parts):
        raw, mark = line[start:end], line[end:stop]
        first, last = at == 0, at == len(parts) - 1
        before = not first or _is_closed_before(lines, number)
        after = bool(mark) or not last or _is_closed_after(lines, number)
        spaced = " ".join(fold_phrase(raw).split())
        place = (number, offset + start, offset + stop, notice, before, after)
        found.append(Sentence(raw, mark, *place, "".join(spaced.split()), spaced))
    return found


def _sentence_spans(line: str) -> list[tuple[int, int, int]]:
    """Start, end and end with mark of each sentence of a line; a mark inside brackets ends nothing."""
    parts: list[tuple[int, int, int]] = []
    start = at = depth = 0
    while at < len(line):
        depth = max(0, depth + (line[at] in _PAIRS) - (line[at] in _CLOSERS))
        if line[at] not in _ENDS or depth:
            at += 1
            continue
        stop = at
        while stop < len(line) and line[stop] in _ENDS:
            stop += 1
        if _is_boundary(line, start, at, stop):
            parts.append((start, at, stop))
            start = stop
        at = stop
    return [*parts, (start, len(line), len(line))] if line[start:].strip() else parts


def _is_boundary(line: str, start: int, at: int, stop: int) -> bool:
    """A full stop inside a word, a number or after an abbreviation ends no sentence."""
    if line[at] not in ".．" or stop - at > 1:
        return True
    if stop < len(line) and line[stop].isascii() and line[stop].isalnum():
        return False
    return _ABBREVIATION.search(line[max(start, at - 10) : at]) is None


def _is_closed_before(lines: Sequence[str], number: int) -> bool:
    above = fold_line(lines[number - 1]) if number else ""
    return not above or has_sentence_end(above) or above.endswith(_CLOSED) or _is_standalone(above)


def _is_closed_after(lines: Sequence[str], number: int) -> bool:
    below = fold_line(lines[number + 1]) if number + 1 < len(lines) else ""
    return not below or _is_standalone(below)


def _is_standalone(line: str) -> bool:
    """Whether a line is a courtesy, a banner or a drawn line, so never half of another sentence."""
    if len(line) > 200:
        return False
    return is_courtesy(line) or is_notice(line) or _BOX.match(line) is not None


def is_courtesy(text: str) -> bool:
    """Whether the text is a greeting or a closing phrase and nothing else."""
    folded = fold_phrase(text).strip(" 。.!,、")
    bare = "".join(folded.split())
    if len(bare) > 120:
        return False
    return bool(bare) and (_COURTESY.fullmatch(bare) is not None or _GREETING.fullmatch(folded) is not None)


def has_balanced_brackets(text: str) -> bool:
    """Whether every bracket that opens closes again."""
    waiting: list[str] = []
    for character in text:
        if character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif character in _CLOSERS and (not waiting or waiting.pop() != character):
            return False
    return not waiting


_BULLET = re.compile(r"(?:[・•●○◎◆◇■▪*#→⇒➡▶►☑✓✔✅-]|\[[xv✓✔]\]|\(?\d{1,2}[.)])\s{0,4}")
_OUTER = {
    "「": "」",
    "『": "』",
    "【": "】",
    "(": ")",
    "[": "]",
    "“": "”",
    "〔": "〕",
    "〈": "〉",
    '"': '"',
    "<": ">",
    "*": "*",
}


def strip_decoration(text: str) -> str:
    """A folded sentence without bullets, marks and one to three pairs of brackets around the whole."""
    banner = BANNER.match(text)
    text = text[banner.end() if banner else 0 :].strip()
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :].strip()
    for _ in range(3):
        if len(text) < 2 or _OUTER.get(text[0]) != text[-1]:
            break
        text = text[1:-1].strip()
    # One mark ends a sentence inside brackets; dots in a row hesitate.
    return text if text.endswith(("..", "。。")) else text.rstrip("。.!")
