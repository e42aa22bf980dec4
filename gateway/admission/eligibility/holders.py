"""Which bodies a government's mail domain can belong to, by its name: the type label, and the name in Latin
letters against the reading that the register has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.admission.case.model import Background
from gateway.admission.organisations import codes
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.organisations.register import LOCAL_KINDS, Organisation, Register
from gateway.admission.organisations.romaji import domain_label_key, is_label_for_name

# What the type label of a domain says about the last character of the name, and who may have it.
ENDINGS = {"pref": "都道府県", "metro": "都", "city": "市区", "town": "町", "vill": "村"}


@dataclass(frozen=True, slots=True)
class Label:
    """What an own-class domain says by its form: type label, name label, label of the prefecture or empty."""

    type: str
    name: str
    prefecture: str = ""


def parse_label(background: Background) -> Label | None:
    """The labels of a local government's domain; None for any other name."""
    labels = background.organisation.split(".")
    if background.domain_kind == DomainKind.LOCAL_GOV_LG and len(labels) == 4:
        return Label(labels[0], labels[1])
    if background.domain_kind == DomainKind.LOCAL_GOV_REGIONAL and len(labels) >= 3:
        return Label(labels[0], labels[1], labels[2] if len(labels) == 4 else "")
    return None


def can_own_domain(body: Organisation, label: Label, register: Register) -> bool:
    """Whether a domain of this form can be the body's. Other kinds than governments are not judged, and none
    whose reading is not known."""
    if body.kind not in LOCAL_KINDS or not body.kana:
        return True
    if body.name[-1] not in ENDINGS[label.type]:
        return False
    home = _prefecture_kana(body, register)
    if label.prefecture and not is_label_for_name(label.prefecture, home, home):
        return False
    return is_label_for_name(label.name, body.kana, home)


def find_holders(label: Label, register: Register) -> tuple[Organisation, ...]:
    """The local governments that the register finds by the name label and whose domain this can be."""
    return tuple(
        each
        for each in register.by_label(domain_label_key(label.name))
        if can_own_domain(each, label, register)
    )


def _prefecture_kana(body: Organisation, register: Register) -> str:
    prefecture = register.by_code(body.code[:2] + "000" + codes.check_digit(body.code[:2] + "000"))
    return prefecture.kana if prefecture is not None else ""


def is_only_holder(body: Organisation, background: Background, register: Register) -> bool:
    """Whether by its name a government's domain can be this body's, and no other body's that is known."""
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
    # Every body is asked: town.hokkaido-ikeda can be read as the name of any 池田町.
    endings = ENDINGS[said.type]
    holders = {
        each.employer
        for each in register.organisations
        if each.kind in LOCAL_KINDS and each.name[-1] in endings and can_own_domain(each, said, register)
    }
    return holders == {body.code}


_AGENCY_END = re.compile(r"(?:しょう|ちょう)$")


def _is_agency_of(body: Organisation, label: str) -> bool:
    """Whether a name under go.jp reads as a ministry or an agency, with or without the word for its kind."""
    if body.kind != "agency" or not body.kana:
        return False
    return any(is_label_for_name(label, kana, "") for kana in (body.kana, _AGENCY_END.sub("", body.kana)))
