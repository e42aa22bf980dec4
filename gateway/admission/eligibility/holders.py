"""Determines which bodies can have a government mail domain, by its name.

The type label must fit the kind of body, and the name label the reading of its name in the register.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admission.case.model import Background
from gateway.admission.organisations import codes
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.organisations.register import LOCAL_KINDS, Organisation, Register
from gateway.admission.organisations.romaji import domain_label_key, is_label_for_name
from gateway.patterns import compile_later

# The type label of a domain and the last characters of the names that may use it.
ENDINGS = {"pref": "都道府県", "metro": "都", "city": "市区", "town": "町", "vill": "村"}


@dataclass(frozen=True, slots=True)
class Label:
    """The labels of a local-government domain: type, name, and prefecture or empty."""

    type: str
    name: str
    prefecture: str = ""


def parse_label(background: Background) -> Label | None:
    """Return the labels of a local government's domain; None for any other name."""
    labels = background.organisation.split(".")
    if background.domain_kind == DomainKind.LOCAL_GOV_LG and len(labels) == 4:
        return Label(labels[0], labels[1])
    if background.domain_kind == DomainKind.LOCAL_GOV_REGIONAL and len(labels) >= 3:
        return Label(labels[0], labels[1], labels[2] if len(labels) == 4 else "")
    return None


def can_own_domain(body: Organisation, label: Label, register: Register) -> bool:
    """Return whether a domain of this form can belong to the body.

    Bodies that are not local governments, or without a known reading, are not judged and give True.
    """
    if body.kind not in LOCAL_KINDS or not body.kana:
        return True
    if body.name[-1] not in ENDINGS[label.type]:
        return False
    home = _prefecture_kana(body, register)
    if label.prefecture and not is_label_for_name(label.prefecture, home, home):
        return False
    return is_label_for_name(label.name, body.kana, home)


def find_holders(label: Label, register: Register) -> tuple[Organisation, ...]:
    """Return the local governments that the register finds by the name label and that can have the domain."""
    return tuple(
        each
        for each in register.by_label(domain_label_key(label.name))
        if can_own_domain(each, label, register)
    )


def _prefecture_kana(body: Organisation, register: Register) -> str:
    prefecture = register.by_code(body.code[:2] + "000" + codes.check_digit(body.code[:2] + "000"))
    return prefecture.kana if prefecture is not None else ""


def is_only_holder(body: Organisation, background: Background, register: Register) -> bool:
    """Return whether a government domain can by its name belong to this body and to no other known body."""
    listed = register.by_domain(background.organisation)
    if {each.employer for each in listed} - {body.code}:
        return False
    if background.domain_kind == DomainKind.NATIONAL_GOV:
        label = background.organisation.partition(".")[0]
        named = [each for each in register.organisations if _is_agency_of(each, label)]
        return [body] == named
    said = parse_label(background)
    if said is None or said.type not in ENDINGS or body.kind not in LOCAL_KINDS or not body.kana:
        return False
    # All bodies are checked: town.hokkaido-ikeda can be read as the name of any 池田町.
    endings = ENDINGS[said.type]
    holders = {
        each.employer
        for each in register.organisations
        if each.kind in LOCAL_KINDS and each.name[-1] in endings and can_own_domain(each, said, register)
    }
    return holders == {body.code}


_AGENCY_END = compile_later(r"(?:しょう|ちょう)$")


def _is_agency_of(body: Organisation, label: str) -> bool:
    """Return whether a go.jp label reads as this agency's name, with or without the word for its kind."""
    if body.kind != "agency" or not body.kana:
        return False
    return any(is_label_for_name(label, kana, "") for kana in (body.kana, _AGENCY_END.sub("", body.kana)))
