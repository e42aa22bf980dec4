"""Telephone numbers, mail addresses and URLs in a signature line."""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.names.offices import names_box
from gateway.patterns import compile_later

# A Japanese telephone number: ten or eleven digits in two or three groups after 0, or +81.
_GROUPS = (
    r"(?:\(?0\d{1,4}\)?[- ]?\(?\d{1,4}\)?[- ]\d{3,4}|0\d{9,10}"
    r"|\+81[- ]?\(?0?\)?\d{1,4}[- ]\d{1,4}[- ]\d{4})"
)
_LABELLED = (
    r"(?:tel|fax|phone|mobile|(?:ip)?電話(?:番号)?|ファクス|ファクシミリ|ファックス|直通|代表|携帯|[☎☏📞📠])(?:/fax)?"
    r"(?:\(代\))?[.:() ]{0,4}"
)
_MAIN = r"(?: ?\(代表?\))?"  # a main number: TEL(代)03-…, 03-…(代)
# An internal number: 内線 1105・1106, PHS 7123, (FAX 1772).
_INSIDE = (
    r"(?:内線|外線|庁内|有線|ext|phs|fax)[.: )]{0,3}\d{1,2}-\d{2,5}|(?:内線|ext|phs|fax)[.:) ]{0,3}\d{2,6}"
    r"(?:[・,、]\d{2,6}){0,3}"
)
_CONTACT = compile_later(
    rf"(?:{_LABELLED}{_GROUPS}|(?<![\d-])(?=[(+]|\d+[-) (])(?P<alone>{_GROUPS}))(?![\d-]){_MAIN}"
    rf"|(?:{_INSIDE})(?![\d/.-])|(?:(?:lgwan-?)?(?:e-?mail|mail|メール"
    r"(?:アドレス)?|[✉📧])[.: ]{0,3})?<?[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}>?"
    r"|(?:(?:url|hp|web|ホームページ)[.: ]{0,3})?https?://[a-z0-9./_~%?=&#-]{1,64}"
)
_WITHIN = compile_later(rf"(?:{_INSIDE})(?!\d)")
_DIGITS = compile_later(r"\D")
_MIN_DIGITS, _MAX_DIGITS = 10, 11
# Words in an address or URL, between separators.
_LATIN_WORDS = compile_later(r"[a-z]+")
_MIN_WORD = 4
# Words of sentences, which are not part of an address that only names a mailbox.
_SENTENCE_EN = compile_later(
    r"\b(?:an?|the|is|are|was|were|be|been|it|he|she|they|we|you|my|our|this|that|not|no|never|do|dont|does|did|so"
    r"|as|if|unless|until|than|with|without|please|also|just|only|still|already|now|next|must|should)\b"
)
_PATH = compile_later(
    r">?(?:(?<=[a-z])/(?:index|html?|en|ja|jp|english|soshiki|kurashi|shisei|kanko|furusato|soumu|somu|jinji|kikaku|kikikanri|bosai|joho"
    r"|dx|koho|zaisei|kyoiku|fukushi|kankyo|toshi|shimin|\d{1,8}|[./_-]){0,8})?$"
)
# Domains of public bodies (and those reserved for examples), and the paths found in signatures.
_PUBLIC = compile_later(
    r".*?(?:@|://)(?:[a-z0-9-]{1,63}\.){0,4}(?:(?:[a-z0-9-]{1,63}\.)(?:lg|go)"
    r"|(?:city|town|vill|pref|metro)\.[a-z-]{2,30}(?:\.[a-z]{3,12})?)(?:\.jp)"
    r"|.*?(?:@|://)(?:[a-z0-9-]{1,63}\.){1,3}example"
)


def take_contacts(folded: str, is_taken: Callable[[str], bool] | None = None) -> tuple[str, int]:
    """Return folded text without contacts, and their number; `is_taken` selects them (default: all).

    A number of another length is a date, and an address that contains a decision word or a doubt is a
    statement: they are kept.
    """
    count = 0

    def take(found: re.Match[str]) -> str:
        nonlocal count
        if not (is_taken or _is_contact)(found.group()):
            return found.group()
        count += 1
        return " "

    return _CONTACT.sub(take, folded), count


def _is_contact(said: str) -> bool:
    if "@" in said or "://" in said:
        return _is_public_address(said)
    return is_extension(said) or is_number(said)


def is_extension(said: str) -> bool:
    """Return whether a contact is an internal number."""
    return _WITHIN.match(said) is not None


def is_number(said: str) -> bool:
    """Return whether a contact is a complete telephone number."""
    if "@" in said or "://" in said or is_extension(said):
        return False
    digits = len(_DIGITS.sub("", said.replace("+81", "0")))
    return _MIN_DIGITS <= digits <= _MAX_DIGITS + ("+81" in said)


def _is_public_address(said: str) -> bool:
    """Return whether an address or URL is a public body's and says nothing, unlike `donotapprove@…`."""
    runs = _LATIN_WORDS.findall(said)
    spaced, joined = " ".join(runs), "".join(runs)
    if any(pattern.search(spaced) for pattern in (_SENTENCE_EN, words.STEMS, terms.DOUBT, terms.UNFINISHED)):
        return False
    local_part = said.rpartition(" ")[2].partition("@")[0].lstrip("<") if "@" in said else ""
    if not names_box(local_part):
        return False
    is_loud = any(word in joined for found in words.TERMINALS.values() for word in found if _is_long(word))
    return not is_loud and _PUBLIC.fullmatch(_PATH.sub("", said)) is not None


def _is_long(word: str) -> bool:
    return word.isascii() and len(word) >= _MIN_WORD
