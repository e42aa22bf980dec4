"""The result of the automatic checks of an application: what the staff should check.

Pure, and recomputed from the case, so that a letter describes the revision that it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.admission.application.items.fields import Category, Consent, missing_items
from gateway.admission.case.model.case import Case
from gateway.admission.organisations.domains import DomainKind, Standing
from gateway.printing.statement import Statement

# The register does not list these; only a note if it does not know the domain either.
_UNLISTED = frozenset({"code_not_listed", "name_not_listed"})
_STRONG = frozenset({"dmarc", "dkim"})
_LOCAL = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.LOCAL_GOV_REGIONAL})


class Level(StrEnum):
    """Level: all checks passed, only the register does not list the body, or there are points to check."""

    CLEAR = "clear"
    UNLISTED = "unlisted"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Attention:
    """The level of a case, the `points` to check (none unless ATTENTION), and less important `notes`."""

    level: Level
    points: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()


def find_attention(case: Case) -> Attention:
    """Return the result of the checks.

    CLEAR requires an address of a registered body's own domain, authenticated by DMARC or DKIM of the exact
    domain, no flags and all items.
    """
    known = case.background
    unlisted = () if known.register_name else tuple(flag for flag in known.flags if flag.id in _UNLISTED)
    quiet = (*unlisted, *_find_confirmations(case))
    points = (*_list_weaknesses(case), *(flag for flag in known.flags if flag not in quiet))
    if points:
        return Attention(Level.ATTENTION, points, quiet)
    if not known.register_name:
        return Attention(Level.UNLISTED, notes=unlisted or (Statement("body_not_listed"),))
    return Attention(Level.CLEAR, notes=quiet)


def _find_confirmations(case: Case) -> tuple[Statement, ...]:
    """Return allow-list flags that only repeat what a government domain already shows.

    They are notes as long as the form names the body that the register has for the domain. For other domains
    the allow-list alone makes the domain count.
    """
    known = case.background
    if not known.register_name or known.domain_kind not in {*_LOCAL, DomainKind.NATIONAL_GOV}:
        return ()
    return tuple(flag for flag in known.flags if flag.id == "allow_listed")


def _list_weaknesses(case: Case) -> Iterator[Statement]:
    """Yield the reasons why a case is not clear although there is no flag."""
    known = case.background
    if known.standing is not Standing.OWN:
        yield Statement("not_own_domain")
    if known.grade not in _STRONG:
        yield Statement("proof_is_weak")
    elif known.prover not in {"", case.applicant.domain}:
        yield Statement("proof_by_other", domain=known.prover)
    category = Category.LOCAL if known.domain_kind in _LOCAL else Category.UNKNOWN
    if missing_items(case.form, category=case.form.category or category or "given"):
        yield Statement("items_are_missing")
    if case.form.consent is Consent.UNSURE:
        yield Statement("consent_is_unsure")
