"""The part of a reply that its author wrote: without quotations, the old mail below, and the signature.

Japanese and English clients mark the old mail in many ways, and some do not mark its lines at all; the
first marker ends the text. Doubt removes too much rather than too little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from gateway.mail.text import FORMAT_CHARACTERS

MAX_TEXT = 100_000
MAX_LINES = 5_000
MAX_LINE = 1_000
_ATTRIBUTION_LINES = 3

_FORMAT = re.compile(f"[{FORMAT_CHARACTERS}]")
_QUOTED = re.compile(r"\s*(?:[>＞|｜]|&gt;|[A-Za-z]{1,4}>)")
_LINE_END = re.compile(r"\r\n|\n|\r")
_MARKS = re.compile(r"\A[\s>＞|｜]{1,40}")
# A rule of at least three hyphens or underscores, or four other signs, and nothing else.
_RULE = re.compile(r"\s*(?:[-_‐-―−ー─━＿－]{3,}|[-_=*+~#/\\:<>^─━═＝＊☆★◇◆□■▽△▲▼－＿‐-―−+ ]{4,})\s*")
_SIGNATURE = re.compile(r"-- ?|－－|―― ?")
_SENT_FROM = re.compile(
    r"(?:sent|送信者?)\s*(?:from|via)\b.{0,60}|get outlook for .{0,60}"
    r"|.{1,40}(?:から送信(?:しています)?|を入手)",
    re.IGNORECASE,
)
# What clients write into a rule above the old mail.
_OLD_MAIL = re.compile(
    r"[\s>*]*[-_=─━]{2,}\s{0,4}[^-_=─━]{0,40}(?:original|forwarded|message|元の|転送|引用|原文"
    r"|受信メ)[^\n]{0,60}",
    re.IGNORECASE,
)
_BEGIN_FORWARDED = re.compile(
    r"begin forwarded message:|転送されたメッセージ:|(?:以下|下記).{0,10}転送.{0,10}:", re.IGNORECASE
)

_DATE = re.compile(
    r"(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s|\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec))",
    re.IGNORECASE,
)
_WROTE = re.compile(r"(?:wrote|writes|書きました|書いた|のメール|のメッセージ|送信)\s*:$", re.IGNORECASE)

_AUTHOR = re.compile(r"[*\s]*(?:差出人|送信者|発信者|from|sender|発信元)[*\s]*:", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"[*\s]*(?:送信日時|受信日時|送信日|日時|日付|宛先|件名|題名|cc|to|sent|date|subject)[*\s]*:",
    re.IGNORECASE,
)
_HEADER_REACH = 4


def fold_line(line: str) -> str:
    """A line as compared with another: NFKC, invisible characters out, white space as one space. Cut to
    MAX_LINE characters, because one character can grow to eighteen in NFKC."""
    cut = line[:MAX_LINE]
    if not cut.isascii():
        cut = _FORMAT.sub("", unicodedata.normalize("NFKC", cut)[:MAX_LINE])
    return " ".join(cut.split())


def split_lines(text: str) -> list[str]:
    """The lines of a text, bounded. Only CRLF, LF and CR end a line: U+2028 and its kin do not (a reader
    that splits there reads another text than the eye does)."""
    held = text[:MAX_TEXT]
    lines = _LINE_END.split(held) if "\r" in held else held.split("\n")
    return lines[:MAX_LINES]


def is_rule(line: str) -> bool:
    """Whether the line is drawn, not written."""
    return len(line) <= MAX_LINE and _RULE.fullmatch(line) is not None


def is_quoted(line: str) -> bool:
    """Whether the line carries a quote mark: >, ＞, | or initials with >."""
    return _QUOTED.match(line) is not None


def fresh_text(text: str, own_lines: frozenset[str] = frozenset()) -> str:
    """What the author of a reply wrote. `own_lines` are lines of the letter that was replied to; they are
    taken out wherever they stand, compared by `fold`. Empty when nothing is left."""
    lines = split_lines(text)
    ours = frozenset(filter(None, map(fold_line, own_lines)))
    kept = _remove_signature(_remove_quotations(lines[: _find_old_mail(lines)], ours))
    return "\n".join(kept).strip("\n")


def remove_lines(text: str, own_lines: frozenset[str]) -> str:
    """The text without these lines of ours, quoted or not; quotations of anything else stay."""
    ours = frozenset(map(fold_line, own_lines))
    kept = (line for line in split_lines(text) if fold_line(_MARKS.sub("", line, count=1)) not in ours)
    return "\n".join(kept)


def _find_old_mail(lines: Sequence[str]) -> int:
    """Number of the first line of the old mail, or the number of lines."""
    folded = [fold_line(line) for line in lines]
    for at, line in enumerate(folded):
        if _OLD_MAIL.match(line) or _BEGIN_FORWARDED.fullmatch(line):
            return at
        if _is_attribution(folded, at) or _is_header_block(folded, at):
            return at
    return len(lines)


def _is_attribution(folded: Sequence[str], at: int) -> bool:
    """Whether a line such as `On <date>, <name> wrote:` begins here; clients wrap it over several lines."""
    joined = ""
    for line in folded[at : at + _ATTRIBUTION_LINES]:
        joined = f"{joined} {line}".strip()
        if not line:
            return False
        if joined.endswith(":"):
            dated = _DATE.search(joined[:80]) is not None
            said = _WROTE.search(joined[-40:]) is not None
            return said or (dated and "@" in joined[:-1].rsplit(maxsplit=1)[-1])
        if _DATE.search(joined[:80]) is None:
            return False
    return False


def _is_header_block(folded: Sequence[str], at: int) -> bool:
    """Whether the head of the old mail begins here, as Outlook shows it."""
    if _AUTHOR.match(folded[at]) is None:
        return False
    below = folded[at + 1 : at + 1 + _HEADER_REACH]
    return any(_OTHER_HEADER.match(line) for line in below)


def _remove_quotations(lines: Sequence[str], ours: frozenset[str]) -> Iterator[str]:
    """The lines that are neither quoted nor ours; a blank line stands for what was taken out."""
    quotation = ""  # the last line of a quotation that ended just above
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if is_quoted(line):
            quotation = line if _has_quoted_words(line) else ""
            yield ""
        elif quotation and _is_wrapped_rest(quotation, line, below):
            quotation = line
            yield ""
        else:
            quotation = ""
            yield "" if ours and fold_line(line) in ours else line


def _is_wrapped_rest(above: str, line: str, below: str) -> bool:
    """Whether the line is the tail of a quoted line that was wrapped on the way.

    A tail follows its quotation at once. It is taken for one when the quotation does not end a
    sentence, or when it stands between two quoted lines and does not end one itself.
    """
    if not line.strip():
        return False
    return not has_sentence_end(above) or (_has_quoted_words(below) and not has_sentence_end(line))


def _has_quoted_words(line: str) -> bool:
    return is_quoted(line) and bool(_QUOTED.sub("", line, count=1).strip(" \t　>＞|｜"))


def has_sentence_end(line: str) -> bool:
    """Whether the line ends with a mark that ends a sentence."""
    return line.rstrip(" \t　」』)）】").endswith(("。", "．", ".", "!", "！", "?", "？", "｡"))


def _remove_signature(lines: Iterator[str]) -> list[str]:
    """The lines above the signature. A rule above the first words is no signature but a banner's edge."""
    kept: list[str] = []
    for line in lines:
        folded = fold_line(line)
        if _SIGNATURE.fullmatch(line.strip("　")) or _SENT_FROM.fullmatch(folded):
            break
        if is_rule(line) and any(_has_words(above) for above in kept):
            break
        kept.append("" if is_rule(line) else line)
    return kept


