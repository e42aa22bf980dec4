"""The small DNS server: its zone lines, and its answers over real UDP and TCP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import pytest
import pytest_asyncio

from gateway.net.dns.server import Nameserver, Zone, respond, serve

LONG = "v=DKIM1; p=" + "A" * 700
ZONE = f"""
# a made-up town
city.mihon.lg.jp  MX   10 mx.city.mihon.lg.jp
city.mihon.lg.jp  TXT  v=spf1 ip4:127.0.0.1 # not a comment
mx.city.mihon.lg.jp A  127.0.0.1   # a comment
mx.city.mihon.lg.jp AAAA ::1
quoted.example 300 IN TXT "one" "two\\; \\"three\\\\" ; a comment
alias.example CNAME mx.city.mihon.lg.jp
loop.example CNAME loop.example
long.example TXT {LONG}
huge.example TXT {"B" * 30000}
1.0.0.127.in-addr.arpa PTR mx.city.mihon.lg.jp
null.example MX 0 .
down.example TEMPFAIL
silent.example SILENT
half.example TEMPFAIL MX
half.example A 127.0.0.1
tohalf.example CNAME half.example
"""


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Nameserver]:
    running = await serve(Zone.parse(ZONE))
    yield running
    await running.close()


async def ask(server: Nameserver, name: str, rtype: str, **how: object) -> dns.message.Message:
    query = dns.message.make_query(name, rtype, **how)  # type: ignore[arg-type]  # keywords of one call
    return await dns.asyncquery.udp(query, server.host, port=server.port, timeout=2)


@pytest.mark.parametrize(
    ("name", "rtype", "rcode", "texts"),
    [
        ("city.mihon.lg.jp", "MX", "NOERROR", ["10 mx.city.mihon.lg.jp."]),
        ("CITY.Mihon.lg.jp", "TXT", "NOERROR", ['"v=spf1 ip4:127.0.0.1 # not a comment"']),
        ("mx.city.mihon.lg.jp", "A", "NOERROR", ["127.0.0.1"]),
        ("mx.city.mihon.lg.jp", "AAAA", "NOERROR", ["::1"]),
        ("1.0.0.127.in-addr.arpa", "PTR", "NOERROR", ["mx.city.mihon.lg.jp."]),
        ("null.example", "MX", "NOERROR", ["0 ."]),
        ("quoted.example", "TXT", "NOERROR", ['"onetwo; \\"three\\\\"']),
        ("alias.example", "A", "NOERROR", ["mx.city.mihon.lg.jp.", "127.0.0.1"]),
        ("alias.example", "MX", "NOERROR", ["mx.city.mihon.lg.jp."]),
        ("city.mihon.lg.jp", "A", "NOERROR", []),
        ("mihon.lg.jp", "TXT", "NOERROR", []),
        ("hon.lg.jp", "TXT", "NXDOMAIN", []),
        ("x.city.mihon.lg.jp", "A", "NXDOMAIN", []),
        ("down.example", "TXT", "SERVFAIL", []),
        ("half.example", "MX", "SERVFAIL", []),
        ("half.example", "A", "NOERROR", ["127.0.0.1"]),
        ("half.example", "TXT", "NOERROR", []),
        ("tohalf.example", "MX", "SERVFAIL", []),
    ],
)
async def test_answers(server: Nameserver, name: str, rtype: str, rcode: str, texts: list[str]) -> None:
    reply = await ask(server, name, rtype)
    assert rcode == dns.rcode.to_text(reply.rcode())
    assert texts == [rdata.to_text() for rrset in reply.answer for rdata in rrset]
    assert reply.flags & dns.flags.AA


async def test_nothing_comes_with_an_soa_for_the_cache(server: Nameserver) -> None:
    for name in ("city.mihon.lg.jp", "gone.example"):
        (soa,) = (await ask(server, name, "A")).authority
        assert (60, 60) == (soa.ttl, soa[0].minimum)


@pytest.mark.parametrize(
    ("name", "payload", "short"),
    [("long.example", None, True), ("long.example", 1232, False), ("huge.example", 1232, True)],
)
async def test_what_does_not_fit_is_truncated_and_comes_by_tcp(
    server: Nameserver, name: str, payload: int | None, short: bool
) -> None:
    reply = await ask(server, name, "TXT", use_edns=0 if payload else None, payload=payload)
    assert short == bool(reply.flags & dns.flags.TC)
    whole = await dns.asyncquery.tcp(
        dns.message.make_query(name, "TXT"), server.host, port=server.port, timeout=2
    )
    assert all(len(text) <= 255 for text in whole.answer[0][0].strings)
    assert name.startswith("huge") == (sum(map(len, whole.answer[0][0].strings)) == 30000)


async def test_a_silent_name_gives_no_answer(server: Nameserver) -> None:
    query = dns.message.make_query("silent.example", "A")
    with pytest.raises(dns.exception.Timeout):
        await dns.asyncquery.udp(query, server.host, port=server.port, timeout=0.05)


async def test_the_zone_changes_while_it_is_served_and_notes_questions() -> None:
    zone = Zone()
    server = await serve(zone)
    zone.add("new.example", "TXT", "here")
    assert 1 == len((await ask(server, "new.example", "TXT")).answer)
    zone.remove("new.example", "TXT")
    assert dns.rcode.NXDOMAIN == (await ask(server, "new.example", "TXT")).rcode()
    zone.add("new.example", "TEMPFAIL")
    assert dns.rcode.SERVFAIL == (await ask(server, "new.example", "TXT")).rcode()
    zone.remove("new.example")
    assert dns.rcode.NXDOMAIN == (await ask(server, "new.example", "TXT")).rcode()
    assert [("new.example", "TXT")] * 4 == zone.queries
    await server.close()


@pytest.mark.parametrize(
    "line",
    [
        "a.example",
        "a.example A",
        "a.example A 1.2.3",
        "a.example AAAA 1.2.3.4",
        "a.example MX host",
        "a.example MX 99999 h.x",
        "a.example SRV 1",
        "a..b A 127.0.0.1",
        f"{'a' * 64}.example A 127.0.0.1",
        "a.example TEMPFAIL now",
        "a.example SILENT A MX",
        "a.example TXT ☃",
    ],
)
def test_a_bad_line_is_named_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match=r"^line 3: "):
        Zone.parse(f"# first\n\n{line}\n")


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("a.example MX host", "NAME MX PREFERENCE HOST"),
        ("a.example 60 IN A 1.2.3", "NAME A IPV4-ADDRESS"),
        ("a.example SRV 0 0 25 mx.a.example.", "A, AAAA, MX, TXT, PTR, CNAME, TEMPFAIL and SILENT"),
        ("a.example", "NAME TYPE VALUE"),
    ],
)
def test_a_bad_line_is_answered_with_what_is_allowed(line: str, allowed: str) -> None:
    with pytest.raises(ValueError, match=allowed):
        Zone.parse(line)


@pytest.mark.parametrize("data", [b"", b"\0" * 11, b"\xff" * 40, b"GET / HTTP/1.1\r\n\r\n"])
def test_a_packet_that_is_no_question_gets_no_answer(data: bytes) -> None:
    assert respond(Zone(), data, udp=True) is None
