"""Parses machine-readable reports: delivery (RFC 3464), disposition (RFC 8098) and feedback (RFC 5965).

Only the standard formats are parsed, wherever the machine-readable part is in the mail. For a bounce in free
text, the result is None: see `gateway.mail.mime.bounce`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gateway.mail.header.fields import decode_text
from gateway.mail.message import MAX_FIELD_BYTES, MAX_FIELDS, MalformedMessageError, Message
from gateway.mail.mime import content, parts
from gateway.mail.text import printable

ReportKind = Literal["delivery", "disposition", "feedback"]

MAX_REPORT_BYTES = 100_000
MAX_RECIPIENTS = 100
MAX_REPORTS = 5
MAX_DIAGNOSTIC = 300
MAX_ADDRESS = 320

_KINDS: dict[str, ReportKind] = {
    "delivery-status": "delivery",
    "disposition-notification": "disposition",
    "feedback-report": "feedback",
}
# RFC 3464 section 2.3.3, and what programs write instead of `failed`.
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_FAILED_TOO = frozenset({"error", "failure", "fail", "expired", "undeliverable", "undelivered", "bounced"})
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_SAYS = frozenset({"action", "status", "diagnostic-code"})
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_FIELD_START = re.compile(rb"\r?\n(?![ \t])")
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Recipient:
    """The result for one recipient: `action` as in RFC 3464 section 2.3.3, `status` as in RFC 3463.

    `diagnostic` is the remote system's text, printable and truncated. Each is empty if the report does not
    give it.
    """

    final_recipient: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_failed(self) -> bool:
        """Whether delivery failed permanently. Without an action, a status or reply of class 5 says so."""
        if self.action:
            return self.action == "failed"
        return (self.status or self.diagnostic).startswith("5")


@dataclass(frozen=True, slots=True)
class Dsn:
    """A parsed report; only a delivery report has recipients."""

    kind: ReportKind
    recipients: tuple[Recipient, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether delivery to a recipient failed permanently; `delayed` and `relayed` are not failures."""
        return self._failure is not None

    @property
    def is_delay(self) -> bool:
        """Whether delivery is still being tried, and nothing failed."""
        return not self.is_failure and any(
            one.action == "delayed" or (not one.action and one.status.startswith("4"))
            for one in self.recipients
        )

    @property
    def cause(self) -> str:
        """The reason of the failure, in the remote system's words if it gave any; empty if nothing failed."""
        failure = self._failure
        if failure is None:
            return ""
        return failure.diagnostic or failure.status or "failed"

    @property
    def _failure(self) -> Recipient | None:
        return next((one for one in self.recipients if one.is_failed), None)


def parse_dsn(message: Message) -> Dsn | None:
    """Parse a report; None if the mail is not one in a standard format. Never raises."""
    try:
        found = [part for part in parts.iter_parts(message) if part.content_type in content.REPORTS]
    except MalformedMessageError:
        return None
    recipients: list[Recipient] = []
    for part in found[:MAX_REPORTS]:
        if _kind(part) == "delivery":
            recipients += _parse_recipients(content.decode_part(part, MAX_REPORT_BYTES))
    if recipients:
        return Dsn("delivery", tuple(recipients[:MAX_RECIPIENTS]))
    others = [_kind(part) for part in found if _kind(part) != "delivery"]
    return Dsn(others[0]) if others else None


def _kind(part: parts.Part) -> ReportKind:
    return _KINDS[part.content_type.rpartition("/")[2].removeprefix("global-")]


def _parse_recipients(report: bytes) -> tuple[Recipient, ...]:
    """Parse the groups of fields between blank lines that report a result (RFC 3464 section 2.1)."""
    groups = _BLANK.split(report, maxsplit=MAX_RECIPIENTS + 1)[: MAX_RECIPIENTS + 1]
    found = (_parse_fields(group) for group in groups)
    return tuple(_build_recipient(fields) for fields in found if _SAYS & fields.keys())


def _parse_fields(group: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in _FIELD_START.split(group.strip(b"\r\n"), MAX_FIELDS)[:MAX_FIELDS]:
        name, _, value = line[:MAX_FIELD_BYTES].partition(b":")
        fields.setdefault(name.strip().lower().decode("ascii", "replace"), decode_text(value))
    return fields


def _build_recipient(fields: dict[str, str]) -> Recipient:
    action = _COMMENT.sub("", fields.get("action", "")).strip().lower()
    status = _STATUS.search(fields.get("status", ""))
    recipient = fields.get("final-recipient") or fields.get("original-recipient", "")
    return Recipient(
        final_recipient=printable(_strip_type(recipient), MAX_ADDRESS),
        action="failed" if action in _FAILED_TOO else action if action in _ACTIONS else "",
        status=status.group() if status else "",
        diagnostic=printable(_strip_type(fields.get("diagnostic-code", "")), MAX_DIAGNOSTIC),
    )


def _strip_type(value: str) -> str:
    """Return the value after its type: `rfc822; rei@...`, `smtp; 550 ...` (RFC 3464 section 2.1.2)."""
    kind, mark, rest = value.partition(";")
    return rest.strip() if mark and " " not in kind.strip() else value
