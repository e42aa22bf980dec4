"""The SQL of a mail's transaction: mails, cases and tokens; the other tables are in modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from gateway.admission.authority.brakes import BrakeChange, PulledBrake
from gateway.admission.case.model import GENERAL_LETTERS, OPEN, Case, JournalEntry, is_confirmed
from gateway.admission.case.model.affiliation import NO_LOAD, ConfirmerLoad
from gateway.mail.address import Address
from gateway.store.integrity import hash_chain
from gateway.store.privacy import tombstones
from gateway.store.protocol import (
    Connection,
    JournalLine,
    KeptMail,
    LongWorkError,
    ReceivedMail,
    TokenRow,
    UnheardMail,
)
from gateway.store.tables import brakes, case_sql, journal, rows
from gateway.store.tables.days import day_counts
from gateway.store.tables.letters import counts
from gateway.store.tables.letters.outbox import Outbox
from gateway.store.tables.mails import acted_contents, unheard_mails
from gateway.store.tables.staff import known_lines, revocations
from gateway.store.tables.staff.rows import StaffRows


class SqlTransaction(Outbox, StaffRows):
    """Transaction on SQL tables (see `gateway.store.protocol.Transaction`); lives for one piece of work.

    `in_loop`: the event loop waits for this work, so anything that reads many rows, or decides many cases,
    raises LongWorkError before it begins.
    """

    def __init__(
        self,
        connection: Connection,
        make_message_id: Callable[[], str],
        tombstone_key: bytes = b"",
        *,
        in_loop: bool = False,
    ) -> None:
        super().__init__(connection, make_message_id)
        self._tombstone_key = tombstone_key
        self._in_loop = in_loop
        self._head: hash_chain.Head | None = None

    @property
    def connection(self) -> Connection:
        self.leave_loop()
        return self._connection

    @property
    def head(self) -> hash_chain.Head | None:
        """The last journal line, if this transaction wrote it."""
        return self._head

    @property
    def tombstone_key(self) -> bytes:
        return self._tombstone_key

    def has_mail(self, key: str) -> bool:
        return self._one("SELECT 1 FROM mails WHERE key = :key", key=key) is not None

    def record(self, mail: ReceivedMail, case_id: int | None) -> int:
        values = {name: getattr(mail, name) for name in ReceivedMail.__slots__}
        values |= {"received_at": rows.to_text(mail.received_at), "case_id": case_id}
        return self._insert(
            """
            INSERT INTO mails (key, received_at, client_ip, helo, reverse_path, forward_path, author, subject,
                               message_id, kind, verdict, case_id, raw)
            VALUES (:key, :received_at, :client_ip, :helo, :reverse_path, :forward_path, :author, :subject,
                    :message_id, :kind, :verdict, :case_id, :raw)
            RETURNING id
            """,
            values,
        )

    def keep_evidence(self, mail_id: int, case_id: int | None, release: str) -> None:
        if case_id is None:
            brakes.keep_mail(self._connection, mail_id, release)
            return
        values = {"case_id": case_id, "mail_id": mail_id, "release": release}
        self._connection.execute(case_sql.KEEP_EVIDENCE, values)

    def link_answer(self, mail_id: int, digest: bytes) -> None:
        self._connection.execute(case_sql.LINK_ANSWER, {"mail_id": mail_id, "digest": digest})

    def token(self, digest: bytes) -> TokenRow | None:
        row = self._one(
            """
            SELECT t.purpose, t.expires_at, t.former, l.recipient, l.letter, l.revision, l.case_id,
                   l.sent_text, l.facts, l.sent_at, l.subject, l.id AS letter_id
            FROM tokens t JOIN letters l ON l.id = t.letter_id WHERE t.digest = :digest
            """,
            digest=digest,
        )
        if row is None:
            return None
        found = rows.to_token(row)
        if found.letter in GENERAL_LETTERS:
            self.leave_loop()  # the reply can decide two hundred cases
        return found

    def mark_unheard(self, mail_id: int, what: str) -> None:
        unheard_mails.mark(self._connection, mail_id, what)

    def count_unheard(self, since: datetime) -> int:
        return unheard_mails.count(self._connection, since)

    def unheard_mails(self, since: datetime, limit: int) -> tuple[UnheardMail, ...]:
        self.leave_loop()
        return unheard_mails.find_held(self._connection, since, limit)

    def unheard_mail(self, mail_id: int) -> KeptMail | None:
        return unheard_mails.load(self._connection, mail_id)

    def letters_to(self, applicant: Address, limit: int) -> tuple[str, ...]:
        found = self._connection.execute(case_sql.LETTERS_TO, {"key": applicant.key, "limit": limit})
        return tuple(row["sent_text"] for row in found)

    def case(self, case_id: int) -> Case | None:
        return self._case("SELECT * FROM cases WHERE id = :id", id=case_id)

    def case_by_number(self, number: str) -> Case | None:
        return self._case("SELECT * FROM cases WHERE number = :number", number=number)

    def case_by_message_ids(self, message_ids: Iterable[str]) -> Case | None:
        for message_id in message_ids:
            row = self._one(
                "SELECT case_id FROM letters WHERE message_id = :message_id", message_id=message_id
            )
            if row is not None and row["case_id"] is not None:
                return self.case(row["case_id"])
        return None

    def latest_case(self, applicant: Address) -> Case | None:
        return self._case(
            case_sql.LATEST_CASE, person=applicant.person, **case_sql.tagged_range(applicant.person)
        )

    def has_applied_before(self, applicant: Address) -> bool:
        return tombstones.has_tombstone(self._connection, self.tombstone_key, applicant)

    def confirmer_load(self, address: Address, since: datetime) -> ConfirmerLoad:
        self.leave_loop()
        own = self.latest_case(address)
        waits = own is not None and own.state in OPEN and not is_confirmed(own)
        tagged = case_sql.tagged_range(address.person)
        row = self._one(case_sql.CONFIRMER_LOAD, since=rows.to_text(since), person=address.person, **tagged)
        return ConfirmerLoad(row["letters"], row["open_checks"], waits) if row else NO_LOAD

    def open_cases(self, limit: int, after: Case | None = None) -> tuple[Case, ...]:
        self.leave_loop()
        behind = {"due_on": after.due_on.isoformat() if after else "", "id": after.id if after else 0}
        found = self._connection.execute(case_sql.OPEN_CASES, {**behind, "limit": limit})
        return tuple(rows.to_case(row) for row in found)

    def invited_cases(self, before: datetime, limit: int) -> tuple[Case, ...]:
        self.leave_loop()
        found = self._connection.execute(
            """
            SELECT * FROM cases WHERE state = 'invited' AND invited_at <= :before
            ORDER BY invited_at LIMIT :limit
            """,
            {"before": rows.to_text(before), "limit": limit},
        )
        return tuple(rows.to_case(row) for row in found)

    def count_open(self) -> int:
        row = self._one(f"SELECT coalesce(sum(n), 0) AS n FROM case_counts WHERE state IN ({case_sql.OPEN})")  # noqa: S608 - our own constants
        return int(row["n"]) if row is not None else 0

    def save(self, case: Case) -> Case:
        values = rows.case_values(case)
        if case.id == 0:
            return replace(case, id=self._insert(case_sql.INSERT_CASE, values))
        self._connection.execute(case_sql.UPDATE_CASE, values)
        return case

    def journal(
        self, entries: Iterable[JournalEntry], now: datetime, case_id: int | None, mail_id: int | None
    ) -> None:
        # One indexed read per transaction; a failed transaction is not used again.
        for entry in entries:
            self._head = journal.append(self._connection, self._head, entry, now, case_id, mail_id)

    def journal_since(self, since: datetime, events: Iterable[str], limit: int) -> tuple[JournalLine, ...]:
        self.leave_loop()
        return journal.since(self._connection, since, events, limit)

    def known_lines(self, member: Address, letter_id: int) -> tuple[str, ...]:
        return known_lines.find(self._connection, member.key, letter_id)

    def keep_lines(self, member: Address, lines: Iterable[str], letter_id: int, now: datetime) -> None:
        known_lines.keep(self._connection, member.key, lines, letter_id, now)

    def keep_practice(self, member: Address, lines: Iterable[str], now: datetime, *, passed: bool) -> None:
        known_lines.keep_practice(self._connection, member.key, lines, now, passed=passed)

    def forget_signature(self, member: Address) -> None:
        known_lines.erase(self._connection, member.key)

    def count_said(self, actor: str, events: Iterable[str], since: datetime) -> int:
        return journal.count_said(self._connection, actor, events, since)

    def count_refusal(self, reason: str, domain: str, now: datetime, max_domains: int) -> None:
        day_counts.count_refusal(self._connection, reason, domain, now, max_domains)

    def refused_domains(self, reason: str, first: date, end: date) -> tuple[tuple[str, int], ...]:
        return day_counts.refused_domains(self._connection, reason, first, end)

    def tally(self, what: str, label: str, now: datetime) -> None:
        day_counts.tally(self._connection, what, label, now)

    def add_unproven(self, mailbox: str, octets: int, now: datetime, max_octets: int) -> bool:
        return day_counts.add_unproven(self._connection, mailbox, octets, now, max_octets)

    def add_proven(self, sender: str, octets: int, now: datetime, max_octets: int) -> bool:
        return day_counts.add_proven(self._connection, sender, octets, now, max_octets)

    def has_acted(self, contents: Iterable[str]) -> bool:
        return acted_contents.has_acted(self._connection, contents)

    def record_acted(self, contents: Iterable[str], now: datetime) -> None:
        acted_contents.record_acted(self._connection, contents, now)

    def record_newest(self, name: str, at: datetime) -> None:
        acted_contents.record_newest(self._connection, name, at)

    def find_newest(self, name: str) -> datetime | None:
        return acted_contents.find_newest(self._connection, name)

    def capped_letters(self, first: date, end: date) -> tuple[tuple[str, str, str, int], ...]:
        return counts.capped_letters(self._connection, first, end)

    def revoke_staff(self, member: Address, by: str, now: datetime) -> int:
        return revocations.revoke(self._connection, member.key, by, now)

    def restore_staff(self, member: Address) -> bool:
        return revocations.restore(self._connection, member.key)

    def revoked_staff(self) -> frozenset[str]:
        return revocations.load(self._connection)

    def change_brakes(self, change: BrakeChange) -> None:
        brakes.change(self._connection, change)

    def pulled_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        return tuple(one for one in brakes.load(self._connection) if brakes.is_on(one, now))

    def ended_brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        return tuple(one for one in brakes.load(self._connection) if not brakes.is_on(one, now))

    def record_once(self, name: str, now: datetime, case: Case | None = None) -> bool:
        done = self._connection.execute(
            "INSERT INTO chores (case_id, name, at) VALUES (:case_id, :name, :at) ON CONFLICT DO NOTHING",
            {"case_id": case.id if case else 0, "name": name, "at": rows.to_text(now)},
        )
        return done.rowcount == 1

    def record_last_time(self, name: str, now: datetime) -> None:
        self._connection.execute(
            "INSERT INTO chores (case_id, name, at) VALUES (0, :name, :at) "
            "ON CONFLICT (case_id, name) DO UPDATE SET at = excluded.at",
            {"name": name, "at": rows.to_text(now)},
        )

    def last_time(self, prefix: str) -> datetime | None:
        row = self._one(
            "SELECT max(at) AS at FROM chores WHERE case_id = 0 AND substr(name, 1, :length) = :name",
            length=len(prefix),
            name=prefix,
        )
        return rows.from_text(row["at"]) if row is not None and row["at"] else None

    def leave_loop(self) -> None:
        """Continue only if the work may take its time. Raises LongWorkError otherwise."""
        if self._in_loop:
            raise LongWorkError

    def _case(self, sql: str, **values: object) -> Case | None:
        row = self._one(sql, **values)
        return None if row is None else rows.to_case(row)
