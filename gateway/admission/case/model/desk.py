"""The desk: its staff, its caps and what it is told about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from gateway.admission.application.form import Form
from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model.affiliation import NOBODY, Confirmer
from gateway.admission.case.model.case import Background, Case
from gateway.mail.address import Address


class Role(StrEnum):
    """What a member of staff may do: all, ask applicants and take cases, or only read."""

    DECIDE = "decide"
    ASK = "ask"
    READ = "read"


class MailChoice(StrEnum):
    """Which letters a member gets besides alarms, answers and the digest: about each case, none, or about the
    own cases and those overdue."""

    EACH = "each"
    DIGEST = "digest"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the office: the address must match exactly and its domain must be proven. Signatures (DKIM)
    of `signing_domains` count for the member's mail as the domain's own do. `names` are further names that
    the member signs with, `signature` lines of the signature, both by hand. `mail` is which letters
    come; who `is_away` gets no reminders."""

    address: Address
    name: str
    role: Role = Role.DECIDE
    signing_domains: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    mail: MailChoice = MailChoice.EACH
    is_away: bool = False

    def wants(self, case: Case, *, overdue: bool = False) -> bool:
        """Whether the member is written to about this case, unasked; `overdue`: its due day is here."""
        if self.is_away:
            return False
        if self.mail is MailChoice.MINE:
            return overdue or case.handler == str(self.address)
        return self.mail is MailChoice.EACH


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away from the first to the last day (in Japan), or is back, where there are none."""

    member: Address
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class LetterCaps:
    """How many letters one cause brings in a day; `[caps]` of the settings holds them.

    `alarms` leave in all besides the first of each cause, and `alarms_per_domain` of letters lost that mails
    of one domain brought. `unconfirmed_cases` of one domain are shown to the staff at once. `per_case` and
    `per_domain` are letters of one kind, `per_address` answers of one kind, `checks_per_address` questions to
    one possible confirmer, with their reminders.
    Between two review requests about a case lies `review_spacing`; receipts wait for a summary for
    `receipt_spacing` at most (none: each leaves at once).
    """

    alarms: int = 50
    alarms_per_domain: int = 5
    unconfirmed_cases: int = 5
    per_case: int = 10
    per_domain: int = 50
    per_address: int = 3
    checks_per_address: int = 2
    review_spacing: timedelta = timedelta(minutes=15)
    receipt_spacing: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk is told about itself. `open_days` is the promised time to an answer.

    `second_approval`: who came through the confirmation of affiliation needs two approvals.
    `escalation` hears of a case on its due day, and with `weekly_figures` of each week's figures.
    Who does not answer is reminded after `remind_after`
    open days, and the case is closed after `close_after`. An invitation, sent by `invites_by`, can be used
    for `valid_days` days; `remind_before` its end the applicant is reminded (0: never). `digest_hour` (in
    Japan) is when the day begins. With `always_code` natural words alone never decide,
    with `require_dkim` no reply does that its own domain has not signed. Of one case
    `checks_per_case` possible confirmers get a letter, reminded once after `check_reminder_days` open days;
    to one domain at most `open_checks_per_domain` letters wait for an answer. `confirmer` says where an
    address stands, `claimed_domains` which domains the claimed body has now, `find_code` gives the code of
    the one body of a name, `knows_organisation` whether
    the register has a body of exactly this name; `brakes` are on; who of the staff
    is `revoked` decides nothing, and confirms nothing. A member's approvals beyond
    `approvals_per_hour` are first ones of two. A consent is to `rules_version`, read at `rules_link`. Within
    `second_look_days` after a decline others look again, once (0: never). `snippets` are texts by the word
    (`decline`, `ask`) that a number names.
    """

    staff: tuple[Staff, ...]
    undo_window: timedelta = timedelta(minutes=10)
    open_days: int = 3
    closings: frozenset[date] = frozenset()
    second_approval: bool = False
    escalation: Address | None = None
    weekly_figures: bool = False
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
    rules_link: str = ""
    second_look_days: int = 30
    caps: LetterCaps = LetterCaps()
    review: Callable[[Case], Background] = lambda case: case.background
    checks_per_case: int = 3
    check_reminder_days: int = 2
    open_checks_per_domain: int = 20
    confirmer: Callable[[Case, Address], Confirmer] = lambda _case, _address: NOBODY
    claimed_domains: Callable[[Form], tuple[str, ...]] = lambda _form: ()
    knows_organisation: Callable[[str], bool] = lambda _: False
    find_code: Callable[[str], str] = lambda _: ""
    brakes: frozenset[Brake] = frozenset()
    revoked: tuple[Staff, ...] = ()
    approvals_per_hour: int = 30
    snippets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    operators: frozenset[str] = frozenset()

    def member(self, address: Address) -> Staff | None:
        """The staff member who writes from `address`, if any."""
        return next((person for person in self.staff if person.address.key == address.key), None)

    def without(self, keys: frozenset[str]) -> Desk:
        """The desk without the members at these addresses (`Address.key`)."""
        kept = tuple(person for person in self.staff if person.address.key not in keys)
        return self if kept == self.staff else replace(self, staff=kept)
