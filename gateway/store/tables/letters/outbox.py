"""The SQL of the outbox: letters queued, settled and recalled, and the hashes of their tokens."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from gateway.admission.case import caps as letter_caps
from gateway.admission.case.caps import Admission, Counting
from gateway.admission.case.model import (
    GENERAL_LETTERS,
    STAFF_LETTERS,
    Case,
    JournalEntry,
    Letter,
    LetterCaps,
    OutgoingLetter,
)
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.fields import Fact
from gateway.store.protocol import (
    DEFAULT_CAPS,
    NO_LIMIT,
    NOBODY_BUSY,
    Connection,
    LetterRow,
    LetterState,
    Row,
)
from gateway.store.tables import case_sql, rows
from gateway.store.tables.letters import counts, leases, links
from gateway.store.tables.staff import revocations


def make_message_id(domain: str) -> str:
    """Return a Message-ID that sorts by time, so that the index grows at its end.

    A random place in the index would cost a page per letter.
    """
    return f"<{time.time_ns():016x}{secrets.token_hex(8)}@{domain}>"


class Outbox:
    """The part of a transaction about letters."""

    def __init__(self, connection: Connection, make_message_id: Callable[[], str]) -> None:
        self._connection = connection
        self._make_message_id = make_message_id

    def enqueue(
        self,
        case: Case | None,
        letters: Iterable[OutgoingLetter],
        now: datetime,
        mail_id: int | None,
        caps: LetterCaps = DEFAULT_CAPS,
    ) -> int:
        put = 0
        told: dict[Counting, Admission] = {}
        revoked = revocations.load(self._connection)
        for outgoing in letters:
            if outgoing.letter in STAFF_LETTERS and outgoing.to.key in revoked:
                continue
            counting = letter_caps.find_counting(outgoing, case, caps)
            if counting not in told:  # one cause, however many staff members are notified
                told[counting] = counts.admit(self._connection, counting, now)
            if told[counting].full is None:
                spaced = counts.space_request(self._connection, case, outgoing, now, caps)
                alone = counts.gather_receipt(self._connection, case, spaced, now, caps)
                if alone is not None:
                    self._enqueue_one(case, alone, now, mail_id)
                put += 1
            else:
                capped: dict[str, Fact] = {"letter": outgoing.letter, "to": outgoing.to}
                entry = JournalEntry("letter.capped", detail=capped)
                self.journal((entry,), now, case.id if case else None, mail_id)
        return put

    def journal(
        self, entries: Iterable[JournalEntry], now: datetime, case_id: int | None, mail_id: int | None
    ) -> None:
        """Implemented by the other part of the transaction."""
        raise NotImplementedError

    def recall(self, case_id: int, letters: Iterable[Letter]) -> int:
        taken = 0
        for letter in letters:
            taken += self._connection.execute(
                f"UPDATE letters SET state = 'recalled' WHERE {_WAITING}",  # noqa: S608 - our own constant
                {"case_id": case_id, "letter": letter.value},
            ).rowcount
        return taken

    def postpone(self, case_id: int, letters: Iterable[Letter], until: datetime) -> int:
        return sum(
            self._connection.execute(
                f"UPDATE letters SET not_before = :until WHERE {_WAITING}",  # noqa: S608 - our own constant
                {"case_id": case_id, "letter": letter.value, "until": rows.to_text(until)},
            ).rowcount
            for letter in letters
        )

    def can_recall(self, case_id: int, letters: Iterable[Letter]) -> bool:
        return any(
            self._one(
                f"SELECT 1 FROM letters WHERE {_WAITING}",  # noqa: S608 - our own constant
                case_id=case_id,
                letter=letter.value,
            )
            for letter in letters
        )

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
        ids = leases.find_due(self._connection, now, limit, busy, per_domain, max_failures - 1, in_hand)
        found = leases.take(self._connection, ids, lease_until, max_failures)
        letters = (self._readable(row, now) for row in found)
        return tuple(sorted((one for one in letters if one is not None), key=lambda letter: letter.id))

    def _readable(self, row: Row, now: datetime) -> LetterRow | None:
        """Build a letter from its row; hold one that cannot be read, so that others continue."""
        try:
            letter = rows.to_letter(row)
        except (ValueError, msgspec.MsgspecError) as error:
            self.record_outcome(
                row["id"], LetterState.HELD, now, f"the row cannot be read: {error}"[:500], now
            )
            return None
        return replace(letter, references=case_sql.find_own_mails(self._connection, row))

    def holds_lease(self, letter: LetterRow) -> bool:
        return leases.holds(self._connection, letter)

    def give_back(self, lease_until: datetime, in_hand: Collection[int]) -> int:
        return leases.give_back(self._connection, lease_until, in_hand)

    def explain_wait(self, now: datetime, why: str) -> None:
        self._connection.execute(
            """
            UPDATE letters SET last_reply = :why
            WHERE state IN ('queued', 'deferred') AND not_before <= :now AND last_reply <> :why
            """,
            {"now": rows.to_text(now), "why": why},
        )

    def keep_token(self, digest: bytes, purpose: Purpose, letter: LetterRow, expires_at: datetime) -> None:
        self._connection.execute(
            """
            INSERT INTO tokens (digest, purpose, letter_id, expires_at)
            VALUES (:digest, :purpose, :letter_id, :expires_at)
            """,
            {
                "digest": digest,
                "purpose": purpose.name,
                "letter_id": letter.id,
                "expires_at": rows.to_text(expires_at),
            },
        )

    def revoke_token(self, digest: bytes, now: datetime) -> None:
        self._connection.execute(
            "UPDATE tokens SET expires_at = :now WHERE digest = :digest AND expires_at > :now",
            {"digest": digest, "now": rows.to_text(now)},
        )

    def keep_sent_text(self, letter_id: int, subject: str, text: str) -> None:
        self._connection.execute(
            "UPDATE letters SET subject = :subject, sent_text = :text WHERE id = :id",
            {"id": letter_id, "subject": subject, "text": text},
        )

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
        self._connection.execute(
            """
            UPDATE letters
            SET state = :state, leased_until = NULL, last_reply = :reply, not_before = :not_before,
                sent_at = CASE :state WHEN 'sent' THEN :now ELSE sent_at END,
                failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END,
                history = CASE WHEN :state = 'sent' OR json_array_length(history) >= 30 THEN history
                               WHEN history = '[]' THEN '[' || :attempt || ']'
                               ELSE substr(history, 1, length(history) - 1) || ',' || :attempt || ']' END
            WHERE id = :id
            """,
            {
                "id": letter_id,
                "state": state.value,
                "now": rows.to_text(now),
                "reply": reply,
                "not_before": rows.to_text(not_before),
                "failed": failed,
                "attempt": rows.to_json({"at": rows.to_text(now), "state": state.value, "reply": reply}),
            },
        )

    def next_due(self, now: datetime | None = None) -> datetime | None:
        return leases.find_next_due(self._connection, now)

    def _enqueue_one(
        self, case: Case | None, outgoing: OutgoingLetter, now: datetime, mail_id: int | None
    ) -> None:
        case = None if outgoing.letter in GENERAL_LETTERS else case
        facts, message_id = rows.to_json(outgoing.facts), self._make_message_id()
        self._connection.execute(
            """
            INSERT INTO letters (case_id, mail_id, letter, recipient, recipient_key, facts, revision,
                                 message_id, state, queued_at, not_before)
            VALUES (:case_id, :mail_id, :letter, :recipient, :recipient_key, :facts, :revision, :message_id,
                    'queued', :queued_at, :not_before)
            """,
            {
                "case_id": case.id if case else None,
                "mail_id": mail_id,
                "letter": outgoing.letter.value,
                "recipient": str(outgoing.to),
                "recipient_key": outgoing.to.key,
                "facts": facts,
                "revision": case.revision if case else 0,
                "message_id": message_id,
                "queued_at": rows.to_text(now),
                "not_before": rows.to_text(outgoing.not_before or now),
            },
        )
        links.link(self._connection, message_id, facts, case)

    def _insert(self, sql: str, values: Mapping[str, object]) -> int:
        """Run an INSERT with `RETURNING id`; return the id."""
        (row,) = self._connection.execute(sql, values).fetchall()
        return int(row["id"])

    def _one(self, sql: str, **values: object) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row


_WAITING = """
case_id = :case_id AND letter = :letter AND state IN ('queued', 'deferred', 'held')
  AND attempts = 0 AND leased_until IS NULL
"""
