"""What the pages say of commands, states, letters, settings, replies and files equals the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import msgspec
import pytest

from gateway.admission.case.model import STATE_WORDS, Letter, State
from gateway.app.doctor import EXIT_CODES
from gateway.app.health import Level
from gateway.app.wiring.files.resources import resource_dir
from gateway.cli import COMMANDS, main
from gateway.cli.shared import loading
from gateway.mail.smtp import smtp_reply
from gateway.settings import reference
from gateway.settings.model import Limits
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = ROOT / "docs" / "reference"
PATHS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [str(path.relative_to(ROOT).with_suffix("")) for path in PATHS]
PAGES = [path.read_text(encoding="utf-8") for path in PATHS]
# A path of the checkout, or of the package; NAME, NNNN and the like stand for one.
MADE_HERE = {"var", "site", "build", "dist"}  # by the demo, and by builds
FOLDERS = "|".join(
    sorted(
        place.name
        for parent in (ROOT, ROOT / "gateway")
        for place in parent.iterdir()
        if place.is_dir()
        and place.name.isidentifier()
        and not place.name.startswith("_")
        and place.name not in MADE_HERE
    )
)
CLASS = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]*)+|[A-Z][a-z]{3,}")
SUFFIXES = {"md", "py", "toml", "db", "key", "crt", "tsv"}
# Names of Python and systemd, and a folder that git ignores.
OTHERS = {
    *("None", "LimitNOFILE", "MemoryMax", "ProcessPoolExecutor", "Containerfile", "tests/corpus/private"),
    "Precedence",  # a field of a mail
}
FILE = re.compile(rf"(?<![\w./~-])(?:{FOLDERS})/[a-z0-9_./-]*\b(?![A-Z*])")


def table(page: str) -> set[str]:
    """The first column of the tables of a page of the reference that somebody wrote by hand."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^\| `([^`]+)`", text.split("<!-- generated:")[0]))


def test_the_page_lists_every_state() -> None:
    assert {state.value for state in State} == table("states.md")
    assert set(State) == set(STATE_WORDS)


def test_the_page_lists_every_letter_and_each_has_a_template() -> None:
    assert {letter.value for letter in Letter} == table("letters.md")
    for letter in Letter:
        assert (resource_dir("templates") / f"{letter.value}.txt.j2").is_file()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    assert "gateway " + name in (command.epilog or "")


def test_the_page_lists_every_limit_with_its_default() -> None:
    section = (REFERENCE / "limits.md").read_text(encoding="utf-8")
    told: dict[str, float] = {}
    for names, defaults in re.findall(r"(?m)^\| (`[a-z_`, ]+`) \| ([^|]+) \|", section):
        values = [float(value.replace(",", "")) for value in defaults.split(", ")]
        told |= dict(zip(re.findall(r"[a-z_]+", names), values, strict=True))
    assert msgspec.to_builtins(Limits()) == told


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_in_the_text_is_one(page: str) -> None:
    """`gateway case list`, on a line of its own or in the text, with the options that it has."""
    context = click.Context(main)
    for name, rest in re.findall(
        r"(?:^|`|sudo -u gateway |&& )gateway ([a-z]+)([^`\n&;]*)", page, re.MULTILINE
    ):
        command = main.get_command(context, name)
        assert command is not None, name
        words = rest.split("|")[0].split()
        if isinstance(command, click.Group):
            is_itself = not words or (command.invoke_without_command and words[0].startswith(("-", "[")))
            command = command if is_itself else command.commands.get(words[0])
            assert command is not None, f"{name} {rest}"
        known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, f"{name} {rest}"


def test_every_unit_in_the_text_is_shipped() -> None:
    named = {
        unit
        for page in PAGES
        for unit in re.findall(r"\bgateway(?:-[a-z]+)?\.(?:service|socket|timer)\b", page)
    }
    timers = {
        f"gateway-{what}.{kind}"
        for what in ("backup", "doctor", "rehearsal")
        for kind in ("service", "timer")
    }
    console = {"gateway-console.socket", "gateway-console.service"}
    assert {"gateway.socket", "gateway.service", *console, *timers} == named
    for unit in named:
        assert (resource_dir("systemd") / unit).is_file()


