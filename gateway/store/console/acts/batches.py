"""Approval of several cases with one code: those without 注意, each as shown, by the rules for it alone.

Cases that have changed when the code arrives are left out, and the others are approved. The code is bound to
the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.admission.case.digest import together
from gateway.admission.case.model import Case, Desk, Transition
from gateway.admission.replies.reading import Decision
from gateway.printing.statement import Statement
from gateway.store.console.acts import confirming, deciding
from gateway.store.console.acts.confirming import About, Act, Browser
from gateway.store.console.acts.deciding import Said
from gateway.store.console.outcome import Member, Outcome, What
from gateway.store.protocol import Transaction

MAX_CASES = 25
_ONE_BY_ONE = Statement("batch_one_by_one")
Planned = tuple[Case, Transition]


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases by number, each with the mark of what was shown."""

    cases: tuple[tuple[str, str], ...]

    def to_act(self) -> Act:
        """Return the act to confirm: the whole list, as shown."""
        numbers, marks = (" ".join(part) for part in zip(*self.cases, strict=True))
        return Act(Decision.APPROVE.value, numbers, marks)

    def list_forms(self) -> Iterator[Said]:
        """Yield each case as a form of its own."""
        return (Said(number, shown, Decision.APPROVE) for number, shown in self.cases)


def propose(
    tx: Transaction, member: Member, batch: Batch, browser: Browser, now: datetime, desk: Desk
) -> Outcome:
    """Plan all approvals, and register the possible ones for confirmation.

    `parts` describes each case; those that are not ready are not in the list to be confirmed.
    """
    found = [(said, _plan(tx, member, said, now, desk)) for said in batch.list_forms()]
    ready = [(said, planned) for said, planned in found if not isinstance(planned, Outcome)]
    parts = tuple((said.number, _tell(What.READY, planned)) for said, planned in found)
    if not ready:
        return Outcome(What.REFUSED, parts=parts)
    chosen = Batch(tuple((said.number, said.shown) for said, _ in ready))
    listed = tuple(f"{case.number} {case.background.register_name}" for _, (case, _) in ready)
    coded = confirming.let_wait(tx, member, chosen.to_act(), About(listed=listed), browser, now, desk)
    return Outcome(What.FULL) if coded is None else Outcome(What.READY, parts=parts, is_coded=coded)


def carry_out(
    tx: Transaction,
    member: Member,
    batch: Batch,
    browser: Browser,
    code: str,
    now: datetime,
    desk: Desk,
) -> Outcome:
    """Approve each case of a confirmed list that has not changed since it was shown, once."""
    by_code = confirming.confirm(tx, member.session, batch.to_act(), browser, code, now)
    if by_code is None:
        return Outcome(What.WRONG)
    parts = tuple((said.number, _approve(tx, member, said, now, desk)) for said in batch.list_forms())
    return Outcome(What.DONE, parts=parts, is_granted=by_code)


def _approve(tx: Transaction, member: Member, said: Said, now: datetime, desk: Desk) -> Outcome:
    planned = _plan(tx, member, said, now, desk)
    if not isinstance(planned, Outcome):
        deciding.write(tx, *planned, member, now, desk)
    return _tell(What.DONE, planned)


def _plan(tx: Transaction, member: Member, said: Said, now: datetime, desk: Desk) -> Planned | Outcome:
    """Plan the transition of one case; return an outcome if it is left out."""
    case, refused = deciding.find(tx, said, deciding.CONFIRMED)
    if case is None or refused is not None:
        return refused or Outcome(What.GONE)
    if not together.is_listed_together(case):
        return Outcome(What.REFUSED, why=_ONE_BY_ONE)
    planned = deciding.plan(tx, case, member, said, now, desk)
    return planned if isinstance(planned, Outcome) else (case, planned)


def _tell(what: What, planned: Planned | Outcome) -> Outcome:
    return planned if isinstance(planned, Outcome) else deciding.tell(what, *planned)
