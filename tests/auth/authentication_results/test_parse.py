"""Reading Authentication-Results: real shapes are read, what two readers could see differently is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.parse import AuthresError, AuthResults, MethodResult
from gateway.auth.results import Result, Spf

MX = "mx.rei.lg.jp"


def read(text: str) -> AuthResults:
    return parse.parse(text.encode("latin-1"))


def one(text: str) -> MethodResult:
    (found,) = read(f"{MX}; {text}").results
    return found


# Shapes as OpenDKIM, OpenDMARC, Postfix policy servers, rspamd and Exchange write them.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "spf=pass (sender SPF authorized) smtp.mailfrom=mihon.example (client-ip=192.0.2.1; "
            "helo=a.example; envelope-from=x@mihon.example; receiver=<UNKNOWN>)",
            [("smtp.mailfrom", "mihon.example")],
        ),
        (
            "dkim=pass (2048-bit key; unprotected)\r\n\theader.d=mihon.example header.i=@mihon.example\r\n"
            '\theader.a=rsa-sha256 header.s=sel header.b="a/+b="',
            [
                ("header.d", "mihon.example"),
                ("header.i", "@mihon.example"),
                ("header.a", "rsa-sha256"),
                ("header.s", "sel"),
                ("header.b", "a/+b="),
            ],
        ),
        ("dkim=pass header.b=a/+b=", [("header.b", "a/+b=")]),
        ("dmarc=pass (p=none dis=none) header.from=mihon.example", [("header.from", "mihon.example")]),
        ("dmarc=pass action=none header.from=m.example", [("action", "none"), ("header.from", "m.example")]),
        ("compauth=pass reason=100", [("reason", "100")]),
        ('spf=fail reason="not (really) \\"allowed\\"; no"', [("reason", 'not (really) "allowed"; no')]),
        (
            "spf=none smtp.mailfrom=<> smtp.helo=a.example",
            [("smtp.mailfrom", ""), ("smtp.helo", "a.example")],
        ),
        ('spf=none smtp.mailfrom=""', [("smtp.mailfrom", "")]),
        ("spf=pass smtp.mailfrom=<a@b.example>", [("smtp.mailfrom", "a@b.example")]),
        ("iprev=pass policy.iprev=2001:db8::1", [("policy.iprev", "2001:db8::1")]),
        ("auth=pass (cram-md5) smtp.auth=rei@mihon.example", [("smtp.auth", "rei@mihon.example")]),
        ("dkim/1 = pass (a(b(c)\\)) d) header.d = x.example ;", [("header.d", "x.example")]),
        ("SPF=Pass SMTP.MailFrom=Mihon.Example", [("smtp.mailfrom", "Mihon.Example")]),
        ("spf=pass (\xe7\xb5\x90\xe6\x9e\x9c) smtp.mailfrom=m.example", [("smtp.mailfrom", "m.example")]),
    ],
)
def test_shapes_of_real_servers(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == list(one(text).properties)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{MX}; none", []),
        (f"{MX} 1; none", []),
        (f"{MX};", []),
        (f"{MX}", []),
        (f'(a) "{MX}" (b) 1 (c) ; spf=pass', ["spf=pass"]),
        (f"{MX.upper()}; spf=pass; dkim=fail; dkim=pass", ["spf=pass", "dkim=fail", "dkim=pass"]),
    ],
)
def test_who_wrote_it_and_the_results(text: str, expected: list[str]) -> None:
    found = read(text)
    assert MX == found.authserv_id
    assert expected == [f"{result.method}={result.result}" for result in found.results]


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "spf=pass smtp.mailfrom=m.example",
        f"{MX} 2; spf=pass",
        f"{MX} spf=pass",
        f"{MX}; spf",
        f"{MX}; =pass",
        f"{MX}; spf=",
        f"{MX}; spf==pass",
        f"{MX}; spf=pass; none",
        f"{MX};; spf=pass",
        f"{MX}; spf=pass, dkim=pass",
        f"{MX}; spf/2=pass",
        f"{MX}; spf=pass smtp.mailfrom",
        f"{MX}; spf=pass smtp.mailfrom=a.example smtp.mailfrom=b.example",
        f'{MX}; spf=pass smtp.mailfrom="a; dmarc=pass"@b.example',
        f'{MX}; spf=pass smtp.mailfrom="a',
        f"{MX}; spf=pass smtp.mailfrom=<a;b>",
        f"{MX}; spf=pass smtp.mailfrom=<a",
        f"{MX}; spf=pass (open",
        f"{MX}; spf=pass closed)",
        f"{MX}; spf=pass {'(' * 11}{')' * 11}",
        f"{MX}; spf=p\xe4ss",
        f"{MX}; spf=pass smtp.mailfrom=\xe9.example",
        f"{MX}; spf=pass\0",
        f"{MX}; spf=pass \\",
        f"{MX}; " + "; ".join(["dkim=fail"] * 51),
        f"{MX}; spf=pass " + " ".join(f"x.p{n}=1" for n in range(31)),
        f"{MX}; spf=pass (" + "x" * 17_000 + ")",
    ],
)
def test_anything_odd_is_not_usable(text: str) -> None:
    with pytest.raises(AuthresError):
        read(text)


PIECES = [
    "mx.a.example",
    ";",
    " ",
    "spf=pass",
    "=",
    "(",
    ")",
    '"',
    "\\",
    "<",
    ">",
    "smtp.helo",
    "@",
    "1",
    "\r\n ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_field_is_read_or_refused_and_the_short_reader_agrees(text: str) -> None:
    try:
        found = read(text)
    except AuthresError:
        return
    assert found.authserv_id == parse.authserv_id(text.encode())
    assert all(result.method and result.result for result in found.results)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spf=pass smtp.mailfrom=rei@Mihon.Example", Spf(Result.PASS, "mihon.example", relay=MX)),
        ("spf=hardfail smtp.mfrom=mihon.example", Spf(Result.FAIL, "mihon.example", relay=MX)),
        ("spf=pass smtp.helo=m.example", Spf(Result.PASS, "m.example", "helo", relay=MX)),
        (
            "spf=pass smtp.helo=h.example; spf=softfail smtp.mailfrom=m.example",
            Spf(Result.SOFTFAIL, "m.example", relay=MX),
        ),
        ("spf=pass smtp.mailfrom=a.example; spf=fail smtp.mailfrom=a.example", None),
        ("spf=pass smtp.mailfrom=a.example; spf=pass smtp.mailfrom=b.example", None),
        ("spf=policy smtp.mailfrom=a.example", None),
        ("spf=pass smtp.mailfrom=localhost", None),
        ("spf=pass smtp.mailfrom=[192.0.2.1]", None),
        ("spf=pass smtp.mailfrom=a'b.example", None),
        ("spf=pass", None),
        ("dkim=pass header.d=a.example", None),
    ],
)
def test_the_spf_result_is_checked_word_by_word(text: str, expected: Spf | None) -> None:
    assert expected == parse.find_spf_result(read(f"{MX}; {text}"))
