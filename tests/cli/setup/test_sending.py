"""`gateway doctor --send-test` over real SMTP: what the next hop said, the signature, what comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.app.doctor.trials.returned import Hop, read_hop
from gateway.app.install import keys
from gateway.demo.fixtures import DESK_DOMAIN, DomainFixtures
from gateway.mail.message import parse
from gateway.net.control.protocol import CONTROL, socket_path
from tests.support.ports import PATIENCE_S
from tests.support.process import Service, run_gateway, service
from tests.support.sink import Sink, sink

OPERATOR = "operator@town.mihon.lg.jp"
RECEIVED = (
    "Received: from {helo} (unknown [{ip}])\n\tby mx.town.mihon.lg.jp (Postfix) with {how} id 4F2\n"
    "\tfor <operator@town.mihon.lg.jp>; Tue, 24 Nov 2026 10:00:00 +0900 (JST)\n"
)


@dataclass
class Desk:
    """A desk that signs, its smarthost and the world's DNS."""

    made: Service
    world: DomainFixtures
    smarthost: Sink

    async def start(self) -> None:
        await self.made.start()
        place = socket_path(self.made.folder / "gateway.db", CONTROL)
        async with asyncio.timeout(PATIENCE_S):
            while not await asyncio.to_thread(place.exists):  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.05)

    async def send(self, *arguments: str, to: str = OPERATOR) -> tuple[int, dict[str, dict[str, str]]]:
        """The exit code, and the findings by their check."""
        config = ("--config", str(self.made.folder), "--json", "--send-test", to)
        found = await run_gateway("doctor", *config, *arguments)
        assert found.stdout, found
        told: dict[str, Any] = json.loads(found.stdout)
        return found.code, {one["check"]: one for one in told["findings"]}

    async def arrival(self) -> bytes:
        async with asyncio.timeout(PATIENCE_S):
            while not self.smarthost.messages:  # noqa: ASYNC110 - another process sends it
                await asyncio.sleep(0.05)
        return self.smarthost.messages[-1][2]


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    async with service(folder) as (made, world), sink() as smarthost:
        (folder / "dkim.key").write_bytes(keys.generate_dkim_key())
        (folder / "dkim.key").chmod(0o600)
        made.change(
            f'transport = "maildir"\nmaildir = "{folder / "letters"}"\n',
            f'transport = "smarthost"\nhost = "127.0.0.1"\nport = {smarthost.port}\n'
            'helo_name = "gw.helo.example"\n'
            'dkim_selector = "demo"\ndkim_key = "dkim.key"\n',
        )
        key = load_pem_private_key((folder / "dkim.key").read_bytes(), None)
        world.publish_domain(DESK_DOMAIN, key, dmarc=True)  # type: ignore[arg-type] # as init makes them
        yield Desk(made, world, smarthost)


@pytest.mark.parametrize("runs", [True, False])
async def test_the_next_server_s_answer_and_the_signature_are_told(tmp_path: Path, runs: bool) -> None:
    async with desk(tmp_path) as of:
        if runs:
            await of.start()
        code, told = await of.send()
        ((sender, recipient, raw),) = of.smarthost.messages
    assert (0, "ok", "ok") == (code, told["test letter"]["level"], told["test letter.dkim"]["level"]), told
    assert "the smarthost accepted it: 250" in told["test letter"]["text"]
    assert (f"postmaster@{DESK_DOMAIN}", OPERATOR) == (sender.strip("<>"), recipient.strip("<>"))
    assert parse(raw).count("dkim-signature") == 1
    assert b"Auto-Submitted: auto-generated" in raw


async def test_a_refusal_is_an_error_in_the_words_of_the_server(tmp_path: Path) -> None:
    async with desk(tmp_path) as of:
        of.smarthost.answers["RCPT"] = "550 5.7.1 not from you"
        code, told = await of.send()
        of.smarthost.answers["RCPT"] = "451 4.7.1 later"
        later = await of.send()
    assert (2, True) == (code, "rejected it: 550 5.7.1 not from you" in told["test letter"]["text"]), told
    assert (2, True) == (later[0], "deferred it: 451" in later[1]["test letter"]["text"]), later


