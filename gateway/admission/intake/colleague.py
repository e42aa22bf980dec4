"""The address of a colleague in an applicant's answer: what stands in the own words, one address alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from gateway.admission.replies.text import own_words
from gateway.mail import address
from gateway.mail.address import Address, AddressError

MAX_ADDRESSES = 5
MAX_TEXT = 20_000
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")


def find_addresses(
    text: str, letter_lines: tuple[str, ...], besides: Collection[str]
) -> tuple[tuple[Address, ...], str]:
    """The addresses that the writer's own words hold, and the words without their lines.

    Left out are lines of our letters, quotations, signatures and what a line above announced as such, and
    the addresses `besides` (keys): the applicant's own and ours. Of many the first few are given.
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
