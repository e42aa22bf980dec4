"""The Authentication-Results field that we write, and those under our name that are taken out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.write import (
    format_results,
    format_results_field,
    remove_foreign_results,
)
from gateway.auth.results import Arc, Dkim, Dmarc, MxState, Result, Spf, Verdict
from gateway.auth.verdict import compute_verdict
from gateway.mail import message

AUTHOR = "city.mihon.lg.jp"


def of(**changed: object) -> Verdict:
    dkim = (Dkim(Result.PASS, AUTHOR, "sel", "rsa-sha256"),)
    got = compute_verdict(
        AUTHOR, Spf(Result.PASS, AUTHOR), dkim, Dmarc(Result.PASS, AUTHOR, "reject"), MxState.MX
    )
    return replace(got, **changed)  # type: ignore[arg-type]  # keywords of one class


def test_the_field_names_each_method_with_its_properties() -> None:
    expected = (
        "desk.example; spf=pass smtp.mailfrom=city.mihon.lg.jp; "
        "dkim=pass header.d=city.mihon.lg.jp header.s=sel header.a=rsa-sha256; "
        "dmarc=pass header.from=city.mihon.lg.jp policy.dmarc=reject"
    )
    assert expected == format_results(of(), "desk.example")


def test_the_field_of_unsigned_mail_says_so() -> None:
    got = format_results(of(dkim=(), spf=Spf(Result.NONE, "", "helo")), "desk.example")
    assert got.startswith("desk.example; spf=none; dkim=none; dmarc=")


@pytest.mark.parametrize(
    "evil", ["a.example; dmarc=pass", "a.example\r\nX: y", "x(.example", "a'b.example", '"q"']
)
def test_nothing_from_outside_reaches_the_field_unchecked(evil: str) -> None:
    results = (Dkim(Result.FAIL, evil, evil, evil, reason=evil),)
    got = format_results(
        of(spf=Spf(Result.FAIL, evil, reason=evil), dkim=results, author_domain=evil, reason=evil),
        "d.example",
    )
    assert evil not in got
    with pytest.raises(ValueError, match="authserv-id"):
        format_results(of(), evil)


@pytest.mark.parametrize(
    ("arc", "expected"),
    [
        (None, ""),
        (Arc(Result.NONE), "; arc=none"),
        (Arc(Result.PASS, "lgwan.rei.lg.jp"), "; arc=pass policy.sealer=lgwan.rei.lg.jp"),
        (Arc(Result.TEMPERROR, "lgwan.rei.lg.jp"), "; arc=none policy.sealer=lgwan.rei.lg.jp"),
    ],
)
def test_a_chain_is_named_where_one_was_looked_for(arc: Arc | None, expected: str) -> None:
    assert format_results(of(arc=arc), "desk.example").endswith(f"policy.dmarc=reject{expected}")


LONG = ".".join(["a" * 60] * 4) + ".example"


@pytest.mark.parametrize("count", [0, 1, 5])
@pytest.mark.parametrize("domain", [AUTHOR, LONG])
def test_the_field_is_folded_and_reads_back_as_written(count: int, domain: str) -> None:
    dkim = tuple(Dkim(Result.FAIL, domain, "s" * 60, "rsa-sha256") for _ in range(count))
    verdict = of(dkim=dkim, spf=Spf(Result.PASS, domain))
    raw = format_results_field(verdict, "desk.example")
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 78 or b" " not in line.strip() for line in lines)
    assert 998 > max(map(len, lines))
    (field,) = message.parse(raw + b"\r\n").fields
    found = parse.parse(field.value)
    assert "desk.example" == found.authserv_id
    assert ["spf", *["dkim"] * max(count, 1), "dmarc"] == [one.method for one in found.results]
    assert domain == found.results[0].get("smtp.mailfrom")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("desk.example; dmarc=pass", False),
        ("DESK.Example 1; dmarc=pass", False),
        ('"desk.example"; dmarc=pass', False),
        ("(a (comment)) desk.example (x) ; dmarc=pass", False),
        ("\r\n\tdesk.example; dmarc=pass", False),
        ("desk.example; broken=(", False),
        ("(desk.example; dmarc=pass", False),
        ("other.example; dmarc=pass", True),
        ("xdesk.example; spf=pass", True),
        ("other.example; spf=pass smtp.mailfrom=desk.example", True),
        ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.example", True),
    ],
)
def test_fields_under_our_name_are_taken_out(value: str, kept: bool) -> None:
    raw = f"Authentication-Results:{value}\r\nX-Other: desk.example; dmarc=pass\r\nFrom: a@b.example\r\n\r\n"
    fields = remove_foreign_results(message.parse(raw.encode()), "Desk.example")
    assert (["authentication-results"] if kept else []) + ["x-other", "from"] == [
        field.key for field in fields
    ]
