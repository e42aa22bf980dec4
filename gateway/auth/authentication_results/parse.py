"""Parses an Authentication-Results field written by one of our own servers (RFC 8601 section 2.2).

Strict where it matters: a field that two programs could interpret differently is rejected, so that no forged
part can hide in a comment or a quoted string. Linear in the size of the input, which is limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.auth.results import Result, Spf
from gateway.mail.address import is_domain

MAX_CHARS = 16_384
MAX_RESULTS = 50
MAX_PROPERTIES = 30
MAX_COMMENT_DEPTH = 10

# RFC 2045 section 5.1 token; result names and authserv-ids contain nothing else.
_TOKEN = re.compile(r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+", re.ASCII)
_KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)
# RFC 8601 section 2.3 `ptype.property`; some servers also write single words such as action=none.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9_-]{0,62})?", re.ASCII)
# Wider than `value`: real fields contain unquoted base64 and addresses, with or without angle brackets.
_VALUE_CHAR = r"[!#-'*+\--:=?-\[\]-~]"
_VALUE = re.compile(rf"<{_VALUE_CHAR}*>|{_VALUE_CHAR}+", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\\r\n]|\\[ -~])*)"')
_ESCAPE = re.compile(r"\\(.)")
_SPACE = re.compile(r"[ \t\r\n]+")
_COMMENT_PART = re.compile(r"[^()\\]+")


# RFC 8601 section 2.7.2, and the older spelling that some servers still use.
_SPF_RESULTS = {result.value: result for result in Result} | {"hardfail": Result.FAIL}
# The registered name, and the variants that some servers use.
_MAILFROM = ("smtp.mailfrom", "smtp.mfrom", "smtp.envelope-from")


class AuthresError(ValueError):
    """Raised if the field is unusable; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """`method=result` with its properties; names in lower case, values as written."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the value of a property such as `smtp.mailfrom`; empty if it is absent."""
        return dict(self.properties).get(name, "")


@dataclass(frozen=True, slots=True)
class AuthResults:
    """A parsed field: the server that wrote it (in lower case), and its results in their order."""

    authserv_id: str
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> list[MethodResult]:
        """Return all results of one method."""
        return [one for one in self.results if one.method == method]


def parse(value: bytes) -> AuthResults:
    """Parse the value of the field, including folding. Raises AuthresError."""
    scanner = _Scanner(value)
    authserv_id = scanner.authserv_id()
    scanner.version()
    results: list[MethodResult] = []
    while not scanner.is_at_end():
        scanner.expect(";")
        if scanner.is_at_end():
            break  # a trailing semicolon, as OpenDKIM and others have written
        if len(results) >= MAX_RESULTS:
            raise AuthresError(f"the field contains more than {MAX_RESULTS} results")
        results += scanner.resinfo(first=not results)
    return AuthResults(authserv_id, tuple(results))


def find_spf_result(found: AuthResults) -> Spf | None:
    """Return the only SPF result for MAIL FROM, else for HELO; None if there is none, or two that differ."""
    for identity, names in (("mailfrom", _MAILFROM), ("helo", ("smtp.helo",))):
        stated = {
            Spf(_SPF_RESULTS[one.result], domain, identity, "", found.authserv_id)
            for one in found.of("spf")
            if one.result in _SPF_RESULTS and (domain := result_domain(one, *names))
        }
        if stated:
            return stated.pop() if len(stated) == 1 else None
    return None


def result_domain(one: MethodResult, *names: str) -> str:
    """Return the domain in the first of these properties that is present; empty if invalid."""
    value = next((value for name in names if (value := one.get(name))), "")
    domain = value.rpartition("@")[2].lower().removesuffix(".")
    return domain if is_domain(domain) else ""


def authserv_id(value: bytes) -> str:
    """Parse only the authserv-id, in lower case. Raises AuthresError if it is unclear."""
    return _Scanner(value).authserv_id()


class _Scanner:
    """A position in the text; each method skips the comments and white space that follow."""

    def __init__(self, value: bytes) -> None:
        if len(value) > MAX_CHARS:
            raise AuthresError("the Authentication-Results field is too long")
        self._text = value.decode("latin-1")
        self._at = 0
        self._skip()

    def is_at_end(self) -> bool:
        return self._at == len(self._text)

    def expect(self, char: str) -> None:
        if not self._take_char(char):
            raise AuthresError(f"{char} is missing")

    def authserv_id(self) -> str:
        found = (self._quoted() or self._take(_TOKEN)).lower()
        if not found or not (self.is_at_end() or self._text[self._at] in ";0123456789"):
            raise AuthresError("the authserv-id is missing")
        return found

    def version(self) -> None:
        # RFC 8601 section 2.2: there is only version 1.
        if not self.is_at_end() and self._text[self._at] != ";" and self._take(_TOKEN) != "1":
            raise AuthresError("the version is unknown")

    def resinfo(self, *, first: bool) -> list[MethodResult]:
        """Parse one result; empty for a single `none`, which means that nothing was checked."""
        method = self._take(_KEYWORD).lower()
        if first and method == "none" and self.is_at_end():
            return []
        if self._take_char("/") and self._take(_KEYWORD) != "1":
            raise AuthresError("the method version is unknown")
        self.expect("=")
        result = self._take(_KEYWORD).lower()
        if not method or not result:
            raise AuthresError("expected the form method=result")
        properties: dict[str, str] = {}
        while not self.is_at_end() and self._text[self._at] != ";":
            name = self._take(_NAME).lower()
            self.expect("=")
            if not name or name in properties or len(properties) >= MAX_PROPERTIES:
                raise AuthresError("a property is empty or duplicated, or there are too many")
            properties[name] = self._value()
        return [MethodResult(method, result, tuple(properties.items()))]

    def _value(self) -> str:
        """Parse a property's value; empty if there is none, as for the null reverse-path."""
        if self._text.startswith('"', self._at):
            return self._quoted()
        found = self._take(_VALUE)
        return found[1:-1] if found.startswith("<") else found

    def _quoted(self) -> str:
        if not self._text.startswith('"', self._at):
            return ""
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            raise AuthresError("a quoted string is not terminated")
        self._at = match.end()
        self._skip()
        return _ESCAPE.sub(r"\1", match.group(1))

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        self._skip()
        return match.group()

    def _take_char(self, char: str) -> bool:
        if not self._text.startswith(char, self._at):
            return False
        self._at += 1
        self._skip()
        return True

    def _skip(self) -> None:
        """Skip white space and comments (RFC 5322 section 3.2.2)."""
        while not self.is_at_end():
            space = _SPACE.match(self._text, self._at)
            if space is not None:
                self._at = space.end()
            elif self._text[self._at] == "(":
                self._comment()
            else:
                return

    def _comment(self) -> None:
        depth = 0
        while True:
            char = self._text[self._at : self._at + 1]
            if not char:
                raise AuthresError("an unterminated comment")
            if char == "\\":
                self._at += 2
                continue
            part = _COMMENT_PART.match(self._text, self._at)
            if part is not None:
                self._at = part.end()
                continue
            depth += 1 if char == "(" else -1
            if depth > MAX_COMMENT_DEPTH:
                raise AuthresError("comments are nested too deeply")
            self._at += 1
            if depth == 0:
                return
