"""Read an Authentication-Results field that a server of our own side wrote (RFC 8601 section 2.2).

Strict where it matters: what two programs could read differently is refused, so that no forged part
hides in a comment or a quotation. Linear in the input, which is bounded.
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

# RFC 2045 section 5.1 token; result names and authserv-ids hold nothing else.
_TOKEN = re.compile(r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+", re.ASCII)
_KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)
# RFC 8601 section 2.3 `ptype.property`; some servers also write bare words such as action=none.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9_-]{0,62})?", re.ASCII)
# Wider than `value`: base64 and addresses stand unquoted in real fields, with or without brackets.
_VALUE_CHAR = r"[!#-'*+\--:=?-\[\]-~]"
_VALUE = re.compile(rf"<{_VALUE_CHAR}*>|{_VALUE_CHAR}+", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\\r\n]|\\[ -~])*)"')
_ESCAPE = re.compile(r"\\(.)")
_SPACE = re.compile(r"[ \t\r\n]+")
_COMMENT_PART = re.compile(r"[^()\\]+")


# RFC 8601 section 2.7.2, and the older spelling that some servers still write.
_SPF_RESULTS = {result.value: result for result in Result} | {"hardfail": Result.FAIL}
# The registered name, and what some servers write in its place.
_MAILFROM = ("smtp.mailfrom", "smtp.mfrom", "smtp.envelope-from")


class AuthresError(ValueError):
    """The field is not usable; the message says why."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """`method=result` with its properties; names in lower case, values as they stand."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The value of a property such as `smtp.mailfrom`; empty when it is absent."""
        return dict(self.properties).get(name, "")


@dataclass(frozen=True, slots=True)
class AuthResults:
    """One field: who wrote it (in lower case) and what it says, in the order written."""

    authserv_id: str
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> list[MethodResult]:
        """Every result of one method."""
        return [one for one in self.results if one.method == method]


def parse(value: bytes) -> AuthResults:
    """Read the value of the field, folding included. Raises AuthresError."""
    scanner = _Scanner(value)
    authserv_id = scanner.authserv_id()
    scanner.version()
    results: list[MethodResult] = []
    while not scanner.is_at_end():
        scanner.expect(";")
        if scanner.is_at_end():
            break  # a final semicolon, which OpenDKIM and others have written
        if len(results) >= MAX_RESULTS:
            raise AuthresError(f"more than {MAX_RESULTS} results")
        results += scanner.resinfo(first=not results)
    return AuthResults(authserv_id, tuple(results))


def find_spf_result(found: AuthResults) -> Spf | None:
    """The one SPF result for MAIL FROM, else for HELO; None when there is none, or two that differ."""
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
    """The domain in the first of these properties that stands there; empty when it is none."""
    value = next((value for name in names if (value := one.get(name))), "")
    domain = value.rpartition("@")[2].lower().removesuffix(".")
    return domain if is_domain(domain) else ""


def authserv_id(value: bytes) -> str:
    """Only who is said to have written the field, in lower case. Raises AuthresError when that is unclear."""
    return _Scanner(value).authserv_id()


class _Scanner:
    """A place in the text; every method leaves comments and white space behind it."""

    def __init__(self, value: bytes) -> None:
        if len(value) > MAX_CHARS:
            raise AuthresError("the field is too long")
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
            raise AuthresError("there is no authserv-id")
        return found

    def version(self) -> None:
        # RFC 8601 section 2.2: only version 1 exists.
        if not self.is_at_end() and self._text[self._at] != ";" and self._take(_TOKEN) != "1":
            raise AuthresError("unknown version")

    def resinfo(self, *, first: bool) -> list[MethodResult]:
        """One result; none for the lone word `none`, which says that nothing was checked."""
        method = self._take(_KEYWORD).lower()
        if first and method == "none" and self.is_at_end():
            return []
        if self._take_char("/") and self._take(_KEYWORD) != "1":
            raise AuthresError("unknown version of a method")
        self.expect("=")
        result = self._take(_KEYWORD).lower()
        if not method or not result:
            raise AuthresError("not of the form method=result")
        properties: dict[str, str] = {}
        while not self.is_at_end() and self._text[self._at] != ";":
            name = self._take(_NAME).lower()
            self.expect("=")
            if not name or name in properties or len(properties) >= MAX_PROPERTIES:
                raise AuthresError("a property that is empty, there twice, or one too many")
            properties[name] = self._value()
        return [MethodResult(method, result, tuple(properties.items()))]

    def _value(self) -> str:
        """A property's value; empty where none stands, as for the null reverse-path."""
        if self._text.startswith('"', self._at):
            return self._quoted()
        found = self._take(_VALUE)
        return found[1:-1] if found.startswith("<") else found

    def _quoted(self) -> str:
        if not self._text.startswith('"', self._at):
            return ""
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            raise AuthresError("a quotation that does not end")
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
        """White space and comments (RFC 5322 section 3.2.2)."""
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
                raise AuthresError("a comment that does not end")
            if char == "\\":
                self._at += 2
                continue
            part = _COMMENT_PART.match(self._text, self._at)
            if part is not None:
                self._at = part.end()
                continue
            depth += 1 if char == "(" else -1
            if depth > MAX_COMMENT_DEPTH:
                raise AuthresError("comments too deep")
            self._at += 1
            if depth == 0:
                return
