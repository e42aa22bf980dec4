"""How long a session is borne with: what is counted of it until it is closed. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.net.smtp.limits.resource_usage import Limits

# They bring no mail nearer, whatever the answer is.
_IDLE_VERBS = frozenset({b"EHLO", b"HELO", b"RSET", b"NOOP", b"VRFY", b"HELP"})


@dataclass(slots=True)
class Patience:
    """The counters of one session, against `limits`; a mail that was taken sets them to nought."""

    limits: Limits
    errors: int = 0
    junk: int = 0
    unknown: int = 0

    def count(self, verb: bytes, code: int) -> bool:
        """Count the answer `code` to a command; True when it is one too many."""
        if _is_junk(verb, code):
            self.junk += 1
        if code >= 500:
            self.errors += 1
        return self.junk > self.limits.junk_commands or (code >= 500 and self.has_too_many_errors)

    def count_unknown(self) -> bool:
        """Count a verb that nobody knows; True when it is one too many."""
        self.unknown += 1
        return self.unknown >= self.limits.unknown_commands

    def count_message(self, code: int) -> None:
        """Count the answer to a message, which the client hears in any case."""
        if code < 300:
            self.errors = self.junk = self.unknown = 0
        elif code >= 500:
            self.errors += 1

    @property
    def has_too_many_errors(self) -> bool:
        """Whether the session is over after this answer."""
        return self.errors >= self.limits.errors


def _is_junk(verb: bytes, code: int) -> bool:
    """So is a client that does not take no for an answer to MAIL, or is introduced again and again."""
    return (
        verb in _IDLE_VERBS or (verb == b"MAIL" and 400 <= code < 500) or (verb == b"XCLIENT" and code < 300)
    )
