"""Reports by machines: delivery (RFC 3464), disposition (RFC 8098) and feedback (RFC 5965).

Only the standard forms are read, wherever in a mail the part for machines stands. A bounce in free words
gives None: see `gateway.mail.mime.bounce`.
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
    """What became of one recipient: `action` in the words of RFC 3464 section 2.3.3, `status` of RFC 3463.

    `diagnostic` is the remote system's text, printable and cut; each is empty when the report is silent.
    """

    final_recipient: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_failed(self) -> bool:
        """Whether delivery ended. Where the action says nothing, a status or a reply of class 5 does."""
        if self.action:
            return self.action == "failed"
        return (self.status or self.diagnostic).startswith("5")


@dataclass(frozen=True, slots=True)
class Dsn:
    """A report; only one on delivery has recipients."""

    kind: ReportKind
    recipients: tuple[Recipient, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether delivery failed for good. `delayed`, `relayed` and `delivered` are no failures."""
        return self._failure is not None

    @property
    def is_delay(self) -> bool:
        """Whether delivery goes on, and nothing failed."""
        return not self.is_failure and any(
            one.action == "delayed" or (not one.action and one.status.startswith("4"))
            for one in self.recipients
        )

    @property
    def cause(self) -> str:
        """Why it failed, in the remote system's words where it said any; empty when nothing failed."""
        failure = self._failure
        if failure is None:
            return ""
        return failure.diagnostic or failure.status or "failed"

    @property
    def _failure(self) -> Recipient | None:
        return next((one for one in self.recipients if one.is_failed), None)


def parse_dsn(message: Message) -> Dsn | None:
    """Read a report, or None when the mail is none in a standard form. Never raises."""
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
    """RFC 3464 section 2.1: groups of fields between blank lines; those that tell an end are recipients."""
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
    """The value behind its type: `rfc822; rei@...`, `smtp; 550 ...` (RFC 3464 section 2.1.2)."""
    kind, mark, rest = value.partition(";")
    return rest.strip() if mark and " " not in kind.strip() else value
