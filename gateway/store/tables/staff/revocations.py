"""The SQL of revoked staff mailboxes: everything they hold becomes void."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.admission.case.model import STAFF_LETTERS
from gateway.store.protocol import Connection
from gateway.store.tables import rows


def revoke(connection: Connection, address_key: str, by: str, now: datetime) -> int:
    """Void everything given to a mailbox; return how many tokens were still usable."""
    values = {"key": address_key, "by": by, "at": rows.to_text(now)}
    connection.execute(_REVOKE, values)
    connection.execute(_RECALL, values)
    connection.execute(_FIRST_APPROVAL, values)
    return connection.execute(_VOID, values).rowcount


def restore(connection: Connection, address_key: str) -> bool:
    """Trust a mailbox again; False if it was not revoked. Its old tokens stay void."""
    sql = "DELETE FROM revoked_staff WHERE address_key = :key"
    return connection.execute(sql, {"key": address_key}).rowcount == 1


def load(connection: Connection) -> frozenset[str]:
    """Return the keys of all revoked addresses."""
    return frozenset(row[0] for row in connection.execute("SELECT address_key FROM revoked_staff"))


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(f"'{word}'" for word in words))


_REVOKE = """
INSERT INTO revoked_staff (address_key, by, at) VALUES (:key, :by, :at) ON CONFLICT DO NOTHING
"""
# An attempt under way continues; its token is already void.
_RECALL = f"""
UPDATE letters SET state = 'recalled' WHERE recipient_key = :key AND leased_until IS NULL
  AND state IN ('queued', 'deferred', 'held') AND letter IN ({_list(STAFF_LETTERS)})
"""  # noqa: S608 - our own constants
# The thief may have given a first approval, so it is requested again.
_FIRST_APPROVAL = "UPDATE cases SET first_approval = '' WHERE first_approval = :key"
_VOID = """
UPDATE tokens SET expires_at = :at WHERE expires_at > :at AND purpose <> 'BOUNCE'
  AND letter_id IN (SELECT id FROM letters WHERE recipient_key = :key)
"""
