"""Lines that are no value of a form.

They are greetings, sentences about something else, what a mail program writes above an old mail, and the
beginning of a signature. A value below a label is accepted only if it is none of these.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.mail.lines import find_mark
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_LINE = 400
_DATED = (
    r"(?:\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]{0,2} "
    r"|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2})"
)
_ATTRIBUTION = compile_later(
    rf"(?:on|le|am|el|den) .{{0,300}}{_DATED}|{_DATED}.{{0,300}}(?:[:@<]|さん|様|wrote|書き|送信|のメール)"
    r"|[-_=─━ ]{2,}.{0,60}(?:original|forwarded|message|元の|転送|引用|原文|受信メ).{0,80}"
    r"|(?:差出人|送信者|発信者|送信日時|受信日時|送信日|宛先|件名|from|sender|sent|subject|date|cc|to)"
    r" ?: .{0,300}"
    r"|begin forwarded message.{0,20}"
)
_SAID = ("wrote", "writes", "書きました", "書いた", "のメール", "のメッセージ", "さんは", "様は", "が送信")
_IS_SAID = compile_later(rf".{{0,300}}(?:{'|'.join(_SAID)})[ :]{{0,4}}")
_GREETING = compile_later(
    r"(?:いつも|大変|日頃|平素|毎々|突然|はじめまして|初めまして|お世話|お疲れ|拝啓|前略|敬具|草々|早々"
    r"|よろしく|宜しく|何卒|以上|以下|ご確認|ご査収|ご検討|お手数|恐れ入り|恐縮|失礼|お忙し|こんにちは|おはよう"
    r"|ありがとう|有難う|取り急ぎ|とり急ぎ|dear|hello|hi|best|kind|regards|sincerely|thank|thanks|yours|cheers"
    r"|good (?:morning|afternoon|evening)|many thanks|please|with best)"
    r"(?![a-z]).{0,300}"
)
_SENTENCE = compile_later(
    r".{0,300}(?:ます|ました|ません|です|でした|ください|下さい|願い|いたします|致します|存じます|申します)(?:が|ので|か)?[。.!?、]{0,2}"
    r"|.{0,300}[。!?]"
)
_SIGNATURE = compile_later(
    r"--|――|sent from .{0,80}|get outlook .{0,80}|.{1,40}から送信.{0,20}"
    r"|(?:tel|fax|電話|内線|〒|直通|住所|url|e-?mail|mail|https?)(?![a-z]).{0,300}"
    r"|(?:[^ ]{1,40} ){0,3}(?:tel|fax|電話|内線|直通)[ :(].{0,300}"
)
# The frame around our own form: ---- ここから ----.
_FORM_FRAME = compile_later(
    r"[\s　]*[-－─―=＝]{2,}[\s　]*(?P<side>ここから|ここまで)[\s　]*[-－─―=＝]{2,}[\s　]*"
)
# ==== 申請者 ====: words between drawn lines are a heading.
_HEADLINE = compile_later(
    r"[\s　]*(?P<side>[-－─―=＝━═~〜])(?P=side)+[^-－─―=＝━═~〜]{1,40}(?P=side){2,}[\s　]*"
)
_QUOTED = compile_later(r"[>|]|&gt;|[a-z]{1,4}>")
# Prose that folding leaves unchanged except for capitals, and that neither begins nor ends like a mark.
_NO_MARK = compile_later(
    r"[ぁ-ゖァ-ヺ一-鿿](?<![差送発受宛件])[ -~、。ぁ-ゖァ-ヺー一-鿿]{1,300}(?<![eEsSたルジは信: ])"
)


# （例）税務課, 例：税務課; but 例 太郎 is a name, and （例：税務課）総務課 is a hint and a value.
_EXAMPLE = compile_later(
    r"(?:[(\[【〔](?:記入|入力|記載|回答)?例[)\]】〕]|(?:記入|入力|記載|回答)?例[)\]】〕:]).*|[(\[【〔]例:[^()\[\]【】〔〕]*[)\]】〕]"
    r"|.{1,40}[(\[【〔](?:(?:記入|入力|記載|回答)例|例)[)\]】〕]"
)
_ASKS = compile_later(r".*(?:\?|(?:です|ます|でしょう|ません|[でばらと](?:よ|い|良)い)の?か[。.]?)")
_DENIES = compile_later(r".*(?:では|じゃ|とは)(?:ない|ありません|ございません)(?:です)?[。.]?")
_REFERS = compile_later(r".*(?:記入|入力|記載)例(?:を|に|の).*")
_ADDRESSES = compile_later(r".*(?:担当者?|窓口|受付|事務局|係|者) ?(?:様|さま|御中|殿)|各位")


def says_no_value(text: str) -> bool:
    """Return whether a text in place of a value is an example, a question, a denial or an addressee.

    The same holds for what a device writes below a mail.
    """
    folded = _fold(text)
    kinds = (_EXAMPLE, _ASKS, _DENIES, _REFERS, _ADDRESSES)
    return any(kind.fullmatch(folded) for kind in kinds) or find_mark(text) == "signature"


_MEANS = r"(?:内線|直通|代表|電話|携帯|fax|ＦＡＸ|℡|☎|tel|ext|phone)"
# Numbers of a telephone or a postal address beside a code: 不明（電話 011002）.
_CONTACT = compile_later(
    rf"[(（]?[\s　]{{0,3}}(?:{_MEANS}\.?(?:番号)?(?:は|[\s　]{{0,3}}[:：])?|〒|郵便番号[:：]?)"
    r"[\s　]{0,3}[0-9０-９][0-9０-９()-]{2,19}[)）]?|^[\s　]{0,3}\d{3}[-－‐]\d{4}[\s　]{0,3}$",
    re.IGNORECASE,
)


def strip_contacts(value: str) -> str:
    """Return a text up to its first telephone number or postcode, or what follows one that begins it.

    Text before one and text behind it are never joined: nobody wrote that.
    """
    return next((part for part in _CONTACT.split(value) if part.strip()), "")


def strip_reach(value: str) -> str:
    """Return a text without a telephone number at its end: 水道課（直通：0152-00-0000）."""
    parts = _CONTACT.split(value)
    is_behind = len(parts) > 1 and parts[0].strip() and not parts[-1].strip()
    return parts[0].strip() if is_behind else value


def is_no_value(text: str) -> bool:
    """Return whether a text below a label is not its value."""
    folded = _fold(text)
    if _is_mark(folded) or says_no_value(text):
        return True
    return any(kind.fullmatch(folded) for kind in (_GREETING, _SENTENCE, _SIGNATURE))


@memoize(
    maxsize=2048, max_key=300, why="the parsers for consents, names and other text need it for each line"
)
def is_mark_of_mail(text: str) -> bool:
    """Return whether a text is what mail programs write around an old mail: an attribution, a quote mark."""
    return _NO_MARK.fullmatch(text) is None and _is_mark(_fold(text))


def is_statement_of_author(text: str) -> bool:
    """Return whether a text says in a sentence who wrote it: 部長が書いた; a program ends in a colon."""
    folded = _fold(text)
    return _is_said(folded) and _QUOTED.match(folded) is None and _STATEMENT.fullmatch(folded) is not None


_STATEMENT = compile_later(r"[^@]*(?:が(?:書|送信)[^@:]*:?|wrote|writes|書きました|書いた)")


def is_form_frame(line: str) -> bool:
    """Return whether a line is the beginning or end of the frame around our own form."""
    return _FORM_FRAME.fullmatch(line) is not None


def is_headline(line: str) -> bool:
    """Return whether a line is words between drawn lines: ---- ここまで ----, ==== 申請者 ====."""
    return is_form_frame(line) or _HEADLINE.fullmatch(line) is not None


def ends_form(line: str) -> bool:
    """Return whether a line is the end of the frame around our own form."""
    frame = _FORM_FRAME.fullmatch(line)
    return frame is not None and frame["side"] == "ここまで"


def _is_mark(folded: str) -> bool:
    if _QUOTED.match(folded) is not None or _ATTRIBUTION.fullmatch(folded) is not None:
        return True
    return _is_said(folded)


def _is_said(folded: str) -> bool:
    return folded.rstrip(" :").endswith(_SAID) and _IS_SAID.fullmatch(folded) is not None


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[:MAX_LINE])[:MAX_LINE].casefold().split())
