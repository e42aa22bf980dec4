"""Lines of a text: how they are split, compared and recognised as rules, quotes, signatures or old mail.

Who wrote a line is decided elsewhere.
"""

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
# A rule: only hyphens or underscores, at least three, or at least four other characters.
_SIGNS = r"-_=*+~#/\\:<>^─━═＝＊☆★◇◆□■○●◎〇▽△▲▼－＿‐-―−+╋╂┣┫┏┓┗┛├┤┌┐└┘┼╭╮╰╯ "
_RULE = re.compile(rf"\s*(?:[-_‐-―−ー─━＿－]{{3,}}|[{_SIGNS}]{{4,}}|[…‥]{{6,}})\s*")


def fold_line(line: str) -> str:
    """Return a line in the form for comparison: NFKC, no invisible characters, single spaces.

    A line longer than MAX_LINE, also in NFKC, where a character can grow to eighteen, is truncated and gets a
    NUL at the end. It equals no other line, because its end was not read.
    """
    cut = line[: MAX_LINE + 1]
    if not cut.isascii():
        cut = unicodedata.normalize("NFKC", cut)
        cut = cut if cut.isprintable() else _FORMAT.sub("", cut)  # no character of `_FORMAT` is printable
    folded = " ".join(cut[:MAX_LINE].split())
    return folded if max(len(line), len(cut)) <= MAX_LINE else f"{folded}\0"


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, up to the limits.

    Only CRLF, LF and CR end a line. U+2028 and similar do not, because splitting there would give another
    text than the reader sees.
    """
    held = text[:MAX_TEXT]
    lines = _LINE_END.split(held) if "\r" in held else held.split("\n")
    return lines[:MAX_LINES]


def is_cut(text: str) -> bool:
    """Return whether `split_lines` drops the end of a text."""
    return len(text) > MAX_TEXT or len(split_lines(text)) >= MAX_LINES


def is_rule(line: str) -> bool:
    """Return whether the line is a drawn rule, not text."""
    return len(line) <= MAX_LINE and _RULE.fullmatch(line) is not None


def is_quoted(line: str) -> bool:
    """Return whether the line has a quote mark: >, ＞ or |. Initials with > do not count: `PS>` is a word."""
    return _QUOTED.match(line) is not None


def has_sentence_end(line: str) -> bool:
    """Return whether the line ends with a mark that ends a sentence."""
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
    r"(?:ios|android)(?: ?を入手(?:する)?)?(?: ?<https?://[^\s<>]{1,80}>)?",
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


# No mark begins with kana or kanji, except for those of スマートフォン, モバイル端末, 携帯電話, 私のiPhone.
_PROSE = re.compile(r"\s*[ぁ-ゖァ-ヺ一-鿿](?<![スモ携私])")


def find_mark(line: str, folded: str | None = None) -> Mark:
    """Return what the line begins: a signature (also one added by a device), a footer (a rule), or nothing.

    `folded` is the result of `fold_line` for this line, if the caller has it.
    """
    if _PROSE.match(line) is not None:
        return ""
    known = fold_line(line) if folded is None else folded
    if _DELIMITER.fullmatch(line.strip("　")) or (may_be_sent_from(known) and _SENT_FROM.fullmatch(known)):
        return "signature"
    return "footer" if is_rule(line) else ""


def is_from_device(line: str) -> bool:
    """Return whether the line is what a device adds below a mail: iPhoneから送信."""
    known = fold_line(line)
    return may_be_sent_from(known) and _SENT_FROM.fullmatch(known) is not None


def may_be_sent_from(folded: str) -> bool:
    """Return whether a folded line may be one that a device adds, by a quick check."""
    if "送信" in folded or " " not in folded:
        return True
    said = folded.lower()
    return "sent " in said or "outlook" in said or " for " in said


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
    """Return the number of lines of an old mail's header that begins at `at`; 0 if there is none."""
    if _FORWARDED.fullmatch(folded[at]):
        return 1 + _count_fields(folded, at + 1)
    near = folded[at : at + 3]
    # Each attribution ends with a colon.
    for reach in [reach for reach, line in enumerate(near, start=1) if line.endswith(":")]:
        joined = " ".join(near[:reach]).strip()
        if "" in near[:reach] or len(joined) > 250:
            break
        if _ATTRIBUTION.fullmatch(joined):
            return reach
    if ":" not in folded[at] or _AUTHOR.match(folded[at]) is None:
        return 0
    fields = _count_fields(folded, at)
    return fields if fields > 1 else 0


def _count_fields(folded: Sequence[str], at: int) -> int:
    """Return the number of consecutive lines that are header fields of an old mail."""
    reach = 0
    while at + reach < len(folded) and reach < _HEAD_REACH and _FIELD.match(folded[at + reach]):
        reach += 1
    return reach


# Characters that folding leaves unchanged, or does not turn into a mark: ASCII, kana, kanji, some symbols.
_USUAL = re.compile(r"[\n\t -~　、-〃々-〟ぁ-ゖァ-ヾ一-鿿※■-◿（）！？：，．／]*+")
_ANNOUNCING = re.compile(
    rf"\n[ \t　]*(?:[>|]|&gt;|[{_SIGNS}ー]{{3}}|--"
    r"|[-_=][-_= ]*(?:original|forwarded|元の|転送|引用|原文|受信|reply)"
    r"|[* \t　]*(?:差出人|送信者|発信者|発信元|from|sender)[* \t　]*[:：])"
    r"|[:：][ \t　]*\n|sent[ \t　]|outlook|mail[ \t　]+for|から送信"
)


def is_plain(text: str) -> bool:
    """Return whether no line of a text is a quote, a rule, a signature or the header of an old mail.

    This is a fast check: two searches are enough for most texts, without checking each line. False means
    unknown.
    """
    return (
        _USUAL.fullmatch(text) is not None
        and _ANNOUNCING.search(f"\n{text.lower()}\n") is None
        and len(max(text.split("\n"), key=len)) <= MAX_LINE
    )
