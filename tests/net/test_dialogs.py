"""Scripted SMTP conversations of tests/dialogs over real sockets, named by the ids of the attack catalogue.

`C: text` sends a line with CRLF, `C! octets` exactly these octets; neighbouring ones leave in one
packet. `S: pattern` is the next reply, `closed` the end of the connection, `stored: n` the messages
taken so far, `has: octets` one of them. `\\r \\n \\t \\\\ \\xHH` stand for octets, `{text*n}` for n times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tests.net.listening import Client, Recorder, desk

SCRIPTS = sorted(Path(__file__).parents[1].joinpath("dialogs").glob("*.smtp"))
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt\\])")
_REPEAT = re.compile(rb"\{([^{}*]+)\*([0-9]+)\}")
_SIMPLE = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}


def octets(text: str) -> bytes:
    repeated = _REPEAT.sub(lambda found: found[1] * int(found[2]), text.encode())
    return _ESCAPE.sub(lambda found: _SIMPLE.get(found[1]) or bytes([int(found[1][1:], 16)]), repeated)


def steps(script: Path) -> Iterator[tuple[str, list[str]]]:
    """What to do with which arguments; what the client sends in one go is one step."""
    lines = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    for is_sent, group in groupby(lines, lambda line: line[:2] in {"C:", "C!"}):
        if is_sent:
            yield "send", list(group)
        else:
            for line in group:
                name, _, argument = line.partition(": ")
                yield name, [argument]


async def perform(name: str, arguments: list[str], client: Client, handler: Recorder) -> None:
    match name:
        case "send":
            parts = (octets(line[3:]) + (b"\r\n" if line[1] == ":" else b"") for line in arguments)
            await client.send(b"".join(parts))
        case "S":
            got = await client.reply()
            assert re.fullmatch(arguments[0], got, re.DOTALL), f"wanted {arguments[0]}, got {got!r}"
        case "closed":
            assert "" == await client.rest()
        case "stored":
            assert int(arguments[0]) == len(handler.stored)
        case "has":
            assert octets(arguments[0]) in b"".join(handler.bodies)
        case _:
            raise ValueError(f"{name} is no step of a dialog")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
async def test_dialog(script: Path) -> None:
    """The conversation goes as written."""
    async with desk() as at, at.client() as client:
        for name, arguments in steps(script):
            await perform(name, arguments, client, at.handler)


def test_there_are_dialogs() -> None:
    """An empty folder would pass unseen."""
    assert len(SCRIPTS) > 30
