"""What the rest of the gateway and the console know of a provider, without the libraries that reach one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

CALLBACK = "/login/callback"  # of the console, registered at the provider
BEGIN, FINISH = "console.begin_openid", "console.finish_openid"
# An account that is new here is linked to a staff address by a code mailed to it; a link can be ended.
ASK_LINK, CHECK_LINK, UNLINK = "console.ask_link", "console.check_link", "console.unlink"
ASKING_ELSEWHERE = frozenset({BEGIN, FINISH})
PATIENCE_S = 25.0  # of the console: at most four requests to the provider


class ProviderError(Exception):
    """Raised if the provider cannot be reached, or answers something else; the message is for the log.

    `code` is the error code in its answer (RFC 6749, section 5.2), or empty.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class TokenError(Exception):
    """Raised if an ID token identifies nobody; the message says why, for the log."""


class AttemptError(Exception):
    """Raised if an answer belongs to no attempt of this browser, or to one that is over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The parameters with which the provider sent the browser back; empty if absent."""

    state: str
    code: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider: only issuer and subject together name them for good.

    `address` is the mail address in their account, `name` their name there, or empty: both prove nothing.
    """

    issuer: str
    subject: str
    address: str = ""
    name: str = ""


class SignInProvider(Protocol):
    """Signs people in who come with a browser, given by its secret."""

    async def begin(self, browser: str) -> str:
        """Return the URL to which to send a browser. Raises ProviderError."""
        ...

    async def finish(self, browser: str, answer: Answer) -> Identity:
        """Return who is at a browser, once for each attempt.

        Raises AttemptError, TokenError, ProviderError.
        """
        ...
