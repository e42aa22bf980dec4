"""The values of the desk: a case, its states, and what one step of it sends to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.admission.application.form import Form
from gateway.admission.case.affiliation import NO_AFFILIATION, NOBODY, Affiliation, Confirmer
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address
from gateway.printing.statement import Statement


class State(StrEnum):
    """States are facts about a case; `STATE_WORDS` says each in a sentence."""

    RECEIVED = "received"
    NEEDS_INFORMATION = "needs_information"
    AWAITING_AFFILIATION = "awaiting_affiliation"
    UNDER_REVIEW = "under_review"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"


STATE_WORDS: Mapping[State, str] = {
    State.RECEIVED: "申請を受け取りました",
    State.NEEDS_INFORMATION: "申請者の追記を待っています",
    State.AWAITING_AFFILIATION: "所属の確認を待っています",
    State.UNDER_REVIEW: "担当者の判断を待っています",
    State.ON_HOLD: "保留しています",
    State.APPROVED: "承認され、招待の送信を待っています",
    State.INVITED: "招待を送りました",
    State.JOINED: "参加しました",
    State.DECLINED: "お断りしました",
    State.WITHDRAWN: "申請者が取り下げました",
    State.EXPIRED: "期限までに回答または参加がありませんでした",
    State.UNDELIVERABLE: "申請者にメールが届きません",
}

OPEN = frozenset(
    {
        State.RECEIVED,
        State.NEEDS_INFORMATION,
        State.AWAITING_AFFILIATION,
        State.UNDER_REVIEW,
        State.ON_HOLD,
        State.UNDELIVERABLE,
    }
)
DECIDABLE = frozenset({State.AWAITING_AFFILIATION, State.UNDER_REVIEW, State.ON_HOLD})
ADMITTED = frozenset({State.APPROVED, State.INVITED, State.JOINED})


class Letter(StrEnum):
    """Every letter the desk can write; each has its template of the same name."""

    ACKNOWLEDGMENT = "acknowledgment"
    MISSING_FIELDS = "missing_fields"
    AFFILIATION_REQUEST = "affiliation_request"
    AFFILIATION_CHECK = "affiliation_check"
    INVITATION = "invitation"
    INVITATION_NOTICE = "invitation_notice"
    INVITATION_REMINDER = "invitation_reminder"
    HANDOFF = "handoff"
    DECLINE = "decline"
    ALREADY_ADMITTED = "already_admitted"
    WITHDRAWAL_RECEIPT = "withdrawal_receipt"
    REPLACEMENT_CHECK = "replacement_check"
    HOW_TO_APPLY = "how_to_apply"
    NOT_KEPT = "not_kept"
    REVIEW_REQUEST = "review_request"
    DECISION_RECEIPT = "decision_receipt"
    UNCLEAR_DECISION = "unclear_decision"
    REOPENED = "reopened"
    CASE_NOTICE = "case_notice"
    CASE_STATUS = "case_status"
    QUESTION = "question"
    EXPIRED = "expired"
    DIGEST = "digest"
    TRANSCRIPT = "transcript"
    PRACTICE_REQUEST = "practice_request"
    PRACTICE_RESULT = "practice_result"


# About many cases at once: in the outbox they belong to none.
GENERAL_LETTERS = frozenset({Letter.DIGEST, Letter.TRANSCRIPT})
# About a case that does not exist; a reply to them changes none.
PRACTICE_LETTERS = frozenset({Letter.PRACTICE_REQUEST, Letter.PRACTICE_RESULT})
STAFF_LETTERS = (
    GENERAL_LETTERS
    | PRACTICE_LETTERS
    | {
        Letter.REVIEW_REQUEST,
        Letter.DECISION_RECEIPT,
        Letter.UNCLEAR_DECISION,
        Letter.CASE_NOTICE,
        Letter.CASE_STATUS,
    }
)
# Letters that show a code, which an answer gives back beside its word.
CODED_LETTERS = STAFF_LETTERS | {Letter.AFFILIATION_CHECK}
# What the staff's own word sends to an applicant; until it leaves, the word can be taken back.
RECALLABLE_LETTERS = (Letter.INVITATION, Letter.DECLINE, Letter.QUESTION)


class Role(StrEnum):
    """What a member of staff may do: all, ask applicants and take cases, or only read."""

    DECIDE = "decide"
    ASK = "ask"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the office: the address must match exactly and its domain must be proven. Signatures (DKIM)
    of `signing_domains` count for the member's mail as the domain's own do. `names` are further names that
    the member signs with, `signature` lines of the signature, both by hand."""

    address: Address
    name: str
    role: Role = Role.DECIDE
    signing_domains: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterCaps:
    """How many letters one cause brings in a day; `[caps]` of the settings holds them.

    `alarms` leave in all besides the first of each cause. `unconfirmed_cases` of one domain are shown to the
    staff at once. `per_case` and `per_domain` are letters of one kind, `per_address` answers of one kind.
    Between two review requests about a case lies `review_spacing`.
    """

    alarms: int = 50
    unconfirmed_cases: int = 5
    per_case: int = 10
    per_domain: int = 50
    per_address: int = 3
    review_spacing: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk is told about itself. `open_days` is the promised time to an answer.

    `second_approval`: who came through the confirmation of affiliation needs two approvals.
    `escalation` hears of a case on its due day. Who does not answer is reminded after `remind_after`
    open days, and the case is closed after `close_after`. An invitation, sent by `invites_by`, can be used
    for `valid_days` days; `remind_before` its end the applicant is reminded (0: never). `digest_hour` (in
    Japan) is when the day begins. With `always_code` natural words alone never decide,
    with `require_dkim` no reply does that its own domain has not signed. Of one case
    `checks_per_case` possible confirmers get a letter, reminded once after `check_reminder_days` open days;
    to one domain at most `open_checks_per_domain` letters wait for an answer. `confirmer` says where an
    address stands, `claimed_domains` which domains the claimed body has now, `knows_organisation` whether
    the register has a body of exactly this name.
    """

    staff: tuple[Staff, ...]
    undo_window: timedelta = timedelta(minutes=10)
    open_days: int = 3
    closings: frozenset[date] = frozenset()
    second_approval: bool = False
    escalation: Address | None = None
    remind_after: tuple[int, ...] = (3, 7)
    close_after: int = 14
    invites_by: str = "mail"
    valid_days: int = 30
    remind_before: int = 7
    digest: bool = True
    digest_hour: int = 9
    always_code: bool = False
    require_dkim: bool = False
    rules_version: str = ""
    caps: LetterCaps = LetterCaps()
    review: Callable[[Case], Background] = lambda case: case.background
    checks_per_case: int = 3
    check_reminder_days: int = 2
    open_checks_per_domain: int = 20
    confirmer: Callable[[Case, Address], Confirmer] = lambda _case, _address: NOBODY
    claimed_domains: Callable[[Form], tuple[str, ...]] = lambda _form: ()
    knows_organisation: Callable[[str], bool] = lambda _: False

    def member(self, address: Address) -> Staff | None:
        """The staff member who writes from `address`, if any."""
        return next((person for person in self.staff if person.address.key == address.key), None)

    def without(self, keys: frozenset[str]) -> Desk:
        """The desk without the members at these addresses (`Address.key`)."""
        kept = tuple(person for person in self.staff if person.address.key not in keys)
        return self if kept == self.staff else replace(self, staff=kept)


# A flag: a case of this address was erased, and nothing else is known of it.
APPLIED_BEFORE = Statement("applied_before")


@dataclass(frozen=True, slots=True)
class Background:
    """What the gateway found out about an applicant's domain and proof, for the staff to see.

    `flags` are sentences about what to look at, `decline` words that the staff may use if they decline,
    `earlier` the number of the case that this application takes the place of, `anybody` that the proof is
    an SPF record which allows too many clients, `proof_flags` what else is weak in the proof, `register_name`
    the register's name of the body that form and domain agree on (or empty), no word of which the applicant
    chose.
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


