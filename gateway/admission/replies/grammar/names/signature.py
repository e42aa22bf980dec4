"""Signature lines: names of the author, offices, titles, telephone numbers, addresses and URLs."""

from __future__ import annotations

import re

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.names.addresses import is_postal_address
from gateway.admission.replies.grammar.names.contacts import is_extension, is_number, take_contacts
from gateway.admission.replies.grammar.names.offices import OFFICE, is_english_office, is_office
from gateway.admission.replies.grammar.names.people import (
    BARE_SOMEBODY,
    FAMILY_NAMES,
    IS_SOMEBODY,
    SOMEBODY,
    is_latin_name,
)
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.names.ranks import is_label, is_rank, is_rank_alone
from gateway.admission.replies.grammar.phrases import TITLE
from gateway.admission.replies.text.sentences import Sentence, fold_phrase
from gateway.patterns import compile_later

_SEPARATORS = compile_later(r"[\s/|,、:.()\[\]【】「」<>〈〉]+")
# A member's note on a confirming telephone call: number, office, person, and the confirmation.
_CALLED = compile_later(
    rf"(?:{OFFICE}|{SOMEBODY}|{TITLE}|様|さん|氏|先生|[、,。.:/ -]|電話|架電|通話|直通|代表|内線|番号"
    r"|人事|担当|所属長|在籍|職員に(?:間違い|相違)(?:は)?(?:あり|ござい)ません(?:でした)?"
    r"|を|に|へ|と|の|より|から|で|にて|は|確認|済み?|しました|いたしました|できました|あり|との(?:こと|回答)|です|ました"
    r"|\d{1,5}|hr|personnel|office|section|department|the|in|with|to|at|by|phone|spoke|confirmed|call(?:ed)?|mr|ms|mrs)*"
)


def is_call_note(note: str) -> bool:
    """Return whether a note is about a call to a complete telephone number that confirmed, and nothing else.

    An extension, an address or a URL is not sufficient, and neither is the applicant's own statement.
    """
    folded = " ".join(fold_phrase(note).split())
    rest, numbers = take_contacts(folded, is_number)
    rest, _ = take_contacts(rest, is_extension)
    body = read_body(rest.strip().replace(" ", ""))
    said = (body if body is not None else rest).replace(" ", "")
    return numbers > 0 and _CALLED.fullmatch(said) is not None


def names_body(line: str) -> bool:
    """Return whether a folded line names a municipality or a ministry."""
    return any(read_body(token) == "" for token in _SEPARATORS.split(line))


def is_signature_line(line: str, slots: Slots, *, of_body: bool = False) -> bool:
    """Return whether a folded line consists of names, offices, titles, telephone numbers and addresses.

    `of_body`: a line above names the body.
    """
    line = line.strip(_BORDER)
    if len(line) > _MAX_LINE or "?" in line or ".." in line:
        return False
    if is_postal_address(line.replace(" ", "")) or _POST.fullmatch(line):
        return words.STEMS.search(line) is None
    if is_english_office(line) or is_rank_alone(line):
        return True
    rest, contacts = take_contacts(line)
    own = _own_names(slots)
    tokens = [token for token in _SEPARATORS.split(own.sub(" ", rest)) if token.strip("-~*・")]
    named = own.search(rest) is not None
    if named and not _FOR_ANOTHER.isdisjoint(tokens):
        return False  # signed on behalf of somebody else
    of_body = of_body or names_body(rest)
    offices = [is_office(token, of_body=of_body) for token in tokens]
    known = (
        found or is_label(token) or is_rank(token) or _FLOOR.fullmatch(token)
        for token, found in zip(tokens, offices, strict=True)
    )
    return bool(contacts or named or any(offices)) and all(known)


_FOR_ANOTHER = frozenset({"代", "代理"})
_MAX_LINE = 120
_POST = compile_later(r"〒\d{3}-\d{4}")
# Characters that frame a block of lines at its sides.
_BORDER = "┃│║︙┆┇|*＊ "
_FLOOR = compile_later(r"(?:(?:本|分|第\d)?庁舎|別館|本館)?\d{1,2}(?:階|f)")


def names_writer(line: str, slots: Slots) -> bool:
    """Return whether a folded line contains the author's own name."""
    return _own_names(slots).search(line) is not None


def _own_names(slots: Slots) -> re.Pattern[str]:
    """Return a pattern for the author's names as whole words, each with an optional reading."""
    return re.compile(rf"(?<![^\W\d_]){slots.own}(?![^\W\d_])(?:{slots.reading})?")


_SAYS_NAME = compile_later(r"(?:です|でございます|と申します)$")
_INTRODUCED = compile_later(rf"(?P<office>(?:{OFFICE}の?){{0,3}})(?P<name>{BARE_SOMEBODY})")


def has_strangers_name(sentence: Sentence, slots: Slots, *, beside: bool) -> bool:
    """Return whether an unknown author states or signs a name, with offices of any body.

    A bare name counts only next to a signature (`beside`).
    """
    body = re.compile(slots.body.replace(" ?", ""))
    said = _SAYS_NAME.sub("", sentence.bare)
    if said != sentence.bare:
        return _names_itself(said, body)
    if beside and is_latin_name(sentence.raw):
        return True
    tokens = [token for token in _SEPARATORS.split(sentence.spaced) if token]
    offices = [body.sub("", token, count=2) for token in tokens]
    left = [token for token in offices if token and not (is_office(token) or is_rank(token))]
    if not left:
        return bool(tokens)
    named = IS_SOMEBODY.fullmatch(" ".join(left)) is not None
    return named and (beside or len(left) < len(tokens))


def _names_itself(said: str, body: re.Pattern[str]) -> bool:
    """Return whether the author states an office and a name, or only a common family name."""
    behind = read_body(said)
    said = body.sub("", said, count=2) if behind is None else behind
    introduced = _INTRODUCED.fullmatch(said.removeprefix("の"))
    return introduced is not None and (introduced["office"] != "" or introduced["name"] in FAMILY_NAMES)
