"""Scripted SMTP conversations of tests/dialogs over real sockets, named by the ids of the attack catalogue.

`C: text` sends a line with CRLF, `C! octets` exactly these octets; neighbouring ones leave in one
packet. `S: pattern` is the next reply, `closed` the end of the connection, `stored: n` the messages
taken so far, `has: octets` one of them, `client: ip helo` who sent the last, `tls` makes the handshake,
`eof` ends what the client says, `wait: s` lets time pass, `sessions: n` is how many there are in the end.
`\\r \\n \\t \\\\ \\xHH` stand for octets, `{text*n}` for n times. Above all stands what the desk is set to:
`with: xclient` or `with: proxy` (we are a listed relay), `with: tls`, `with: recipients=3` (a limit).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from ipaddress import ip_network
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from tests.support.certificates import serving, trusting
from tests.support.fronts import front_desk
from tests.support.paths import TESTS
from tests.support.smtp_server import Client, Desk, Recorder, brisk, desk

SCRIPTS = sorted(TESTS.joinpath("dialogs").glob("*.smtp"))
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt\\])")
_REPEAT = re.compile(rb"\{([^{}*]+)\*([0-9]+)\}")
_SIMPLE = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}
LOOPBACK = (ip_network("127.0.0.0/8"),)


def octets(text: str) -> bytes:
    plain = _ESCAPE.sub(lambda found: _SIMPLE.get(found[1]) or bytes([int(found[1][1:], 16)]), text.encode())
    return _REPEAT.sub(lambda found: found[1] * int(found[2]), plain)


def lines(script: Path) -> list[str]:
    return [line for line in script.read_text().splitlines() if line and not line.startswith("#")]


def steps(script: Path) -> Iterator[tuple[str, list[str]]]:
    """What to do with which arguments; what the client sends in one go is one step."""
    said = (line for line in lines(script) if not line.startswith("with: "))
    for is_sent, group in groupby(said, lambda line: line[:2] in {"C:", "C!"}):
        if is_sent:
            yield "send", list(group)
        else:
            for line in group:
                name, _, argument = line.partition(": ")
                yield name, [argument]


def setting(script: Path, folder: Path) -> dict[str, Any]:
    """How the desk is set, by the lines `with:`."""
    words = [line.removeprefix("with: ") for line in lines(script) if line.startswith("with: ")]
    limits = dict(word.split("=") for word in words if "=" in word)
    numbers = {name: float(value) if "." in value else int(value) for name, value in limits.items()}
    made: dict[str, Any] = {"limits": brisk(**numbers)}
    if "tls" in words:
        made["tls_context"] = serving(folder)
    for protocol in RelayProtocol:
        if protocol.value in words:
            made["relays"] = Relays(LOOPBACK, protocol)
    return made


async def perform(name: str, arguments: list[str], client: Client, at: Desk) -> None:
    match name:
        case "eof":
            client.writer.write_eof()
        case "wait":
            await asyncio.sleep(float(arguments[0]))
        case "sessions":
            await at.until(lambda: at.listener.sessions == int(arguments[0]))
        case "send":
            parts = (octets(line[3:]) + (b"\r\n" if line[1] == ":" else b"") for line in arguments)
            await client.send(b"".join(parts))
        case "S":
            got = await client.reply()
            assert re.fullmatch(arguments[0], got, re.DOTALL), f"wanted {arguments[0]}, got {got!r}"
        case "tls":
            await client.start_tls(trusting())
        case "closed":
            assert "" == await client.rest()
        case _:
            look(name, arguments[0], at.handler)


def look(name: str, argument: str, handler: Recorder) -> None:
    match name:
        case "stored":
            assert int(argument) == len(handler.stored)
        case "has":
            assert octets(argument) in b"".join(handler.bodies)
        case "client":
            envelope = handler.stored[-1][0]
            assert argument == f"{envelope.client_ip or '-'} {envelope.helo or '-'}"
        case _:
            raise ValueError(f"{name} is no step of a dialog")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
async def test_dialog(script: Path, tmp_path: Path) -> None:
    """The conversation goes as written."""
    await play(script, tmp_path)


async def play(script: Path, folder: Path) -> None:
    """Hold one conversation. Raises AssertionError where it goes otherwise."""
    async with desk(**setting(script, folder)) as at:
        await converse(script, at)


async def converse(script: Path, at: Desk) -> None:
    """Say what stands in the script."""
    async with at.client() as client:
        for name, arguments in steps(script):
            await perform(name, arguments, client, at)


def settings_of(script: Path) -> str:
    """What the desk is set to, as text."""
    return " ".join(line for line in lines(script) if line.startswith("with: ")) or "as usual"


@pytest.mark.parametrize("of", sorted(set(map(settings_of, SCRIPTS))))
async def test_dialogs_over_two_fronts(of: str, tmp_path: Path) -> None:
    """Every conversation goes as written also over fronts; those of the same settings at the same ones."""
    scripts = [script for script in SCRIPTS if settings_of(script) == of]
    made = setting(scripts[0], tmp_path)
    if made.pop("tls_context", None) is not None:
        made["certificate"] = tmp_path / "desk.pem"
    async with front_desk(**made) as at:
        for script in scripts:
            at.handler.stored.clear()
            try:
                await converse(script, at)
            except AssertionError as error:
                raise AssertionError(f"{script.stem}: {error}") from error
            await at.until(lambda: at.listener.sessions == 0)


def test_there_are_dialogs() -> None:
    """An empty folder would pass unseen."""
    assert len(SCRIPTS) > 80
