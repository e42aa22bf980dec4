"""The round trip of an affiliation: whom we wrote to at the claimed organisation, and what they answered.

Values only; what follows from them is in `transitions.affiliation`, who may confirm in
`eligibility.confirmer`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.admission.application.form import Form
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.printing.statement import Statement


class Place(StrEnum):
    """Where an address stands: in the claimed body, in it but worth something only beside a telephone call,
    or elsewhere."""

    BODY = "body"
    WITH_CALL = "with_call"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Confirmer:
    """What the rules say of an address that could confirm a case: `organisation` is the domain of its holder
    (may be empty), `flags` are what the staff should look at."""

    place: Place
    organisation: str = ""
    flags: tuple[Statement, ...] = ()


NOBODY = Confirmer(Place.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class ConfirmerLoad:
    """What the store knows of an address beyond one case: checks written to it within a day, open checks of
    its domain, and whether its owner waits for a confirmation too."""

    letters: int = 0
    open_checks: int = 0
    is_waiting: bool = False


NO_LOAD = ConfirmerLoad()


@dataclass(frozen=True, slots=True)
class AffiliationCheck:
    """One letter to a possible confirmer. `claim` is what it said (`claim_of`); `answer` is `confirm`,
    `deny`, `unknown` or empty; the rest is what the answer showed. `counts`: it confirmed."""

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
    """`domains` are those that the register or the allow-list had for the claimed body when `claim` was
    made: what is entered later does not count for it."""

    checks: tuple[AffiliationCheck, ...] = ()
    call: TelephoneCall | None = None
    claim: str = ""
    domains: tuple[str, ...] = ()

    def find(self, address: Address) -> AffiliationCheck | None:
        """The check that was written to exactly this address, octet by octet."""
        return next((check for check in self.checks if check.address == address), None)

    def with_check(self, check: AffiliationCheck) -> Affiliation:
        """With this check in the place of the one to the same address, or behind the others."""
        if self.find(check.address) is None:
            return replace(self, checks=(*self.checks, check))
        checks = tuple(check if one.address == check.address else one for one in self.checks)
        return replace(self, checks=checks)

    def is_stopped(self, domain: str) -> bool:
        """Whether somebody at the domain does not know the applicant: no further letter goes there."""
        return any(one.answer == "unknown" and one.address.domain == domain for one in self.checks)


NO_AFFILIATION = Affiliation()


def claim_of(form: Form) -> str:
    """What is confirmed: name, organisation and code. A change of any of them is a new claim."""
    return "\n".join("".join(fold(text).split()) for text in (form.name, form.organisation, form.code))
