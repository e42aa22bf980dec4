"""What the automatic checks of an application leave for the staff to look at: the verdict.

Pure, and computed anew from the case, so that a letter says what is true of the revision that it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.admission.application.form import missing_items
from gateway.admission.application.values import Category
from gateway.admission.case.model.case import Case
from gateway.admission.organisations.domains import DomainKind, Standing
from gateway.printing.statement import Statement

# What the register does not list; a mere note where it knows nothing of the domain either.
_UNLISTED = frozenset({"code_not_listed", "name_not_listed"})
_STRONG = frozenset({"dmarc", "dkim"})
_LOCAL = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.LOCAL_GOV_REGIONAL})


class Level(StrEnum):
    """How a case stands: all checks fit, all but that the register does not know the body, or points to
    look at."""

    CLEAR = "clear"
    UNLISTED = "unlisted"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Attention:
    """The level of a case, the `points` that somebody has to look at (none unless ATTENTION), and quiet
    `notes`."""

    level: Level
    points: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()


def find_attention(case: Case) -> Attention:
    """The verdict: CLEAR is an own address of a body in the register, proven by DMARC or DKIM of the very
    domain, without a flag and with every item given."""
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
    """What the office itself listed and a government's domain says already: a mere note, as long as the form
    names the body that the register has for the domain. Elsewhere the list alone makes the domain count."""
    known = case.background
    if not known.register_name or known.domain_kind not in {*_LOCAL, DomainKind.NATIONAL_GOV}:
        return ()
    return tuple(flag for flag in known.flags if flag.id == "allow_listed")


def _list_weaknesses(case: Case) -> Iterator[Statement]:
    """What keeps a case from being clear although nobody raised a flag."""
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
