"""Detects that a decision word is a request to, or a report about, somebody else: then it decides nothing.

鈴木課長 above 承認でお願いします asks Suzuki to approve; above 承認しました it reports that Suzuki did.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.grammar.names.people import BARE_SOMEBODY
from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.grammar.phrases import TITLE
from gateway.admission.replies.text.sentences import strip_decoration
from gateway.patterns import compile_later

_HONOURED = r"(?:様|さん|さま|殿|氏|先生|御中|各位)"
# Names of the desk itself, which are not somebody else.
_DESK = compile_later(
    r"(?:ご?関係者|ご?担当者?|(?:参加|招待|申請)?(?:受付|審査)?(?:窓口|事務局|受付|担当)|皆|各位)"
)
_PERSON = compile_later(rf"(?:{BARE_SOMEBODY}|{OFFICE})(?:{TITLE})?(?:の皆|の)?{_HONOURED}?[、,]?")
_TITLED = compile_later(rf"{BARE_SOMEBODY}{TITLE}[、,]?")
_REQUEST = compile_later(r"(?:お願い|御願い|よろしく|宜しく|ください|下さい|please|thanks|thank you)")
# What the author does now: 承認します, 却下いたします, 承認とさせていただきます.
_DOES = compile_later(
    r"(?<!お願い)(?<!願い)(?:(?<!願い)(?:いた|致)|ただき|頂き|戴き|し|断り)?(?:し)?ます$|する$"
)
_VERB = compile_later(r"(?:ます|ました|する|した|です|だ|ません|ない|さい)$")


def is_asked(units: Sequence[Unit], at: int) -> bool:
    """Return whether a deciding sentence is a request to the addressed person, or a report about them."""
    said = strip_decoration(units[at].sentence.bare)
    is_verb = _VERB.search(said) is not None
    touching = _find_touching(units, at)
    if touching is not None and not is_verb and not said.isascii() and _requests(touching):
        return True
    if not is_verb and not said.isascii() and any(map(_asks_for_it, units[at + 1 :])):
        return True
    if _IMPERATIVE.match(units[at].sentence.spaced) and any(map(_is_called, units[:at])):
        return True
    addressed = [unit.sentence.bare for unit in units[:at] if unit.kind and unit.kind.where == "before"]
    if any(map(_is_person, addressed)) and any(_CHECKS.search(unit.sentence.bare) for unit in units):
        return True
    asks = _requests(units[at]) or (not is_verb and any(map(_requests, units[at + 1 :])))
    does = _DOES.search(said) is not None and not asks
    return any(_is_person(who) if asks else _TITLED.fullmatch(who) and not does for who in addressed)


def is_called(units: Sequence[Unit]) -> bool:
    """Return whether one of these units addresses a person or an office other than the desk."""
    return any(
        _is_called(unit)
        or (unit.kind is not None and unit.kind.where == "before" and _is_person(unit.sentence.bare))
        for unit in units
    )


# A request to somebody to check, which makes the text a draft for that person.
_CHECKS = compile_later(r"(?:ご|御)(?:確認|査収|覧|一読)")


def _is_person(address: str) -> bool:
    return _PERSON.fullmatch(address) is not None and _DESK.match(address) is None


# English uses the same form for an own action and a request: "Dear Suzuki-san, approve this".
_IMPERATIVE = compile_later(r"(?:please )?(?:approve|accept|decline|reject|refuse|hold|undo|cancel)\b")
_CALLED = compile_later(
    r"(?:dear|hello|hi|hey)[ ,]+(?!(?:all|every|sirs?\b|madam|colleagues|team|staff|desk|office))\w"
)


def _is_called(unit: Unit) -> bool:
    """Return whether a greeting names somebody."""
    return _CALLED.match(unit.sentence.spaced) is not None


def _requests(unit: Unit) -> bool:
    is_known = unit.match is not None or unit.kind is not None
    return is_known and _REQUEST.search(unit.sentence.spaced) is not None


# よろしくお願いします ends a mail; without よろしく it is a request for the noun above it.
_FOR_IT = compile_later(
    r"(?:どうぞ|何卒|なにとぞ|では|それでは|以上)?[、,]?(?:お願い|御願い)(?:(?:いた|致)?します|申し上げます|です)"
)


def _asks_for_it(unit: Unit) -> bool:
    return unit.kind is not None and _FOR_IT.fullmatch(strip_decoration(unit.sentence.bare)) is not None


def _find_touching(units: Sequence[Unit], at: int) -> Unit | None:
    """Return the unit that directly follows a deciding sentence without a mark, or asks for it below.

    よろしくお願いします on a line of its own is the courtesy at the end of a mail.
    """
    deciding = units[at].sentence
    below = units[at + 1] if at + 1 < len(units) else None
    if below is None or deciding.mark or below.sentence.line > deciding.line + 1:
        return None
    is_beside = below.sentence.line == deciding.line
    return below if is_beside or below.sentence.bare.startswith(("お願い", "御願い")) else None
