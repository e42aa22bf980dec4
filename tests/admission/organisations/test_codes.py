"""Local-government codes: every labelled row, the check digit, the repairs."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations.codes import CodeKind, CodeStatus, check_digit, parse
from tests.support.paths import DATA

CASES = DATA / "codes.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
FIVE = st.tuples(st.integers(1, 47), st.integers(100, 999)).map(lambda pair: f"{pair[0]:02}{pair[1]}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["input"])
def test_labelled_code(row: dict[str, str]) -> None:
    got = parse(row["input"])
    assert (row["expected"], row["kind"]) == (got.verdict, got.kind)


@pytest.mark.parametrize(
    ("text", "verdict", "kind", "value"),
    [
        ("13101", CodeStatus.REPAIRABLE, CodeKind.WARD, "131016"),  # check digit left out
        ("10006", CodeStatus.REPAIRABLE, CodeKind.PREFECTURE, "010006"),  # leading zero lost
        ("13101-6", CodeStatus.REPAIRABLE, CodeKind.WARD, "131016"),
        ("１３１０１－６", CodeStatus.REPAIRABLE, CodeKind.WARD, "131016"),
        ("131016（千代田区）", CodeStatus.REPAIRABLE, CodeKind.WARD, "131016"),
        ("１３１−０１６", CodeStatus.REPAIRABLE, CodeKind.WARD, "131016"),
        ("7000012050002", CodeStatus.CORPORATE_NUMBER, CodeKind.NONE, ""),
        ("7-0000-1205-0002", CodeStatus.CORPORATE_NUMBER, CodeKind.NONE, ""),
        (
            "01801" + check_digit("01801"),
            CodeStatus.VALID,
            CodeKind.ASSOCIATION,
            "01801" + check_digit("01801"),
        ),
        (
            "13999" + check_digit("13999"),
            CodeStatus.VALID,
            CodeKind.ASSOCIATION,
            "13999" + check_digit("13999"),
        ),
        ("02101" + check_digit("02101"), CodeStatus.VALID, CodeKind.UNKNOWN, "02101" + check_digit("02101")),
        ("1310", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("00000", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("99999", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("千代田区", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("٠١٠٠٠٦", CodeStatus.INVALID, CodeKind.NONE, ""),
        ("1" * 1000, CodeStatus.INVALID, CodeKind.NONE, ""),
    ],
)
def test_reading(text: str, verdict: CodeStatus, kind: CodeKind, value: str) -> None:
    got = parse(text)
    assert (verdict, kind, value) == (got.verdict, got.kind, got.value)


@pytest.mark.parametrize(
    ("ward", "city"),
    [
        ("011011", "011002"),
        ("221384", "221309"),
        ("141313", "141305"),
        ("141518", "141500"),
        ("401315", "401307"),
    ],
)
def test_the_employer_in_an_administrative_ward_is_the_city(ward: str, city: str) -> None:
    got = parse(ward)
    assert (CodeKind.ADMINISTRATIVE_WARD, city) == (got.kind, got.employer)


@given(FIVE)
def test_a_code_with_its_check_digit_is_never_refused(five: str) -> None:
    six = five + check_digit(five)
    got = parse(six)
    assert (CodeStatus.VALID, six) == (got.verdict, got.value)
    assert got.employer


@given(FIVE, st.sampled_from("123456789"))
def test_a_wrong_check_digit_is_invalid(five: str, step: str) -> None:
    wrong = str((int(check_digit(five)) + int(step)) % 10)
    assert CodeStatus.INVALID is parse(five + wrong).verdict


@given(FIVE.filter(lambda five: five[2] != "1"))
def test_five_digits_are_completed(five: str) -> None:
    got = parse(five)
    assert CodeStatus.REPAIRABLE is got.verdict
    assert five + check_digit(five) in {got.value, got.other}


@given(FIVE.filter(lambda five: five[0] == "0" and five[2] != "1"))
def test_a_lost_zero_is_put_back(five: str) -> None:
    six = five + check_digit(five)
    assert (CodeStatus.REPAIRABLE, six) == (parse(six[1:]).verdict, parse(six[1:]).value)


@given(st.text(max_size=250))
def test_any_text_is_read(text: str) -> None:
    got = parse(text)
    assert got.verdict in set(CodeStatus)
    assert bool(got.value) == (got.verdict in {CodeStatus.VALID, CodeStatus.REPAIRABLE})
