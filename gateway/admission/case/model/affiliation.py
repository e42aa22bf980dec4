"""The affiliation check: the addresses at the claimed organisation that were asked, and their answers.

Values only; `transitions.affiliation` acts on them, `eligibility.confirmer` decides who may confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.admission.application.items.fields import Form
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.printing.statement import Statement


class Place(StrEnum):
    """Relation of an address to the claimed body: in it, in it but only with a telephone call, or outside."""

    BODY = "body"
    WITH_CALL = "with_call"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Confirmer:
    """The judgement of an address that could confirm a case.

    `organisation` is the domain of its holder (may be empty), `flags` are what the staff should check.
    """

    place: Place
    organisation: str = ""
    flags: tuple[Statement, ...] = ()


NOBODY = Confirmer(Place.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class ConfirmerLoad:
    """The store's knowledge about an address beyond one case.

    Checks sent to it within a day, open checks of its domain, and whether its owner waits for a confirmation
    too.
    """

    letters: int = 0
    open_checks: int = 0
    is_waiting: bool = False


NO_LOAD = ConfirmerLoad()


@dataclass(frozen=True, slots=True)
class AffiliationCheck:
    """One letter to a possible confirmer, and the answer.

    `claim` is what it stated (`claim_of`); `answer` is `confirm`, `deny`, `unknown` or empty; the rest is
    from the answer. `counts`: the answer confirmed the affiliation.
    """

    address: Address
    asked_at: datetime
    claim: str
    organisation: str
    flags: tuple[Statement, ...] = ()
    reminded: bool = False
    answer: str = ""
    grade: str = ""
    words: str = ""
    counts: bool = False


@dataclass(frozen=True, slots=True)
class TelephoneCall:
    """A member of staff confirmed by telephone: `note` names the number and the person."""

    by: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The affiliation of a case, with its checks and telephone call.

    `domains` are those that the register or the allow-list had for the claimed body when `claim` was made;
    later entries do not count for it.
    """

    checks: tuple[AffiliationCheck, ...] = ()
    call: TelephoneCall | None = None
    claim: str = ""
    domains: tuple[str, ...] = ()

    def find(self, address: Address) -> AffiliationCheck | None:
        """Return the check that was sent to exactly this address, octet by octet."""
        return next((check for check in self.checks if check.address == address), None)

    def with_check(self, check: AffiliationCheck) -> Affiliation:
        """Return a copy with this check, in place of one to the same address or at the end."""
        if self.find(check.address) is None:
            return replace(self, checks=(*self.checks, check))
        checks = tuple(check if one.address == check.address else one for one in self.checks)
        return replace(self, checks=checks)

    def is_stopped(self, domain: str) -> bool:
        """Return whether somebody at the domain does not know the applicant; it then gets no more letters."""
        return any(one.answer == "unknown" and one.address.domain == domain for one in self.checks)


NO_AFFILIATION = Affiliation()


def claim_of(form: Form) -> str:
    """Return what is confirmed: name, organisation and code. A change of any of them is a new claim."""
    return "\n".join("".join(fold(text).split()) for text in (form.name, form.organisation, form.code))
