"""The README's production path: init, dns, doctor, the service on a socket, somebody is invited."""

from __future__ import annotations

import asyncio
import email.policy
import json
import shutil
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.app.wiring.desk import utc_now
from gateway.auth.dkim import verify
from gateway.auth.results import Result
from gateway.demo.fixtures import DESK_DOMAIN, STAFF, DomainFixtures
from gateway.demo.people.messages import build_mail, sign_mail
from gateway.mail.message import parse
from gateway.net.dns import server as nameserver
from gateway.net.dns.resolver import DnsResolver
from tests.journeys.test_systemd import ACTIVATE, wait_for_greeting
from tests.journeys.world import FORM, HANAKO, SATO, send
from tests.support.ports import PATIENCE_S, free_port
from tests.support.process import Service, run_gateway
from tests.support.published_zone import zone_of
from tests.support.sink import Sink, sink

LINK = "https://join.example/t/kyoso"


async def gateway(folder: Path, *arguments: str) -> tuple[int, str]:
    """One command, as the README writes it: its exit code and its output."""
    ended = await run_gateway(*arguments, "--config", str(folder))
    return ended.code, ended.stdout


async def healthy(folder: Path) -> dict[str, str]:
    """What the doctor finds, by check; the clock of the machine that runs the tests is its own affair, and
    nobody has practised yet."""
    code, told = await gateway(folder, "doctor", "--json")
    found = [one for one in json.loads(told)["findings"] if one["check"] not in {"clock", "practice"}]
    odd = [one for one in found if one["level"] != "ok"]
    assert ([], True) == (odd, bool(found)), code
    return {one["check"]: one["text"] for one in found}


def arrange(folder: Path, port: int, dns_port: int) -> None:
    """What differs from production: ports without root, our own name server, no time to undo."""
    place = folder / "gateway.toml"
    text = place.read_text(encoding="utf-8")
    for old, new in (
        ('#host = "0.0.0.0"', 'host = "127.0.0.1"'),
        ("#port = 25\n", f"port = {port}\n"),
        ("#nameservers = []", 'nameservers = ["127.0.0.1"]'),
        ("#port = 53", f"port = {dns_port}"),
        ("#undo_minutes = 10", "undo_minutes = 0"),
        ('#rules_link = ""', 'rules_link = "https://www.kyoso.mihon.go.jp/kiyaku"'),
        ("#digest = true", "digest = false"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    place.write_text(text, encoding="utf-8")


async def letter(smarthost: Sink, to: str, words: str) -> tuple[EmailMessage, bytes]:
    """The letter to somebody with these words in its subject, and its octets; waits for it."""
    for _ in range(int(PATIENCE_S / 0.05)):
        for _, forward_path, raw in smarthost.messages:
            found = email.message_from_bytes(raw, policy=email.policy.default)
            if to in forward_path and words in str(found["Subject"]):
                return found, raw
        await asyncio.sleep(0.05)
    raise AssertionError(f"no letter to {to} with {words!r} in its subject")


@pytest.mark.skipif(ACTIVATE is None, reason="systemd-socket-activate is not installed")
async def test_from_init_to_an_invitation(tmp_path: Path) -> None:
    folder, world = tmp_path / "gateway", DomainFixtures()
    async with sink() as smarthost:
        staff = [text for address, name in STAFF for text in ("--staff", f"{name} <{address}>")]
        code, told = await gateway(
            folder, "init", "--batch", "--domain", DESK_DOMAIN, *staff, "--contact", "電話 03-0000-0000",
            "--address", "192.0.2.25", "--smarthost", f"127.0.0.1:{smarthost.port}", "--join-link", LINK,
        )  # fmt: skip
        assert (0, True) == (code, "gateway dns" in told)
        for name, types in (await asyncio.to_thread(zone_of, folder)).records.items():
            for rtype, values in types.items():
                for value in values:
                    world.zone.add(name, rtype, value)
        world.zone.validated = True
        server = await nameserver.serve(world.zone)
        port = free_port()
        arrange(folder, port, server.port)
        try:
            assert (0, True) == (
                (checked := await gateway(folder, "config", "check"))[0],
                "settings are valid" in checked[1],
            )
            assert "not started yet" in (await healthy(folder))["listen"]
            await _serve(tmp_path, folder, port, world, smarthost, server.port)
        finally:
            await server.close()


def hand_over(folder: Path, credentials: Path) -> Path:
    """As LoadCredential= does it."""
    credentials.mkdir()
    for place in folder.glob("gateway.*.*"):
        shutil.copy(place, credentials)
    return credentials


async def _serve(
    tmp_path: Path, folder: Path, port: int, world: DomainFixtures, smarthost: Sink, dns_port: int
) -> None:
    """The service as systemd starts it, with keys from a credentials folder."""
    credentials = hand_over(folder, tmp_path / "credentials")
    assert ACTIVATE is not None
    running = Service(folder, port)
    environment = f"--setenv=CREDENTIALS_DIRECTORY={credentials}"
    await running.spawn(ACTIVATE, f"--listen=127.0.0.1:{port}", environment)
    try:
        await wait_for_greeting(port)
        await _apply_and_approve(port, world, smarthost, dns_port)
        found = await healthy_but_for_the_backup(folder)
        assert "offers STARTTLS" in found["listen"]
        assert "sound" in found["database"]
        code, told = await gateway(folder, "case", "list", "--all", "--json")
        assert (0, ["invited"]) == (code, [row["state"] for row in json.loads(told)])
    finally:
        assert 0 == await running.stop(), running.log


async def healthy_but_for_the_backup(folder: Path) -> dict[str, str]:
    code, _ = await gateway(folder, "backup")
    assert 0 == code
    return await healthy(folder)


async def _apply_and_approve(port: int, world: DomainFixtures, smarthost: Sink, dns_port: int) -> None:
    application = build_mail(HANAKO, f"request@{DESK_DOMAIN}", "参加申請", FORM)
    assert await send(port, HANAKO.address, sign_mail(application, world.signers[HANAKO.domain]))
    await letter(smarthost, HANAKO.address, "")
    request, raw = await letter(smarthost, SATO.address, "審査依頼")
    resolver = DnsResolver(["127.0.0.1"], dns_port)
    proof = await verify.verify(parse(raw), resolver, utc_now())
    assert {Result.PASS} == {one.result for one in proof}, "signed with the key that is published"
    to = str(request["Reply-To"])
    decision = build_mail(SATO, to, f"Re: {request['Subject']}", "承認します。\n")
    assert await send(port, SATO.address, sign_mail(decision, world.signers[SATO.domain]), to)
    invitation, _ = await letter(smarthost, HANAKO.address, "招待")
    text = invitation.get_body(("plain",))
    assert text is not None
    assert LINK in text.get_content()
    await resolver.close()
