"""Recomputes what bound the words of a stored mail to its letter, as on arrival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway import __version__
from gateway.admission.authority import tokens
from gateway.admission.authority.binding import Binding, read_binding
from gateway.admission.authority.bond import Bond, bond
from gateway.admission.case.model import Desk
from gateway.mail.header import fields
from gateway.mail.message import Message
from gateway.mail.mime import content
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose, Route
from gateway.printing.sentences.stating import say
from gateway.reports.evidence.proof import KeptMail

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """What a mail is compared with besides its letter: the desk, and the mailboxes that it serves."""

    desk: Desk
    mailboxes: Mailboxes


def find_route(mail: Row, message: Message, letters: Iterable[Row], office: Office) -> Route:
    """Return the route of the mail: the token in To or Cc that a letter to its author had.

    The token itself is not stored. Without such a token, the route has none.
    """
    purpose = Purpose[mail["forward_path"].upper()]
    known = {digest for letter in letters for digest in letter["tokens"]}
    for name in ("to", "cc"):
        for found in map(office.mailboxes.route, fields.recipients(message, name)):
            if found and found.purpose is purpose and _hash(found) in known:
                return found
    return Route(purpose)


def put_first(letters: Sequence[Row], route: Route) -> list[Row]:
    """Sort letters, given oldest first, for trying: the one whose token is in To or Cc, then the newest."""
    named = [letter for letter in letters if _is_letter_of(letter, route)]
    return [*named, *(letter for letter in reversed(letters) if letter not in named)]


def bind_again(mail: Row, kept: KeptMail, route: Route, letter: Row | None, office: Office) -> Row:
    """Return how the mail is bound to the letter that it replies to (None: no longer known), as plain values.

    Without a letter there is no earliest Date. `natural` and `coded` say whether its words count alone, or
    with word and code.
    """
    at = datetime.fromisoformat(mail["received_at"])
    read = content.extract(kept.message)
    found = read_binding(
        kept.message,
        kept.now,
        office.mailboxes,
        route,
        at,
        is_cut=read.is_cut,
        has_another_text=read.has_another_text,
    )
    one_part = read.one_part
    handed_over = datetime.fromisoformat(letter["sent_at"]) if letter else None
    held = _bond(mail, found, handed_over, office.desk, one_part=one_part)
    return {
        "release": __version__,
        "letter": letter["id"] if letter else None,
        "letter_by": "mailbox" if letter and _is_letter_of(letter, route) else "text",
        "handed_over_at": letter["sent_at"] if letter else "",
        **_tell_binding(found),
        "one_part": one_part,
        "natural": held.natural,
        "coded": held.coded,
        "weak": held.weak,
        "why": "" if held.natural else str(say(held.why)),
    }


def _is_letter_of(letter: Row, route: Route) -> bool:
    return bool(route.token) and _hash(route) in letter["tokens"]


def _hash(route: Route) -> str:
    return tokens.token_hash(route.token).hex()


def _bond(mail: Row, found: Binding, handed_over: datetime | None, desk: Desk, *, one_part: bool) -> Bond:
    """Compute the bond; signing domains and `require_dkim` apply only to staff replies."""
    if mail["forward_path"] != Purpose.DECIDE.name.lower():
        return bond(found, handed_over, one_part=one_part)
    member = next((one for one in desk.staff if str(one.address).lower() == mail["author"].lower()), None)
    return bond(
        found,
        handed_over,
        one_part=one_part,
        signing_domains=member.signing_domains if member else (),
        require_dkim=desk.require_dkim,
    )


def _tell_binding(found: Binding) -> Row:
    return {
        "signatures": [
            {name: getattr(one, name) for name in ("domain", "mailbox", "structure", "date", "subject")}
            for one in found.signatures
        ],
        "own_host": found.own_host,
        "through": list(found.through),
        "hosts_known": found.hosts_known,
        "names_mailbox": found.names_mailbox,
        "other_mailboxes": len(found.other_tokens),
        "date": found.date.isoformat() if found.date else "",
    }
