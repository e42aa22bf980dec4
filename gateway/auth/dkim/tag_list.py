"""Tag lists, the syntax that DKIM signatures, DKIM keys and DMARC records share (RFC 6376 section 3.2).

Every function is linear in its input and raises TagError with a reason for anything else.
"""

from __future__ import annotations

import binascii
import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}", re.ASCII)
# RFC 6376 section 3.2: printable US-ASCII but the semicolon, folding white space inside.
_VALUE = re.compile(r"[\x21-\x3a\x3c-\x7e \t\r\n]*", re.ASCII)
_SPACE = " \t\r\n"
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
MAX_TAGS = 100


class TagError(ValueError):
    """The text is no tag list, or a tag has no valid value; the message says which."""


def parse(text: str) -> dict[str, str]:
    """Split `a=1; b=2` into a dictionary in the order received, values stripped at both ends.

    Raises TagError for duplicate tags, empty names, characters outside the syntax and over 100 tags.
    """
    tags: dict[str, str] = {}
    parts = text.split(";")
    if not parts[-1].strip(_SPACE):
        parts.pop()
    if len(parts) > MAX_TAGS:
        raise TagError(f"more than {MAX_TAGS} tags")
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip(_SPACE)
        if not equals or _NAME.fullmatch(name) is None:
            raise TagError("not a list of tag=value pairs")
        if name in tags:
            raise TagError(f"the tag {name}= stands twice")
        if _VALUE.fullmatch(value) is None:
            raise TagError(f"a character outside the syntax in {name}=")
        tags[name] = value.strip(_SPACE)
    return tags


def parse_number(tags: dict[str, str], name: str, max_digits: int) -> int | None:
    """The value of a numeric tag, None when it is absent."""
    text = tags.get(name)
    if text is None:
        return None
    if len(text) > max_digits or _DIGITS.fullmatch(text) is None:
        raise TagError(f"{name}= is not a number")
    return int(text)


def decode_base64(text: str, name: str) -> bytes:
    """Decode base64 with folding white space inside (RFC 6376 section 2.10)."""
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(None, _SPACE.encode()), strict_mode=True)
    except ValueError:  # also what is not ASCII
        raise TagError(f"{name}= is not base64") from None


def split_colon_list(text: str) -> list[str]:
    """The members of a list such as `from : to`, in lower case, without the white space around them."""
    return [member.strip(_SPACE).lower() for member in text.split(":")]