def test_every_reply_is_given_and_says_why_and_what_to_do() -> None:
    replies = {
        name: value for name, value in vars(smtp_reply).items() if isinstance(value, smtp_reply.SmtpReply)
    }
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "gateway").rglob("*.py"))
    for name, reply in replies.items():
        assert 1 < len(re.findall(rf"\b{name}\b", code)), f"{name} is never given"
        assert reply.cause.endswith("."), name
        assert reply.is_success or reply.code < 400 or reply.remedy.endswith("."), name


def test_the_page_lists_every_section_of_the_settings() -> None:
    sections = {f"[[{name}]]" if name == "staff" else f"[{name}]" for name in reference.sections()}
    assert sections == table("settings.md")


def test_the_page_lists_every_exit_code() -> None:
    named = {0, 2, loading.EXIT_NOT_FOUND, loading.EXIT_TEMPORARY, loading.EXIT_CONFIG}
    named |= {int(level) for level in Level} | set(EXIT_CODES.values())
    assert named == {int(code) for code in table("commands.md") if code.isdigit()}


def test_every_decision_record_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"(?m)^\| \[\d+\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(path.name for path in folder.glob("[0-9]*.md")) == listed


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_every_link_resolves(path: Path) -> None:
    """To a file that is there, and to a heading of it as GitHub names them."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, heading = target.partition("#")
        page = path.parent / place if place else path
        assert page.exists(), target
        if heading:
            assert heading in headings(page.read_text(encoding="utf-8")), target


def headings(text: str) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def without_events(path: Path) -> str:
    """A page without the table of log events, whose names have a dot as settings and classes do."""
    text = path.read_text(encoding="utf-8")
    return text.split("<!-- generated: events -->")[0] if path.name == "events.md" else text


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_every_setting_in_the_text_is_one(path: Path) -> None:
    known = {
        key.name for key in reference.list_keys((ROOT / "config/gateway.toml").read_text(encoding="utf-8"))
    }
    tables = "|".join(reference.sections())
    text = without_events(path)
    assert set(re.findall(rf"`((?:{tables})\.(?!toml)[a-z][a-z0-9_]+)\b", text)) <= known


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_file_of_the_code_in_the_text_is_there(page: str) -> None:
    """Relative to the checkout, to the package or, in lists of cases, to the tests."""
    missing = {
        name
        for name in FILE.findall(page)
        if not any((folder / name).exists() for folder in (ROOT, ROOT / "gateway", ROOT / "tests"))
    }
    assert set() == missing - OTHERS


@cache
def defined_names(folder: str) -> dict[str, set[str]]:
    """What each class and each module below a folder defines, by the name of the class or module."""
    names: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names.setdefault(path.stem, set()).update(names_in(tree.body))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, set()).update(names_in(node.body))
    return names


def names_in(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign():
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_every_name_of_the_code_in_the_text_is_defined(path: Path) -> None:
    """`Receiver.check_recipient`, `mail_record.duplicate_key`, `InvitationSent`; settings: see above."""
    page, known = without_events(path), defined_names("gateway")
    tables = set(reference.sections())
    missing = {
        f"{owner}.{name}"
        for owner, name in re.findall(r"`(\w+)\.(\w+)(?:\(\))?`", page)
        if (owner in known or CLASS.fullmatch(owner)) and owner not in tables
        if name not in SUFFIXES and name not in known.get(owner, set())
    }
    classes = {name for name in re.findall(r"`(\w+)`", page) if CLASS.fullmatch(name)}
    missing |= classes - set().union(*known.values())
    assert set() == missing - OTHERS


def test_every_constant_in_the_check_lists_is_defined() -> None:
    lists = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## Checklists\n")[1]
    named = set(re.findall(r"`(_?[A-Z][A-Z_]{3,})`", lists))
    assert "STATE_WORDS" in named
    known = [*defined_names("gateway").values(), *defined_names("tests").values()]
    assert set() == named - set().union(*known)


def test_every_bound_names_a_test_that_is_there() -> None:
    """`path`<!-- name -->; a name alone is in the file that was named before it."""
    place, found = "", set[str]()
    for path, name in re.findall(
        r"(?:`([\w/]+\.py)`)?<!-- (test_\w+) -->", (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    ):
        place = path or place
        assert f"def {name}(" in (ROOT / "tests" / place).read_text(encoding="utf-8"), f"{place}::{name}"
        found.add(name)
    assert len(found) >= 15


def test_every_rfc_of_the_index_has_a_title() -> None:
    text = (REFERENCE / "rfcs.md").read_text(encoding="utf-8")
    assert [] == re.findall(r"(?m)^### \[RFC (\d+)\]\(\S+\)$", text)
