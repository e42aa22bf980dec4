"""The doctor: green on exactly the zone that `gateway dns` prints, and a remedy for each way to be ill."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway import settings
from gateway.app import doctor, keys
from gateway.app.doctor import Finding, Level, Subject, rounds
from gateway.cli import main
from gateway.net import nameserver
from gateway.net.dns import DnsResolver
from gateway.net.nameserver import Zone
from gateway.store import backup as backups
from gateway.store.sqlite import SqliteStore
from tests.net.sink import Sink, sink
from tests.published import zone_of

NOW = datetime.now(UTC)
DOMAIN = "gw.example.go.jp"
STAFF = """
example.go.jp MX 10 mx.example.go.jp
mx.example.go.jp A 192.0.2.10
example.go.jp TXT v=spf1 ip4:192.0.2.10 -all
"""


@dataclass
class Healthy:
    """A gateway of which everything is right, until a test breaks it."""

    folder: Path
    zone: Zone
    smarthost: Sink
    subject: Subject

    def change(self, old: str, new: str) -> None:
        """Edit the settings."""
        place = self.folder / "gateway.toml"
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.subject = replace(self.subject, config=settings.load(place))

    async def looked_at(self, *only: str) -> list[Finding]:
        """All findings of the checks whose names begin so."""
        wanted = [(name, check) for name, check in doctor.CHECKS if not only or name.startswith(only)]
        return [one async for _, found in doctor.examine(self.subject, wanted, 10) for one in found]


@asynccontextmanager
async def healthy(folder: Path) -> AsyncIterator[Healthy]:
    async with sink() as smarthost:
        for name, content in certificates():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        place = folder / "gateway.toml"
        place.write_text(text_of(folder, smarthost.port, 53), encoding="utf-8")
        zone = zone_of(folder)
        for line in STAFF.split("\n"):
            if line:
                zone.add(*line.split(" ", 2))
        server = await nameserver.serve(zone)
        place.write_text(text_of(folder, smarthost.port, server.port), encoding="utf-8")
        resolver = DnsResolver(["127.0.0.1"], server.port, timeout_s=0.5, lifetime_s=1)
        subject = Subject(settings.load(place), folder, resolver, NOW, lambda: True)
        try:
            yield Healthy(folder, zone, smarthost, subject)
        finally:
            await resolver.close()
            await server.close()


def certificates() -> list[tuple[str, bytes]]:
    certificate, key = keys.self_signed(DOMAIN, NOW)
    return [("tls.crt", certificate), ("tls.key", key), ("dkim.key", DKIM), ("password", b"made up")]


DKIM = keys.dkim_key()


def text_of(folder: Path, smtp_port: int, dns_port: int) -> str:
    text = (Path(__file__).parent / "data" / "careful.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?s)\[delivery\].*?\n\n", "", text)
    text = re.sub(r"(?s)\[trust\].*", "", text)
    return (
        text
        + f"""
