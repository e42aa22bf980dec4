"""What each story of the nodes needs: blocks of the page by a word of theirs, passwords, files, questions."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

from tests.box.blocks import Block
from tests.box.box import Box, is_open
from tests.box.machine import BoxError
from tests.box.project import ROOT
from tests.box.world import DESK

PART = "nodes"
# As the page names them; mails come in by the addresses of the world's network.
MX2 = "44.128.0.12"
NODES = {"mx1": DESK, "mx2": MX2}
SERVERS = {"db1": "192.0.2.21", "db2": "192.0.2.22"}
# The page promises 17 s; all machines of the box share the processors of one.
TAKEOVER_SECONDS = 30.0
# psql throws away what was typed before it asks.
_TYPED = "(for _ in 1 2; do sleep 1; echo '{password}'; done; sleep 1) | script -qec {command!r} /dev/null"
_LOADS = "SELECT message_id FROM gateway.mails WHERE message_id LIKE '<load-%'"
_KEPT = f'sudo -u postgres psql -Atd desk -c "{_LOADS}"'
_PAGE = ROOT / "docs/guide/machines.md"
_TOML = re.compile(r"^ *```toml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_ONE_COPY = "tar -C / -cf /root/carried.tar {paths}"
_SECONDS = 60.0
_run: set[str] = set()


def step(box: Box, words: str, *names: str) -> None:
    """Run the one block of the page with these words, on the machines that it names or on these."""
    box.run_block(find(box, words, *names), *names)


def find(box: Box, words: str, *names: str) -> Block:
    """The one block of the page that holds these words and is for these machines. Raises BoxError."""
    found = [block for block in box.blocks[PART] if words in block.text and set(names) <= set(block.on)]
    if len(found) != 1:
        raise BoxError(f"{len(found)} blocks of {PART} hold {words!r}")
    _run.add(found[0].place)
    return found[0]


def finish(box: Box) -> None:
    """Raises BoxError where a block of the page was not run."""
    left = [block.place for block in box.blocks[PART] if block.place not in _run]
    if left:
        raise BoxError(f"no story runs {left}")


def type_password(box: Box, words: str, password: str) -> None:
    """The block with these words, with the password as somebody types it, twice."""
    block = find(box, words)
    for name in block.on:
        typed = _TYPED.format(password=password, command=block.text.strip())
        wrong = block.judge(0, box.machines[name].must(typed))
        if wrong:
            raise BoxError(wrong)
    box.say(f"{block.place}: as the page says")


def carry(box: Box, source: str, target: str, *paths: str) -> None:
    """Copy files and folders from one machine to another, with owners (by name) and modes."""
    relative = " ".join(path.lstrip("/") for path in paths)
    box.machines[source].must(_ONE_COPY.format(paths=relative))
    shutil.copy(box.machines[source].root / "root/carried.tar", box.machines[target].root / "root")
    box.machines[target].must("tar -C / -xpf /root/carried.tar && rm /root/carried.tar")
    box.machines[source].must("rm /root/carried.tar")


def find_settings(start: str) -> str:
    """The settings of the page that begin so, without their indent. Raises BoxError."""
    blocks = (
        "".join(row.strip() + "\n" for row in found.splitlines())
        for found in _TOML.findall(_PAGE.read_text("utf-8"))
    )
    for lines in blocks:
        if lines.startswith(start):
            return lines
    raise BoxError(f"{_PAGE.name} has no settings that begin with {start!r}")


def add_settings(place: Path, lines: str) -> None:
    """Put settings into the tables of a file, as an operator does; a table that is not there is appended."""
    text = place.read_text("utf-8")
    for table in filter(None, re.split(r"^(?=\[)", lines, flags=re.MULTILINE)):
        head, _, keys = table.partition("\n")
        known = text.startswith(f"{head}\n") or f"\n{head}\n" in text
        text = text.replace(f"{head}\n", table, 1) if known else f"{text}\n{head}\n{keys}"
    place.write_text(text, "utf-8")


def list_kept(box: Box, server: str) -> str:
    """The Message-IDs of the loads that the desk keeps on a server."""
    return box.machines[server].must(_KEPT)


def find_active(box: Box, asked: str, options: str = "") -> str:
    """The host name of the active node, as a node says; empty where none is."""
    rows = json.loads(box.machines[asked].must(f"gateway node list --json {options}"))
    return next((str(row["machine"]) for row in rows if row["active"]), "")


def wait_open(box: Box, address: str) -> None:
    """Raises BoxError where port 25 does not greet in time."""
    deadline = time.monotonic() + _SECONDS
    while not is_open(box, address):
        if time.monotonic() > deadline:
            raise BoxError(f"port 25 of {address} does not greet within {_SECONDS:g} s")
        time.sleep(0.5)
