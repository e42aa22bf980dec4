"""The actions that a member may take on a case, and the form for them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import DECIDABLE, OPEN, Case
from gateway.admission.case.model.shown import make_mark
from gateway.admission.case.own_person import find_tie
from gateway.admission.case.transitions.office import staff, undoing
from gateway.admission.replies.reading import Decision
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import differences, texts
from gateway.console.deciding.texts import Choice, list_choices
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.console import takes

NO_FIELDS: Mapping[str, str] = {}
_SLIP_OCTETS = 32


@dataclass(frozen=True, slots=True)
class Offer:
    """The forms of a case page.

    `choices` are the decisions; `typed` is earlier input by field; `why` explains why nothing is offered.
    """

    number: Ours
    slip: Ours
    shown: Ours
    view: Outside
    choices: tuple[Choice, ...]
    typed: Mapping[str, Outside]
    chosen: str
    field: Ours
    allowed: frozenset[str]
    can_undo: bool
    first_day: Ours
    last_day: Ours
    claim_ends_at: datetime | None
    why: Statement | None = None


def build(case: Case, visit: Visit, fields: Mapping[str, str] = NO_FIELDS) -> Offer | None:
    """Build the forms for this member now; None if decisions are disabled in the console."""
    if not visit.site.decides:
        return None
    allowed = staff.list_allowed(visit.role)
    tie = find_tie(visit.member, case)
    decidable = case.state in DECIDABLE and tie is None
    typed = _fill(case, fields)
    today = tokyo_date(visit.now)
    return Offer(
        number=Ours(case.number),
        slip=Ours(make_slip()),
        shown=Ours(make_mark(case)),
        view=Outside(differences.write_view(case, visit)),
        choices=tuple(list_choices(allowed, visit.site.desk)) if decidable else (),
        typed={name: Outside(text) for name, text in typed.items()},
        chosen=fields.get("word", ""),
        field=_find_field(fields),
        allowed=frozenset() if tie else _list_further(case, allowed),
        can_undo=tie is None and Decision.UNDO in allowed and undoing.is_decided(case),
        first_day=Ours(today.isoformat()),
        last_day=Ours(today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat()),
        claim_ends_at=takes.find_end_of(visit.connection, case) if case.handler else None,
        why=tie,
    )


def _find_field(fields: Mapping[str, str]) -> Ours:
    """Return the name of the text field in the submitted form."""
    found = (field for word, field in texts.FIELDS.items() if fields.get("word") == word.value)
    return Ours(next(found, "memo" if "memo" in fields and "word" not in fields else ""))


def _list_further(case: Case, allowed: Iterable[Decision]) -> frozenset[str]:
    further = {Decision.MEMO, Decision.REPLY} | ({Decision.TAKE} if case.state in OPEN else set())
    return frozenset(one.value for one in further & set(allowed))


def _fill(case: Case, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the fields: earlier input, or the office's reason for such an address."""
    before = {"reason": case.background.decline, "question": "", "note": "", "until": ""}
    before |= {"message": "", "memo": ""}
    return {name: fields.get(name, text) for name, text in before.items()}


def make_slip() -> str:
    """Return the secret of a page, to which a confirmation is bound."""
    return secrets.token_urlsafe(_SLIP_OCTETS)
