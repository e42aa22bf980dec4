"""Error counters of a session, which decide when it is closed. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.net.smtp.limits.resource_usage import Limits

# These commands do not advance a transaction, whatever the reply is.
_IDLE_VERBS = frozenset({b"EHLO", b"HELO", b"RSET", b"NOOP", b"VRFY", b"HELP"})


@dataclass(slots=True)
class Patience:
    """The counters of one session, checked against `limits`; an accepted message resets them."""

    limits: Limits
    errors: int = 0
    junk: int = 0
    unknown: int = 0

    def count(self, verb: bytes, code: int) -> bool:
        """Count the reply `code` to a command; return True if a limit is exceeded."""
        if _is_junk(verb, code):
            self.junk += 1
        if code >= 500:
            self.errors += 1
        return self.junk > self.limits.junk_commands or (code >= 500 and self.has_too_many_errors)

    def count_unknown(self) -> bool:
        """Count an unknown verb; return True if the limit is reached."""
        self.unknown += 1
        return self.unknown >= self.limits.unknown_commands

    def count_message(self, code: int) -> None:
        """Count the reply to a message, which is always sent."""
        if code < 300:
            self.errors = self.junk = self.unknown = 0
        elif code >= 500:
            self.errors += 1

    @property
    def has_too_many_errors(self) -> bool:
        """Return whether the session must end after this reply."""
        return self.errors >= self.limits.errors


def _is_junk(verb: bytes, code: int) -> bool:
    """Return whether a command counts as junk; so does a MAIL retried after 4yz, or repeated XCLIENT."""
    return (
        verb in _IDLE_VERBS or (verb == b"MAIL" and 400 <= code < 500) or (verb == b"XCLIENT" and code < 300)
    )
