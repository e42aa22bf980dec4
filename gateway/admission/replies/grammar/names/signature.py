"""Lines of a signature: names of the writer, offices, titles, telephone numbers, addresses and URLs."""

from __future__ import annotations

import re

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.names.offices import OFFICE, is_office
from gateway.admission.replies.grammar.names.people import (
    BARE_SOMEBODY,
    FAMILY_NAMES,
    IS_SOMEBODY,
    READING,
    SOMEBODY,
    is_latin_name,
)
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.names.towns import HOUSE, TOWN
from gateway.admission.replies.grammar.phrases import TITLE
from gateway.admission.replies.sentences import Sentence, fold_phrase

_SEPARATORS = re.compile(r"[\s/|,、:.()\[\]【】「」<>〈〉]+")
# A number as Japanese ones are written: ten or eleven digits in two or three groups behind 0, or +81.
_GROUPS = (
    r"(?:\(?0\d{1,4}\)?[- ]?\(?\d{1,4}\)?[- ]\d{3,4}|0\d{9,10}"
    r"|\+81[- ]?\(?0?\)?\d{1,4}[- ]\d{1,4}[- ]\d{4})"
)
_LABELLED = r"(?:tel|fax|phone|mobile|電話(?:番号)?|ファクス|ファックス|直通|代表|携帯)(?:/fax)?[.:( ]{0,3}"
_CONTACT = re.compile(
    rf"(?:{_LABELLED}{_GROUPS}|(?<![\d-])(?=[(+]|\d+[-) (])(?P<alone>{_GROUPS}))(?![\d-])"
    r"|(?:内線|ext)[.: ]{0,3}\d{2,6}(?![\d/.-])|(?:(?:e-?mail|mail|メール"
    r"(?:アドレス)?)[.: ]{0,3})?<?[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}>?"
    r"|(?:(?:url|hp|web|ホームページ)[.: ]{0,3})?https?://[a-z0-9./_~%?=&#-]{1,64}"
)
_DIGITS = re.compile(r"\D")
_MIN_DIGITS, _MAX_DIGITS = 10, 11
# Words in an address or URL, between its signs.
_LATIN_WORDS = re.compile(r"[a-z]+")
_MIN_WORD = 4
_PATH = re.compile(
    r">?(?:(?<=[a-z])/(?:index|html?|soshiki|kurashi|shisei|kanko|furusato|soumu|somu|jinji|kikaku|kikikanri|bosai|joho"
    r"|dx|koho|zaisei|kyoiku|fukushi|kankyo|toshi|shimin|\d{1,8}|[./_-]){0,8})?$"
)
# Domains of public bodies (and those reserved for examples), and the paths that their signatures name.
_PUBLIC = re.compile(
    r".*?(?:@|://)(?:[a-z0-9-]{1,63}\.){0,4}(?:(?:[a-z0-9-]{1,63}\.)(?:lg|go)"
    r"|(?:city|town|vill|pref|metro)\.[a-z-]{2,30}(?:\.[a-z]{3,12})?)(?:\.jp)"
    r"|.*?(?:@|://)(?:[a-z0-9-]{1,63}\.){1,3}example"
)


def _take_contacts(folded: str) -> tuple[str, int]:
    """Folded text without telephone numbers, addresses and URLs, and how many there were. A number of another
    length is a date, an address that holds a word of decision or doubt says something: they stay."""
    count = 0

    def take(found: re.Match[str]) -> str:
        nonlocal count
        if not _is_contact(found.group()):
            return found.group()
        count += 1
        return " "

    return _CONTACT.sub(take, folded), count


def _is_contact(said: str) -> bool:
    if "@" in said or "://" in said:
        return _is_public_address(said)
    if said.startswith(("内線", "ext")):
        return True
    digits = len(_DIGITS.sub("", said.replace("+81", "0")))
    return _MIN_DIGITS <= digits <= _MAX_DIGITS + ("+81" in said)


def _is_public_address(said: str) -> bool:
    """Whether an address or URL is of a public body and says nothing, unlike `donotapprove@…`, `/matte`."""
    runs = _LATIN_WORDS.findall(said)
    spaced, joined = " ".join(runs), "".join(runs)
    if any(pattern.search(spaced) for pattern in (words.STEMS, terms.DOUBT, terms.UNFINISHED)):
        return False
    is_loud = any(word in joined for found in words.TERMINALS.values() for word in found if _is_long(word))
    return not is_loud and _PUBLIC.fullmatch(_PATH.sub("", said)) is not None


def _is_long(word: str) -> bool:
    return word.isascii() and len(word) >= _MIN_WORD


