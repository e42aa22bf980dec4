"""Validation of what staff enter into the register, and of a register as a whole.

Codes: JIS X 0401/0402 with the check digit, or a corporate number (Order of the Ministry of Finance on
corporate numbers, article 2: check digit in front) for bodies without a local-government code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.admission.application.items.values import clean
from gateway.admission.organisations import codes, domains
from gateway.admission.organisations.codes import CodeStatus
from gateway.admission.organisations.register import LOCAL_KINDS, Domain, Organisation, Register
from gateway.admission.organisations.register_table import KINDS

MAX_TEXT = 100
WITH_CORPORATE_NUMBER = frozenset({"agency", "corporation"})


class EntryError(ValueError):
    """The entry is invalid; the message names key, value and what is expected."""


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """A domain of the body with this code."""

    code: str
    domain: Domain


def parse_organisation(entry: Mapping[str, object], register: Register) -> Organisation:
    """Build a body from the texts `code`, `name`, `kind`, `prefecture`, `kana`. Raises EntryError.

    Without `kind` or `prefecture`, the value is derived from the code.
    """
    number = parse_code(_clean_text(entry, "code"))
    name = _clean_text(entry, "name")
    if not name:
        raise EntryError("name = '': expected the organisation's name")
    kind = _clean_text(entry, "kind") or _infer_kind(number)
    if kind not in KINDS:
        raise EntryError(f"kind = {kind!r}: expected one of {', '.join(KINDS)}")
    if (len(number) == 13) != (kind in WITH_CORPORATE_NUMBER):
        raise EntryError(
            f"kind = {kind!r}: agency and corporation require a 13-digit corporate number, "
            "all other kinds a 6-digit code"
        )
    home = register.by_code(_prefecture_code(number)) if len(number) == 6 else None
    prefecture = _clean_text(entry, "prefecture") or (home.name if home else "")
    employer = codes.parse(number).employer or number
    return Organisation(
        number, prefecture, name, _parse_kana(_clean_text(entry, "kana")), kind, employer, by_staff=True
    )


def parse_listed_domain(entry: Mapping[str, object], register: Register) -> ListedDomain:
    """Build a domain from `code`, `domain`, `source`, `since`, `until` (ISO dates or empty), `shared`.

    Raises EntryError, also for a code that is not in the register and for domains of private mailboxes.
    """
    number = parse_code(_clean_text(entry, "code"))
    if register.by_code(number) is None:
        raise EntryError(f"code = {number!r}: not in the register; run gateway org add {number} NAME first")
    given = _clean_text(entry, "domain")
    found = domains.classify(given)
    if found.decision is domains.Standing.REJECT or found.kind is domains.DomainKind.PERSONAL:
        raise EntryError(
            f"domain = {given!r}: expected one of the organisation's mail domains, "
            f"got a domain of class {found.kind.value}"
        )
    since, until = _parse_day(entry, "since"), _parse_day(entry, "until")
    if since is not None and until is not None and until < since:
        raise EntryError(f"until = {until}: expected {since} or a later date")
    return ListedDomain(
        number, Domain(found.domain, _clean_text(entry, "source"), since, until, entry.get("shared") is True)
    )


def parse_code(text: str) -> str:
    """Return six digits of a local-government code, or thirteen of a corporate number. Raises EntryError."""
    read = codes.parse(text)
    if read.verdict is CodeStatus.CORPORATE_NUMBER:
        number = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
        if number[0] == _corporate_check_digit(number[1:]):
            return number
    elif read.value and not read.other:
        return read.value
    raise EntryError(
        f"code = {text!r}: expected a 6-digit local-government code or a 13-digit corporate number, "
        "including the check digit"
    )


def find_problems(register: Register) -> Iterator[str]:
    """Yield the problems of a register, one sentence each."""
    for each in register.organisations:
        try:
            if parse_code(each.code) != each.code:
                yield f"{each.code} {each.name}: the code is not in its full form"
        except EntryError as error:
            yield f"{each.code} {each.name}: {error}"
        if register.by_code(each.employer) is None:
            yield f"{each.code} {each.name}: the employer {each.employer} is not in the register"
        if each.kind in LOCAL_KINDS and not each.kana:
            yield f"{each.code} {each.name}: no kana, so the domain cannot be compared"
        yield from _domain_problems(each, register)


def _domain_problems(each: Organisation, register: Register) -> Iterator[str]:
    for listed in each.domains:
        others = [body for body in register.by_domain(listed.name) if body.code != each.code]
        if domains.normalise(listed.name) != listed.name:
            yield f"{each.code} {each.name}: {listed.name} is not a normalised domain name"
        elif others and not listed.shared:
            names = ", ".join(f"{body.code} {body.name}" for body in others)
            yield (
                f"{each.code} {each.name}: {listed.name} is also listed for {names}, but not marked as shared"
            )


def _infer_kind(number: str) -> str:
    if len(number) == 13:
        return "agency"
    kind = codes.parse(number).kind
    return "association" if kind is codes.CodeKind.UNKNOWN else kind.value


def _prefecture_code(number: str) -> str:
    five = f"{number[:2]}000"
    return five + codes.check_digit(five)


def _corporate_check_digit(twelve: str) -> str:
    """Return the check digit: 9 - (sum of the digits, every second one from the right doubled) mod 9."""
    total = sum(int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(twelve)))
    return str(9 - total % 9)


def _parse_kana(text: str) -> str:
    """Return hiragana; anything else is a mistake, because only kana can be compared with a domain."""
    folded = unicodedata.normalize("NFKC", text)
    kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
    if any(not ("ぁ" <= c <= "ゖ" or c in "ー ") for c in kana):
        raise EntryError(f"kana = {text!r}: expected hiragana or katakana")
    return kana


def _parse_day(entry: Mapping[str, object], key: str) -> date | None:
    text = _clean_text(entry, key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise EntryError(f"{key} = {text!r}: expected a date such as 2026-04-01") from error


def _clean_text(entry: Mapping[str, object], key: str) -> str:
    """Return a text of the entry without control characters; the entry may come from any file."""
    value = entry.get(key, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise EntryError(f"{key}: expected text of at most {MAX_TEXT} characters")
    return " ".join(clean(value).split())
