"""The lines of a text: how they are split, compared, drawn and quoted, and what announces a signature or an
old mail. Whose words they are is not said here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from gateway.mail.text import FORMAT_CHARACTERS

MAX_TEXT = 100_000
MAX_LINES = 5_000
MAX_LINE = 1_000
_HEAD_REACH = 8
Mark = Literal["", "signature", "footer"]

_FORMAT = re.compile(f"[{FORMAT_CHARACTERS}]")
_QUOTED = re.compile(r"\s*(?:[>＞|｜]|&gt;)")
_LINE_END = re.compile(r"\r\n|\n|\r")
# A rule of at least three hyphens or underscores, or four other signs, and nothing else.
_SIGNS = r"-_=*+~#/\\:<>^─━═＝＊☆★◇◆□■○●◎〇▽△▲▼－＿‐-―−+╋╂┣┫┏┓┗┛├┤┌┐└┘┼╭╮╰╯ "
_RULE = re.compile(rf"\s*(?:[-_‐-―−ー─━＿－]{{3,}}|[{_SIGNS}]{{4,}}|…{{6,}})\s*")


def fold_line(line: str) -> str:
    """A line as compared with another: NFKC, invisible characters out, white space as one space. Of one that
    is longer than MAX_LINE, also in NFKC, where a character can grow to eighteen, the beginning and NUL: it
    equals no line, because nobody looked at its end."""
    cut = line[: MAX_LINE + 1]
    if not cut.isascii():
        cut = _FORMAT.sub("", unicodedata.normalize("NFKC", cut))
    folded = " ".join(cut[:MAX_LINE].split())
    return folded if max(len(line), len(cut)) <= MAX_LINE else f"{folded}\0"


def split_lines(text: str) -> list[str]:
    """The lines of a text, bounded. Only CRLF, LF and CR end a line: U+2028 and its kin do not (a reader
    that splits there reads another text than the eye does)."""
    held = text[:MAX_TEXT]
    lines = _LINE_END.split(held) if "\r" in held else held.split("\n")
    return lines[:MAX_LINES]


def is_cut(text: str) -> bool:
    """Whether `split_lines` leaves out the end of a text."""
    return len(text) > MAX_TEXT or len(split_lines(text)) >= MAX_LINES


def is_rule(line: str) -> bool:
    """Whether the line is drawn, not written."""
    return len(line) <= MAX_LINE and _RULE.fullmatch(line) is not None


def is_quoted(line: str) -> bool:
    """Whether the line carries a quote mark: >, ＞ or |. Initials with > are none: `PS>` is a word."""
    return _QUOTED.match(line) is not None


def has_sentence_end(line: str) -> bool:
    """Whether the line ends with a mark that ends a sentence."""
    return line.rstrip(" \t　」』)）】").endswith(("。", "．", ".", "!", "！", "?", "？", "｡"))


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
    rf"|{_DEVICE}))? ?から送信(?:しています|されました|しました)?"
    r"|(?:ios|android)(?: 版)? ?(?:用|版)? ?(?:の )?outlook ?(?:を入手(?:する)?|から送信)?|outlook for "
    r"(?:ios|android)(?: ?を入手(?:する)?)?",
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


def find_mark(line: str, folded: str | None = None) -> Mark:
    """What a line announces: the mark above a signature and what a device puts below a mail, or a rule.
    `folded` is the same line as `fold_line` gives it, where it is at hand."""
    known = fold_line(line) if folded is None else folded
    if _DELIMITER.fullmatch(line.strip("　")) or _SENT_FROM.fullmatch(known):
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
        # Every attribution ends in a colon.
        if line.endswith(":") and _ATTRIBUTION.fullmatch(joined):
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


# Signs that folding leaves as they are, or makes no mark of: ASCII, kana, kanji, some marks.
_USUAL = re.compile(r"[\n\t -~　、-〃々-〟ぁ-ゖァ-ヾ一-鿿※■-◿（）！？：，．／]*+")
_ANNOUNCING = re.compile(
    rf"\n[ \t　]*(?:[>|]|&gt;|[{_SIGNS}ー]{{3}}|--"
    r"|[-_=][-_= ]*(?:original|forwarded|元の|転送|引用|原文|受信|reply)"
    r"|[* \t　]*(?:差出人|送信者|発信者|発信元|from|sender)[* \t　]*[:：])"
    r"|[:：][ \t　]*\n|sent[ \t　]|outlook|mail[ \t　]+for|から送信"
)


def is_plain(text: str) -> bool:
    """Whether no line of a text is quoted, drawn, a signature's mark or an old mail's head, at a glance: most
    texts are told so by two searches, and need no look at each line."""
    return (
        _USUAL.fullmatch(text) is not None
        and _ANNOUNCING.search(f"\n{text.lower()}\n") is None
        and len(max(text.split("\n"), key=len)) <= MAX_LINE
    )
