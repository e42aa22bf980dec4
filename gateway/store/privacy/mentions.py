"""Finds out whether a text is about one person: by their address, case numbers and names.

Mails are searched as their readers see them, in any charset and transfer encoding, and as octets. A number or
an address is unique to the person; another person can have the same name, so a name counts only in rows
without a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.mail import message
from gateway.mail.address import Address
from gateway.mail.encoding import charset
from gateway.mail.message import MalformedMessageError
from gateway.mail.mime import content, parts
from gateway.mail.text import fold

ERASED_ADDRESS = "erased@erased.invalid"  # RFC 6761 section 6.4: can never be anybody's
MIN_NAME, MAX_NEEDLES = 3, 100
_NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Subject:
    """The data subject: `numbers` of their cases and the `names` that they gave in them."""

    address: Address
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    _sure: re.Pattern[str] = field(init=False, repr=False)
    _address: re.Pattern[str] = field(init=False, repr=False)
    _names: re.Pattern[str] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = [number for number in self.numbers[:MAX_NEEDLES] if _NUMBER.fullmatch(number)]
        address = _address_pattern(str(self.address))
        sure = "|".join((address, *(rf"(?<![0-9A-Za-z]){number}(?![0-9A-Za-z])" for number in numbers)))
        names = [_name_pattern(name) for name in self.names[:MAX_NEEDLES] if len(_squeeze(name)) >= MIN_NAME]
        object.__setattr__(self, "_address", re.compile(address, re.IGNORECASE))
        object.__setattr__(self, "_sure", re.compile(sure, re.IGNORECASE))
        object.__setattr__(self, "_names", re.compile("|".join(names), re.IGNORECASE) if names else None)

    def has_address_in(self, text: str) -> bool:
        """Return whether a text contains exactly this address, in any case."""
        return self._address.search(text) is not None

    def is_named_in(self, text: str) -> bool:
        """Return whether a text contains a name of the person (or of somebody with the same name)."""
        return self._names is not None and self._names.search(text) is not None

    def is_in(self, table: str, row: Mapping[str, Any], columns: Iterable[str]) -> bool:
        """Return whether a row of a table in `PLACES` is about the person."""
        text = "\n".join(str(row[name]) for name in columns)
        if table == "mails":
            text = f"{text}\n{read_octets(bytes(row['raw']))}"
        # The case number is kept in the journal and in cases that refer to it as an earlier one.
        sure = self._sure if table in {"mails", "letters"} else self._address
        is_of_no_case = table != "cases" and row["case_id"] is None
        return sure.search(text) is not None or (is_of_no_case and self.is_named_in(text))

    def is_about(self, text: str) -> bool:
        """Return whether a value of a list entry, such as a line of a digest, makes the entry theirs."""
        return self._sure.search(text) is not None or self.is_named_in(text)

    def erase_from(self, text: str) -> str:
        """Return the text with `ERASED_ADDRESS` in place of their address, and without numbers and names."""
        text = self._address.sub(ERASED_ADDRESS, text)
        text = self._sure.sub("", text)
        return self._names.sub("", text) if self._names is not None else text


def read_octets(raw: bytes) -> str:
    """Return all text of a mail: its octets, and each part decoded from its transfer encoding and charset."""
    if not raw:
        return ""
    texts = [raw.decode("latin-1"), charset.decode(raw, "")]
    try:
        found = list(parts.iter_parts(message.parse(raw)))
    except MalformedMessageError:
        found = []
    for part in found:
        octets = content.decode_part(part, len(raw))
        texts.append(charset.decode(octets, part.parameter("charset")))
        texts.append(fold(texts[-1]))
    return "\n".join(texts)


def _address_pattern(address: str) -> str:
    # `ohanako@town.example` and `hanako@town.example.jp` do not contain `hanako@town.example`.
    return rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)"


def _name_pattern(name: str) -> str:
    # Quoting breaks lines, and removes or widens the space between names.
    return r"[\s\u3000>]*".join(re.escape(sign) for sign in _squeeze(name))


def _squeeze(name: str) -> str:
    return "".join(name.split())
