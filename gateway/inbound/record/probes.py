"""Pending probes: applications of `gateway probe`, which are handled like any other and rolled back.

Only the token identifies a probe. Only root and the service's own user can get one; it is valid once and
for two minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from gateway.admission.authority import tokens
from gateway.inbound.record.submission import Answer, MailRecord
from gateway.mail.smtp.mailboxes import Purpose, Route

LIFE = timedelta(minutes=2)
MAX_PROBES = 8
TOKEN_ENTROPY_BYTES = 20


class UndoneError(Exception):
    """Raised inside a store transaction to roll it back; `answer` is the result."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.reply))
        self.answer = answer


class Probes:
    """The tokens of pending probes; `entropy` returns random bytes."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy
        self._until: dict[bytes, datetime] = {}

    def expect(self, now: datetime) -> str:
        """Return a token for one probe; above MAX_PROBES, drop the oldest."""
        self._until = {digest: until for digest, until in self._until.items() if until > now}
        while len(self._until) >= MAX_PROBES:
            del self._until[next(iter(self._until))]
        token = tokens.make_token(self._entropy(TOKEN_ENTROPY_BYTES))
        self._until[tokens.token_hash(token)] = now + LIFE
        return token

    def take(self, token: str, now: datetime) -> bool:
        """Return whether a probe with this token is pending, and use the token up."""
        until = self._until.pop(tokens.token_hash(token), None)
        return until is not None and now <= until


def read_as_application(record: MailRecord) -> MailRecord:
    """Return the record that the same mail to `request@` would have."""
    mail = replace(record.mail, purpose=Purpose.REQUEST)
    return msgspec.structs.replace(record, route=Route(Purpose.REQUEST), mail=mail)