async def test_a_signature_that_nobody_can_verify_is_an_error(tmp_path: Path) -> None:
    async with desk(tmp_path) as of:
        name = f"demo._domainkey.{DESK_DOMAIN}"
        of.world.zone.remove(name, "TXT")
        missing = await of.send()
        of.world.zone.add(name, "TEMPFAIL")
        failing = await of.send()
        of.made.change('dkim_selector = "demo"\ndkim_key = "dkim.key"\n', "")
        unsigned = await of.send()
    assert (2, "error") == (missing[0], missing[1]["test letter.dkim"]["level"]), missing
    assert (3, "unknown") == (failing[0], failing[1]["test letter.dkim"]["level"]), failing
    assert (1, "warning") == (unsigned[0], unsigned[1]["test letter.dkim"]["level"]), unsigned


HELO = "a.example"
LEVELS = {
    "as it should be": (("gw.helo.example", "127.0.0.9", "ESMTPS"), b"", 0, {}),
    "in the clear": (("gw.helo.example", "127.0.0.9", "ESMTP"), b"", 1, {"tls": "warning"}),
    "another name": (("post.example", "127.0.0.9", "ESMTPS"), b"", 1, {"helo": "warning"}),
    "from elsewhere": (("gw.helo.example", "203.0.113.9", "ESMTPS"), b"", 2, {"spf": "error"}),
    "a footer was added": (("gw.helo.example", "127.0.0.9", "ESMTPS"), b"AAAA\r\n", 2, {"dkim": "error"}),
}


@pytest.mark.parametrize("name", LEVELS)
async def test_what_comes_back_is_compared(tmp_path: Path, name: str) -> None:
    (helo, ip, how), more, expected, levels = LEVELS[name]
    box = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (box / part).mkdir(parents=True)
    async with desk(tmp_path) as of:
        sending = asyncio.create_task(of.send("--returned", str(box)))
        letter = (await of.arrival() + more).replace(b"\r\n", b"\n")
        (box / "new" / "1.letter").write_bytes(RECEIVED.format(helo=helo, ip=ip, how=how).encode() + letter)
        code, told = await sending
    wanted = {f"returned.{part}": levels.get(part, "ok") for part in ("dkim", "helo", "tls", "spf")}
    assert wanted == {check: one["level"] for check, one in told.items() if check.startswith("returned")}, (
        told
    )
    assert expected == code


async def test_what_does_not_come_back_is_an_error(tmp_path: Path) -> None:
    for part in ("new", "cur"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    async with desk(tmp_path) as of:
        code, told = await of.send("--returned", str(tmp_path / "Maildir"), "--wait", "1")
        elsewhere = await of.send("--returned", str(tmp_path), "--wait", "1")
    assert (2, "error") == (code, told["returned"]["level"]), told
    assert (3, "unknown") == (elsewhere[0], elsewhere[1]["returned"]["level"]), elsewhere


async def test_our_own_mailbox_is_looked_into(tmp_path: Path) -> None:
    own = f"postmaster@{DESK_DOMAIN}"
    async with desk(tmp_path) as of:
        await of.start()
        sending = asyncio.create_task(of.send(to=own))
        letter = await of.arrival()
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=of.made.port, local_hostname="gw.helo.example", start_tls=False
        ) as client:
            await client.sendmail(own, [own], letter)
        code, told = await sending
    assert 0 == code, told
    assert {"returned.dkim", "returned.helo", "returned.spf"} <= set(told)


async def test_an_address_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    async with service(tmp_path):
        found = await run_gateway("doctor", "--config", str(tmp_path), "--send-test", "nobody")
    assert (2, True) == (found.code, "--send-test" in found.stderr), found


@pytest.mark.parametrize(
    ("received", "hop"),
    [
        ("from a.example (b [192.0.2.1]) by c with ESMTPS id 1", Hop(HELO, "192.0.2.1", True)),
        ("from b ([192.0.2.1] helo=a.example) by c with esmtp (Exim)", Hop(HELO, "192.0.2.1", False)),
        ("from a.example (b [IPv6:2001:db8::1])\r\n by c with ESMTPSA", Hop(HELO, "2001:db8::1", True)),
        ("from a.example (b [192.0.2.1]) (using TLSv1.3) by c with ESMTP", Hop(HELO, "192.0.2.1", True)),
        ("by c (Postfix, from userid 0) id 1", None),
        ("from a.example (b [999.0.2.1]) by c with ESMTP", None),
        ("from " + "x " * 5_000, None),
    ],
)  # fmt: skip
def test_the_hop_is_what_the_server_noted(received: str, hop: Hop | None) -> None:
    assert hop == read_hop(parse(f"Received: {received}\r\n\r\n".encode()))
