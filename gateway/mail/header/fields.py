"""Header fields as text: subject, author, Message-IDs, and a sanitizer for what we write ourselves.

The author is parsed strictly: exactly one From field with exactly one mailbox, because sender authentication,
the records and the replies use no identity but its domain (RFC 5322 section 3.6.2, RFC 2047).
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gateway.mail import address
from gateway.mail.address import Address, AddressError
from gateway.mail.encoding import charset, iso2022jp
from gateway.mail.header import encoded_words
from gateway.mail.message import MAX_FIELD_BYTES, Message, unfold
from gateway.mail.text import printable

MAX_TEXT = 1_000
MAX_HEADER_TEXT = 200
MAX_MESSAGE_IDS = 50

_MESSAGE_ID = re.compile(rb"<[!-;=?-~]{1,500}>")


class AuthorError(ValueError):
    """Raised if From does not name exactly one mailbox in a form that all readers interpret alike."""


class NonAsciiAuthorError(AuthorError):
    """Raised if the author's address is not ASCII (RFC 6531); its domain may have an A-label (RFC 5890)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox: the display `name` (may be empty, proves nothing) and the `address` that is the identity."""

    name: str
    address: Address


def decode_text(value: bytes) -> str:
    """Decode an unstructured field such as Subject: encoded words, raw octets in any charset, folding.

    Returns one line of at most 1,000 characters without control and bidi characters. Never raises.
    """
    return printable(encoded_words.decode(unfold(value[:MAX_FIELD_BYTES])), MAX_TEXT)


def subject(message: Message) -> str:
    """Return the first Subject as text; empty if there is none."""
    return decode_text(message.first("subject"))


def message_ids(value: bytes) -> tuple[str, ...]:
    """Return the identifiers in Message-ID, In-Reply-To or References in order (RFC 5322 section 3.6.4).

    If there are more than 50, the first (the thread's root) and the last 49 are kept.
    """
    found = [match.group().decode("ascii") for match in _MESSAGE_ID.finditer(unfold(value))]
    if len(found) > MAX_MESSAGE_IDS:
        found = [found[0], *found[1 - MAX_MESSAGE_IDS :]]
    return tuple(found)


