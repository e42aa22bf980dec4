"""Whether an address is one of the organisation's own, and what the staff should look at.

The domain class decides `own`, `confirm` or `reject` (JP domain rules of `domains`); it counts only
for an author domain that is proven, so the proof is part of the background shown to the staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.admission import domains
from gateway.admission.model import Background
from gateway.auth.results import Verdict


@dataclass(frozen=True, slots=True)
class Rules:
    """The office's own additions: domains of persons, and domains known to belong to an organisation."""

    personal: frozenset[str] = domains.PERSONAL
    own: Mapping[str, str] = field(default_factory=dict)


def background(verdict: Verdict, rules: Rules) -> Background:
    """What the domain and the proof of an author say, in values that a case keeps."""
    found = domains.classify(verdict.author_domain, personal=rules.personal, own=rules.own)
    return Background(
        domain_kind=found.kind,
        standing=found.decision,
        organisation=found.organisation,
        flags=found.flags,
        grade=verdict.grade,
        proof=verdict.reason,
    )
