"""Assesses whether an address belongs to an organisation like ours, and what the staff should check.

The domain class decides `own`, `confirm` or `reject` (JP domain rules of `domains`). It is valid only for an
authenticated author domain, so the authentication result is part of the background shown to the staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import APPLIED_BEFORE, Background
from gateway.admission.eligibility import consistency
from gateway.admission.eligibility.rules import NO_RULES, RuleTable, Subject
from gateway.admission.organisations import domains, jp_domains
from gateway.admission.organisations.codes import CodeKind
from gateway.admission.organisations.register import EMPTY_REGISTER, Register
from gateway.auth.results import Verdict
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.printing.statement import Statement


@dataclass(frozen=True, slots=True)
class Rules:
    """The office's own additions to the rules.

    `personal` are domains of private mailboxes, `own` maps domains of known organisations to their codes,
    `register` is the register of organisations, `table` the table of corner cases. `guest_bodies` are the
    domains of bodies that give accounts to guests, `role_mailboxes` further names of shared mailboxes.
    """

    personal: frozenset[str] = domains.PERSONAL
    own: Mapping[str, str] = field(default_factory=dict)
    register: Register = EMPTY_REGISTER
    table: RuleTable = NO_RULES
    guest_bodies: frozenset[str] = jp_domains.GUEST_BODIES
    role_mailboxes: frozenset[str] = frozenset()

    def with_register(self, register: Register, day: date) -> Rules:
        """Return these rules with another register; domains set by staff in it count while they are valid."""
        return replace(self, own={**self.own, **register.allowed_domains(day)}, register=register)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The assessment of an applicant.

    Flags for the staff, the triggered rules, the category that they suggest (`local`, `national` or empty),
    and the suggested text for a refusal (or empty).
    """

    flags: tuple[Statement, ...]
    triggered_rules: tuple[str, ...] = ()
    category: str = ""
    decline: str = ""


def build_background(verdict: Verdict, rules: Rules) -> Background:
    """Return what an author's domain and authentication show, as values stored with the case."""
    found = build_domain_background(verdict.author_domain, rules, grade=verdict.grade, proof=verdict.reason)
    weak = (
        *((domains.FLAG_SPF_ALLOWS_ALL,) if verdict.spf.wide else ()),
        *((domains.FLAG_OTHER_NAME,) if verdict.is_by_other_name else ()),
        *((domains.FLAG_FOREIGN_ALIAS,) if verdict.foreign_aliases else ()),
    )
    return replace(
        found,
        flags=(*found.flags, *weak),
        anybody=verdict.spf.wide,
        proof_flags=weak,
        prover=verdict.prover,
    )


def build_domain_background(domain: str, rules: Rules, *, grade: str = "", proof: str = "") -> Background:
    """Return the background of a domain by its name alone."""
    found = domains.classify(domain, personal=rules.personal, own=rules.own)
    return Background(
        domain_kind=found.kind,
        standing=found.decision,
        organisation=found.organisation,
        flags=found.flags,
        grade=grade,
        proof=proof,
    )


def assess(applicant: Address, form: Form, known: Background, rules: Rules) -> Assessment:
    """Return everything that the staff should check: the domain, corner cases and inconsistencies.

    The same arguments give the same flags, so a changed form can be reassessed.
    """
    found = domains.classify(applicant.domain, personal=rules.personal, own=rules.own)
    fired = rules.table.triggered_rules(_build_subject(applicant, form, known, rules))
    answered = (domains.FLAG_AGENCY,) if _is_known_agency(form, known, rules.register) else ()
    flags = (
        *(flag for flag in found.flags if flag not in answered),
        *((domains.FLAG_SPF_ALLOWS_ALL,) if known.anybody else ()),
        *known.proof_flags,
        *(Statement("office_rule", text=rule.flag) for rule in fired),
        *consistency.check(form, known, rules.register),
        *_other_address_flags(applicant, form),
    )
    return Assessment(
        flags=tuple(dict.fromkeys(flags)),
        triggered_rules=tuple(rule.name for rule in fired),
        category=next((rule.category for rule in fired if rule.category), ""),
        decline=next((rule.decline for rule in fired if rule.decline), ""),
    )


def reassess(applicant: Address, form: Form, known: Background, rules: Rules) -> Background:
    """Return the background with the flags, and the body, of the current form."""
    found = assess(applicant, form, known, rules)
    kept = tuple(flag for flag in known.flags if flag == APPLIED_BEFORE)  # independent of the form
    name = consistency.find_register_name(form, known, rules.register)
    return replace(known, flags=found.flags + kept, decline=found.decline, register_name=name)


def _is_known_agency(form: Form, known: Background, register: Register) -> bool:
    """Return whether the domain belongs to a single agency in the register, the one that the form names.

    This settles what a go.jp domain alone leaves open.
    """
    claimed = consistency.claimed_bodies(form, register)
    holders = register.by_domain(known.organisation) if known.organisation else ()
    return len(holders) == 1 and holders[0].kind == "agency" and claimed == holders


def _other_address_flags(applicant: Address, form: Form) -> tuple[Statement, ...]:
    """Flag another address in the text: it is not authenticated, so the invitation goes to the author."""
    if not form.email or fold(form.email) == applicant.key:
        return ()
    return (Statement("other_address", address=form.email),)


def _build_subject(applicant: Address, form: Form, known: Background, rules: Rules) -> Subject:
    code = rules.register.parse_code(form.code)
    listed = rules.register.by_code(code.value) if code.value else None
    return Subject(
        domain=applicant.domain,
        domain_class=known.domain_kind,
        # The text after + is the owner's own detail (RFC 5233); the mailbox is the part before it.
        local_part=applicant.local_part.partition("+")[0],
        organisation=form.organisation,
        department=form.department,
        title=form.title,
        code_kind=listed.kind if listed is not None and listed.kind in _CODE_KINDS else code.kind.value,
    )


# If the number alone does not determine the kind of a code, the register does, for kinds that codes have.
_CODE_KINDS = frozenset(kind.value for kind in CodeKind)
