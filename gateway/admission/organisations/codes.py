"""Local-government codes (全国地方公共団体コード): check digit, repair of common mistakes, kind of body.

JIS X 0401 (prefecture), JIS X 0402 (three digits) and the check digit of the Ministry of Internal Affairs
and Communications. An unknown code that is well formed is valid, because prefectures number associations
themselves.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from gateway.patterns import compile_later

MAX_TEXT = 200
# Spaces, and characters used as a hyphen, after NFKC.
_SEPARATORS = compile_later(r"[\s,_‐-―−ー~〜-]")
_NOTE = compile_later(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|「[^「」]*」")
_DIGITS = compile_later(r"[0-9]{1,13}")

# The first five digits of the designated cities; their wards have the numbers that follow.
_DESIGNATED = (
    *("01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130"),
    *("23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100"),
)
# Shikotan, Tomari, Ruyobetsu, Rubetsu, Shana, Shibetoro: codes without an administration.
_NORTHERN = range(1695, 1701)
_SPECIAL_WARDS = range(13101, 13124)


class CodeStatus(StrEnum):
    """Outcome of parsing a code."""

    VALID = "valid"
    REPAIRABLE = "repairable"
    INVALID = "invalid"
    CORPORATE_NUMBER = "corporate_number"


class CodeKind(StrEnum):
    """Kind of body, derived from the number alone."""

    PREFECTURE = "prefecture"
    MUNICIPALITY = "municipality"
    WARD = "ward"  # a special ward of Tokyo: a local government
    ADMINISTRATIVE_WARD = "administrative_ward"  # part of a designated city: not a local government
    NORTHERN_TERRITORIES = "northern_territories"
    ASSOCIATION = "association"
    UNKNOWN = "unknown"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A parsed code.

    `value` is six digits or empty. `employer` is the code of the employing body: for an administrative ward
    its city, otherwise `value`. `other` is a second possible interpretation of five digits, or empty.
    """

    verdict: CodeStatus
    kind: CodeKind = CodeKind.NONE
    value: str = ""
    employer: str = ""
    other: str = ""


INVALID = Code(CodeStatus.INVALID)


def check_digit(five: str) -> str:
    """Return the sixth digit for five digits: (11 - (6a+5b+4c+3d+2e) mod 11) mod 10."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def parse(text: str) -> Code:
    """Parse a code as people write it: full-width, with spaces, hyphens, a bracketed note, or five digits."""
    if len(text) > MAX_TEXT:
        return INVALID
    folded = _NOTE.sub("", unicodedata.normalize("NFKC", text))
    digits = _SEPARATORS.sub("", folded)
    if _DIGITS.fullmatch(digits) is None:
        return INVALID
    if len(digits) == 13:
        return Code(CodeStatus.CORPORATE_NUMBER)
    if len(digits) == 6 and _is_well_formed(digits):
        return _build_code(CodeStatus.VALID if digits == text else CodeStatus.REPAIRABLE, digits)
    if len(digits) == 5:
        return _repair(digits)
    return INVALID


def is_checked(text: str) -> bool:
    """Return whether digits prove a code: the check digit of six fits, or that of five behind a lost zero.

    The prefecture may be one that does not exist, as in examples; 00 is none.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:MAX_TEXT]))
    if _DIGITS.fullmatch(digits) is None or len(digits) not in {5, 6}:
        return False
    six = digits.zfill(6)
    return six[:2] != "00" and check_digit(six[:5]) == six[5]


def _repair(five: str) -> Code:
    """Repair five digits: a leading zero lost in a spreadsheet, or a missing check digit.

    A matching check digit indicates the lost zero; the other interpretation is kept for the register to
    decide.
    """
    candidates = ["0" + five, five + check_digit(five)]
    possible = [code for code in candidates if _is_well_formed(code) and _kind(code) is not CodeKind.UNKNOWN]
    if not possible:
        return INVALID
    return _build_code(CodeStatus.REPAIRABLE, possible[0], *possible[1:])


def _is_well_formed(six: str) -> bool:
    return 1 <= int(six[:2]) <= 47 and check_digit(six[:5]) == six[5]


def _build_code(verdict: CodeStatus, six: str, other: str = "") -> Code:
    kind = _kind(six)
    employer = _designated_city(six[:5]) if kind is CodeKind.ADMINISTRATIVE_WARD else six
    return Code(verdict, kind, six, employer, other)


def _kind(six: str) -> CodeKind:
    number, third = int(six[:5]), six[2]
    if six[2:5] == "000":
        return CodeKind.PREFECTURE
    if third == "1":
        return _ward_or_city_kind(six[:5])
    if number in _NORTHERN:
        return CodeKind.NORTHERN_TERRITORIES
    if third in "234567":
        return CodeKind.MUNICIPALITY
    return CodeKind.ASSOCIATION if third in "89" else CodeKind.UNKNOWN


def _ward_or_city_kind(five: str) -> CodeKind:
    """Return the kind for numbers 1xx: special wards, designated cities and their wards."""
    if int(five) in _SPECIAL_WARDS:
        return CodeKind.WARD
    if five in _DESIGNATED:
        return CodeKind.MUNICIPALITY
    return CodeKind.ADMINISTRATIVE_WARD if _designated_city(five) else CodeKind.UNKNOWN


def _designated_city(five: str) -> str:
    """Return the six-digit code of the designated city that has this ward number, or empty."""
    before = [city for city in _DESIGNATED if city[:2] == five[:2] and city < five]
    return before[-1] + check_digit(before[-1]) if before else ""
