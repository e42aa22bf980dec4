"""Names and records of a small DNS zone, written down in lines or changed while it is served.

RFC 1035 for the records, RFC 8020 for names that exist because something stands below them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import dns.exception
import dns.name

TROUBLES = ("TEMPFAIL", "SILENT")
MAX_QUERIES_KEPT = 100_000
MAX_CHAIN = 8


@dataclass
class Zone:
    """Names with their records; `queries` lists every question as (name, type), in order.

    `records` maps a name in lower case to its types, each with values in presentation form;
    `troubles` maps a name and a type (empty for all types) to TEMPFAIL (SERVFAIL) or SILENT (no
    answer at all). `validated` lets the server say of all answers that DNSSEC proves them.
    """

    records: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    troubles: dict[tuple[str, str], str] = field(default_factory=dict)
    queries: list[tuple[str, str]] = field(default_factory=list)
    validated: bool = False

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Read lines `name TYPE value`, `name TEMPFAIL` or `name SILENT`; `#` begins a comment line.

        Behind TEMPFAIL or SILENT may stand the one type that it is for. A TXT value reaches to the
        end of the line, quotes around it are optional. Raises ValueError with the number of the first
        bad line.
        """
        zone = cls()
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.split(None, 2)
            if not words or words[0].startswith("#"):
                continue
            try:
                if len(words) < 2:
                    raise ValueError("a line is: name TYPE value")
                zone.add(words[0], words[1], words[2] if len(words) == 3 else "")
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
        return zone

    def add(self, name: str, rtype: str, value: str = "") -> None:
        """Add one record, or a trouble (TEMPFAIL, SILENT) for the whole name or the type in `value`.

        Raises ValueError.
        """
        key, rtype = _key(name), rtype.upper()
        if rtype in TROUBLES:
            of_type = _strip_comment(value).upper()
            if of_type and of_type not in _CLEANERS:
                raise ValueError(f"{rtype} takes no value but a type")
            self.troubles[key, of_type] = rtype
            return
        if rtype not in _CLEANERS:
            raise ValueError(f"unknown type {rtype}; known are {', '.join([*_CLEANERS, *TROUBLES])}")
        if not value.strip():
            raise ValueError(f"{rtype} needs a value")
        self.records.setdefault(key, {}).setdefault(rtype, []).append(_CLEANERS[rtype](value))

    def remove(self, name: str, rtype: str | None = None) -> None:
        """Take away the records of one type, or all troubles, or everything at `name`."""
        key = _key(name)
        if rtype is None or rtype.upper() in TROUBLES:
            self.troubles = {at: trouble for at, trouble in self.troubles.items() if at[0] != key}
        if rtype is None:
            self.records.pop(key, None)
        elif key in self.records:
            self.records[key].pop(rtype.upper(), None)

    def exists(self, name: str) -> bool:
        """Whether the name or a name below it has records (RFC 8020: empty non-terminals exist)."""
        below = "." + name
        return any(types and (key == name or key.endswith(below)) for key, types in self.records.items())

    def find(self, name: str, rtype: str) -> tuple[list[tuple[str, str, list[str]]], str, bool]:
        """Follow CNAMEs from `name`: the links and records met, the last name, and whether it exists."""
        met: list[tuple[str, str, list[str]]] = []
        for _ in range(MAX_CHAIN):
            types = self.records.get(name, {})
            if types.get(rtype):
                return [*met, (name, rtype, types[rtype])], name, True
            if not types.get("CNAME"):
                break
            met.append((name, "CNAME", types["CNAME"][:1]))
            name = types["CNAME"][0]
        return met, name, self.exists(name)

    def trouble(self, name: str, rtype: str) -> str:
        """TEMPFAIL, SILENT or empty, for `name` and what its CNAMEs lead to."""
        if not self.troubles:
            return ""
        met, last, _ = self.find(name, rtype)
        places = [
            (key, of_type) for key in (name, *(link[0] for link in met), last) for of_type in ("", rtype)
        ]
        return next((self.troubles[place] for place in places if place in self.troubles), "")

    def asked(self, name: str, rtype: str) -> None:
        """Note a question; the oldest are forgotten when there are very many."""
        if len(self.queries) >= MAX_QUERIES_KEPT:
            del self.queries[: MAX_QUERIES_KEPT // 2]
        self.queries.append((name, rtype))


def wire_name(key: str) -> dns.name.Name:
    """A name as dnspython holds it, from labels, since text would give some octets a meaning."""
    labels = [label.encode("latin-1") for label in key.split(".")] if key else []
    return dns.name.Name([*labels, b""])


def _key(name: str) -> str:
    key = name.lower().removesuffix(".")
    try:
        wire_name(key)
    except (dns.exception.DNSException, UnicodeError):
        raise ValueError("the name is not one that DNS can hold") from None
    return key


def _strip_comment(value: str) -> str:
    return value.partition("#")[0].strip()


def _host(value: str) -> str:
    return _key(_strip_comment(value))


def _mx(value: str) -> str:
    preference, _, host = _strip_comment(value).partition(" ")
    if not preference.isdecimal() or int(preference) > 65_535 or not host.strip():
        raise ValueError("MX is: preference host")
    return f"{int(preference)} {_key(host.strip()) or '.'}"


def _txt(value: str) -> str:
    text = value.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('" "', "")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("TXT holds characters above U+00FF") from None
    return text


_CLEANERS: dict[str, Callable[[str], str]] = {
    "A": lambda value: str(IPv4Address(_strip_comment(value))),
    "AAAA": lambda value: str(IPv6Address(_strip_comment(value))),
    "MX": _mx,
    "TXT": _txt,
    "PTR": _host,
    "CNAME": _host,
}
