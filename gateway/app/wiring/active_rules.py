"""The rules in force: the office's own, with the current register including the staff's additions.

`Receiver` requests them once per mail, so additions of the staff apply from the next mail on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Background, Case
from gateway.admission.case.model.affiliation import Confirmer
from gateway.admission.eligibility import assess, confirmer
from gateway.admission.eligibility.assess import Rules
from gateway.admission.organisations.register import Register, fold_name
from gateway.mail.address import Address
from gateway.store.repositories.organisations import OrganisationDirectory

LOCAL_CODE_DIGITS = 6  # a corporate number has thirteen


class ActiveRules:
    """The rules in force; `base` are those of the settings, `today` returns the date in Tokyo."""

    def __init__(self, base: Rules, directory: OrganisationDirectory, today: Callable[[], date]) -> None:
        self._base = base
        self._directory = directory
        self._today = today
        self._cache_key: tuple[Register, date] | None = None
        self._rules = base

    def rules(self) -> Rules:
        """Return the rules for a mail that arrives now."""
        of = (self._directory.register, self._today())
        if self._cache_key is None or self._cache_key[0] is not of[0] or self._cache_key[1] != of[1]:
            self._rules = self._base.with_register(*of)
            self._cache_key = of
        return self._rules

    def knows_organisation(self, name: str) -> bool:
        """Return whether the register has an entry of exactly this name, with or without the prefecture."""
        wanted = fold_name(name)
        found = self.rules().register.by_name(name) if wanted else ()
        return any(wanted in {fold_name(each.name), fold_name(each.title)} for each in found)

    def find_code(self, name: str) -> str:
        """Return the local-government code of the only organisation of exactly this name; empty otherwise."""
        wanted = fold_name(name)
        found = self.rules().register.by_name(name) if wanted else ()
        codes = {each.code for each in found if wanted in {fold_name(each.name), fold_name(each.title)}}
        return min(codes) if len(codes) == 1 and len(min(codes)) == LOCAL_CODE_DIGITS else ""

    def review(self, case: Case) -> Background:
        """Return a case's background with the flags of its current form."""
        return assess.reassess(case.applicant, case.form, case.background, self.rules())

    def judge_confirmer(self, case: Case, address: Address) -> Confirmer:
        """Judge an address as a confirmer of a case."""
        return confirmer.judge(case, address, self.rules())

    def claimed_domains(self, form: Form) -> tuple[str, ...]:
        """Return the domains listed for the claimed organisation today."""
        return confirmer.claimed_domains(form, self.rules(), self._today())
