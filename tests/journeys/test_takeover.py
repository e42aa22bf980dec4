"""A gateway of 0.1, its database, its settings and its templates, is taken over by this one without a hand.

`release-0.1.tar.xz` is `git archive 2efb997 config/gateway.toml templates`. The database is the dump of
v0009, the last schema of 0.1.
"""

from __future__ import annotations

import asyncio
import email.policy
import hashlib
import json
import re
import tarfile
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.business_days import tokyo_date
from gateway.app.wiring.desk import utc_now
from gateway.demo.fixtures import DESK_DOMAIN, STAFF
from gateway.store.queries.reader import NoDatabaseError, Reader
from gateway.store.sqlite.source import SqliteSource
from tests.journeys.test_production import gateway
from tests.journeys.world import applications, send
from tests.store.filled import at_version
from tests.support.paths import DATA
from tests.support.ports import PATIENCE_S
from tests.support.process import Service, service

OWN_WORDS = "(市町村の皆さまへ: 夏季は窓口が混み合います。)"
# Letters of the dump as a gateway that was stopped left them: not tried, being tried, tried in vain, held.
NOT_TRIED, IN_HAND, TRIED, HELD = 1, 2, 4, 7
OwnValues = Mapping[tuple[str, str], str]


def written_out(example: str, own: OwnValues) -> str:
    """The example with every key uncommented, as its default or with a value of the operator's own."""
    section, lines = "", []
    for line in example.splitlines():
        if head := re.match(r"\[+(\w+)\]+$", line):
            section = head[1]
        key = re.match(r"#?([a-z_]+) = (.*)", line)
        lines.append(f"{key[1]} = {own.get((section, key[1]), key[2])}" if key else line)
    return "\n".join(lines) + "\n"


def own_settings(folder: Path, smtp_port: int, dns_port: int) -> OwnValues:
    """What differs from the example, as TOML: names, places and ports. Today is no open day and nothing is
    too old, so that no letter and no erasure comes from the calendar."""
    today = tokyo_date(utc_now())
    return {
        ("desk", "domain"): f'"{DESK_DOMAIN}"',
        ("desk", "closings"): f"[{', '.join(str(today + timedelta(days=day)) for day in (-1, 0, 1))}]",
        ("staff", "address"): f'"{STAFF[0][0]}"',
        ("listen", "host"): '"127.0.0.1"',
        ("listen", "port"): str(smtp_port),
        ("dns", "nameservers"): '["127.0.0.1"]',
        ("dns", "port"): str(dns_port),
        ("store", "path"): f'"{folder / "gateway.db"}"',
        **{("retention", f"{what}_days"): "36500" for what in ("raw_mail", "loose", "case", "tombstone")},
        ("delivery", "transport"): '"maildir"',
        ("delivery", "maildir"): f'"{folder / "letters"}"',
    }


def copied(template: Path) -> None:
    """As `gateway templates copy` of 0.1 left it: with the hash of the shipped text in the first line."""
    text = template.read_text(encoding="utf-8")
    mark = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    template.write_text(f"{{# Copied from {template.name}, sha256 {mark}. #}}\n{text}", encoding="utf-8")


