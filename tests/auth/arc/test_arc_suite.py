"""The validation tests of ValiMail's arc_test_suite, as Mail::DKIM ships them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import yaml

from gateway.auth.arc import validate
from gateway.auth.results import Result
from gateway.mail import message
from tests.suites.cache import read
from tests.support.dns import ZoneResolver

NAME = "arc-draft-validation-tests.yml"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
# RFC 8301 section 3.1: SHA-1 must not be used. RFC 6376 section 5.4: From must be signed.
REFUSED = {"ams_fields_a_sha1", "as_fields_a_sha1", "ams_fields_h_empty"}
COUNT = 170
TRUSTED = frozenset({"example.org", "example2.org"})


@cache
def suites() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(read(NAME, "the validation tests of arc_test_suite").decode()))


def zone(suite: dict[str, Any]) -> str:
    records = suite.get("txt-records") or {}
    return "".join(f"{name} TXT {' '.join(text.split())}\n" for name, text in records.items())


async def judged(test: dict[str, Any], records: str) -> Result:
    raw = re.sub(rb"\r?\n", b"\r\n", (test["message"] or "").encode())
    try:
        parsed = message.parse(raw)
    except message.MalformedMessageError:
        return Result.FAIL
    return (await validate.check(parsed, ZoneResolver(records), TRUSTED, NOW)).result


async def test_chains_of_the_public_suite(record_property: pytest.RecordProperty) -> None:
    wrong, count = {}, 0
    for suite in suites():
        for name, test in suite["tests"].items():
            count += 1
            expected = Result.FAIL if name in REFUSED else Result(str(test["cv"] or "fail").lower())
            if (got := await judged(test, zone(suite))) != expected:
                wrong[name] = f"{expected} expected, {got}"
    record_property("figure", f"ARC chains of arc_test_suite: {count - len(wrong)}/{count}")
    assert ({}, COUNT) == (wrong, count)
