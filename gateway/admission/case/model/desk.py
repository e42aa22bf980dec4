"""The desk: its staff, its limits and its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from gateway.admission.application.items.fields import Form
from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model.affiliation import NOBODY, Confirmer
from gateway.admission.case.model.case import Background, Case
from gateway.mail.address import Address


class Role(StrEnum):
    """Permissions of a member of staff: everything, ask applicants and take cases, or only read."""

    DECIDE = "decide"
    ASK = "ask"
    READ = "read"


class MailChoice(StrEnum):
    """Which letters a member gets besides alarms, answers and the digest.

    About each case, none, or about the member's own cases and overdue ones.
    """

    EACH = "each"
    DIGEST = "digest"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the office: the address must match exactly and its domain must be authenticated.

    DKIM signatures of `signing_domains` count for the member's mail like those of the domain itself. `names`
    are further names that the member signs with, `signature` lines of the signature, both entered manually.
    `mail` selects the letters; a member who `is_away` gets no reminders.
    """

    address: Address
    name: str
    role: Role = Role.DECIDE
    signing_domains: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    mail: MailChoice = MailChoice.EACH
    is_away: bool = False

    def wants(self, case: Case, *, overdue: bool = False) -> bool:
        """Return whether the member gets letters about this case unasked; `overdue`: it is due."""
        if self.is_away:
            return False
        if self.mail is MailChoice.MINE:
            return overdue or case.handler == str(self.address)
        return self.mail is MailChoice.EACH


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away from the first to the last day (in Japan), or back if these are None."""

    member: Address
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class MailWish:
    """Which letters a member chose to receive; None: those of the settings."""

    member: Address
    choice: MailChoice | None = None


@dataclass(frozen=True, slots=True)
class StaffWishes:
    """What a member set for themselves, as it applies on a day."""

    is_away: bool = False
    mail: MailChoice | None = None


@dataclass(frozen=True, slots=True)
class LetterCaps:
    """How many letters one cause may produce per day; `[caps]` in the settings.

    `alarms` is the total besides the first of each cause, `alarms_per_domain` applies to lost letters caused
    by mails of one domain. `unconfirmed_cases` of one domain are shown to the staff at a time. `per_case` and
    `per_domain` limit letters of one kind, `per_address` answers of one kind, `checks_per_address` questions
    to one possible confirmer, with reminders.

    `review_spacing` is the minimum interval of two review requests about a case; receipts wait for a summary
    for at most `receipt_spacing` (zero: each is sent at once).
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
    """The settings of the desk.

    Deadlines: `open_days` is the promised time to an answer, in business days. An applicant who does not
    answer is reminded after `remind_after` business days, and the case is closed after `close_after`. An
    invitation, sent by `invites_by`, is valid for `valid_days` days; the applicant is reminded
    `remind_before` days before its end (0: never). `digest_hour` (in Japan) is when the day begins.
    `escalation` is notified of a case on its due date and, with `weekly_figures`, of each week's figures.

    Decisions: with `second_approval`, applicants with a confirmed affiliation need two approvals; approvals
    of a member beyond `approvals_per_hour` are the first of two. With `always_code` natural words alone never
    decide; with `require_dkim` only replies signed by their own domain do. `brakes` are the active ones;
    staff in `revoked` decide and confirm nothing. Within `second_look_days` after a refusal others review it
    again, once (0: never).

    Affiliation: at most `checks_per_case` possible confirmers of a case get a letter, with one reminder after
    `check_reminder_days` business days; at most `open_checks_per_domain` letters to one domain wait for an
    answer. `confirmer` judges an address, `claimed_domains` returns the current domains of the claimed body,
    `find_code` the code of the only body with a name, `knows_organisation` whether the register has a body of
    exactly this name.

    Texts: consent is to `rules_version`, published at `rules_link`. `snippets` are texts by decision word
    (`decline`, `ask`), selected by number.
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
        """Return the staff member with this address, if any."""
        return next((person for person in self.staff if person.address.key == address.key), None)

    def without(self, keys: frozenset[str]) -> Desk:
        """Return the desk without the members at these addresses (`Address.key`)."""
        kept = tuple(person for person in self.staff if person.address.key not in keys)
        return self if kept == self.staff else replace(self, staff=kept)
