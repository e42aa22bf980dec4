"""A small DNS zone that is read from text or changed while it is served.

dnspython parses the records (RFC 1035 section 5). Additional lines make names fail. RFC 8020 for empty
non-terminals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import dns.exception
import dns.name

from gateway.net.dns import zone_file
from gateway.net.dns.zone_file import TYPES, Record

TROUBLES = ("TEMPFAIL", "SILENT")
MAX_QUERIES_KEPT = 100_000
MAX_CHAIN = 8


@dataclass
class Zone:
    """Names with their records; `queries` lists every question as (name, type), in order.

    `records` maps a name in lower case to its types, each with values in presentation format;
    `troubles` maps a name and a type (empty for all types) to TEMPFAIL (SERVFAIL) or SILENT (no
    response). `validated` lets the server mark all answers as validated by DNSSEC (AD).
    """

    records: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    troubles: dict[tuple[str, str], str] = field(default_factory=dict)
    queries: list[tuple[str, str]] = field(default_factory=list)
    validated: bool = False

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Parse zone file lines `name TYPE value`, one record per line, and `name TEMPFAIL` or `name SILENT`.

        TEMPFAIL and SILENT may be followed by the one type that they apply to. Names are absolute, `#` starts
        a comment too, and a TXT value without quotes extends to the end of the line. Raises ValueError with
        the number of the first bad line.
        """
        zone = cls()
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                zone._read_line(line.strip())
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
        return zone

    def _read_line(self, line: str) -> None:
        words = line.split(None, 2)
        if not words or words[0].startswith("#"):
            return
        if len(words) > 1 and words[1].upper() in TROUBLES:
            self.add(*words)
        else:
            for record in zone_file.read_line(line):
                self._keep(record)

    def add(self, name: str, rtype: str, value: str = "") -> None:
        """Add one record, or a failure (TEMPFAIL, SILENT) for the whole name or the type in `value`.

        Raises ValueError.
        """
        key, rtype = _key(name), rtype.upper()
        if rtype not in TROUBLES:
            self._keep(zone_file.read_value(wire_name(key), rtype, value))
            return
        of_type = value.partition("#")[0].strip().upper()
        if of_type and of_type not in TYPES:
            raise ValueError(f"the value of {rtype} must be a record type")
        self.troubles[key, of_type] = rtype

    def _keep(self, record: Record) -> None:
        types = self.records.setdefault(name_key(record.name), {})
        types.setdefault(record.rtype, []).append(record.value)

    def remove(self, name: str, rtype: str | None = None) -> None:
        """Remove the records of one type, all failures, or everything at `name`."""
        key = _key(name)
        if rtype is None or rtype.upper() in TROUBLES:
            self.troubles = {at: trouble for at, trouble in self.troubles.items() if at[0] != key}
        if rtype is None:
            self.records.pop(key, None)
        elif key in self.records:
            self.records[key].pop(rtype.upper(), None)

    def exists(self, name: str) -> bool:
        """Return whether the name or a name below it has records (RFC 8020: empty non-terminals exist)."""
        below = "." + name
        return any(types and (key == name or key.endswith(below)) for key, types in self.records.items())

    def find(self, name: str, rtype: str) -> tuple[list[tuple[str, str, list[str]]], str, bool]:
        """Follow CNAMEs from `name`; return the records met, the last name, and whether that name exists."""
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
        """Return TEMPFAIL, SILENT or an empty string, for `name` and the targets of its CNAMEs."""
        if not self.troubles:
            return ""
        met, last, _ = self.find(name, rtype)
        places = [
            (key, of_type) for key in (name, *(link[0] for link in met), last) for of_type in ("", rtype)
        ]
        return next((self.troubles[place] for place in places if place in self.troubles), "")

    def asked(self, name: str, rtype: str) -> None:
        """Record a question; drop the oldest half when the list is full."""
        if len(self.queries) >= MAX_QUERIES_KEPT:
            del self.queries[: MAX_QUERIES_KEPT // 2]
        self.queries.append((name, rtype))


def wire_name(key: str) -> dns.name.Name:
    """Build a dnspython name from labels, because parsing text would interpret some characters."""
    labels = [label.encode("latin-1") for label in key.split(".")] if key else []
    return dns.name.Name([*labels, b""])


def name_key(name: dns.name.Name) -> str:
    """Return a name in the zone's format, from its labels, because `to_text` would escape some octets."""
    return b".".join(name.labels[:-1]).decode("latin-1").lower()


def _key(name: str) -> str:
    key = name.lower().removesuffix(".")
    try:
        wire_name(key)
    except (dns.exception.DNSException, UnicodeError):
        raise ValueError("the name is not a valid DNS name") from None
    return key