@dataclass(frozen=True, slots=True)
class Case:
    """One application from receipt to its end.

    `id` is 0 until stored. `revision` counts the contents that staff were shown: a decision about
    an older revision is not taken. `due_on` and `held_until` are dates in Japan, all times are aware UTC.
    `confirmed_formerly`: by the rules of 0.1, where any organisation's mailbox could confirm.
    `question` is what the staff asked and the applicant has not answered, `first_approval` who approved
    where two must, `waits_since` the time since when the applicant is waited for, `invited_at` when the last
    invitation was handed over, `affiliation` the round trip to the claimed organisation.
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
    id: int = 0


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter to send: the template's name, the addressee, and all that the template may say."""

    letter: Letter
    to: Address
    facts: Mapping[str, object]
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the journal: what happened, by whom (an address, or `gateway`), with details."""

    name: str
    actor: str = "gateway"
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """The outcome of one event: the case afterwards (None: none exists), letters, journal.

    `recalled` names letters that must not leave any more if they have not left yet; `postponed_to` is
    when those of the staff's last word leave that wait.
    """

    case: Case | None
    letters: tuple[OutgoingLetter, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    recalled: frozenset[Letter] = frozenset()
    postponed_to: datetime | None = None


def with_state(case: Case, state: State, **changes: Any) -> Case:
    """The case in another state; a hold and an open question end with the state they belong to.

    Here and below, `changes` are further values of the case that change with it.
    """
    return replace(case, state=state, held_until=None, question="", **changes)


def awaiting_review(case: Case, **changes: Any) -> Case:
    """The undecided case, where the staff's word is waited for: before the affiliation is confirmed, or
    after."""
    known = case.background.standing is Standing.OWN or case.confirmed_by
    state = State.UNDER_REVIEW if known else State.AWAITING_AFFILIATION
    return with_state(case, state, decided_by="", decided_at=None, reason="", **changes)


def awaiting_applicant(case: Case, state: State, now: datetime, **changes: Any) -> Case:
    """The case in a state in which the applicant is waited for, from now on."""
    return with_state(case, state, waits_since=now, **changes)