_BANNER_WORDS = (
    r"外部|社外|庁外|組織外|無害化|迷惑|不審|添付|リンク|ウイルス|インターネット|external|outside"
    r"|originat|spam|sanitiz"
)
BANNER = re.compile(rf"[【\[<][^】\]>]{{0,80}}(?:{_BANNER_WORDS})[^】\]>]{{0,80}}[】\]>]", re.IGNORECASE)
_NOTICE = re.compile(
    rf"[※*]?(?:この|本|当)(?:電子)?メール.{{0,80}}(?:{_BANNER_WORDS})"
    rf"|[※*]?(?:caution|warning|external).{{0,80}}(?:{_BANNER_WORDS}|sender|email)"
    r"|[※*]?(?:ご)?注意.{0,80}(?:添付|リンク|url|送信元|送信者|メール)"
    r"|[※*]?(?:do not|don't) (?:click|open) "
    rf"|[※*]?(?:this|the) (?:e-?mail|message) .{{0,80}}(?:{_BANNER_WORDS}|confidential|intended|privileged)"
    r"|if you are not the intended |.{0,80}(?:recogni[sz]e|know|trust) the (?:sender|content)",
    re.IGNORECASE,
)


def is_notice(line: str) -> bool:
    """Whether a line is a banner that a mail gateway put in: 【外部メール】, CAUTION: external sender."""
    folded = fold_line(line)
    return BANNER.fullmatch(folded) is not None or _NOTICE.match(folded) is not None


def _has_words(line: str) -> bool:
    return bool(line.strip()) and not is_notice(line)
