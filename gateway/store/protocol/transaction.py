"""What work may do inside a transaction: one transaction per mail, and an outbox with leases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

from gateway.admission.authority.brakes import BrakeChange, PulledBrake
from gateway.admission.case.model import Case, JournalEntry, Letter, LetterCaps, OutgoingLetter
from gateway.admission.case.model.affiliation import ConfirmerLoad
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol.connection import Connection
from gateway.store.protocol.rows import JournalLine, LetterRow, LetterState, ReceivedMail, TokenRow
from gateway.store.protocol.signatures import SignatureLines
from gateway.store.protocol.staff_rows import StaffRows
from gateway.store.protocol.unheard import UnheardMails

T = TypeVar("T")
NOBODY_BUSY: Mapping[str, int] = MappingProxyType({})
NO_LIMIT = 1_000_000
DEFAULT_CAPS = LetterCaps()


class Transaction(SignatureLines, StaffRows, UnheardMails, Protocol):
    """What work may do inside a store transaction. Every method is synchronous and quick."""

    @property
    def connection(self) -> Connection:
        """For tables that mails know nothing of. Work that asks for it may be long: it leaves the loop."""
        ...

    @property
    def tombstone_key(self) -> bytes:
        """The secret by which an applicant who was erased is known again; empty where there is none."""
        ...

    def has_mail(self, key: str) -> bool:
        """Whether a mail with this key was recorded before."""
        ...

    def record(self, mail: ReceivedMail, case_id: int | None) -> int:
        """Keep a mail; gives its row number."""
        ...

    def keep_evidence(self, mail_id: int, case_id: int | None, release: str) -> None:
        """A mail decided a case, under this release of the gateway: its octets stay as long as the case.

        None: it stopped the desk or started it again, and stays as long as any case that it was about."""
        ...

    def link_answer(self, mail_id: int, digest: bytes) -> None:
        """A mail came to the token with this hash: it is about whatever the token's letter is about."""
        ...

    def token(self, digest: bytes) -> TokenRow | None:
        """What a token's hash stands for."""
        ...

    def case(self, case_id: int) -> Case | None:
        """A case by its row number."""
        ...

    def case_by_number(self, number: str) -> Case | None:
        """A case by its written number."""
        ...

    def case_by_message_ids(self, message_ids: Iterable[str]) -> Case | None:
        """The case of the newest of our letters among these Message-IDs."""
        ...

    def latest_case(self, applicant: Address) -> Case | None:
        """The newest case of the person behind an address (`Address.person`), whatever its state."""
        ...

    def has_applied_before(self, applicant: Address) -> bool:
        """Whether a case of this address was erased; nothing else is known of it."""
        ...

    def confirmer_load(self, address: Address, since: datetime) -> ConfirmerLoad:
        """What is known of a possible confirmer; questions put to the address are counted `since` then."""
        ...

    def open_cases(self, limit: int, after: Case | None = None) -> tuple[Case, ...]:
        """Cases that are not closed, those due first at the front; `after` goes on behind that case."""
        ...

    def invited_cases(self, before: datetime, limit: int) -> tuple[Case, ...]:
        """Cases whose invitation was handed over before that and was not used, the oldest at the front."""
        ...

    def count_open(self) -> int:
        """How many cases are not closed."""
        ...

    def save(self, case: Case) -> Case:
        """Insert (id 0) or update a case; gives it with its id."""
        ...

    def enqueue(
        self,
        case: Case | None,
        letters: Iterable[OutgoingLetter],
        now: datetime,
        mail_id: int | None,
        caps: LetterCaps = DEFAULT_CAPS,
    ) -> int:
        """Put letters into the outbox and count them by cause; gives how many were put.

        A review request takes the place of one about its case, to the same person, that did not leave yet.
        """
        ...

    def capped_letters(self, first: date, end: date) -> tuple[tuple[str, str, str, int], ...]:
        """(name, scope, of, how many) of letters over a cap, from the day `first` to before `end`: the
        largest, and all others as one, called `rest`."""
        ...

    def recall(self, case_id: int, letters: Iterable[Letter]) -> int:
        """Take back letters that have not begun to leave; gives how many."""
        ...

    def postpone(self, case_id: int, letters: Iterable[Letter], until: datetime) -> int:
        """Let letters that have not begun to leave do so at `until`; gives how many."""
        ...

    def can_recall(self, case_id: int, letters: Iterable[Letter]) -> bool:
        """Whether such a letter waits and has not begun to leave."""
        ...

    def journal(
        self, entries: Iterable[JournalEntry], now: datetime, case_id: int | None, mail_id: int | None
    ) -> None:
        """Append lines to the journal."""
        ...

    def journal_since(self, since: datetime, events: Iterable[str], limit: int) -> tuple[JournalLine, ...]:
        """Lines with one of these names, the newest `limit` of them, newest first."""
        ...

    def count_said(self, actor: str, events: Iterable[str], since: datetime) -> int:
        """How many lines of the journal with one of these names somebody caused since then."""
        ...

    def count_refusal(self, reason: str, domain: str, now: datetime, max_domains: int) -> None:
        """Count a refused mail by its author's domain, by none when the day has seen `max_domains`."""
        ...

    def refused_domains(self, reason: str, first: date, end: date) -> tuple[tuple[str, int], ...]:
        """Domains ("" for those without a row) and refused mails, from the day `first` to before `end`."""
        ...

    def tally(self, what: str, label: str, now: datetime) -> None:
        """Count one more of what the figures tell by the hour; both are words of ours."""
        ...

    def add_unproven(self, mailbox: str, octets: int, now: datetime, max_octets: int) -> bool:
        """Count what is kept of a mail that needs no proof; False when the day would be over `max_octets`."""
        ...

    def add_proven(self, sender: str, octets: int, now: datetime, max_octets: int) -> bool:
        """The same for proven mail of a sender: an organisation unit, or a member's hash."""
        ...

    def has_acted(self, contents: Iterable[str]) -> bool:
        """Whether a mail that is known by one of these digests (hexadecimal) was read before."""
        ...

    def record_acted(self, contents: Iterable[str], now: datetime) -> None:
        """Remember a mail that was read by its digests: they tell nothing of who wrote what."""
        ...

    def record_newest(self, name: str, at: datetime) -> None:
        """Note when a mail was written under a digest of who wrote about what; the newest stays."""
        ...

    def find_newest(self, name: str) -> datetime | None:
        """The newest time that is noted under this digest."""
        ...

    def revoke_staff(self, member: Address, by: str, now: datetime) -> int:
        """Void what was given to a mailbox of the staff, and let no letter of the staff's go there; gives how
        many tokens that were good. `by` is the operator's name."""
        ...

    def restore_staff(self, member: Address) -> bool:
        """Trust a mailbox again; False where it was not revoked."""
        ...

    def revoked_staff(self) -> frozenset[str]:
        """The keys of the addresses that are revoked."""
        ...

    def change_brakes(self, change: BrakeChange) -> None:
        """Let letters stand still in the outbox from the next claim on, or let them go on."""
        ...

    def pulled_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        """The brakes that are on."""
        ...

    def ended_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        """The brakes whose time is over, which nobody has let go."""
        ...

    def record_once(self, name: str, now: datetime, case: Case | None = None) -> bool:
        """Note a piece of housekeeping (of a case); whether it was not noted before."""
        ...

    def record_last_time(self, name: str, now: datetime) -> None:
        """Note when something of no case was done, in the place of the time before."""
        ...

    def last_time(self, prefix: str) -> datetime | None:
        """When housekeeping of no case, whose name begins so, was last noted."""
        ...

    def claim(
        self,
        now: datetime,
        lease_until: datetime,
        limit: int,
        busy: Mapping[str, int] = NOBODY_BUSY,
        per_domain: int = 0,
        max_failures: int = NO_LIMIT,
        in_hand: Collection[int] = (),
    ) -> tuple[LetterRow, ...]:
        """Lease letters that are due and that no brake holds; a lease that ran out may be claimed again, but
        not by who still has the letter `in_hand`: a clock that jumps ends no hand-over.

        `per_domain` is how many letters to one domain may be in hand (0: any number), `busy` how many are.
        A letter at its last try before `max_failures` is given alone, when nothing is in hand; one beyond
        it is given too, so that it can be put on hold, and its attempts are not counted on.
        """
        ...

    def holds_lease(self, letter: LetterRow) -> bool:
        """Whether a letter is still leased to who claimed it as `letter`: its outcome counts only then."""
        ...

    def keep_token(self, digest: bytes, purpose: Purpose, letter: LetterRow, expires_at: datetime) -> None:
        """Remember the hash of a token that goes out with `letter`."""
        ...

    def revoke_token(self, digest: bytes, now: datetime) -> None:
        """A token is worth nothing from now on; it still names its letter."""
        ...

    def record_outcome(
        self,
        letter_id: int,
        state: LetterState,
        now: datetime,
        reply: str,
        not_before: datetime,
        *,
        failed: bool = False,
    ) -> None:
        """Record a delivery outcome and end the lease; `failed`: the letter could not even be made."""
        ...

    def explain_wait(self, now: datetime, why: str) -> None:
        """Write down with each letter that is due why it does not leave."""
        ...

    def keep_sent_text(self, letter_id: int, subject: str, text: str) -> None:
        """Remember what a letter said, tokens masked."""
        ...

    def letters_to(self, applicant: Address, limit: int) -> tuple[str, ...]:
        """What the newest letters about a case said that left for an applicant, the newest at the front."""
        ...

    def next_due(self, now: datetime | None = None) -> datetime | None:
        """When the next letter may be claimed; None when there is none. With `now`: of those that no brake
        holds then."""
        ...


class Store(Protocol):
    """A durable store with a single writer."""

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction and return its value after the commit is on disk.

        The store decides in which thread. It may undo the work of a whole group and do it again, so `work`
        changes nothing but the store.
        Raises StoreUnavailableError when nothing was recorded; else what `work` raises, its changes undone.
        """
        ...

    async def compact(self) -> bool:
        """Leave no trace of what was erased; whether there is none now. Raises StoreUnavailableError."""
        ...
