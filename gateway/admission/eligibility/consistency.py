"""Checks whether claimed organisation, code and the sender's domain match: statements for the staff.

A mismatch is a flag, never a refusal: transfers, joint domains and typing errors are common. The register is
checked first, then the reading of the name in Latin letters against the label of the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.admission.application.items.fields import Category, Form
from gateway.admission.application.items.values import is_unknown
from gateway.admission.case.model import Background
from gateway.admission.eligibility.holders import ENDINGS, can_own_domain, find_holders, parse_label
from gateway.admission.organisations import codes
from gateway.admission.organisations.codes import Code, CodeKind, CodeStatus
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.organisations.register import LOCAL_KINDS, Organisation, Register, fold_name
from gateway.admission.organisations.romaji import domain_label_key, name_label_keys
from gateway.memoize import memoize
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

MAX_WORDS = 10
_LOCAL_DOMAINS = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.LOCAL_GOV_REGIONAL})


@dataclass(frozen=True, slots=True)
class _Claim:
    """The claim of a form about the employer.

    `code` is the parsed code (None: not given), `body_by_code` the body with this code, `bodies_by_name` the
    bodies that the name may mean. `employers` are the bodies that the applicant may mean: by code, else by
    name; a ward's city for the ward.
    """

    form: Form
    code: Code | None
    body_by_code: Organisation | None
    bodies_by_name: tuple[Organisation, ...]
    employers: tuple[Organisation, ...]


def check(form: Form, background: Background, register: Register) -> tuple[Statement, ...]:
    """Return flags without duplicates; empty if everything known is consistent."""
    claim = _read_claim(form, register)
    flags = [
        *_code_flags(form.code, claim.code, register),
        *_name_flags(claim, background),
        *_category_flags(form, background),
        *_domain_flags(claim.employers, background, register),
    ]
    return tuple(dict.fromkeys(flags))


def find_register_name(form: Form, background: Background, register: Register) -> str:
    """Return the register's name of the one body that has the sender's domain and fits the form.

    Empty if there is none, or if the domain does not identify one.
    """
    claimed = _read_claim(form, register).employers
    label = parse_label(background)
    listed = register.by_domain(background.organisation) if background.organisation else ()
    holders = listed or (find_holders(label, register) if label and label.type in ENDINGS else ())
    found = [body for body in holders if body in claimed] if claimed else holders
    return found[0].title if len(found) == 1 else ""


@memoize(maxsize=8, why="four checks of a message and those of its letters need the form's claims")
def _read_claim(form: Form, register: Register) -> _Claim:
    code = register.parse_code(form.code) if form.code and not is_unknown(form.code) else None
    known = register.by_code(code.value) if code is not None and code.value else None
    named = register.by_name(form.organisation)
    return _Claim(form, code, known, named, _find_employers(known, named, register))


# --- the code alone ---------------------------------------------------------------------------


def _code_flags(text: str, code: Code | None, register: Register) -> Iterator[Statement]:
    if code is None:
        return
    if code.verdict is CodeStatus.CORPORATE_NUMBER:
        yield Statement("code_is_corporate")
    elif code.verdict is CodeStatus.INVALID:
        yield _invalid_code_flag(text, register)
    else:
        yield from _valid_code_flags(text, code, register)


def _invalid_code_flag(text: str, register: Register) -> Statement:
    digits = "".join(c for c in fold_name(text) if c.isdigit() and c.isascii())
    known = register.by_code(digits[:5] + codes.check_digit(digits[:5])) if len(digits) == 6 else None
    if known is not None:
        return Statement("code_check_digit", stated=text, code=known.code, body=known.title)
    return Statement("code_unreadable", stated=text)


def _valid_code_flags(text: str, code: Code, register: Register) -> Iterator[Statement]:
    known = register.by_code(code.value)
    if len("".join(filter(str.isdigit, text))) == 5:
        yield Statement("code_five_digits", stated=text, code=code.value)
    if code.kind is CodeKind.NORTHERN_TERRITORIES:
        yield Statement("code_northern", code=code.value)
    elif code.kind is CodeKind.ADMINISTRATIVE_WARD:
        yield _ward_flag(code, known, register.by_code(known.employer if known else code.employer))
    elif known is None:
        yield Statement("code_not_listed", code=code.value)


def _ward_flag(code: Code, ward: Organisation | None, city: Organisation | None) -> Statement:
    """Describe a ward's code, with the names of the ward and its employing city as far as known."""
    codes = {"code": code.value, "employer": code.employer}
    if ward is not None and city is not None:
        return Statement("code_named_ward", ward=ward.name, city=city.name, **codes)
    if ward is not None:
        return Statement("code_ward_alone", ward=ward.name, **codes)
    if city is not None:
        return Statement("code_ward_of_city", city=city.name, **codes)
    return Statement("code_ward", **codes)


# --- the name against the code ----------------------------------------------------------------


