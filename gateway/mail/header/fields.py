"""Header fields as text: subject, author, Message-IDs, and a cleaner for what we write ourselves.

The author is read strictly: exactly one From field with exactly one mailbox, because its domain is the only
identity that the proof of the sender, the records and the replies use (RFC 5322 section 3.6.2, RFC 2047).
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
    """The From field does not name exactly one mailbox in a form that every reader reads alike."""


class NonAsciiAuthorError(AuthorError):
    """The address in From is not ASCII (RFC 6531), though its domain may have an ASCII form (RFC 5890)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`name` as shown (may be empty, proves nothing), `address` the identity."""

    name: str
    address: Address


def decode_text(value: bytes) -> str:
    """An unstructured field such as Subject: encoded words, raw octets of any charset, folding.

    Gives one line of at most 1,000 characters without control and bidi characters. Never raises.
    """
    return printable(encoded_words.decode(unfold(value[:MAX_FIELD_BYTES])), MAX_TEXT)


def subject(message: Message) -> str:
    """The first Subject as text; empty when there is none."""
    return decode_text(message.first("subject"))


def message_ids(value: bytes) -> tuple[str, ...]:
    """The identifiers in Message-ID, In-Reply-To or References (RFC 5322 section 3.6.4), in their order.

    Of more than 50 the first (the thread's root) and the last are kept.
    """
    found = [match.group().decode("ascii") for match in _MESSAGE_ID.finditer(unfold(value))]
    if len(found) > MAX_MESSAGE_IDS:
        found = [found[0], *found[1 - MAX_MESSAGE_IDS :]]
    return tuple(found)


def parent_message_ids(message: Message) -> tuple[str, ...]:
    """The Message-IDs that the mail answers, the nearest first."""
    replied = message_ids(message.first("in-reply-to"))
    return (*replied, *reversed(message_ids(message.first("references"))))


def sanitize_header(text: str, limit: int = MAX_HEADER_TEXT) -> str:
    """The text as it may stand in a header of ours: one line, no control or bidi characters, cut."""
    return printable(text, limit)


_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ITEM = re.compile(rb"[^,;]+")
MAX_RECIPIENTS = 100


def recipients(message: Message, name: str) -> tuple[Address, ...]:
    """At most a hundred addresses of To or Cc, without those that this desk does not take. Never raises."""
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
    """The one Date field (RFC 5322 section 3.3), aware; None where it is missing, double or no date."""
    dates = message.all("date")
    if len(dates) != 1 or len(dates[0].value) > MAX_DATE:
        return None
    try:
        found = parsedate_to_datetime(unfold(dates[0].value).decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322 section 3.3: -0000 says nothing of the zone; the time is UTC.
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


# From, in octets: `\x1b` only as part of the escape sequences of ISO-2022-JP in a display name.
_JIS_NAME = re.compile(rb"\x1b\$[@B][!-~]*\x1b\([BJ]")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_QUOTED_PAIR = re.compile(rb"\\(.)")
_PIECE = re.compile(
    rb"(?P<space>[ \t]+)"
    rb'|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    rb"|<(?P<angle>[^<>]*)>"
    # Not in RFC 5322 outside quotation marks, yet usual: dots, `[èª²]`, and `@` (see `_check_name`).
    rb"|(?P<plain>[^\x00-\x20()<>:;\\,\"]+)"
)
_COMMENT_MARK = re.compile(rb'[()<>@\\"]')
# How deep comments lie in each other, and how many there are.
MAX_COMMENT_DEPTH, MAX_COMMENTS = 5, 5
_ANGLE = re.compile(rb"<([^<>]*)>")
_Piece = tuple[str, bytes]


def author(message: Message) -> Mailbox:
    """The one mailbox of the one From field.

    Taken: `addr`, `<addr>`, `name <addr>`, `"name" <addr>`, each with comments around, the name in encoded
    words or raw octets, with brackets, or the address once more. Raises AuthorError for all else: groups,
    lists, routes, comments with an address in them, encoded words or folding in the address, another
    unquoted address as name, text behind the brackets.
    """
    # Deviates from RFC 5322 section 3.6.2: From has exactly one mailbox and no group, route or folded
    # address, since readers disagree about those.
    froms = message.all("from")
    if len(froms) != 1:
        raise AuthorError(f"{len(froms)} From fields, wanted is one")
    return _parse_mailbox(froms[0].value)


def _parse_mailbox(given: bytes) -> Mailbox:
    pieces = _split_pieces(_to_utf8(unfold(given).strip(b" \t")))
    angles = [at for at, (kind, _) in enumerate(pieces) if kind == "angle"]
    if not angles:
        return _parse_bare(pieces)
    if len(angles) > 1:
        raise AuthorError("From holds more than one address")
    before, behind = pieces[: angles[0]], pieces[angles[0] + 1 :]
    if any(kind not in {"space", "comment"} for kind, _ in behind):
        raise AuthorError("From is not a name and one address in angle brackets")
    found = _parse_address(pieces[angles[0]][1])
    _check_name(before, found)
    return Mailbox(_read_name(before) or _read_comment(behind), found)


def _split_pieces(value: bytes) -> list[_Piece]:
    """White space, quoted strings, comments, the angle brackets and words of a From field, in their order."""
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
            raise AuthorError("From holds what must be quoted, or what does not end")
        at = end
    if sum(kind == "comment" for kind, _ in pieces) > MAX_COMMENTS:
        raise AuthorError(f"From holds more than {MAX_COMMENTS} comments")
    return pieces


def _find_comment_end(value: bytes, start: int) -> int:
    """RFC 5322 section 3.2.2: comments nest. Refused is what another reader may take for an address."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(value, start):
        depth += {b"(": 1, b")": -1}.get(mark.group(), MAX_COMMENT_DEPTH)
        if depth > MAX_COMMENT_DEPTH:
            raise AuthorError("a comment in From is too deep, or holds signs of an address")
        if not depth:
            return mark.end()
    raise AuthorError("a comment in From does not end")


def _parse_bare(pieces: list[_Piece]) -> Mailbox:
    """`addr` with comments around, and nothing else."""
    said = [piece for piece in pieces if piece[0] not in {"space", "comment"}]
    if len(said) == 2 and said[0][0] == "quoted" and (at := pieces.index(said[0])) + 1 < len(pieces):
        is_local_part = pieces[at + 1] == said[1] and said[1][1].startswith(b"@")
        said = [("plain", b'"%b"%b' % (said[0][1], said[1][1]))] if is_local_part else said
    if len(said) != 1 or said[0][0] != "plain":
        raise AuthorError("From is not a name and one address in angle brackets")
    return Mailbox(_read_comment(pieces), _parse_address(said[0][1]))


_JOINED_AT = re.compile(rb"[!-~]@|@[!-~]|^@|@$")


def _check_name(pieces: list[_Piece], found: Address) -> None:
    """Raises AuthorError for an unquoted name that another reader could take for an address, but `found`."""
    texts = {"quoted": b'"', "comment": b"", "space": b""}
    said = b"".join(texts.get(kind, text) for kind, text in pieces)
    if _JOINED_AT.search(said) and said.lower() != found.key.encode("ascii"):
        raise AuthorError("the display name in From holds what must be quoted")


def _read_name(pieces: list[_Piece]) -> str:
    return decode_text(b"".join(_show_piece(*piece) for piece in pieces)).strip()


def _show_piece(kind: str, text: bytes) -> bytes:
    if kind == "quoted":
        return _QUOTED_PAIR.sub(rb"\1", text)
    return b" " if kind == "space" else text


def _read_comment(pieces: list[_Piece]) -> str:
    """What the first comment says, without its brackets."""
    return next((decode_text(text[1:-1]).strip() for kind, text in pieces if kind == "comment"), "")


def _to_utf8(value: bytes) -> bytes:
    """The field in UTF-8: octets of ISO-2022-JP and Shift_JIS can look like brackets, commas and `@`."""
    value = _JIS_NAME.sub(_decode_jis_name, value)
    if _CONTROL.search(value):
        raise AuthorError("control characters in From")
    return value if value.isascii() else charset.decode_unlabelled(value).encode("utf-8")


def _decode_jis_name(match: re.Match[bytes]) -> bytes:
    text = iso2022jp.decode(match.group())
    if iso2022jp.REPLACEMENT_CHARACTER in text:
        raise AuthorError("unreadable ISO-2022-JP in From")
    return text.encode("utf-8")


def _parse_address(octets: bytes) -> Address:
    if not octets.isascii():
        raise NonAsciiAuthorError("the address in From is not ASCII")
    try:
        return address.parse(octets.decode("ascii"))
    except AddressError as error:
        raise AuthorError(str(error)) from None
