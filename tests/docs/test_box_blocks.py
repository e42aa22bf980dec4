"""The blocks that the box runs: their marks are known, their shell parses, and a broken one is found out."""

import re
import subprocess
from dataclasses import replace

import pytest

from tests.box.blocks import Block, BlockError, parse_page, read_blocks
from tests.box.parts import FIRST, PARTS, SHORT, order

BLOCKS = read_blocks()


def test_the_newcomers_path_is_run_from_the_bare_machine_to_the_start() -> None:
    own = [
        block.text
        for block in BLOCKS
        if block.place.startswith("docs/start/debian.md") and block.part == "newcomer"
    ]
    assert own[0].startswith("apt install")
    assert "systemctl enable --now gateway.socket" in own[-1]


def test_every_part_is_told_and_every_block_belongs_to_one() -> None:
    assert {block.part for block in BLOCKS} <= set(PARTS)
    assert set(SHORT) <= set(PARTS)
    assert order([]) == [list(SHORT)]
    assert order(["restore"]) == [["newcomer", "restore"]]
    assert order(["two-desks", "nodes"]) == [["newcomer", "two-desks"], ["newcomer", "nodes"]]
    assert {part for machine in order(["all"]) for part in machine} == set(PARTS)
    assert {machine[0] for machine in order(["all"])} == set(FIRST)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_block_parses(block: Block) -> None:
    done = subprocess.run(("bash", "-n"), input=block.text, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_block_that_ends_otherwise_or_says_nothing_is_wrong(block: Block) -> None:
    assert "ended with 127" in block.judge(127, "bash: command not found")
    assert "no line of its output" in block.judge(min(block.exits), "")


def test_a_block_is_right_by_status_and_one_line() -> None:
    block = replace(BLOCKS[0], expect=re.compile("v=DKIM1"), exits=frozenset({0}))
    assert block.judge(0, "first\ngw TXT v=DKIM1; p=\nlast") == ""


@pytest.mark.parametrize(
    "marks",
    [
        "run-as=root box=debian12 part=newcomer",
        "run-as=nobody box=debian12 part=newcomer expect=x",
        "run-as=root box=debian99 part=newcomer expect=x",
        "run-as=root box=debian12 part=newcomer expect=x maybe=1",
        "run-as=root box=debian12 part=newcomer expect=x answers=nobody",
        "run-as=root box=debian12 part=newcomer expect=x on=mx9",
    ],
)
def test_unknown_and_missing_marks_are_refused(marks: str) -> None:
    with pytest.raises(BlockError, match=r"page\.md:1"):
        list(parse_page(f"```sh {marks}\ntrue\n```\n", "page.md"))


def test_an_indented_block_loses_its_indent() -> None:
    fence = "   ```sh run-as=root box=debian12 part=x expect=y\n"
    page = f"1. Do it.\n\n{fence}   if true; then\n     echo y\n   fi\n   ```\n"
    (block,) = parse_page(page, "page.md")
    assert (block.place, block.text) == ("page.md:3", "if true; then\n  echo y\nfi\n")


def test_a_block_names_its_machines_or_is_for_the_desk() -> None:
    marks = "run-as=root box=debian12 part=x expect=y"
    page = f'```sh {marks}\ntrue\n```\n```sh {marks} on="db1 db2"\ntrue\n```\n'
    assert [block.on for block in parse_page(page, "page.md")] == [("mx1",), ("db1", "db2")]
