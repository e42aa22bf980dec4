"""What a case counts as in statistics: its outcome, the class of its reason, the kind of its organisation.

Pure functions of values. A label contains nothing personal, so it is kept when the case is erased.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import State
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.organisations.register import Register
from gateway.mail.text import fold
from gateway.store.queries.history import CaseHistory
from gateway.store.tables.days.totals import UNKNOWN_DAY, Counted

KindLookup = Callable[[str], str]
_NONE = "-"
_STEPS = ("complete", "decided", "invited")

# The first class with a word in the reason counts.
_REASONS = (
    ("mistake", re.compile("誤って|誤り|間違|誤送信|テスト|試験送信|mistake|test")),
    ("duplicate", re.compile("重複|二重|すでに|既に|duplicate|already")),
    ("affiliation", re.compile("所属|在籍|確認(?:が)?(?:でき|とれ|取れ)|affiliation|confirm")),
    (
        "not_eligible",
        re.compile("対象|資格|民間|企業|会社|委託|派遣|法人|大学|議員|eligib|company|requirement"),
    ),
    ("incomplete", re.compile("不備|記入|未記入|不足|回答|incomplete|missing")),
    ("address", re.compile("アドレス|ドメイン|address|domain")),
)
REASON_CLASSES = (*(name for name, _ in _REASONS), "other", "revoked")
KINDS = ("municipality", "ward", "prefecture", "association", "local", "national", "other")


class Outcome(NamedTuple):
    """How far a case came, and its classes: empty if not confirmed, or not declined."""

    state: str
    complete: bool
    decided: bool
    invited: bool
    confirmed: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels cases; `kind_of` returns the kind for a code, and is asked once for each."""

    kind_of: KindLookup
    _kinds: dict[str, str] = field(default_factory=dict)

    def __call__(self, one: CaseHistory) -> Counted:
        """Return the labels of a case."""
        return Counted(write_outcome(self._judge(one)), _write_wait(one))

    def _judge(self, one: CaseHistory) -> Outcome:
        return Outcome(
            one.state,
            one.complete_at is not None,
            one.decided,
            one.invited_at is not None,
            one.confirmed,
            organisation_kind(one, self._find_kind),
            classify_reason(one) if one.state == State.DECLINED else "",
        )

    def _find_kind(self, code: str) -> str:
        if code not in self._kinds:
            self._kinds[code] = self.kind_of(code)
        return self._kinds[code]


def write_outcome(one: Outcome) -> str:
    """Return the outcome as text: `invited complete,decided,invited letter ward -`."""
    steps = ",".join(name for name in _STEPS if getattr(one, name))
    return " ".join(word or _NONE for word in (one.state, steps, one.confirmed, one.kind, one.reason))


def parse_outcome(text: str) -> Outcome:
    """Parse what `write_outcome` wrote."""
    state, steps, confirmed, kind, reason = (word.strip(_NONE) for word in text.split(" "))
    complete, decided, invited = (name in steps.split(",") for name in _STEPS)
    return Outcome(state, complete, decided, invited, confirmed, kind, reason)


def _write_wait(one: CaseHistory) -> str:
    if one.invited_at is None:
        return ""
    complete = UNKNOWN_DAY if one.complete_at is None else _write_day(one.complete_at)
    return f"{complete} {_write_day(one.invited_at)}"


def _write_day(moment: datetime) -> str:
    return tokyo_date(moment).isoformat()


def find_kind(register: Register, code: str) -> str:
    """Return the kind of the organisation with a code: by the register, else by the number alone."""
    body = register.by_code(code)
    return body.kind if body else register.parse_code(code).kind.value


def classify_reason(one: CaseHistory) -> str:
    """Return the class of a refusal, by words in its reason."""
    if one.revoked:
        return "revoked"
    said = fold(one.reason)
    return next((name for name, words in _REASONS if words.search(said)), "other")


# Kinds that the register and the codes distinguish, but a report does not.
_MERGED_KINDS: Mapping[str, str] = {
    "administrative_ward": "municipality",
    "northern_territories": "municipality",
}


def organisation_kind(one: CaseHistory, kind_of: KindLookup) -> str:
    """Return the kind of the organisation: by its code, else by the form and the domain."""
    found = kind_of(one.code) if one.code else ""
    found = _MERGED_KINDS.get(found, found)
    if found in KINDS:
        return found
    # Registration is restricted, so the sender belongs to a local government, whatever the code says.
    if one.domain_kind in {DomainKind.LOCAL_GOV_LG, DomainKind.LG_SERVICE, DomainKind.LOCAL_GOV_REGIONAL}:
        return "local"
    return "national" if "national" in {one.category, one.domain_kind.partition("_")[0]} else "other"