def lay_out(folder: Path, smtp_port: int, dns_port: int) -> None:
    """The settings folder of an operator of 0.1 who wrote out every setting and copied every template."""
    with tarfile.open(DATA / "release-0.1.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    for template in (folder / "templates").iterdir():
        copied(template)
    words = folder / "templates" / "acknowledgment.txt.j2"
    text = words.read_text(encoding="utf-8")
    words.write_text(
        text.replace("{% block body %}\n", f"{{% block body %}}\n{OWN_WORDS}\n", 1), encoding="utf-8"
    )
    example = (folder / "config" / "gateway.toml").read_text(encoding="utf-8")
    own = own_settings(folder, smtp_port, dns_port)
    (folder / "gateway.toml").write_text(written_out(example, own), encoding="utf-8")


def database_of_0_1(path: Path) -> dict[str, str]:
    """The demo's people, some of whose letters have not left; gives the cases with their states."""
    connection = at_version("v0009", path)
    unsent = "sent_at = NULL, subject = '', sent_text = '', last_reply = ''"
    history = json.dumps(
        [{"at": "2026-11-25T16:33:00.000000+00:00", "state": "deferred", "reply": "451 later"}]
    )
    for letter_id, values in (
        (NOT_TRIED, "state = 'owed', attempts = 0"),
        (IN_HAND, "state = 'owed', leased_until = '2026-11-25T16:40:00.000000+00:00'"),
        (TRIED, f"state = 'deferred', history = '{history}'"),
        (HELD, "state = 'held'"),
    ):
        connection.execute(f"UPDATE letters SET {values}, {unsent} WHERE id = ?", (letter_id,))  # noqa: S608 - our own text
    connection.commit()
    found = dict(connection.execute("SELECT number, state FROM cases"))
    connection.close()
    return found


@asynccontextmanager
async def taken_over(folder: Path) -> AsyncIterator[tuple[Service, dict[str, str]]]:
    """The service of today, started in the folder of 0.1; and the cases that were there."""
    async with service(folder) as (running, _):
        made = tomllib.loads((folder / "gateway.toml").read_text(encoding="utf-8"))
        lay_out(folder, running.port, made["dns"]["port"])
        before = database_of_0_1(folder / "gateway.db")
        await running.start()
        yield running, before
        assert 0 == await running.stop()


async def ask(folder: Path, *command: str) -> Any:
    """The answer of a command that must succeed, as JSON."""
    code, said = await gateway(folder, *command, "--json")
    assert 0 == code, said
    return json.loads(said)


async def states(folder: Path, wanted: Mapping[int, str]) -> dict[int, str]:
    """The states of these letters: as soon as they are as wanted, else when patience ends."""
    found: dict[int, str] = {}
    for _ in range(int(PATIENCE_S / 0.05)):
        with suppress(NoDatabaseError):  # the port answers before the database is upgraded
            reader = Reader(SqliteSource(folder / "gateway.db"))
            found = {row["id"]: row["state"] for row in reader.letters(limit=1000) if row["id"] in wanted}
            reader.close()
        if found == wanted:
            break
        await asyncio.sleep(0.05)
    return found


def delivered(folder: Path, to: str) -> list[str]:
    """The plain text of each letter in somebody's maildir."""
    texts = []
    for place in (folder / "letters" / to / "new").iterdir():
        part = email.message_from_bytes(place.read_bytes(), policy=email.policy.default).get_body(("plain",))
        assert part is not None
        texts.append(str(part.get_content()))
    return texts


async def test_cases_and_letters_of_0_1_go_on(tmp_path: Path) -> None:
    async with taken_over(tmp_path) as (running, before):
        after = {NOT_TRIED: "sent", IN_HAND: "sent", TRIED: "sent", HELD: "held"}
        assert after == await states(tmp_path, after)
        assert before == {row["number"]: row["state"] for row in await ask(tmp_path, "case", "list", "--all")}
        for number in before:
            case = await ask(tmp_path, "case", "show", number)
            assert [] not in (case["mails"], case["letters"], case["journal"]), number
        assert [HELD] == [row["id"] for row in await ask(tmp_path, "outbox", "list", "--state", "held")]
        assert [] == await ask(tmp_path, "outbox", "list", "--state", "queued")
        shown = await ask(tmp_path, "outbox", "show", str(TRIED))
        assert ["deferred"] == [one["state"] for one in shown["history"]]
        assert any(OWN_WORDS in text for text in delivered(tmp_path, "hanako@town.mihon.lg.jp"))
        ((sender, raw),) = applications(1)
        assert await send(running.port, sender, raw)
        assert len(before) + 1 == len(await ask(tmp_path, "case", "list", "--all"))
        code, said = await gateway(tmp_path, "verify")
        assert 0 == code, said
    assert ["before-v0010"] == [place.stem[-12:] for place in (tmp_path / "backups").iterdir()]


async def test_settings_and_templates_of_0_1_can_be_used(tmp_path: Path) -> None:
    lay_out(tmp_path, 25, 53)
    code, said = await gateway(tmp_path, "config", "check")
    assert (0, True) == (code, "settings are valid" in said), said
    code, said = await gateway(tmp_path, "templates", "check")
    assert (0, False, True) == (code, "error:" in said, "the shipped one is used instead" in said), said
    own = {place.name for place in (tmp_path / "templates").iterdir()}
    listed = {one["name"]: one["standing"] for one in await ask(tmp_path, "templates", "list")}
    assert 20 < len(own)
    assert {"overridden", "outdated"} >= {listed[name] for name in own}, listed


@pytest.mark.parametrize("name", ["acknowledgment", "review_request"])
async def test_a_template_of_0_1_says_what_differs(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, 25, 53)
    code, said = await gateway(tmp_path, "templates", "diff", name)
    assert (0, name == "acknowledgment") == (code, f"+{OWN_WORDS}" in said)