[listen]
host = "127.0.0.1"
port = {free_port()}
public_addresses = ["192.0.2.25", "2001:db8::25"]
tls_certificate = "tls.crt"
tls_key = "tls.key"
[dns]
nameservers = ["127.0.0.1"]
port = {dns_port}
[store]
path = "{folder / "data" / "gateway.db"}"
[delivery]
host = "127.0.0.1"
port = {smtp_port}
dkim_selector = "s1"
dkim_key = "dkim.key"
"""
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


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
        "smarthost",
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
    certificate, _ = keys.self_signed(DOMAIN, NOW - timedelta(days=100), timedelta(days=100 + days))
    return file("tls.crt", certificate)


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
    connection.close()


def refused(well: Healthy) -> None:
    well.smarthost.answers["EHLO"] = "550 go away"
    well.smarthost.answers["HELO"] = "550 go away"


@pytest.mark.parametrize(
    ("sickness", "check", "level", "words"),
    [
        (record(DOMAIN, "A", "192.0.2.77"), "dns.address", "error", "does not lead to 192.0.2.25"),
        (record(DOMAIN, "A", "192.0.2.25", "192.0.2.77"), "dns.address", "warning", "192.0.2.77 too"),
        (record(DOMAIN, "MX", "10 mx.other.example"), "dns.mx", "error", "cannot receive mail"),
        (record(DOMAIN, "MX", "0 ."), "dns.mx", "error", "null_mx"),
        (
            record(DOMAIN, "MX", f"10 {DOMAIN}", "20 mx.example.go.jp"),
            "dns.mx",
            "warning",
            "mx.example.go.jp too",
        ),
        (record(DOMAIN, "TXT", "v=spf1 mx -all", "v=spf1 -all"), "dns.spf", "error", "2 SPF records"),
        (record(DOMAIN, "TXT", "v=spf1 +all"), "dns.spf", "error", "anybody may send"),
        (
            record(DOMAIN, "TXT", "v=spf1 ip4:192.0.2.99 -all"),
            "dns.spf",
            "error",
            "letters from 192.0.2.25 are fail",
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
        (file("dkim.key", keys.dkim_key()), "dns.dkim", "error", "another key"),
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
        (refused, "smarthost", "error", "550"),
        (
            setting('dkim_selector = "s1"', 'dkim_selector = "s1"\ntls = "required"'),
            "smarthost",
            "error",
            "required",
        ),
        (
            setting(
                'dkim_selector = "s1"', 'dkim_selector = "s1"\nusername = "u"\npassword_file = "password"'
            ),
            "smarthost",
            "error",
            "password was not sent",
        ),
        (record("example.go.jp", "MX", "0 ."), "staff", "error", "cannot receive mail"),
        (record("example.go.jp", "TXT", "v=spf1 mx ~all"), "staff", "warning", "imitate"),
        (record("example.go.jp", "TXT"), "staff", "warning", "only a DKIM signature"),
        (trouble("_dmarc.example.go.jp"), "staff", "unknown", "no answer"),
        (unkept, "clock", "warning", "no time server"),
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
        found = await well.looked_at({"smarthost": "way out"}.get(check, check))
        found = [one for one in found if one.check == check]
    assert level in {one.level for one in found}, found
    wanted = next(one for one in found if one.level == level and words in one.text)
    assert bool(wanted.to_do) is (level != "ok")


async def test_a_running_gateway_is_found_by_its_greeting(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well, sink() as ours:
        well.change(f"port = {well.subject.config.listen.port}", f"port = {ours.port}")
        found = await well.looked_at("listen")
        assert [("error", True)] == [(one.level.value, "STARTTLS" in one.text) for one in found]


async def test_a_gateway_behind_a_proxy_is_found_without_a_greeting(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well, sink() as ours:
        well.change(f"port = {well.subject.config.listen.port}", f"port = {ours.port}")
        trusted = '[trust]\nrelay_addresses = ["127.0.0.1"]\nrelay_protocol = "proxy"\n[listen]'
        well.change("[listen]", trusted)
        found = await well.looked_at("listen")
        assert [("ok", True)] == [(one.level.value, "to a proxy" in one.text) for one in found]


async def test_a_gateway_that_was_started_once_and_does_not_answer_is_an_error(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        store = SqliteStore(Path(well.subject.config.store.path), DOMAIN)
        store.open()
        store.close()
        found = {one.check: one for one in await well.looked_at("listen", "database")}
    assert Level.ERROR is found["listen"].level
    assert Level.OK is found["database"].level


@pytest.mark.parametrize(
    ("hours", "level"), [(None, "warning"), (1, "ok"), (49, "ok"), (51, "warning"), (24 * 9, "error")]
)
async def test_the_age_of_the_last_backup(tmp_path: Path, hours: int | None, level: str) -> None:
    async with healthy(tmp_path) as well:
        place = Path(well.subject.config.store.path)
        store = SqliteStore(place, DOMAIN)
        store.open()
        store.close()
        if hours is not None:
            backups.make(place, backups.folder_of(place), NOW - timedelta(hours=400))
            backups.make(place, backups.folder_of(place), NOW - timedelta(hours=hours))
        assert [level] == [one.level.value for one in await well.looked_at("backup")]


async def test_the_service_leaves_what_it_saw_for_a_doctor_without_network(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        store = SqliteStore(Path(well.subject.config.store.path), DOMAIN)
        store.open()
        backups.make(store.path, backups.folder_of(store.path), NOW)
        assert ["the service has not looked yet"] == [one.text for one in await rounds.told(well.subject)]
        well.zone.remove(f"_dmarc.{DOMAIN}")
        await rounds.look(well.subject, doctor.NETWORK[:6])
        found = [one async for _, some in doctor.examine(well.subject, doctor.BY_SERVICE) for one in some]
        assert {"dns.dmarc"} == {one.check for one in found if one.level is not Level.OK}
        assert {"dns.mx", "database", "tls"} <= {one.check for one in found}
        late = replace(well.subject, now=NOW + timedelta(hours=14))
        assert [("error", True)] == [
            (one.level.value, "last looked at" in one.text) for one in await rounds.told(late)
        ]
        store.close()
        assert ["the gateway is not running"] == [one.text for one in await rounds.told(well.subject)]


async def seen(happened: Callable[[], bool]) -> None:
    """Wait until something happened."""
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def test_rounds_go_on_after_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "FIRST_S", 0)
    monkeypatch.setattr(rounds, "EVERY_S", 0.01)
    async with healthy(tmp_path) as well:
        looking = asyncio.create_task(rounds.keep_looking(lambda: well.subject, doctor.NETWORK[:2]))
        await seen(lambda: any("doctor's round" in line for line in caplog.messages))
        (tmp_path / "data").mkdir()
        await seen(rounds.place_of(Path(well.subject.config.store.path)).exists)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_a_check_that_hangs_or_breaks_hides_no_other(tmp_path: Path) -> None:
    async def hang(_: Subject) -> list[Finding]:
        await asyncio.sleep(60)
        return []

    async def broken(_: Subject) -> list[Finding]:
        raise RuntimeError("out of order")

    async def fine(_: Subject) -> list[Finding]:
        return [Finding("fine", Level.OK, "")]

    async with healthy(tmp_path) as well:
        checks = [("hang", hang), ("broken", broken), ("fine", fine)]
        found = {name: one async for name, (one,) in doctor.examine(well.subject, checks, 0.2)}
    assert {"hang": Level.UNKNOWN, "broken": Level.UNKNOWN, "fine": Level.OK} == {
        name: one.level for name, one in found.items()
    }
    assert "out of order" in found["broken"].text


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ("", 0),
        ("ok", 0),
        ("ok warning", 1),
        ("warning error unknown", 2),
        ("ok unknown", 3),
        ("unknown warning", 1),
    ],
)
def test_the_exit_codes_are_those_of_nagios(levels: str, code: int) -> None:
    found = [Finding("x", Level(level), "") for level in levels.split()]
    assert code == doctor.EXIT_CODES[doctor.worst(found)]


async def test_the_command_prints_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        well.zone.remove(f"_dmarc.{DOMAIN}")
        arguments = ["doctor", "--config", str(tmp_path), "--only", "dns."]
        plain = await asyncio.to_thread(CliRunner().invoke, main, arguments)
        machine = await asyncio.to_thread(CliRunner().invoke, main, [*arguments, "--json", "--quiet"])
    assert (1, True) == (plain.exit_code, f"{DOMAIN} has no DMARC record" in plain.output)
    assert "-> publish it as `gateway dns` says" in plain.output
    told = json.loads(machine.stdout)
    assert ("warning", ["dns.dmarc"]) == (told["level"], [one["check"] for one in told["findings"]])


def test_an_unknown_check_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        (Path(__file__).parent / "data" / "careful.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["doctor", "--config", str(tmp_path), "--only", "zz"])
    assert (2, True) == (result.exit_code, "dns.mx" in result.output)
