"""Names and records of a small DNS zone, written down in lines or changed while it is served.

Records are read by dnspython (RFC 1035 section 5); beside them the lines may say which names have trouble.
RFC 8020 for names that exist because something stands below them.
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
        """Read lines `name TYPE value` as a zone file has them, a record a line, and `name TEMPFAIL` or
        `name SILENT`, behind which may stand the one type that it is for.

        Names are absolute, `#` begins a comment too, and a TXT value without quotes reaches to the end of the
        line. Raises ValueError with the number of the first bad line.
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
        """Add one record, or a trouble (TEMPFAIL, SILENT) for the whole name or the type in `value`.

        Raises ValueError.
        """
        key, rtype = _key(name), rtype.upper()
        if rtype not in TROUBLES:
            self._keep(zone_file.read_value(wire_name(key), rtype, value))
            return
        of_type = value.partition("#")[0].strip().upper()
        if of_type and of_type not in TYPES:
            raise ValueError(f"{rtype} takes no value but a type")
        self.troubles[key, of_type] = rtype

    def _keep(self, record: Record) -> None:
        types = self.records.setdefault(name_key(record.name), {})
        types.setdefault(record.rtype, []).append(record.value)

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


def name_key(name: dns.name.Name) -> str:
    """A name of dnspython as the zone holds it: from labels, since text would show some octets escaped."""
    return b".".join(name.labels[:-1]).decode("latin-1").lower()


def _key(name: str) -> str:
    key = name.lower().removesuffix(".")
    try:
        wire_name(key)
    except (dns.exception.DNSException, UnicodeError):
        raise ValueError("the name is not one that DNS can hold") from None
    return key