_LABELS = frozenset(
    {
        "tel",
        "fax",
        "mail",
        "email",
        "e-mail",
        "url",
        "hp",
        "web",
        "電話",
        "内線",
        "直通",
        "代表",
        "メール",
        "担当",
        "担当者",
        "氏名",
        "所属",
        "住所",
    }
)
_ROLE = re.compile(
    rf"(?:{TITLE}|課長代理|係員|職員|主事補|会計年度任用職員|副主幹|統括官|書記官|技師|主任技師|担当)"
)
# What a member notes of a telephone call that confirmed: number, office, person, and that it did.
_CALLED = re.compile(
    rf"(?:{OFFICE}|{SOMEBODY}|{TITLE}|様|さん|氏|先生|[、,。.:/ -]|電話|架電|通話|直通|代表|内線|番号"
    r"|人事|担当|本人|所属長|在籍"
    r"|を|に|へ|と|の|より|から|で|にて|は|確認|済み?|しました|いたしました|できました|あり|との(?:こと|回答)|です|ました"
    r"|\d{1,5}|hr|personnel|office|section|department|the|in|with|to|at|by|phone|spoke|confirmed|call(?:ed)?|mr|ms|mrs)*"
)


def is_call_note(note: str) -> bool:
    """Whether a note tells of a call, and of nothing but that it confirmed."""
    folded = " ".join(fold_phrase(note).split())
    rest, contacts = _take_contacts(folded)
    body = read_body(rest.strip().replace(" ", ""))
    return (
        contacts > 0 and _CALLED.fullmatch((body if body is not None else rest).replace(" ", "")) is not None
    )


_POST = re.compile(r"〒\d{3}-\d{4}")
# Behind 〒 or the name of a municipality: town, number and building.
_POST_BEFORE = re.compile(r"(?:住所[:：]?)?(?P<post>〒\d{3}-\d{4})?")
_STREET = re.compile(
    rf"{TOWN}(?:[一二三四五六七八九十]|\d{{1,2}})?(?:丁目)?\d{{0,4}}(?:番地?|-)?(?:(?:の|-)?\d{{1,4}}(?:番地?|号)?){{0,3}}"
    rf"{HOUSE}(?:\d{{1,2}}(?:階|f))?"
)


def is_signature_line(line: str, slots: Slots) -> bool:
    """Whether a folded line is made of names, offices, titles, telephone numbers and addresses alone."""
    if len(line) > _MAX_LINE or "?" in line:
        return False
    if _is_place(line.replace(" ", "")) or _POST.fullmatch(line):
        return words.STEMS.search(line) is None
    rest, contacts = _take_contacts(line)
    own = _own_names(slots)
    tokens = [token for token in _SEPARATORS.split(own.sub(" ", rest)) if token.strip("-~*・")]
    named = own.search(rest) is not None
    offices = [is_office(token) for token in tokens]
    known = (
        found or token in _LABELS or _ROLE.fullmatch(token) or _FLOOR.fullmatch(token)
        for token, found in zip(tokens, offices, strict=True)
    )
    return bool(contacts or named or any(offices)) and all(known)


_MAX_LINE = 120
_FLOOR = re.compile(r"(?:(?:本|分|第\d)?庁舎|別館|本館)?\d{1,2}(?:階|f)")


def _is_place(compact: str) -> bool:
    """Whether a line is a postal address: 〒 or a municipality that there is, a town and its number."""
    before = _POST_BEFORE.match(compact)
    rest = compact[before.end() :] if before else compact
    town = read_body(rest)
    has_post = before is not None and before["post"] is not None
    return (town is not None or has_post) and _STREET.fullmatch(town or rest) is not None


def names_writer(line: str, slots: Slots) -> bool:
    """Whether a folded line holds the writer's own name."""
    return _own_names(slots).search(line) is not None


def _own_names(slots: Slots) -> re.Pattern[str]:
    """The writer's names as whole words, each with its reading, if that follows."""
    return re.compile(rf"(?<![^\W\d_]){slots.own}(?![^\W\d_])(?:{READING})?")


_SAYS_NAME = re.compile(r"(?:です|でございます|と申します)$")
_INTRODUCED = re.compile(rf"(?P<office>(?:{OFFICE}の?){{0,3}})(?P<name>{BARE_SOMEBODY})")


def has_strangers_name(sentence: Sentence, slots: Slots, *, beside: bool) -> bool:
    """Whether a writer whom we do not know says or signs a name, with offices of the case's body or of
    others; a bare name counts `beside` a signature."""
    body = re.compile(slots.body.replace(" ?", ""))
    said = _SAYS_NAME.sub("", sentence.bare)
    if said != sentence.bare:
        return _names_itself(said, body)
    if beside and is_latin_name(sentence.raw):
        return True
    tokens = [token for token in _SEPARATORS.split(sentence.spaced) if token]
    offices = [body.sub("", token, count=2) for token in tokens]
    left = [token for token in offices if token and not (is_office(token) or _ROLE.fullmatch(token))]
    if not left:
        return bool(tokens)
    named = IS_SOMEBODY.fullmatch(" ".join(left)) is not None
    return named and (beside or len(left) < len(tokens))


def _names_itself(said: str, body: re.Pattern[str]) -> bool:
    """Whether a writer says an office and a name, or a common family name alone."""
    behind = read_body(said)
    said = body.sub("", said, count=2) if behind is None else behind
    introduced = _INTRODUCED.fullmatch(said.removeprefix("の"))
    return introduced is not None and (introduced["office"] != "" or introduced["name"] in FAMILY_NAMES)
