"""The SQL of mails that nobody was notified of; see `gateway.store.protocol.UnheardMails`."""

from __future__ import annotations

from datetime import datetime

from gateway.mail.address import parse
from gateway.store.protocol import Connection, KeptMail, UnheardMail
from gateway.store.tables import rows


def mark(connection: Connection, mail_id: int, what: str) -> None:
    """Record what a mail holds (`mail`, `form`, `decision` or `words`); empty once somebody was notified."""
    connection.execute("UPDATE mails SET unheard = :what WHERE id = :id", {"id": mail_id, "what": what})


def count(connection: Connection, since: datetime) -> int:
    """Return how many arrived since then."""
    values = {"since": rows.to_text(since)}
    return int(connection.execute(_COUNT, values).fetchone()["n"])


def find_held(connection: Connection, since: datetime, limit: int) -> tuple[UnheardMail, ...]:
    """Return those since then that hold something, the newest at the front."""
    found = connection.execute(_HELD, {"since": rows.to_text(since), "limit": limit})
    return tuple(UnheardMail(row["id"], row["author"], row["unheard"]) for row in found)


def load(connection: Connection, mail_id: int) -> KeptMail | None:
    """Return one with its raw message; None for any other mail, and for one that needed no proof."""
    row = connection.execute(_LOAD, {"id": mail_id}).fetchone()
    if row is None or not row["author"]:
        return None
    return KeptMail(row["id"], parse(row["author"]), row["verdict"], bytes(row["raw"]))


_COUNT = (
    "SELECT count(*) AS n FROM mails INDEXED BY mails_unheard WHERE unheard <> '' AND received_at > :since"
)
_HELD = """
SELECT id, author, unheard FROM mails INDEXED BY mails_unheard
WHERE unheard <> '' AND unheard <> 'mail' AND received_at > :since ORDER BY id DESC LIMIT :limit
"""
_LOAD = "SELECT id, author, verdict, raw FROM mails WHERE id = :id AND unheard <> ''"
