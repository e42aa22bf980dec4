"""The DNS answers that a verdict keeps: what was seen, bounded, and ready for JSON."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from gateway.auth.dns.query_log import MAX_ANSWER_CHARS, MAX_ANSWERS, QueryLog
from gateway.auth.dns.resolver import TempFail
from gateway.auth.results import AnswerStatus, Arc, Dkim, QueryLogEntry, Result, Spf, Verdict
from tests.auth.test_authenticate import AUTHOR, SIGNED, checked
from tests.support.dns import ZoneResolver


async def seen(zone: str, *questions: tuple[str, str]) -> tuple[QueryLogEntry, ...]:
    recorder = QueryLog(ZoneResolver(zone))
    for name, rtype in questions:
        try:
            await recorder.resolve(name, rtype)
        except TempFail:
            continue
    return recorder.answers


@pytest.mark.parametrize(
    ("zone", "records", "status"),
    [
        ("a.example TXT one\na.example TXT two", ("one", "two"), AnswerStatus.RECORDS),
        ("a.example A 192.0.2.1", (), AnswerStatus.NOTHING),
        ("", (), AnswerStatus.NXDOMAIN),
        ("a.example TEMPFAIL", (), AnswerStatus.TEMPFAIL),
        (f"a.example TXT {'x' * 3000}", ("x" * 999 + "…",), AnswerStatus.RECORDS),
        (
            f"a.example TXT {'x' * 990}\na.example TXT {'y' * 20}\na.example TXT z",
            ("x" * 990, "y" * 9 + "…"),
            AnswerStatus.RECORDS,
        ),
    ],
)
async def test_each_answer_is_kept_as_it_was(
    zone: str, records: tuple[str, ...], status: AnswerStatus
) -> None:
    assert (QueryLogEntry("a.example", "TXT", records, status),) == await seen(zone, ("a.example", "TXT"))


async def test_a_question_asked_twice_is_kept_once_and_the_number_is_bounded() -> None:
    questions = [(f"n{number // 2}.example", "TXT") for number in range(4 * MAX_ANSWERS)]
    got = await seen("", *questions)
    assert [f"n{number}.example" for number in range(MAX_ANSWERS)] == [one.name for one in got]


async def test_thousands_of_empty_records_are_bounded_too() -> None:
    resolver = ZoneResolver()
    resolver.zone.records["a.example"] = {"TXT": [""] * 5000}
    recorder = QueryLog(resolver)
    await recorder.resolve("a.example", "TXT")
    records = recorder.answers[0].records
    assert (MAX_ANSWER_CHARS + 1, "…") == (len(records), records[-1])


async def test_a_verdict_names_what_dns_said_about_every_part_of_the_proof() -> None:
    got = await checked("", SIGNED)
    by_name = {(one.name, one.rtype): one.status for one in got.answers}
    assert AnswerStatus.RECORDS == by_name[AUTHOR, "TXT"]
    assert AnswerStatus.RECORDS == by_name[f"sel._domainkey.{AUTHOR}", "TXT"]
    assert AnswerStatus.NXDOMAIN == by_name[f"_dmarc.{AUTHOR}", "TXT"]
    assert AnswerStatus.RECORDS == by_name[AUTHOR, "MX"]


async def test_a_verdict_survives_json_even_with_a_surrogate_in_a_name() -> None:
    verdict = await checked("", SIGNED)
    answers = (*verdict.answers, *(await seen("", ("\udcff.example", "TXT"), ("é" * 400, "A"))))
    verdict = replace(
        verdict,
        arc=Arc(Result.PASS, "x.example", dkim_domains=("a.example",)),
        answers=answers,
        spf=Spf(Result.NONE, "", relay="mx.example"),
        dkim=(Dkim(Result.PASS, AUTHOR, "sel", weak=True),),
    )
    assert verdict == msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict)
