"""The doctor: green on exactly the zone that `gateway dns` prints, and a remedy for each way to be ill."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.app import doctor
from gateway.app.doctor import Level
from gateway.app.install import keys
from gateway.net.dns.resolver import DnsResolver
from gateway.store.sqlite.store import SqliteStore
from tests.support.healthy_gateway import DOMAIN, NOW, Healthy, healthy


async def test_green_on_exactly_the_zone_that_gateway_dns_prints(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        found = await well.looked_at()
    assert [] == [one for one in found if one.level is not Level.OK]
    assert {
        "dns.address",
        "dns.mx",
        "dns.spf",
        "dns.dkim",
        "dns.dmarc",
        "dns.ptr",
        "resolver",
        "outbound",
    } < {one.check for one in found}
    assert 0 == doctor.EXIT_CODES[doctor.worst(found)]


async def test_every_record_that_gateway_dns_prints_is_missed_when_it_is_taken_away(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        ours = [
            (name, rtype)
            for name, types in well.zone.records.items()
            for rtype in types
            if name.endswith((DOMAIN, ".arpa"))
        ]
        assert 8 == len(ours), ours
        for name, rtype in ours:
            values = well.zone.records[name].pop(rtype)
            well.subject = replace(
                well.subject, resolver=DnsResolver(["127.0.0.1"], well.subject.config.dns.port)
            )
            found = await well.looked_at("dns.")
            assert doctor.worst(found) is not Level.OK, f"{name} {rtype} is not missed"
            well.zone.records[name][rtype] = values


Sickness = Callable[[Healthy], None]


def record(name: str, rtype: str, *values: str) -> Sickness:
    """Other records than those that should be there."""

    def change(well: Healthy) -> None:
        well.zone.remove(name, rtype)
        for value in values:
            well.zone.add(name, rtype, value)

    return change


def setting(old: str, new: str) -> Sickness:
    return lambda well: well.change(old, new)


def trouble(name: str) -> Sickness:
    return lambda well: well.zone.add(name, "TEMPFAIL")


def file(name: str, content: bytes) -> Sickness:
    return lambda well: (well.folder / name).write_bytes(content) and None


def expiring(days: float) -> Sickness:
    certificate, _ = keys.generate_self_signed_certificate(
        DOMAIN, NOW - timedelta(days=100), timedelta(days=100 + days)
    )
    return file("tls.crt", certificate)


def other_helo(well: Healthy) -> None:
    """A Postfix with a name of its own, whose record allows another address."""
    well.zone.add("post.gw.example.go.jp", "TXT", "v=spf1 ip4:192.0.2.99 -all")
    well.change("[delivery]\n", '[delivery]\nhelo_name = "post.gw.example.go.jp"\n')


def unkept(well: Healthy) -> None:
    well.subject = replace(well.subject, synchronised=lambda: False)


def long_ago(well: Healthy) -> None:
    well.subject = replace(well.subject, now=datetime(2001, 1, 1, tzinfo=UTC))


def unvalidated(well: Healthy) -> None:
    well.zone.validated = False


def template(well: Healthy) -> None:
    (well.folder / "templates").mkdir()
    (well.folder / "templates" / "invitation.txt.j2").write_text("{% block subject %}never closed")


def database(content: bytes) -> Sickness:
    def write(well: Healthy) -> None:
        (well.folder / "data").mkdir()
        (well.folder / "data" / "gateway.db").write_bytes(content)

    return write


def newer(well: Healthy) -> None:
    store = SqliteStore(Path(well.subject.config.store.path), DOMAIN)
    store.open()
    store.close()
    connection = sqlite3.connect(well.subject.config.store.path)
    with connection:
        columns = "migration_set, name, applied_at"
        row = ("intake-gateway", "v9999", "")
        connection.execute(f"INSERT INTO _sqlite_migrations ({columns}) VALUES (?, ?, ?)", row)  # noqa: S608
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def several_machines(well: Healthy) -> None:
    record(DOMAIN, "MX", f"10 {DOMAIN}", f"10 mx2.{DOMAIN}")(well)
    setting("[store]", '[store]\nurl = "postgresql://gateway@127.0.0.1:1/desk"')(well)


def refused(well: Healthy) -> None:
    well.smarthost.answers["EHLO"] = "550 go away"
    well.smarthost.answers["HELO"] = "550 go away"


@pytest.mark.parametrize(
    ("sickness", "check", "level", "words"),
    [
        (record(DOMAIN, "A", "192.0.2.77"), "dns.address", "error", "does not resolve to 192.0.2.25"),
        (
            record(DOMAIN, "A", "192.0.2.25", "192.0.2.77"),
            "dns.address",
            "warning",
            "also resolves to 192.0.2.77",
        ),
        (record(DOMAIN, "MX", "10 mx.other.example"), "dns.mx", "error", "cannot receive mail"),
        (other_helo, "dns.helo", "warning", "HELO post.gw.example.go.jp"),
        (record(DOMAIN, "MX", "0 ."), "dns.mx", "error", "null_mx"),
        (
            record(DOMAIN, "MX", f"10 {DOMAIN}", "20 mx.example.go.jp"),
            "dns.mx",
            "warning",
            "also delivered to mx.example.go.jp",
        ),
        (several_machines, "dns.mx", "ok", "each must be a machine of this desk"),
        (record(DOMAIN, "TXT", "v=spf1 mx -all", "v=spf1 -all"), "dns.spf", "error", "2 SPF records"),
        (record(DOMAIN, "TXT", "v=spf1 +all"), "dns.spf", "error", "anyone may send"),
        (
            record(DOMAIN, "TXT", "v=spf1 ip4:192.0.2.99 -all"),
            "dns.spf",
            "error",
            "mail from 192.0.2.25 gets the SPF result fail",
        ),
        (record(DOMAIN, "TXT", "v=spf1 mx include:none.example -all"), "dns.spf", "error", "not valid"),
        (record(DOMAIN, "TXT", "v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 ~all"), "dns.spf", "ok", "~all"),
        (
            record(f"s1._domainkey.{DOMAIN}", "TXT", "v=DKIM1; k=rsa; p="),
            "dns.dkim",
            "error",
            "s1._domainkey",
        ),
        (record(f"s1._domainkey.{DOMAIN}", "TXT", "v=DKIM1; p=x"), "dns.dkim", "error", "s1._domainkey"),
        (file("dkim.key", keys.generate_dkim_key()), "dns.dkim", "error", "a key other than"),
        (record(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=none"), "dns.dmarc", "warning", "p=none"),
        (record(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=perhaps"), "dns.dmarc", "error", "no valid policy"),
        (record(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=quarantine"), "dns.dmarc", "ok", "p=quarantine"),
        (record("25.2.0.192.in-addr.arpa", "PTR", "other.example"), "dns.ptr", "warning", "other.example"),
        (trouble(DOMAIN), "dns.address", "unknown", "DNS"),
        (trouble(f"_dmarc.{DOMAIN}"), "dns.dmarc", "unknown", "DNS"),
        (unvalidated, "resolver", "warning", "does not validate"),
        (setting("port = ", "port = 1 #"), "listen", "ok", "not started yet"),
        (expiring(10), "tls", "warning", "expires in"),
        (expiring(1), "tls", "error", "expires on"),
        (expiring(-1), "tls", "error", "expired on"),
        (
            setting('host = "127.0.0.1"', 'hostname = "mx.example.go.jp"\nhost = "127.0.0.1"'),
            "tls",
            "warning",
            "not for",
        ),
        (refused, "outbound", "error", "550"),
        (
            setting('dkim_selector = "s1"', 'dkim_selector = "s1"\ntls = "required"'),
            "outbound",
            "error",
            "required",
        ),
        (
            setting(
                'dkim_selector = "s1"', 'dkim_selector = "s1"\nusername = "u"\npassword_file = "password"'
            ),
            "outbound",
            "error",
            "password was not sent",
        ),
        (record("example.go.jp", "MX", "0 ."), "staff", "error", "cannot receive mail"),
        (record("example.go.jp", "TXT", "v=spf1 mx ~all"), "staff", "warning", "spoof"),
        (record("example.go.jp", "TXT"), "staff", "warning", "only DKIM can authenticate decisions"),
        (trouble("_dmarc.example.go.jp"), "staff", "unknown", "no answer"),
        (unkept, "clock", "warning", "not synchronised"),
        (long_ago, "clock", "error", "2001"),
        (template, "templates", "error", "invitation.txt.j2"),
        (database(b"not a database " * 100), "database", "error", "cannot be read"),
        (newer, "database", "error", "v9999"),
        (setting('contact = "電話 03-0000-0000"', ""), "settings", "warning", "desk.contact"),
    ],
)
async def test_each_sickness_is_found_and_something_can_be_done(
    tmp_path: Path, sickness: Sickness, check: str, level: str, words: str
) -> None:
    async with healthy(tmp_path) as well:
        sickness(well)
        found = await well.looked_at(check)
        found = [one for one in found if one.check == check]
    assert level in {one.level for one in found}, found
    wanted = next(one for one in found if one.level == level and words in one.text)
    assert bool(wanted.to_do) is (level != "ok")
