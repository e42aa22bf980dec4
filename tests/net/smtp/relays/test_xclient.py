"""The argument of XCLIENT: what it says of the client, and that half a claim is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.smtp.smtp_reply import BAD_SYNTAX, SmtpReply
from gateway.net.smtp.relays.xclient import NO_CLAIM, Claim, parse_xclient


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        (b"ADDR=203.0.113.9", Claim("203.0.113.9")),
        (b"addr=203.0.113.9", Claim("203.0.113.9")),
        (b"ADDR=IPV6:2001:DB8::1", Claim("2001:db8::1")),
        (b"ADDR=IPv6:::ffff:203.0.113.9", Claim("203.0.113.9")),
        (b"ADDR=[UNAVAILABLE]", Claim("")),
        (b"ADDR=[TEMPUNAVAIL] HELO=[unavailable]", Claim("", "")),
        (b"HELO=mx.city.mihon.example", Claim(None, "mx.city.mihon.example")),
        (b"HELO=[203.0.113.9]", Claim(None, "[203.0.113.9]")),
        (b"HELO=my_pc", Claim(None, "my_pc")),
        (b"HELO=my+20pc", Claim(None, "")),
        (b"HELO=a+2Eexample", Claim(None, "a.example")),
        (b"NAME=spike.example ADDR=203.0.113.9 PORT=0 PROTO=esmtp LOGIN=rei", Claim("203.0.113.9")),
        (b"DESTADDR=192.0.2.25 DESTPORT=65535", NO_CLAIM),
        (b"", BAD_SYNTAX),
        (b"ADDR", BAD_SYNTAX),
        (b"ADDR=", BAD_SYNTAX),
        (b"=203.0.113.9", BAD_SYNTAX),
        (b"ADDR=203.0.113.9 ", BAD_SYNTAX),
        (b"ADDR=203.0.113.9\tHELO=x", BAD_SYNTAX),
        (b"ADDR=203.0.113.9 addr=203.0.113.9", BAD_SYNTAX),
        (b"ADDR=2001:db8::1", BAD_SYNTAX),
        (b"ADDR=IPV6:203.0.113.9", BAD_SYNTAX),
        (b"ADDR=IPV6:fe80::1%eth0", BAD_SYNTAX),
        (b"ADDR=IPV6:", BAD_SYNTAX),
        (b"ADDR=mx.city.mihon.example", BAD_SYNTAX),
        (b"ADDR=203.0.113.999", BAD_SYNTAX),
        (b"ADDR=203.0.113.9=1", BAD_SYNTAX),
        (b"PORT=65536", BAD_SYNTAX),
        (b"PORT=-1", BAD_SYNTAX),
        (b"PROTO=LMTP", BAD_SYNTAX),
        (b"DESTADDR=here", BAD_SYNTAX),
        (b"DESTPORT=x", BAD_SYNTAX),
        (b"COLOUR=red ADDR=203.0.113.9", BAD_SYNTAX),
        (b"HELO=a+0D+0Ab", BAD_SYNTAX),
        (b"HELO=a+0db", BAD_SYNTAX),
        (b"HELO=a+", BAD_SYNTAX),
        (b"NAME=+1B[31m", BAD_SYNTAX),
        (b"NAME=\xe3\x81\x82", BAD_SYNTAX),
        (b"NAME=" + b"a" * 256, BAD_SYNTAX),
    ],
)
def test_what_is_claimed(argument: bytes, wanted: Claim | SmtpReply) -> None:
    """Postfix, XCLIENT_README; RFC 3461 section 4."""
    assert wanted == parse_xclient(argument, NO_CLAIM)


def test_what_is_not_named_stays() -> None:
    """A long claim comes in several commands."""
    first = parse_xclient(b"ADDR=203.0.113.9 HELO=mx.example", NO_CLAIM)
    assert isinstance(first, Claim)
    assert Claim("203.0.113.9", "b.example") == parse_xclient(b"HELO=b.example", first)


@given(st.binary(max_size=120))
def test_no_octets_raise(octets: bytes) -> None:
    """And what is taken is printable."""
    for argument in (octets, b"ADDR=" + octets, b"HELO=" + octets):
        claim = parse_xclient(argument, NO_CLAIM)
        if isinstance(claim, Claim):
            assert f"{claim.ip}{claim.helo}".isprintable()
