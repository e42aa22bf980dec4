"""Reports of other mail systems, each read as it is labelled; counts are printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.mail.message import parse
from gateway.mail.mime.bounce import BounceKind, read_bounce

FOLDER = Path(__file__).parent / "bounces"
ROWS: list[dict[str, str]] = [
    json.loads(line) for line in (FOLDER / "expected.jsonl").read_text(encoding="ascii").splitlines()
]


def read(name: str) -> BounceKind:
    return read_bounce(parse((FOLDER / name).read_bytes())).kind


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_report_is_read_as_labelled(row: dict[str, str]) -> None:
    assert row["kind"] == read(row["file"])


def test_the_reports_are_counted(record_property: Callable[[str, object], None]) -> None:
    """No failure is a delay or an absence, nothing else is a failure."""
    found = [(row["kind"], read(row["file"])) for row in ROWS]
    failed = [kind for label, kind in found if label == "bounce"]
    taken = sum(kind == "bounce" for label, kind in found if label != "bounce")
    record_property(
        "figure",
        f"reports: {failed.count('bounce')}/{len(failed)} failures seen, {taken} others taken for one",
    )
    assert {"bounce"} == set(failed)
    assert 0 == taken
