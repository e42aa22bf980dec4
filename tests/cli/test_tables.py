"""Tables on narrow terminals: dates and addresses stay whole; columns that do not fit are named instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.cli import COMMANDS, main
from gateway.cli.office import case as case_command
from gateway.cli.office.case import listing
from gateway.cli.office.org import rows as organisation_rows
from gateway.cli.shared import output
from gateway.cli.trial import calendar, eligibility
from gateway.mail.address import parse
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW, case, form

LONG = "独立行政法人国立高等専門学校機構例示高等専門学校" * 4
ADDRESS = "tarou.tanaka-yamamoto@city.yokohama.lg.jp"
APPLICANT_ADDRESS = parse(ADDRESS)
STAMP = "2026-11-28 14:16"
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")


def show(columns: list[str], rows: list[list[str]], width: int, *, wide: bool = False) -> list[str]:
    """The lines that a terminal of this width gets."""

    @click.command()
    @click.pass_context
    def table(context: click.Context) -> None:
        context.meta[output.WIDE] = wide
        output.print_table("", columns, rows)

    environment = {"TTY_COMPATIBLE": "1", "NO_COLOR": "1", "COLUMNS": str(width), "TERM": "xterm"}
    result = CliRunner(env=environment).invoke(table, catch_exceptions=False)
    return SGR.sub("", result.output).splitlines()


words = st.text(st.sampled_from("ab-承認横浜市ｱéx"), max_size=70) | st.sampled_from(
    (LONG, "x" * 300, "a@" * 90)
)
exact = st.sampled_from((ADDRESS, STAMP, "2026-11-28", "a@b.jp", "awaiting_affiliation", "K7QM-4T"))
cells = st.lists(words | exact, max_size=4).map(" ".join)


@given(st.data(), st.integers(2, 8), st.integers(20, 130), st.booleans())
def test_what_is_exact_never_breaks(data: st.DataObject, count: int, width: int, wide: bool) -> None:
    rows = data.draw(st.lists(st.lists(exact, min_size=count, max_size=count), min_size=1, max_size=4))
    columns = [f"c{place}" for place in range(count)]
    lines = show(columns, rows, width, wide=wide)
    heads = re.findall(r"c\d", lines[1])
    assert columns[:2] == heads[:2]
    assert set(columns) - set(heads) == set(re.findall(r"c\d", lines[-1] if "left out" in lines[-1] else ""))
    assert not wide or columns == heads
    for row in rows:
        kept = [cell for column, cell in zip(columns, row, strict=True) if column in heads]
        assert any(kept == re.split(r" *│ *", line)[1:-1] for line in lines)


@given(st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=3), st.integers(70, 130))
def test_lines_are_never_wider_than_the_terminal(rows: list[tuple[str, ...]], width: int) -> None:
    lines = show(["one", "two", "three", "four"], [list(row) for row in rows], width)
    table = [line for line in lines if line[:1] in "┏┃┡│└"]
    if max(map(cell_len, table)) > width:
        # Only the first two, which always stay, may need more room than there is.
        assert {"three", "four"} <= set(re.findall(r"three|four", lines[-1]))


@given(cells, st.integers(45, 90))
def test_breaking_loses_nothing(text: str, width: int) -> None:
    from gateway.cli.shared import table_layout

    lines = table_layout.break_lines(text, width).split("\n")
    assert text.replace(" ", "") == "".join(lines).replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)
    for whole in re.findall(re.escape(ADDRESS) + "|" + STAMP, text):
        assert any(whole in line for line in lines)


TABLES = {
    "cases": listing.CASE_COLUMNS,
    "mails": case_command.MAIL_COLUMNS,
    "journal": case_command.JOURNAL_COLUMNS,
    "letters": {"id": "id", "case": "case", **output.LETTER_COLUMNS},
    "codes": organisation_rows.CODE_COLUMNS,
    "organisations": organisation_rows.ORGANISATION_COLUMNS,
    "calendar": calendar.COLUMNS,
    "eligibility": eligibility.COLUMNS,
}
DATES = {"due", "time", "sent or due", "received", "business day", "+1", "+2", "+3"}
ADDRESSES = {"address", "from", "to", "by", "decided by"}


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", TABLES)
def test_every_list_fits_with_long_japanese(name: str, width: int) -> None:
    columns = list(TABLES[name])
    row = [STAMP if one in DATES else ADDRESS if one in ADDRESSES else LONG for one in columns]
    lines = show(columns, [row, row], width)
    assert all(cell_len(line) <= max(width, 70) for line in lines if line[:1] in "┏┃┡│└")
    shown = "\n".join(lines)
    for one, cell in zip(columns, row, strict=True):
        if cell is not LONG and re.search(rf"┃ {re.escape(one)} ", shown):
            assert f" {cell} " in shown
    whole = "\n".join(show(columns, [row, row], width, wide=True))
    assert "left out" not in whole
    assert all(one.split()[0] in whole for one in columns)


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    long = case(form=replace(form(), name=LONG, organisation=LONG), applicant=APPLICANT_ADDRESS)
    saved = await store.transact(lambda tx: tx.save(long))
    letter = OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT_ADDRESS, {"number": saved.number})
    await store.transact(lambda tx: tx.enqueue(saved, [letter], NOW, None))
    store.close()
    return store.path


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "command", ["case list", "case show K7QM-4T", "outbox list", "outbox show 1", f"person show {ADDRESS}"]
)
def test_commands_keep_addresses_whole_and_take_wide(command: str, database: Path) -> None:
    for more in ([], ["--wide"]):
        asked = [*command.split(), "--database", str(database), *more]
        shown = SGR.sub("", CliRunner().invoke(main, asked, catch_exceptions=False).output)
        assert ADDRESS in shown or (not more and "tarou" not in shown and "left out" in shown)
        assert not more or "left out" not in shown


def iter_commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from iter_commands(command, f"{path}{name} ")
        else:
            yield path + name, command


def iter_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from iter_names(inner)


def can_print_table(function: FunctionType, seen: set[str]) -> bool:
    """Whether what it calls within the commands prints a table, as far as names tell."""
    if function.__name__ in {"print_table", "print_rows", "print_stream"}:
        return True
    key = f"{function.__module__}.{function.__qualname__}"
    if key in seen or not function.__module__.startswith("gateway.cli"):
        return False
    seen.add(key)
    names = set(iter_names(function.__code__))
    known = [function.__globals__.get(name) for name in names]
    known += [vars(one).get(name) for one in known if isinstance(one, ModuleType) for name in names]
    return any(can_print_table(one, seen) for one in known if isinstance(one, FunctionType))


def test_every_command_that_prints_a_table_has_wide() -> None:
    commands = dict(iter_commands(main))
    assert len(COMMANDS) < len(commands)
    printing = {
        name
        for name, command in commands.items()
        if isinstance(command.callback, FunctionType) and can_print_table(command.callback, set())
    }
    assert {"case list", "case show", "verify", "demo", "org list"} <= printing
    assert printing == {name for name, one in commands.items() if any(p.name == "wide" for p in one.params)}
