"""Extracts a colleague's address from the own text of an applicant's answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator

from gateway.admission.replies.text import own_words
from gateway.mail import address
from gateway.mail.address import Address, AddressError
from gateway.patterns import compile_later

MAX_ADDRESSES = 5
MAX_TEXT = 20_000
_ADDRESS = compile_later(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")


def find_addresses(
    text: str, letter_lines: tuple[str, ...], besides: Collection[str]
) -> tuple[tuple[Address, ...], str]:
    """Return the addresses in the author's own text, and the text without those lines.

    Lines of our letters, quotations, signatures and lines that are announced as such are left out, and so are
    the addresses with the keys `besides`: the applicant's own and ours. At most the first few are returned.
    """
    ours = {_compact(line) for line in letter_lines}
    found: dict[str, Address] = {}
    rest: list[str] = []
    for line in own_words.split(text[:MAX_TEXT], letter_lines).lines:
        read = [] if line.label or _compact(line.text) in ours else list(_read_line(line.text))
        named = [one for one in read if one.key not in besides]
        found |= {one.key: one for one in named if one.key not in found}
        rest += [] if named else [line.text]
    return tuple(found.values())[:MAX_ADDRESSES], "\n".join(rest).strip()


def _compact(line: str) -> str:
    return "".join(line.split())


def _read_line(line: str) -> Iterator[Address]:
    for match in _ADDRESS.finditer(unicodedata.normalize("NFKC", line)):
        try:
            yield address.parse(match.group().strip("."))
        except AddressError:
            continue
