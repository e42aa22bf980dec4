"""Composes our letters as Internet mail: UTF-8, base64, no header injection (RFC 5322, 2045, 2047, 3834).

This does not use the standard library's EmailMessage, which takes five times as long, and some versions of
which permit header injection.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.encoding.charset import strip_controls
from gateway.mail.header import encoded_words, fields

AutoSubmitted = Literal["auto-generated", "auto-replied"]

# Not `All`: it would also suppress the bounces that we need.
SUPPRESSED = "OOF, AutoReply, DR, RN, NRN"
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,50}", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~.,:;@<>()\[\]-]*", re.ASCII)
# The fields that `compose` writes itself.
_RESERVED_FIELDS = frozenset(
    {
        *("from", "to", "cc", "bcc", "sender", "reply-to", "return-path", "received", "subject", "date"),
        *("message-id", "in-reply-to", "references", "auto-submitted", "x-auto-response-suppress"),
        *("mime-version", "content-type", "content-transfer-encoding"),
    }
)


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """One letter to compose.

    `message_id` and `references` include the angle brackets; `date` is aware. `html` is an alternative form
    of the same text. `headers` are additional fields as pairs of name and value.
    """

    from_name: str
    from_address: Address
    to_address: Address
    subject: str
    text: str
    message_id: str
    date: datetime
    html: str | None = None
    reply_to: Address | None = None
    references: tuple[str, ...] = ()
    auto_submitted: AutoSubmitted = "auto-generated"
    headers: tuple[tuple[str, str], ...] = ()


def compose(letter: MessageDraft) -> bytes:
    """Return the letter as octets with CRLF line ends.

    Texts are sanitized for the header. Raises ValueError if an address, a Message-ID or the name of an
    additional field is malformed.
    """
    header = "\r\n".join((*_header(letter), "MIME-Version: 1.0"))
    return f"{header}\r\n{_body(letter)}".encode("ascii")


def _header(letter: MessageDraft) -> list[str]:
    if letter.auto_submitted not in {"auto-generated", "auto-replied"}:
        raise ValueError("Auto-Submitted must be auto-generated or auto-replied")
    lines = [
        _format_mailbox("From", letter.from_name, letter.from_address),
        f"To: {_angle_addr(letter.to_address)}",
        _format_unstructured("Subject", letter.subject),
        f"Date: {format_datetime(letter.date)}",
        f"Message-ID: {_check_message_id(letter.message_id)}",
    ]
    if letter.reply_to is not None:
        lines.append(f"Reply-To: {_angle_addr(letter.reply_to)}")
    if letter.references:
        ids = [_check_message_id(one) for one in letter.references]
        lines += [f"In-Reply-To: {ids[-1]}", "References: " + "\r\n ".join(ids)]
    lines += [f"Auto-Submitted: {letter.auto_submitted}", f"X-Auto-Response-Suppress: {SUPPRESSED}"]
    return lines + [_format_extra_field(name, value) for name, value in letter.headers]


def _format_unstructured(name: str, text: str) -> str:
    return f"{name}: {encoded_words.encode(fields.sanitize_header(text), len(name) + 2)}"


def _format_extra_field(name: str, value: str) -> str:
    if _HEADER_NAME.fullmatch(name) is None or name.lower() in _RESERVED_FIELDS:
        raise ValueError(f"{name!r} cannot be set as an additional field")
    return _format_unstructured(name, value)


def _format_mailbox(name: str, shown: str, mailbox: Address) -> str:
    shown = fields.sanitize_header(shown)
    if not shown:
        return f"{name}: {_angle_addr(mailbox)}"
    column = len(name) + 2
    fits = column + len(shown) + 2 <= encoded_words.MAX_LINE
    if fits and "=?" not in shown and _PLAIN_NAME.fullmatch(shown):
        phrase = f'"{shown}"'
    else:
        phrase = encoded_words.encode_all(shown, column)
    wire = _angle_addr(mailbox)
    last = phrase.rpartition("\n")[2]
    fold = "" if column + len(last) + 1 + len(wire) <= encoded_words.MAX_LINE else "\r\n"
    return f"{name}: {phrase}{fold} {wire}"


def _angle_addr(mailbox: Address) -> str:
    """Return the address in angle brackets, parsed again because anybody can build an `Address`."""
    return f"<{address.parse(str(mailbox)).addr_spec}>"


def _check_message_id(text: str) -> str:
    if fields.message_ids(text.encode("utf-8", "replace")) != (text,):
        raise ValueError("a Message-ID must have the form <left@right>")
    return text


def _body(letter: MessageDraft) -> str:
    plain = _part("plain", letter.text)
    if letter.html is None:
        return plain
    html = _part("html", letter.html)
    # Base64 contains neither `=_` nor a line that begins with hyphens.
    boundary = "=_" + hashlib.sha256(f"{letter.message_id}{plain}{html}".encode()).hexdigest()[:32]
    return (
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n{plain}--{boundary}\r\n{html}--{boundary}--\r\n"
    )


def _part(subtype: str, text: str) -> str:
    lines = (strip_controls(text).rstrip("\n") + "\n").replace("\n", "\r\n")
    data = base64.encodebytes(lines.encode("utf-8")).decode("ascii").replace("\n", "\r\n")
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{data}'