def _name_flags(claim: _Claim, background: Background) -> Iterator[Statement]:
    organisation, code, known, named = (
        claim.form.organisation,
        claim.code,
        claim.body_by_code,
        claim.bodies_by_name,
    )
    if not organisation:
        return
    if known is not None:
        if not _is_name_match(organisation, named, known):
            yield Statement("name_not_of_code", code=known.code, body=known.title, stated=organisation)
    elif not named and _is_local(claim.form, background) and not (code and code.value):
        yield Statement("name_not_listed", stated=organisation)
    elif len({each.code for each in named}) > 1 and not _is_unambiguous(named, background):
        yield Statement("name_of_several", stated=organisation, count=len(named), bodies=_titles(named))


def _is_name_match(text: str, named: tuple[Organisation, ...], known: Organisation) -> bool:
    """Return whether the text names the body of the code.

    A ward's code with its city's name is the same employer, and 中央区 alone names the ward of the given
    code. A name in Latin letters must match the reading.
    """
    if any(each.employer == known.employer for each in named):
        return True
    folded = fold_name(text)
    if folded.isascii():
        return any(domain_label_key(word) in name_label_keys(known.kana) for word in text.split()[:MAX_WORDS])
    name = fold_name(known.name)
    above, found, below = folded.partition(name)
    if not found:
        return len(folded) > 1 and name.endswith(folded)
    return above in {"", fold_name(known.prefecture)} and _PART.fullmatch(below) is not None


# What may follow the name of a body: its own offices, 役場総務課. Not 立大学, サービス, (委託).
_PART = compile_later(
    r"(?:役所|役場|本庁|庁舎|庁)?(?:(?!.*(?:会社|法人|大学|協会|公社|財団|組合|委託|派遣)).{0,30}"
    r"(?:課|部|局|室|係|班|所|署|委員会|議会|本部|病院|図書館|学校|センター))?"
)


def _is_unambiguous(named: Iterable[Organisation], background: Background) -> bool:
    """Return whether the sender's domain identifies the prefecture among bodies of the same name."""
    prefectures = {each.prefecture for each in named}
    return len(prefectures) > 1 and len(background.organisation.split(".")) == 4 and _is_regional(background)


def _is_regional(background: Background) -> bool:
    return background.domain_kind == DomainKind.LOCAL_GOV_REGIONAL


def _is_local(form: Form, background: Background) -> bool:
    return (form.category or _domain_category(background)) == Category.LOCAL


def _domain_category(background: Background) -> Category:
    return Category.LOCAL if background.domain_kind in _LOCAL_DOMAINS else Category.UNKNOWN


# --- the category against the domain ----------------------------------------------------------


def _category_flags(form: Form, background: Background) -> Iterator[Statement]:
    if form.category is Category.NATIONAL and background.domain_kind in _LOCAL_DOMAINS:
        yield Statement("national_from_local", domain=background.organisation)
    if background.domain_kind == DomainKind.NATIONAL_GOV and (
        form.category is Category.LOCAL or (form.code and not is_unknown(form.code))
    ):
        what = "local_from_national" if form.category is Category.LOCAL else "code_from_national"
        yield Statement(what, domain=background.organisation)


# --- the organisation against the domain ------------------------------------------------------


def _find_employers(
    known: Organisation | None, named: tuple[Organisation, ...], register: Register
) -> tuple[Organisation, ...]:
    cities = (register.by_code(each.employer) or each for each in ((known,) if known is not None else named))
    return tuple(dict.fromkeys(cities))


def claimed_bodies(form: Form, register: Register) -> tuple[Organisation, ...]:
    """Return the employers that a form may mean; none if its code and its name belong to different bodies."""
    claim = _read_claim(form, register)
    known = claim.body_by_code
    if known is not None and not _is_name_match(form.organisation, claim.bodies_by_name, known):
        return ()
    # 札幌市立大学 contains the name of 札幌市 but is another employer.
    return () if any(_goes_on(form.organisation, each) for each in claim.bodies_by_name) else claim.employers


def _goes_on(text: str, body: Organisation) -> bool:
    """Return whether the name of a body is followed by anything but one of its own offices."""
    _, found, below = fold_name(text).rpartition(fold_name(body.name))
    return bool(found) and _PART.fullmatch(below) is None


def _domain_flags(
    claimed: tuple[Organisation, ...], background: Background, register: Register
) -> Iterator[Statement]:
    domain = background.organisation
    listed = register.by_domain(domain) if domain else ()
    if any(each.name == domain and each.shared for body in listed for each in body.domains):
        yield Statement("domain_shared", domain=domain, bodies=_titles(listed))
    if not claimed or not domain:
        return
    if {each.code for each in listed} & {each.code for each in claimed}:
        return
    label = parse_label(background)
    if label is None:
        if listed:
            yield _mismatch(claimed, domain, listed)
        return
    if label.type == "union" and any(each.kind in LOCAL_KINDS for each in claimed):
        yield Statement("domain_of_union", domain=domain, bodies=_titles(claimed))
    elif label.type in ENDINGS and not any(can_own_domain(each, label, register) for each in claimed):
        yield _mismatch(claimed, domain, listed or find_holders(label, register))


def _mismatch(claimed: tuple[Organisation, ...], domain: str, holders: tuple[Organisation, ...]) -> Statement:
    if not holders:
        return Statement("domain_mismatch", bodies=_titles(claimed), domain=domain)
    return Statement("domain_of_others", bodies=_titles(claimed), domain=domain, holders=_titles(holders))


def _titles(bodies: Iterable[Organisation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.title for each in bodies))
