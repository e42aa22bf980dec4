"""A case: the application, what was found out about it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gateway.admission.application.form import Form
from gateway.admission.case.model.affiliation import NO_AFFILIATION, Affiliation
from gateway.admission.case.model.states import State
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address
from gateway.printing.statement import Statement

# A flag: a case of this address was erased, and nothing else is known of it.
APPLIED_BEFORE = Statement("applied_before")


@dataclass(frozen=True, slots=True)
class Background:
    """What the gateway found out about an applicant's domain and proof, for the staff to see.

    `flags` are sentences about what to look at, `decline` words that the staff may use if they decline,
    `earlier` the number of the case that this application takes the place of, `agreed` that the address of
    that case named this one, `anybody` that the proof is
    an SPF record which allows too many clients, `proof_flags` what else is weak in the proof, `register_name`
    the register's name of the body that form and domain agree on (or empty), no word of which the applicant
    chose, `prover` the domain that the proof rests on (empty: not known, as of mails before 0.2).
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
    """A note of a member for the colleagues: who wrote it, when (aware UTC), and the text as written."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One application from receipt to its end.

    `id` is 0 until stored. `revision` counts the contents that staff were shown: a decision about
    an older revision is not taken. `due_on` and `held_until` are dates in Japan, all times are aware UTC.
    `confirmed_formerly`: by the rules of 0.1, where any organisation's mailbox could confirm.
    `question` is what the staff asked and the applicant has not answered, `first_approval` who approved
    where two must, `waits_since` the time since when the applicant is waited for, `invited_at` when the last
    invitation was handed over, `affiliation` the round trip to the claimed organisation,
    `second_look` whose decline others look at again, `memos` the staff's notes for each other, `moves_to` the
    address to which the applicant said to change.
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
    """The case in another state; a hold and an open question end with the state they belong to.

    Here and below, `changes` are further values of the case that change with it.
    """
    return replace(case, state=state, held_until=None, question="", **changes)


def is_confirmed(case: Case) -> bool:
    """Whether the applicant's address shows the organisation, or somebody there confirmed it."""
    return case.background.standing is Standing.OWN or bool(case.confirmed_by)


def awaiting_review(case: Case, **changes: Any) -> Case:
    """The undecided case, where the staff's word is waited for: before the affiliation is confirmed, or
    after."""
    state = State.UNDER_REVIEW if is_confirmed(case) else State.AWAITING_AFFILIATION
    return with_state(case, state, decided_by="", decided_at=None, reason="", **changes)


def awaiting_applicant(case: Case, state: State, now: datetime, **changes: Any) -> Case:
    """The case in a state in which the applicant is waited for, from now on."""
    return with_state(case, state, waits_since=now, **changes)
