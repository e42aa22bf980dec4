"""The SQL of the brakes: which are on, and which letters they keep in the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake
from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.store.protocol import Connection, Row
from gateway.store.tables import rows

HELD_LETTERS: Mapping[Brake, frozenset[Letter]] = {
    Brake.STOP: frozenset(Letter) - STAFF_LETTERS,
    Brake.DECISIONS: frozenset(),
    Brake.INVITATIONS: frozenset({Letter.INVITATION}),
}


def change(connection: Connection, change: BrakeChange) -> None:
    """Pull a brake, or pull it again; release others."""
    if (pulled := change.pulled) is not None:
        until = rows.to_text(pulled.until) if pulled.until else None
        since = rows.to_text(pulled.since)
        connection.execute(
            _PULL, {"brake": pulled.brake.value, "by": pulled.by, "since": since, "until": until}
        )
    released = [{"brake": brake.value} for brake in sorted(change.released)]
    connection.executemany("DELETE FROM brakes WHERE brake = :brake", released)


def load(connection: Connection) -> tuple[PulledBrake, ...]:
    """Return all brakes that were pulled and not released, including expired ones."""
    return tuple(to_brake(row) for row in connection.execute("SELECT * FROM brakes ORDER BY brake"))


def find_held(connection: Connection, now: datetime) -> list[str]:
    """Return the kinds of letters that are held now."""
    on = (one for one in load(connection) if is_on(one, now))
    return sorted({letter.value for one in on for letter in HELD_LETTERS[one.brake]})


def is_on(pulled: PulledBrake, now: datetime) -> bool:
    """Return whether the brake has not expired."""
    return pulled.until is None or now < pulled.until


def to_brake(row: Mapping[str, str] | Row) -> PulledBrake:
    """Build a brake from its row."""
    until = rows.from_text(row["until"]) if row["until"] else None
    return PulledBrake(Brake(row["brake"]), row["by"], rows.from_text(row["since"]), until)


_PULL = """
INSERT INTO brakes (brake, by, since, until) VALUES (:brake, :by, :since, :until)
ON CONFLICT (brake) DO UPDATE SET by = excluded.by, since = excluded.since, until = excluded.until
"""


def keep_mail(connection: Connection, mail_id: int, release: str) -> None:
    """Keep the raw message of a mail that pulled or released a brake."""
    connection.execute(
        "INSERT INTO brake_mails (mail_id, release) VALUES (:mail_id, :release) ON CONFLICT DO NOTHING",
        {"mail_id": mail_id, "release": release},
    )
