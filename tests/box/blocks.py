"""The code blocks of the pages that the box runs verbatim.

A block is marked in its fence: ```` ```sh run-as=root box=debian12 part=newcomer expect="250" ````. `part` is
the part of the box that runs it; `expect` a regular expression that one line of its output must hold; `exits`
the exit statuses that are right (0 where nothing is said); `answers` a file in `tests/box/answers/` that is
typed at the terminal; `on` the machines that run it, one after the other (the desk where nothing is said).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = Path(__file__).resolve().parent / "answers"
PAGES = ("docs/start/*.md", "docs/*.md", "docs/guide/*.md", "docs/operate/*.md")
USERS = frozenset({"root"})
BOXES = frozenset({"debian12"})
DESK = "mx1"  # the machine that the newcomer installs
MACHINES = frozenset({DESK, "mx2", "db1", "db2"})
_FENCE = re.compile(
    r"^(?P<indent> *)```sh (?P<marks>[^\n]*\bbox=[^\n]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


class BlockError(Exception):
    """A mark that nobody knows, or one that is missing."""


@dataclass(frozen=True, slots=True)
class Block:
    """One marked block: where it is (`docs/install.md:61`), what it holds, and what must come of it."""

    place: str
    text: str
    part: str
    user: str
    box: str
    expect: re.Pattern[str]
    exits: frozenset[int]
    answers: Path | None
    on: tuple[str, ...] = (DESK,)

    def judge(self, status: int, output: str) -> str:
        """What is wrong with an exit status and an output; empty where nothing is."""
        if status not in self.exits:
            return f"{self.place} ended with {status}, not {sorted(self.exits)}"
        if not any(self.expect.search(line) for line in output.splitlines()):
            return f"{self.place}: no line of its output holds {self.expect.pattern!r}"
        return ""


def read_blocks(root: Path = ROOT) -> list[Block]:
    """All marked blocks, page by page, in their order. Raises BlockError."""
    pages = [page for pattern in PAGES for page in sorted(root.glob(pattern))]
    named = ((page, str(page.relative_to(root))) for page in pages)
    return [block for page, name in named for block in parse_page(page.read_text("utf-8"), name)]


def parse_page(text: str, name: str) -> Iterator[Block]:
    """The marked blocks of one page. Raises BlockError."""
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        indent = found["indent"]
        body = "\n".join(row.removeprefix(indent) for row in found["text"].splitlines()) + "\n"
        yield _build_block(f"{name}:{line}", found["marks"], body)


def _build_block(place: str, marks: str, text: str) -> Block:
    said = dict(mark.partition("=")[::2] for mark in shlex.split(marks))
    unknown = said.keys() - {"run-as", "box", "part", "expect", "exits", "answers", "on"}
    missing = {"run-as", "box", "part", "expect"} - said.keys()
    if unknown or missing or said["run-as"] not in USERS or said["box"] not in BOXES:
        raise BlockError(f"{place}: unknown marks {sorted(unknown)}, missing {sorted(missing)}, in {marks!r}")
    answers = ANSWERS / said["answers"] if "answers" in said else None
    if answers is not None and not answers.is_file():
        raise BlockError(f"{place}: there is no {answers.name} in {ANSWERS.name}/")
    exits = frozenset(int(number) for number in said.get("exits", "0").split(","))
    on = tuple(said.get("on", DESK).split())
    if not on or not MACHINES.issuperset(on):
        raise BlockError(f"{place}: unknown machine in on={said['on']!r}; there are {sorted(MACHINES)}")
    expect = re.compile(said["expect"])
    return Block(place, text, said["part"], said["run-as"], said["box"], expect, exits, answers, on)
