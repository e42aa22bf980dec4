"""Check that replies of the staff can be read: who never passed the practice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from gateway.app.doctor.check import CheckResult, Subject, ok, warning
from gateway.app.wiring.database.source import build_source
from gateway.mail import address
from gateway.store.queries.practices import load_practices

CHECK = "practice"


async def check_practice(subject: Subject) -> Iterable[CheckResult]:
    """Report each member who may reply and never passed the practice; nothing without a database."""
    source = build_source(subject.config)
    if not await asyncio.to_thread(source.exists):
        return []
    found = await asyncio.to_thread(load_practices, source)
    passed = {key for key, record in found.items() if record.passed_at}
    writing = [one for one in subject.config.staff if one.role != "read"]
    never = [one for one in writing if address.parse(one.address).key not in passed]
    return [
        warning(
            CHECK,
            f"{one.name} <{one.address}> has not yet completed a practice request: "
            "replies may have to be resent",
            f"gateway staff try {one.address}",
        )
        for one in never
    ] or [ok(CHECK, "all staff who may reply have completed a practice request")]