def parent_message_ids(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs that the mail replies to, the nearest first."""
    replied = message_ids(message.first("in-reply-to"))
    return (*replied, *reversed(message_ids(message.first("references"))))


def sanitize_header(text: str, limit: int = MAX_HEADER_TEXT) -> str:
    """Return the text in a form that is safe in a header: one line, no controls, truncated."""
    return printable(text, limit)


_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ITEM = re.compile(rb"[^,;]+")
MAX_RECIPIENTS = 100


def recipients(message: Message, name: str) -> tuple[Address, ...]:
    """Return up to a hundred addresses from To or Cc, skipping unacceptable ones. Never raises."""
    found: list[Address] = []
    for each in message.all(name):
        value = _JIS_NAME.sub(b"", unfold(each.value))
        for item in _ITEM.findall(_QUOTED.sub(b" ", value))[:MAX_RECIPIENTS]:
            inside = _ANGLE.search(item)
            text = inside.group(1) if inside else item.rpartition(b":")[2]
            with contextlib.suppress(AddressError, UnicodeDecodeError):
                found.append(address.parse(text.strip().decode("ascii")))
    return tuple(found[:MAX_RECIPIENTS])


MAX_DATE = 200


def date(message: Message) -> datetime | None:
    """Return the Date (RFC 5322 section 3.3) as aware; None if it is missing, duplicated or invalid."""
    dates = message.all("date")
    if len(dates) != 1 or len(dates[0].value) > MAX_DATE:
        return None
    try:
        found = parsedate_to_datetime(unfold(dates[0].value).decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322 section 3.3: -0000 gives no information about the zone; the time is UTC.
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


# From, in octets: `\x1b` is permitted only in the escape sequences of ISO-2022-JP in a display name.
_JIS_NAME = re.compile(rb"\x1b\$[@B][!-~]*\x1b\([BJ]")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_QUOTED_PAIR = re.compile(rb"\\(.)")
_PIECE = re.compile(
    rb"(?P<space>[ \t]+)"
    rb'|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    rb"|<(?P<angle>[^<>]*)>"
    # RFC 5322 requires quotation marks for these, but they are common: dots, `[èª²]`, `@` (see
    # `_check_name`).
    rb"|(?P<plain>[^\x00-\x20()<>:;\\,\"]+)"
)
_COMMENT_MARK = re.compile(rb'[()<>@\\"]')
# Limits for the nesting and the number of comments.
MAX_COMMENT_DEPTH, MAX_COMMENTS = 5, 5
_ANGLE = re.compile(rb"<([^<>]*)>")
_Piece = tuple[str, bytes]


def author(message: Message) -> Mailbox:
    """Parse the only mailbox of the only From field.

    Accepts `addr`, `<addr>`, `name <addr>` and `"name" <addr>`, each with comments around it. The name can be
    in encoded words or raw octets, contain brackets, or repeat the address. Raises AuthorError for everything
    else: groups, lists, routes, comments that contain an address, encoded words or folding in the address,
    another unquoted address as the name, text after the angle brackets.
    """
    # Deviates from RFC 5322 section 3.6.2: From must contain exactly one mailbox, without groups, routes or
    # folding in the address, because mail programs interpret these differently.
    froms = message.all("from")
    if len(froms) != 1:
        raise AuthorError(f"{len(froms)} From fields; expected one")
    return _parse_mailbox(froms[0].value)


def _parse_mailbox(given: bytes) -> Mailbox:
    pieces = _split_pieces(_to_utf8(unfold(given).strip(b" \t")))
    angles = [at for at, (kind, _) in enumerate(pieces) if kind == "angle"]
    if not angles:
        return _parse_bare(pieces)
    if len(angles) > 1:
        raise AuthorError("From contains more than one address")
    before, behind = pieces[: angles[0]], pieces[angles[0] + 1 :]
    if any(kind not in {"space", "comment"} for kind, _ in behind):
        raise AuthorError("From is not of the form NAME <ADDRESS>")
    found = _parse_address(pieces[angles[0]][1])
    _check_name(before, found)
    return Mailbox(_read_name(before) or _read_comment(behind), found)


def _split_pieces(value: bytes) -> list[_Piece]:
    """Split a From field into white space, quoted strings, comments, angle brackets and words."""
    pieces: list[_Piece] = []
    at = 0
    while at < len(value):
        if value[at] == ord("("):
            end = _find_comment_end(value, at)
            pieces.append(("comment", value[at:end]))
        elif (match := _PIECE.match(value, at)) is not None:
            kind = match.lastgroup or ""
            pieces.append((kind, match.group(kind)))
            end = match.end()
        else:
            raise AuthorError("From contains unquoted special characters, or an unterminated part")
        at = end
    if sum(kind == "comment" for kind, _ in pieces) > MAX_COMMENTS:
        raise AuthorError(f"From contains more than {MAX_COMMENTS} comments")
    return pieces


def _find_comment_end(value: bytes, start: int) -> int:
    """Return the end of a comment; comments nest (RFC 5322 section 3.2.2).

    Raises AuthorError if another reader could see an address in it.
    """
    depth = 0
    for mark in _COMMENT_MARK.finditer(value, start):
        depth += {b"(": 1, b")": -1}.get(mark.group(), MAX_COMMENT_DEPTH)
        if depth > MAX_COMMENT_DEPTH:
            raise AuthorError("a comment in From is nested too deeply, or contains address characters")
        if not depth:
            return mark.end()
    raise AuthorError("a comment in From is not terminated")


def _parse_bare(pieces: list[_Piece]) -> Mailbox:
    """Parse `addr` with comments around it, and nothing else."""
    said = [piece for piece in pieces if piece[0] not in {"space", "comment"}]
    if len(said) == 2 and said[0][0] == "quoted" and (at := pieces.index(said[0])) + 1 < len(pieces):
        is_local_part = pieces[at + 1] == said[1] and said[1][1].startswith(b"@")
        said = [("plain", b'"%b"%b' % (said[0][1], said[1][1]))] if is_local_part else said
    if len(said) != 1 or said[0][0] != "plain":
        raise AuthorError("From is not of the form NAME <ADDRESS>")
    return Mailbox(_read_comment(pieces), _parse_address(said[0][1]))


_JOINED_AT = re.compile(rb"[!-~]@|@[!-~]|^@|@$")


def _check_name(pieces: list[_Piece], found: Address) -> None:
    """Raise AuthorError if another reader could see an address other than `found` in an unquoted name."""
    texts = {"quoted": b'"', "comment": b"", "space": b""}
    said = b"".join(texts.get(kind, text) for kind, text in pieces)
    if _JOINED_AT.search(said) and said.lower() != found.key.encode("ascii"):
        raise AuthorError("the display name in From contains characters that must be quoted")


def _read_name(pieces: list[_Piece]) -> str:
    return decode_text(b"".join(_show_piece(*piece) for piece in pieces)).strip()


def _show_piece(kind: str, text: bytes) -> bytes:
    if kind == "quoted":
        return _QUOTED_PAIR.sub(rb"\1", text)
    return b" " if kind == "space" else text


def _read_comment(pieces: list[_Piece]) -> str:
    """Return the text of the first comment, without its parentheses."""
    return next((decode_text(text[1:-1]).strip() for kind, text in pieces if kind == "comment"), "")


def _to_utf8(value: bytes) -> bytes:
    """Convert the field to UTF-8, because ISO-2022-JP and Shift_JIS can look like brackets and `@`."""
    value = _JIS_NAME.sub(_decode_jis_name, value)
    if _CONTROL.search(value):
        raise AuthorError("From contains control characters")
    return value if value.isascii() else charset.decode_unlabelled(value).encode("utf-8")


def _decode_jis_name(match: re.Match[bytes]) -> bytes:
    text = iso2022jp.decode(match.group())
    if iso2022jp.REPLACEMENT_CHARACTER in text:
        raise AuthorError("From contains invalid ISO-2022-JP")
    return text.encode("utf-8")


def _parse_address(octets: bytes) -> Address:
    if not octets.isascii():
        raise NonAsciiAuthorError("the From address is not ASCII")
    try:
        return address.parse(octets.decode("ascii"))
    except AddressError as error:
        raise AuthorError(str(error)) from None
