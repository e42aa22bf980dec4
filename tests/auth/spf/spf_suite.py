"""The official SPF test suite (RFC 7208) as cases, each with the zone that it is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Spf
from gateway.auth.spf import check
from gateway.net.dns.zone import Zone
from tests.suites.cache import CACHE

FILE = CACHE / "rfc7208-tests.yml"
TYPES = ("A", "AAAA", "MX", "PTR", "TXT")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `results` are all that the suite allows, `scenario` numbers the zone."""

    name: str
    scenario: int
    client_ip: str
    helo: str
    sender: str
    results: tuple[str, ...]


def load() -> tuple[list[Case], list[Zone]]:
    """Every case and every zone; both empty without the file."""
    if not FILE.exists():
        return [], []
    import yaml

    documents = list(yaml.safe_load_all(FILE.read_text(encoding="utf-8")))
    cases = [
        _case(name, number, facts)
        for number, document in enumerate(documents)
        for name, facts in document["tests"].items()
    ]
    return cases, [_zone(document["zonedata"]) for document in documents]


async def run(case: Case, resolver: Resolver) -> Spf:
    """Ask our own wrapper: by MAIL FROM, or by HELO when it is empty."""
    if not case.sender:
        return await check.check(case.client_ip, None, case.helo, resolver)
    return await check.evaluate(case.client_ip, case.sender, case.helo, resolver)


def _case(name: str, number: int, facts: dict[str, Any]) -> Case:
    allowed = facts["result"]
    results = tuple(allowed) if isinstance(allowed, list) else (allowed,)
    return Case(name, number, facts["host"], facts["helo"], facts["mailfrom"], results)


def _zone(data: dict[str, list[Any]]) -> Zone:
    zone = Zone()
    for name, entries in data.items():
        key = name.lower().removesuffix(".")
        # Straight into the table: some of these records are wrong on purpose.
        zone.records[key] = records = {}
        pairs = [pair for entry in entries if isinstance(entry, dict) for pair in entry.items()]
        for rtype, value in _with_txt(pairs):
            if value == "TIMEOUT":
                zone.add(name, "TEMPFAIL", rtype)
            elif value != "NONE":
                records.setdefault(rtype, []).append(_text(rtype, value))
        if "TIMEOUT" in entries:
            # What stands there answers; every other type at this name does not.
            for rtype in set(TYPES) - set(records):
                zone.add(name, "TEMPFAIL", rtype)
    return zone


def _with_txt(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Without type SPF, which RFC 7208 took away: it stands for TXT where the name gives no TXT."""
    has_txt = any(rtype == "TXT" for rtype, _ in pairs)
    renamed = [("TXT" if rtype == "SPF" and not has_txt else rtype, value) for rtype, value in pairs]
    return [(rtype, value) for rtype, value in renamed if rtype != "SPF"]


def _text(rtype: str, value: Any) -> str:
    """Presentation form as the zone holds it."""
    if rtype == "MX":
        return f"{value[0]} {value[1] or '.'}"
    if rtype == "TXT":
        joined = "".join(value) if isinstance(value, list) else value
        return joined.encode("utf-8").decode("latin-1")
    return str(value).lower().removesuffix(".") if rtype in {"CNAME", "PTR"} else str(value)
