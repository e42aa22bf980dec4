"""What a mail says: its text, its attachments by name, kind and size. Nothing is opened, stored or fetched.

All text/plain parts that are no attachments count, in their order (a gateway puts its notice into one of
its own), else the text of the HTML parts (RFC 2046, 2183, 3676).
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

# Twice what is read of a text in Japanese; what a stranger can make us decode holds the loop under 0.1 s.
MAX_TEXT_BYTES = 200_000
# base64 with line ends is 1.37 times as long, quoted-printable three times.
_ENCODED_FACTOR = 3
# No reader looks at more octets of a part.
MAX_READ_BYTES = _ENCODED_FACTOR * MAX_TEXT_BYTES

Source = Literal["plain", "html", "none"]
# Forms that only some programs open: the text is inside.
Packing = Literal["", "tnef", "smime"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the mail's text. `name` may be empty; `size_bytes` is that of the decoded octets."""

    name: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Content:
    """`text` with LF line ends, cut to 200 KB (`is_cut`: it, or the HTML); `html_text` what the HTML parts
    show, beside a plain text or as the text itself, a line end if there are some and they show nothing;
    `has_another_text`: some programs show words that are in neither; `report` the part for machines of a
    report (RFC 6522), `packing` what a text may be in that cannot be read here: winmail.dat, or opaque or
    encrypted S/MIME (RFC 8551)."""

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
    """Read the content. Raises MalformedMessageError over the caps of `mime`, and nothing else."""
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
    """What packs a text. A detached signature (multipart/signed) does not: its text stands beside it."""
    for part in parts:
        name = part.name.lower()
        if part.content_type in _TNEF or name == "winmail.dat":
            return "tnef"
        if part.content_type in _SMIME or name == "smime.p7m":
            return "smime"
    return ""


# What stands around parts, and nobody reads: delimiter lines, Content-* fields, empty lines.
_FRAME = re.compile(
    rb"(?:--[^\r\n]*\r\n|content-[a-z-]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*|\r\n)*", re.IGNORECASE
)


def _is_one_part(message: Message, bodies: list[Part]) -> bool:
    """Whether the octets of the body can be cut into parts in one way only, as far as their text goes."""
    plain = [part for part in bodies if part.content_type == "text/plain"]
    begins = len(message.raw) - len(message.body)
    return len(plain) == 1 and _FRAME.fullmatch(message.raw, begins, plain[0].start) is not None


def find_report_part(parts: list[Part]) -> Part | None:
    """The part of a report that is for machines (RFC 3464, RFC 8098, RFC 5965), or None."""
    return next((part for part in parts if part.content_type in REPORTS), None)


REPORTS = {
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",  # RFC 6533
    "message/disposition-notification": "disposition",
    "message/global-disposition-notification": "disposition",
    "message/feedback-report": "feedback",
}


def decode_part(part: Part, limit: int = MAX_TEXT_BYTES) -> bytes:
    """The first `limit` octets of a part, decoded, cut at a line's end where there is one."""
    return _decode_begin(part, limit)[0]


def _decode_begin(part: Part, limit: int) -> tuple[bytes, bool]:
    """The same, and whether there is more."""
    octets = transfer.decode(bytes(part.body[: _ENCODED_FACTOR * limit]), part.encoding)
    if len(octets) <= limit:
        return octets, len(part.body) > _ENCODED_FACTOR * limit
    # In the middle of a character a strict reading would fail, and a wrong charset would be guessed.
    end = octets.rfind(b"\n", 0, limit)
    return octets[: end if end > 0 else limit], True


def _is_body(part: Part, *, alone: bool) -> bool:
    """RFC 2183 section 2.8: an unknown disposition is treated as attachment. A text with a file's name and
    without `inline` is one too, when it stands beside other parts."""
    if part.content_type not in {"text/plain", "text/html"}:
        return False
    return part.disposition == "inline" or (not part.disposition and (alone or not part.name))


_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml"})
# Cards, tables and what programs are told: beside the words of a mail, not in their place.
_NO_WORDS = frozenset(f"text/{kind}" for kind in ("calendar", "vcard", "x-vcard", "directory", "csv", "css"))


def _is_another_text(part: Part, *, alone: bool) -> bool:
    """Whether programs show the part as words of the mail that are not read here: another form of them in an
    alternative, or a text with a file's name that nothing calls an attachment."""
    is_text = part.content_type in _TEXTS or part.content_type.startswith("text/")
    shown = part.disposition in {"", "inline"} and part.content_type not in _NO_WORDS
    return is_text and shown and not _is_body(part, alone=alone)


def _build_attachment(part: Part) -> Attachment:
    size = transfer.decoded_size(bytes(part.body), part.encoding)
    return Attachment(part.name, part.content_type, size)


def _join_texts(bodies: list[Part], content_type: str) -> tuple[str, bool]:
    """The texts of one kind, a blank line between them, and whether there is more: what is read in all is
    bounded."""
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
    """Join flowed lines (RFC 3676 section 4.2): a line that ends in a space goes on in the next one.

    Quoted paragraphs are joined within their depth only; the signature's `-- ` is never joined. A `>` behind
    the blank that stuffs a line (section 4.4) is the writer's own, and no mark of a quotation.
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


_OWN = "\u2060"  # nobody sees it, and no reader takes what stands behind it for a mark of a quotation


def _mark_own(words: str) -> str:
    return _OWN + words if words.startswith(">") else words


def _join_paragraph(lines: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(lines)


def _decode_report(parts: list[Part]) -> bytes | None:
    part = find_report_part(parts)
    return decode_part(part) if part is not None else None
