"""Operations of work inside a transaction: one transaction per mail, and an outbox with leases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

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

NOBODY_BUSY: Mapping[str, int] = MappingProxyType({})
NO_LIMIT = 1_000_000
DEFAULT_CAPS = LetterCaps()


class Transaction(SignatureLines, StaffRows, UnheardMails, Protocol):
    """Operations inside a store transaction. Every method is synchronous and fast."""

    @property
    def connection(self) -> Connection:
        """The connection, for tables unrelated to mail. Work that uses it may be long: it leaves the loop."""
        ...

    @property
    def tombstone_key(self) -> bytes:
        """The secret by which an erased applicant is recognised; empty if there is none."""
        ...

    def has_mail(self, key: str) -> bool:
        """Return whether a mail with this key was recorded before."""
        ...

    def record(self, mail: ReceivedMail, case_id: int | None) -> int:
        """Record a mail; return its row id."""
        ...

    def keep_evidence(self, mail_id: int, case_id: int | None, release: str) -> None:
        """Keep a mail that decided a case, under this release of the gateway, as long as the case.

        With `case_id` None, it stopped or restarted the desk, and is kept as long as any case that it
        concerned.
        """
        ...

    def link_answer(self, mail_id: int, digest: bytes) -> None:
        """Link a mail to the token with this hash: it is about everything the token's letter is about."""
        ...

    def token(self, digest: bytes) -> TokenRow | None:
        """Return what is stored about the token with this hash; None if it is unknown."""
        ...

    def case(self, case_id: int) -> Case | None:
        """Return a case by its row id; None if absent."""
        ...

    def case_by_number(self, number: str) -> Case | None:
        """Return a case by its written number; None if absent."""
        ...

    def case_by_message_ids(self, message_ids: Iterable[str]) -> Case | None:
        """Return the case of the newest of our letters among these Message-IDs; None if there is none."""
        ...

    def latest_case(self, applicant: Address) -> Case | None:
        """Return the newest case of the person behind an address (`Address.person`), in any state."""
        ...

    def has_applied_before(self, applicant: Address) -> bool:
        """Return whether a case of this address was erased; nothing else is known about it."""
        ...

    def confirmer_load(self, address: Address, since: datetime) -> ConfirmerLoad:
        """Return the load of a possible confirmer, counting requests to the address since `since`."""
        ...

    def open_cases(self, limit: int, after: Case | None = None) -> tuple[Case, ...]:
        """Return cases that are not closed, those due first at the front; `after` is where to continue."""
        ...

    def invited_cases(self, before: datetime, limit: int) -> tuple[Case, ...]:
        """Return cases with an unused invitation handed over before that time, the oldest at the front."""
        ...

    def count_open(self) -> int:
        """Return the number of cases that are not closed."""
        ...

    def save(self, case: Case) -> Case:
        """Insert (id 0) or update a case; return it with its id."""
        ...

    def enqueue(
        self,
        case: Case | None,
        letters: Iterable[OutgoingLetter],
        now: datetime,
        mail_id: int | None,
        caps: LetterCaps = DEFAULT_CAPS,
    ) -> int:
        """Add letters to the outbox and count them by cause; return how many were added.

        A review request replaces an unsent one about the same case to the same person.
        """
        ...

    def capped_letters(self, first: date, end: date) -> tuple[tuple[str, str, str, int], ...]:
        """Return (name, scope, of, count) of letters over a cap, from the day `first` until before `end`.

        The largest are listed; all others are summed up as `rest`.
        """
        ...

    def recall(self, case_id: int, letters: Iterable[Letter]) -> int:
        """Recall letters whose sending has not begun; return how many."""
        ...

    def postpone(self, case_id: int, letters: Iterable[Letter], until: datetime) -> int:
        """Postpone letters whose sending has not begun to `until`; return how many."""
        ...

    def can_recall(self, case_id: int, letters: Iterable[Letter]) -> bool:
        """Return whether such a letter is waiting and its sending has not begun."""
        ...

    def journal(
        self, entries: Iterable[JournalEntry], now: datetime, case_id: int | None, mail_id: int | None
    ) -> None:
        """Append lines to the journal."""
        ...

    def journal_since(self, since: datetime, events: Iterable[str], limit: int) -> tuple[JournalLine, ...]:
        """Return the newest `limit` lines with one of these events, newest first."""
        ...

    def count_said(self, actor: str, events: Iterable[str], since: datetime) -> int:
        """Return how many journal lines with one of these events an actor caused since then."""
        ...

    def count_refusal(self, reason: str, domain: str, now: datetime, max_domains: int) -> None:
        """Count a rejected mail by its author's domain; by none once the day has `max_domains` domains."""
        ...

    def refused_domains(self, reason: str, first: date, end: date) -> tuple[tuple[str, int], ...]:
        """Return (domain, rejected mails) from the day `first` until before `end`; "" is the others."""
        ...

    def tally(self, what: str, label: str, now: datetime) -> None:
        """Count one event in the hourly figures; both names are constants of ours."""
        ...

    def add_unproven(self, mailbox: str, octets: int, now: datetime, max_octets: int) -> bool:
        """Count the octets kept of a mail that needs no proof; False if the day would exceed `max_octets`."""
        ...

    def add_proven(self, sender: str, octets: int, now: datetime, max_octets: int) -> bool:
        """Count authenticated mail of a sender (organisation unit or member hash) as `add_unproven` does."""
        ...

    def has_acted(self, contents: Iterable[str]) -> bool:
        """Return whether a mail with one of these digests (hexadecimal) was acted on before."""
        ...

    def record_acted(self, contents: Iterable[str], now: datetime) -> None:
        """Record the digests of a mail that is acted on; they do not reveal who wrote what."""
        ...

    def record_newest(self, name: str, at: datetime) -> None:
        """Record when a mail was written, under a digest of its author and case; the newest time is kept."""
        ...

    def find_newest(self, name: str) -> datetime | None:
        """Return the newest time recorded under this digest; None if there is none."""
        ...

    def revoke_staff(self, member: Address, by: str, now: datetime) -> int:
        """Void the tokens of a staff mailbox, and send no more staff letters there.

        Returns how many valid tokens there were. `by` is the operator's name.
        """
        ...

    def restore_staff(self, member: Address) -> bool:
        """Trust a mailbox again; False if it was not revoked."""
        ...

    def revoked_staff(self) -> frozenset[str]:
        """Return the keys of the revoked addresses."""
        ...

    def change_brakes(self, change: BrakeChange) -> None:
        """Pull or release brakes, which stop letters in the outbox from the next claim on."""
        ...

    def pulled_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        """Return the brakes that are on."""
        ...

    def ended_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        """Return the brakes that have expired but were not released."""
        ...

    def record_once(self, name: str, now: datetime, case: Case | None = None) -> bool:
        """Record a housekeeping task (of a case); return False if it was recorded before."""
        ...

    def record_last_time(self, name: str, now: datetime) -> None:
        """Record when a task without a case was done, replacing the earlier time."""
        ...

    def last_time(self, prefix: str) -> datetime | None:
        """Return the latest time of a task without a case whose name has this prefix, or None."""
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
        """Lease letters that are due and not held by a brake.

        An expired lease can be claimed again, but not by a process that still has the letter `in_hand`: a
        clock that jumps does not end a hand-over. `per_domain` limits the letters in hand for one domain (0:
        no limit), `busy` counts them. A letter at its last try before `max_failures` is returned alone, when
        nothing is in hand; one beyond it is returned too, so that it can be held, and its attempts are no
        longer counted.
        """
        ...

    def holds_lease(self, letter: LetterRow) -> bool:
        """Return whether the claim that returned `letter` still has the lease; if not, ignore its outcome."""
        ...

    def give_back(self, lease_until: datetime, in_hand: Collection[int]) -> int:
        """Release letters whose lease ends at exactly this time, except for `in_hand`; return how many."""
        ...

    def keep_token(self, digest: bytes, purpose: Purpose, letter: LetterRow, expires_at: datetime) -> None:
        """Record the hash of a token that is sent with `letter`."""
        ...

    def revoke_token(self, digest: bytes, now: datetime) -> None:
        """Expire a token now; it still identifies its letter."""
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
        """Record a delivery outcome and end the lease; `failed`: the letter could not be built."""
        ...

    def explain_wait(self, now: datetime, why: str) -> None:
        """Record the reason for waiting with each letter that is due."""
        ...

    def keep_sent_text(self, letter_id: int, subject: str, text: str) -> None:
        """Record the text of a sent letter, with tokens masked."""
        ...

    def letters_to(self, applicant: Address, limit: int) -> tuple[str, ...]:
        """Return the text of the newest case letters sent to an applicant, the newest at the front."""
        ...

    def next_due(self, now: datetime | None = None) -> datetime | None:
        """Return when the next letter may be claimed; None if there is none.

        With `now`, letters held by a brake at that time are ignored.
        """
        ...
