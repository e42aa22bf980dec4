"""Decides who may confirm an affiliation: an address of the claimed body.

The address must be on a list that is older than the claim, or have a domain name that can be no other
body's. Anything not shown to belong to the claimed body is treated as outside.
"""

from __future__ import annotations

from datetime import date

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Background, Case
from gateway.admission.case.model.affiliation import NOBODY, Confirmer, Place
from gateway.admission.eligibility import consistency, holders
from gateway.admission.eligibility.assess import Rules, build_domain_background
from gateway.admission.eligibility.role_mailboxes import is_role_mailbox
from gateway.admission.organisations.domains import DomainKind
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.printing.statement import Statement

FLAG_ROLE = Statement("confirmer_role")
FLAG_GUEST = Statement("confirmer_guest")
FLAG_CHILD = Statement("confirmer_child")
FLAG_SHARED = Statement("confirmer_shared")

_NAMED_KINDS = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.LOCAL_GOV_REGIONAL, DomainKind.NATIONAL_GOV})


def claimed_domains(form: Form, rules: Rules, day: date) -> tuple[str, ...]:
    """Return the mail domains of the claimed body on `day`, from the register and the allow-list.

    Domains shared by several bodies are left out, because they prove nothing.
    """
    code = rules.register.parse_code(form.code).value or "".join(filter(str.isdigit, fold(form.code)))
    bodies = consistency.claimed_bodies(form, rules.register)
    body = bodies[0] if len(bodies) == 1 else None
    codes = (
        {body.code} if body is not None else {code} if code and not rules.register.by_code(code) else set()
    )
    listed = body.domains if body is not None else ()
    shared = {each.name for each in listed if each.shared}
    found = {each.name for each in listed if each.is_valid_on(day)}
    found |= {name for name, owner in rules.own.items() if owner in codes}
    return tuple(sorted(found - shared))


def judge(case: Case, address: Address, rules: Rules) -> Confirmer:
    """Judge whether an address may confirm this case."""
    domain = address.domain
    known = build_domain_background(domain, rules)
    listed = next((name for name in case.affiliation.domains if _is_at_or_below(domain, name)), "")
    if known.domain_kind == DomainKind.PERSONAL or not (listed or _is_named(case.form, known, rules)):
        return NOBODY
    holder = listed or known.organisation
    flags = (*_place_flags(domain, holder, rules), *_mailbox_flags(address, rules))
    return Confirmer(Place.WITH_CALL if flags else Place.BODY, holder, flags)


def _is_named(form: Form, known: Background, rules: Rules) -> bool:
    """Return whether the name of a government domain is that of the claimed body and can be no other's."""
    bodies = consistency.claimed_bodies(form, rules.register)
    if known.domain_kind not in _NAMED_KINDS or len(bodies) != 1:
        return False
    return holders.is_only_holder(bodies[0], known, rules.register)


def _place_flags(domain: str, holder: str, rules: Rules) -> tuple[Statement, ...]:
    flags = [FLAG_CHILD] if domain != holder else []
    if any(_is_at_or_below(domain, guest) for guest in rules.guest_bodies):
        flags.append(FLAG_GUEST)
    bodies = rules.register.by_domain(domain)
    if any(each.shared for body in bodies for each in body.domains if _is_at_or_below(domain, each.name)):
        flags.append(FLAG_SHARED)
    return tuple(flags)


def _mailbox_flags(address: Address, rules: Rules) -> tuple[Statement, ...]:
    """Flag a mailbox that several people of an office read."""
    return (FLAG_ROLE,) if is_role_mailbox(address.local_part, rules.role_mailboxes) else ()


def _is_at_or_below(domain: str, name: str) -> bool:
    return domain == name or domain.endswith(f".{name}")
