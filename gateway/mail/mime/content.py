"""The content of a mail: text, and attachments by name, type and size. Nothing is opened, stored or fetched.

All text/plain parts that are not attachments count, in their order (a gateway adds its notice as a separate
part); without any, the text of the HTML parts (RFC 2046, 2183, 3676).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gateway.mail.encoding import charset, transfer
from gateway.mail.message import Message
from gateway.mail.mime import html_text
from gateway.mail.mime import parts as mime_parts
from gateway.mail.mime.parts import Part

# Twice what is read of a Japanese text. Decoding this much hostile input blocks the loop for less than 0.1 s.
MAX_TEXT_BYTES = 200_000
# Base64 with line ends is 1.37 times as long as its content, quoted-printable three times.
_ENCODED_FACTOR = 3
# No reader uses more octets of a part.
MAX_READ_BYTES = _ENCODED_FACTOR * MAX_TEXT_BYTES

Source = Literal["plain", "html", "none"]
# Formats that only some programs open, with the text inside.
Packing = Literal["", "tnef", "smime"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail. `name` may be empty; `size_bytes` is the decoded size."""

    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a mail.

    - `text` has LF line ends and is truncated to 200 KB; `is_cut` says that it or the HTML was truncated.
    - `html_text` is the visible text of the HTML parts, also if there is a plain text. It is a single line
      end if there are HTML parts without visible text.
    - `has_another_text` says that some programs show text that is in neither.
    - `report` is the machine-readable part of a report (RFC 6522).
    - `packing` is a container that may hold a text that cannot be read here: winmail.dat, or opaque or
      encrypted S/MIME (RFC 8551).
    """

    text: str
    source: Source
    attachments: tuple[Attachment, ...]
    report: bytes | None
    html_text: str = ""
    one_part: bool = False
    packing: Packing = ""
    is_cut: bool = False
    has_another_text: bool = False


def extract(message: Message) -> Content:
    """Read the content. Raises only MalformedMessageError, if a MIME limit is exceeded."""
    parts = list(mime_parts.iter_parts(message))
    alone = len(parts) == 1
    bodies = [part for part in parts if _is_body(part, alone=alone)]
    (plain, cut), (html, html_cut) = (_join_texts(bodies, kind) for kind in ("text/plain", "text/html"))
    source: Source = "plain" if plain.strip() else "html" if html.strip() else "none"
    text = plain if source == "plain" else html if source == "html" else ""
    attachments = tuple(_build_attachment(part) for part in parts if not _is_body(part, alone=alone))
    one_part = _is_one_part(message, bodies)
    packing = _find_packing(parts)
    is_cut, other = cut or html_cut, any(_is_another_text(part, alone=alone) for part in parts)
    return Content(text, source, attachments, _decode_report(parts), html, one_part, packing, is_cut, other)


_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def _find_packing(parts: list[Part]) -> Packing:
    """Return the container that holds a text; the text of multipart/signed is outside of its signature."""
    for part in parts:
        name = part.name.lower()
        if part.content_type in _TNEF or name == "winmail.dat":
            return "tnef"
        if part.content_type in _SMIME or name == "smime.p7m":
            return "smime"
    return ""


# What surrounds parts and is not shown: delimiter lines, Content-* fields, empty lines.
_FRAME = re.compile(
    rb"(?:--[^\r\n]*\r\n|content-[a-z-]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*|\r\n)*", re.IGNORECASE
)


def _is_one_part(message: Message, bodies: list[Part]) -> bool:
    """Return whether the body, up to its text, can be split into parts in only one way."""
    plain = [part for part in bodies if part.content_type == "text/plain"]
    begins = len(message.raw) - len(message.body)
    return len(plain) == 1 and _FRAME.fullmatch(message.raw, begins, plain[0].start) is not None


def find_report_part(parts: list[Part]) -> Part | None:
    """Return the machine-readable part of a report (RFC 3464, RFC 8098, RFC 5965), or None."""
    return next((part for part in parts if part.content_type in REPORTS), None)


REPORTS = {
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",  # RFC 6533
    "message/disposition-notification": "disposition",
    "message/global-disposition-notification": "disposition",
    "message/feedback-report": "feedback",
}


def decode_part(part: Part, limit: int = MAX_TEXT_BYTES) -> bytes:
    """Decode the first `limit` octets of a part, truncated at a line end if there is one."""
    return _decode_begin(part, limit)[0]


def _decode_begin(part: Part, limit: int) -> tuple[bytes, bool]:
    """Do the same as `decode_part`, and return whether there is more."""
    octets = transfer.decode(bytes(part.body[: _ENCODED_FACTOR * limit]), part.encoding)
    if len(octets) <= limit:
        return octets, len(part.body) > _ENCODED_FACTOR * limit
    # A cut within a character would fail strict decoding, and a wrong charset would be guessed.
    end = octets.rfind(b"\n", 0, limit)
    return octets[: end if end > 0 else limit], True


def _is_body(part: Part, *, alone: bool) -> bool:
    """Return whether the part is text of the mail.

    RFC 2183 section 2.8: an unknown disposition is treated as attachment. A text with a file name and without
    `inline` is an attachment too, if there are other parts.
    """
    if part.content_type not in {"text/plain", "text/html"}:
        return False
    return part.disposition == "inline" or (not part.disposition and (alone or not part.name))


_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml"})
# Cards, tables and data for programs: they accompany the text of a mail and do not replace it.
_NO_WORDS = frozenset(f"text/{kind}" for kind in ("calendar", "vcard", "x-vcard", "directory", "csv", "css"))


def _is_another_text(part: Part, *, alone: bool) -> bool:
    """Return whether programs show the part as text of the mail although it is not read here.

    That is another form of the text in an alternative, or a text with a file name that is not called an
    attachment.
    """
    is_text = part.content_type in _TEXTS or part.content_type.startswith("text/")
    shown = part.disposition in {"", "inline"} and part.content_type not in _NO_WORDS
    return is_text and shown and not _is_body(part, alone=alone)


def _build_attachment(part: Part) -> Attachment:
    size = transfer.decoded_size(bytes(part.body), part.encoding)
    return Attachment(part.name, part.content_type, size)


def _join_texts(bodies: list[Part], content_type: str) -> tuple[str, bool]:
    """Join the texts of one type with blank lines, up to a limit; also return whether there is more."""
    texts: list[str] = []
    left, is_cut = MAX_TEXT_BYTES, False
    for part in bodies:
        if part.content_type != content_type:
            continue
        octets, more = _decode_begin(part, max(0, left))
        is_cut = is_cut or more
        text = _decode_text(part, octets)
        left -= len(text.encode("utf-8", "replace"))
        texts.append(text)
    said = [text for text in texts if text.strip()]
    if texts and not said:
        return "\n" if content_type == "text/html" else "", is_cut
    return said[0] if len(said) == 1 else "\n\n".join(text.strip("\r\n") for text in said), is_cut


def _decode_text(part: Part, octets: bytes) -> str:
    text = charset.decode(octets, part.parameter("charset"))
    if part.content_type == "text/html":
        return html_text.to_text(text)
    if part.parameter("format").lower() == "flowed":
        return "\n".join(_join_flowed(text, delete_space=part.parameter("delsp").lower() == "yes"))
    return text


def _join_flowed(text: str, *, delete_space: bool) -> Iterator[str]:
    """Join flowed lines (RFC 3676 section 4.2): a line that ends with a space continues on the next one.

    Quoted paragraphs are joined only within their depth; the signature separator `-- ` is never joined. A `>`
    after the stuffed space of a line (section 4.4) was written by the author and is not a quote mark.
    """
    held: list[str] = []
    depth = 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        level = len(line) - len(words)
        words = _mark_own(words.removeprefix(" ")) if not level else words.removeprefix(" ")
        if held and (level != depth or words == "-- "):
            yield _join_paragraph(held, depth)
            held = []
        depth = level
        flowed = words.endswith(" ") and words != "-- "
        held.append(words[:-1] if flowed and delete_space else words)
        if not flowed:
            yield _join_paragraph(held, depth)
            held = []
    if held:
        yield _join_paragraph(held, depth)


_OWN = "\u2060"  # invisible, and no reader takes what follows it for a quote mark


def _mark_own(words: str) -> str:
    return _OWN + words if words.startswith(">") else words


def _join_paragraph(lines: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(lines)


def _decode_report(parts: list[Part]) -> bytes | None:
    part = find_report_part(parts)
    return decode_part(part) if part is not None else None
