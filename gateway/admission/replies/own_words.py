"""The writer's own words in a reply: without quoted lines and lines of our letters, nothing else left out.

Rules, `-- `, device lines, attributions and header blocks hide nothing: they only label what follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.sentences import fold_phrase
from gateway.mail.quoted_text import fold_line, has_sentence_end, is_quoted, is_rule, split_lines

Label = Literal["", "signature", "footer", "old"]
_LETTER_REACH = 3  # lines of a letter that a mail program may have joined
_REPLY_REACH = 4  # lines of a reply that may be one line of a letter, wrapped
_OLD_MAIL_LINES = 3  # fewer lines than these below a head are words, not a mail
_HEAD_REACH = 8
_MARKS = re.compile(r"\A\s*(?:(?:[>＞|｜]|&gt;|[A-Za-z]{1,4}>)[\s　]?){1,20}")
_LETTER_MARKS = re.compile(r"\A[\s|｜]{1,8}")


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line as written; empty for a blank one and for one that was taken out. `label`: what a line above
    announced. `wrapped`: it may be the rest of a quoted line."""

    text: str
    label: Label = ""
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The lines that remain. `text` is all of them, with the same line numbers."""

    lines: tuple[OwnLine, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing remains."""
        return not any(line.text.strip() for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the mail with what was found out about it."""

    text: str
    quoted: bool
    ours: bool
    label: Label = ""
    head: bool = False  # a rule, a mark or a head of an old mail: it says nothing itself


def split(text: str, letter_lines: Collection[str] = (), known_lines: Collection[str] = ()) -> OwnWords:
    """The own words of a text. `letter_lines` are the lines of letters to this member in their order,
    `known_lines` those of the member's signature; one that holds a word of decision counts for nothing."""
    letters = build_letter_forms(letter_lines)
    written = split_lines(text)
    ours = _find_ours(written, letters) | _find_known(written, known_lines)
    lines = [_Line(line, is_quoted(line), at in ours) for at, line in enumerate(written)]
    labelled = _label(lines)
    kept = tuple(_keep(labelled, letters))
    if any(line.text.strip() for line in kept):
        return OwnWords(kept)
    # Known lines that are all there is are what the writer said.
    return OwnWords(tuple(_keep([replace(line, ours=False) for line in labelled], letters)))


def fold_known(line: str) -> str:
    """A line of a signature as it is kept: folded, with single spaces, so that words stay apart."""
    return fold_line(line).casefold()


def has_stem(line: str) -> bool:
    """Whether a line holds a word of decision, with spaces inside or without."""
    folded = fold_phrase(line)
    return STEMS.search("".join(folded.split())) is not None or STEMS.search(folded) is not None


def _find_known(written: Sequence[str], known_lines: Collection[str]) -> set[int]:
    """Numbers of the lines of the writer's signature, which stands below a blank line or a mark."""
    known = frozenset(_compact(line) for line in known_lines if not has_stem(line)) - {""}
    begin = next((at for at, line in enumerate(written) if line.strip()), len(written))
    below = (at for at in range(begin, len(written)) if not written[at].strip() or _find_mark(written[at]))
    gap = next(below, len(written))
    return {at for at in range(gap, len(written)) if known and _compact(written[at]) in known}


def build_letter_forms(letter_lines: Collection[str]) -> frozenset[str]:
    """The lines of letters as they are compared, each alone and joined with up to two that follow."""
    plain = [_compact(line) for line in letter_lines]
    bare = [_compact(_LETTER_MARKS.sub("", line)) for line in letter_lines]
    forms: set[str] = set()
    for lines in (plain, bare):
        for at in range(len(lines)):
            for reach in range(1, _LETTER_REACH + 1):
                forms.add("".join(lines[at : at + reach]))
    return frozenset(forms - {""})


def _compact(line: str) -> str:
    return "".join(fold_line(line).casefold().split())


def _find_ours(written: Sequence[str], letters: frozenset[str]) -> set[int]:
    """Numbers of the lines that are lines of our letters, alone or joined with their neighbours."""
    if not letters:
        return set()
    plain = [_compact(_MARKS.sub("", line) if is_quoted(line) else line) for line in written]
    ours: set[int] = set()
    for at, line in enumerate(plain):
        joined = ""
        for stop in range(at, min(at + _REPLY_REACH, len(plain))) if line else ():
            if not plain[stop]:
                break
            joined += plain[stop]
            if joined in letters:
                ours.update(range(at, stop + 1))
    return ours


def _label(lines: Sequence[_Line]) -> list[_Line]:
    """The lines with what the rules, marks and heads above them announce."""
    found: list[_Line] = []
    folded = [fold_line(line.text) for line in lines]
    label: Label = ""
    quoting = False  # a quotation stands below the head: own words may follow it
    at = 0
    while at < len(lines):
        line = lines[at]
        reach = 0 if line.quoted or line.ours else find_head(folded, at)
        if reach:
            label, quoting = "old", False
            found += [replace(each, label=label, head=True) for each in lines[at : at + reach]]
            at += reach
            continue
        if label == "old" and line.quoted:
            quoting = True
        elif label == "old" and quoting and line.text.strip() and not line.ours:
            label = ""
        mark = "" if line.quoted else _find_mark(line.text)
        if mark and label != "old":
            label = mark
        found.append(replace(line, label=label, head=bool(mark)))
        at += 1
    return found


def _is_said(line: _Line) -> bool:
    return bool(line.text.strip()) and not (line.quoted or line.ours or line.head)


def _keep(lines: Sequence[_Line], letters: frozenset[str]) -> Iterator[OwnLine]:
    """What is left of the lines, one for one."""
    old = _find_old_mail(lines)
    above = ""
    for at, (line, below) in enumerate(pairwise([*lines, _Line("", quoted=False, ours=False)])):
        if line.quoted or line.ours or line.head or at in old:
            yield OwnLine("", line.label)
            above = line.text if line.quoted and not _is_whole(line.text, letters) else ""
            continue
        wrapped = bool(line.text.strip()) and bool(above) and _is_wrapped_rest(above, line.text, below)
        yield OwnLine(line.text, line.label, wrapped)
        above = line.text if wrapped else ""


def _is_whole(quoted: str, letters: frozenset[str]) -> bool:
    """Whether a quoted line is a whole line of a letter, or has no words: then nothing of it stands below."""
    words = _compact(_MARKS.sub("", quoted))
    return not words or words in letters


def _is_wrapped_rest(above: str, line: str, below: _Line) -> bool:
    """Whether a line may be the tail of a quoted line that was wrapped on the way."""
    return not has_sentence_end(above) or (below.quoted and not has_sentence_end(line))


def _find_old_mail(lines: Sequence[_Line]) -> frozenset[int]:
    """Numbers of the unmarked lines of an old mail that is not ours: below a complete head, long enough to be
    a mail, without any line of ours and without a word of decision."""
    heads = [at for at, line in enumerate(lines) if line.label == "old" and line.head]
    if not heads:
        return frozenset()
    below = [at for at in range(heads[0], len(lines)) if lines[at].label == "old" and not lines[at].head]
    said = [at for at in below if _is_said(lines[at])]
    joined = "".join(_compact(lines[at].text) for at in said)
    spaced = " ".join(fold_line(lines[at].text).casefold() for at in said)
    mixed = any(lines[at].ours or lines[at].quoted for at in below)
    if mixed or len(said) < _OLD_MAIL_LINES or STEMS.search(joined) or STEMS.search(spaced):
        return frozenset()
    return frozenset(said)


_DELIMITER = re.compile(r"-- ?|－－|―― ?")
_DEVICE = (
    r"(?:iphone|ipad|apple watch|android|galaxy|xperia|pixel|aquos|arrows|outlook|gmail|yahoo!? ?"
    r"(?:mail|メール)"
    r"|thunderbird|spark|windows 1[01]|windows|mac|surface|スマートフォン|スマホ|携帯電話|モバイル端末)"
)
_SENT_FROM = re.compile(
    rf"sent (?:from|via) (?:my )?{_DEVICE}(?: (?:for|版|mobile) {_DEVICE})?|get outlook for (?:ios"
    rf"|android|mac)"
    rf"|(?:sent from )?mail for {_DEVICE}|(?:私の)?{_DEVICE}(?: ?(?:for|版) ?(?:ios|android"
    rf"|{_DEVICE}))?から送信(?:しています|されました|しました)?"
    r"|(?:ios|android)(?: 版)? ?(?:用|版)? ?(?:の )?outlook ?(?:を入手|から送信)?|outlook for "
    r"(?:ios|android)(?: ?を入手)?",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[-_=─━ ]{2,20}(?:original message|original mail|forwarded message|forwarded by"
    r"|original appointment|元のメッセージ"
    r"|元のメール|転送メッセージ|転送されたメッセージ|引用|原文|受信メール|original"
    r"|reply message)[-_=─━ ]{0,40}"
    r"|begin forwarded message:|転送されたメッセージ:",
    re.IGNORECASE,
)


def _find_mark(line: str) -> Literal["", "signature", "footer"]:
    """What a line announces: the mark above a signature and what a device puts below a mail, or a rule."""
    if _DELIMITER.fullmatch(line.strip("　")) or _SENT_FROM.fullmatch(fold_line(line)):
        return "signature"
    return "footer" if is_rule(line) else ""


_DAY = (
    r"(?:\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|令和 ?\d{1,2}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? \d{4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2},? \d{4})"
)
_WEEKDAY = r"(?:\(?[月火水木金土日](?:曜日?)?\)?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?)"
_TIME = (
    r"(?:(?:午前|午後|am|pm)? ?\d{1,2}[:時]\d{2}(?:[:分]\d{0,2})?(?: ?(?:am|pm))?(?: ?(?:[+-]\d{4}"
    r"|\(?jst\)?))?)"
)
_WHO = r"(?:[^。?？!「」:]{0,60}?)"
_ADDRESS = r"(?:<?[a-z0-9._+=-]{1,80}@[a-z0-9.-]{3,80}>?|\[mailto:[^\]]{3,120}\])"
_WROTE = (
    r"(?:wrote|writes|さんは書きました|が書きました|は書きました|さんが書きました|のメール|のメッセージ|さん)"
)
_DATED = rf"(?:on )?\(?(?:{_WEEKDAY} ?)?{_DAY}[ ,、]*(?:\(?{_WEEKDAY}\)?)?"
_ATTRIBUTION = re.compile(
    rf"{_DATED}[ ,、の]*(?:at )?(?:{_TIME})?\)?(?: ?[+-]\d{{4}})?[ ,、に]*{_WHO} ?{_ADDRESS} ?(?:{_WROTE})?:"
    rf"|{_DATED}[ ,、の]*(?:at )?{_TIME}\)?(?: ?[+-]\d{{4}})?[ ,、に]*{_WHO}{_WROTE}:"
    rf"|{_WHO} ?{_ADDRESS} {_WROTE}:"
    rf"|in message {_ADDRESS} of (?:{_WEEKDAY} ?)?{_DAY} {_TIME},? {_WHO} ?{_ADDRESS} {_WROTE}:",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"[*\s]*(?:差出人|送信者|発信者|発信元|from|sender)[*\s]*:", re.IGNORECASE)
_FIELD = re.compile(
    (
        r"[*\s]*(?:差出人|送信者|発信者|発信元|送信日時|受信日時|送信日|日時|日付|宛先|件名|題名"
        r"|添付ファイル|重要度|from|sender|cc|to|sent|date"
        r"|subject|importance|attachments?)[*\s]*:"
    ),
    re.IGNORECASE,
)


def find_head(folded: Sequence[str], at: int) -> int:
    """How many lines the head of an old mail takes that begins here; 0 when none does."""
    if _FORWARDED.fullmatch(folded[at]):
        return 1 + _count_fields(folded, at + 1)
    joined = ""
    for reach, line in enumerate(folded[at : at + 3], start=1):
        joined = f"{joined} {line}".strip()
        if not line or len(joined) > 250:
            break
        if _ATTRIBUTION.fullmatch(joined):
            return reach
    if _AUTHOR.match(folded[at]) is None:
        return 0
    fields = _count_fields(folded, at)
    return fields if fields > 1 else 0


def _count_fields(folded: Sequence[str], at: int) -> int:
    """How many lines from here on are header fields of an old mail."""
    reach = 0
    while at + reach < len(folded) and reach < _HEAD_REACH and _FIELD.match(folded[at + reach]):
        reach += 1
    return reach
