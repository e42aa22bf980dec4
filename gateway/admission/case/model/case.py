"""A case: the application, what was found out about it, and its state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model.affiliation import NO_AFFILIATION, Affiliation
from gateway.admission.case.model.states import State
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address
from gateway.printing.statement import Statement

# A flag: an earlier case of this address was erased, and nothing else is known of it.
APPLIED_BEFORE = Statement("applied_before")


@dataclass(frozen=True, slots=True)
class Background:
    """Findings about an applicant's domain and authentication, for the staff.

    `flags` are sentences about what to check, `decline` is a suggested text for a refusal. `earlier` is the
    number of the case that this application replaces, `agreed` means that the address of that case named this
    one. `anybody` means that the authentication rests on an SPF record that permits too many clients,
    `proof_flags` are its other weaknesses. `register_name` is the register's name of the body that form and
    domain agree on (or empty), no word of which the applicant chose. `prover` is the domain that the
    authentication rests on (empty: unknown, for mails before 0.2).
    """

    domain_kind: str
    standing: Standing
    organisation: str
    flags: tuple[Statement, ...]
    grade: str
    proof: str
    decline: str = ""
    earlier: str = ""
    anybody: bool = False
    proof_flags: tuple[Statement, ...] = ()
    register_name: str = ""
    prover: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Memo:
    """A note of a member for colleagues: its author, its time (aware UTC), and the text as written."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One application from receipt to its end.

    `id` is 0 until stored. `revision` counts the contents shown to staff: a decision about an older revision
    is rejected. `due_on` and `held_until` are dates in Japan, all times are aware UTC. `confirmed_formerly`:
    by the rules of 0.1, by which a mailbox of any organisation could confirm.

    `question` is what the staff asked and the applicant has not answered, `first_approval` who approved first
    if two approvals are needed, `waits_since` since when the applicant is to answer, `invited_at` when the
    last invitation was passed on, `affiliation` the affiliation check. `second_look` is whose refusal others
    review again, `memos` are the staff's notes, `moves_to` is the address that the applicant wants to change
    to.
    """

    number: str
    applicant: Address
    form: Form
    background: Background
    opened_at: datetime
    due_on: date
    state: State = State.RECEIVED
    revision: int = 1
    confirmed_by: str = ""
    confirmed_formerly: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    handler: str = ""
    question: str = ""
    held_until: date | None = None
    first_approval: str = ""
    waits_since: datetime | None = None
    invited_at: datetime | None = None
    affiliation: Affiliation = NO_AFFILIATION
    second_look: str = ""
    memos: tuple[Memo, ...] = ()
    moves_to: str = ""
    id: int = 0


def with_state(case: Case, state: State, **changes: Any) -> Case:
    """Return the case in another state; a hold and an open question end with their state.

    Here and below, `changes` are further values of the case that change with it.
    """
    return replace(case, state=state, held_until=None, question="", **changes)


def is_confirmed(case: Case) -> bool:
    """Return whether the applicant's address shows the organisation, or somebody there confirmed it."""
    return case.background.standing is Standing.OWN or bool(case.confirmed_by)


def awaiting_review(case: Case, **changes: Any) -> Case:
    """Return the undecided case waiting for the staff, before or after the affiliation is confirmed."""
    state = State.UNDER_REVIEW if is_confirmed(case) else State.AWAITING_AFFILIATION
    return with_state(case, state, decided_by="", decided_at=None, reason="", **changes)


def awaiting_applicant(case: Case, state: State, now: datetime, **changes: Any) -> Case:
    """Return the case in a state that waits for the applicant, from now on."""
    return with_state(case, state, waits_since=now, **changes)
