"""A resolver for tests: answers from a zone written down in lines, at once and without a network."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.auth.dns.resolver import Answer, TempFail
from gateway.net.dns.server import Zone


class ZoneResolver:
    """Lines as `Zone.parse` reads them; TEMPFAIL and SILENT names raise TempFail.

    `queries` lists what was asked as (name, type); `add` and `remove` change the zone.
    """

    def __init__(self, text: str = "") -> None:
        self.zone = Zone.parse(text)
        self.add = self.zone.add
        self.remove = self.zone.remove

    @property
    def queries(self) -> list[tuple[str, str]]:
        return self.zone.queries

    async def resolve(self, name: str, rtype: str) -> Answer:
        key = name.lower().removesuffix(".")
        self.zone.asked(key, rtype)
        if self.zone.trouble(key, rtype):
            raise TempFail(f"{rtype} {key}")
        met, _, exists = self.zone.find(key, rtype)
        records = met[-1][2] if met and met[-1][1] == rtype else []
        aliases = tuple(values[0] for _, kind, values in met if kind == "CNAME" != rtype)
        return Answer(tuple(records), exists=exists, aliases=aliases)

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        return False
