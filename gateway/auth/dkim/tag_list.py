"""Tag lists, the syntax of DKIM signatures, DKIM keys and DMARC records (RFC 6376 section 3.2).

Every function is linear in its input, and raises TagError with a reason for invalid input.
"""

from __future__ import annotations

import binascii
import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}", re.ASCII)
# RFC 6376 section 3.2: printable US-ASCII except the semicolon, with folding white space.
_VALUE = re.compile(r"[\x21-\x3a\x3c-\x7e \t\r\n]*", re.ASCII)
_SPACE = " \t\r\n"
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
MAX_TAGS = 100


class TagError(ValueError):
    """Raised if the text is not a tag list, or a tag has an invalid value; the message gives the reason."""


def parse(text: str) -> dict[str, str]:
    """Parse `a=1; b=2` into a dictionary in the order received; values are stripped.

    Raises TagError for duplicate tags, empty names, characters outside the syntax, and more than 100 tags.
    """
    tags: dict[str, str] = {}
    parts = text.split(";")
    if not parts[-1].strip(_SPACE):
        parts.pop()
    if len(parts) > MAX_TAGS:
        raise TagError(f"the field has more than {MAX_TAGS} tags")
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip(_SPACE)
        if not equals or _NAME.fullmatch(name) is None:
            raise TagError("the field is not a list of tag=value pairs")
        if name in tags:
            raise TagError(f"the tag {name}= is duplicated")
        if _VALUE.fullmatch(value) is None:
            raise TagError(f"{name}= contains an invalid character")
        tags[name] = value.strip(_SPACE)
    return tags


def parse_number(tags: dict[str, str], name: str, max_digits: int) -> int | None:
    """Return the value of a numeric tag; None if it is absent."""
    text = tags.get(name)
    if text is None:
        return None
    if len(text) > max_digits or _DIGITS.fullmatch(text) is None:
        raise TagError(f"{name}= is not a number")
    return int(text)


def decode_base64(text: str, name: str) -> bytes:
    """Decode base64 that contains folding white space (RFC 6376 section 2.10)."""
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(None, _SPACE.encode()), strict_mode=True)
    except ValueError:  # also raised if the text is not ASCII
        raise TagError(f"{name}= is not base64") from None


def split_colon_list(text: str) -> list[str]:
    """Return the members of a list such as `from : to` in lower case, without the white space around them."""
    return [member.strip(_SPACE).lower() for member in text.split(":")]
