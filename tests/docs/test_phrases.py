"""The English of what people read: the words of the field, by the rules of CONTRIBUTING ("English").

A rule names what it refuses and what to write instead. Code, names of tests and Japanese are not English.
"""

import ast
import inspect
import re
import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import CONFIG, ROOT
from tools.pages import observability, strings

RULES = {
    r"\b(?:tells?|told|telling)\b": "show, print, list, report; inform, notify",
    r"\blook(?:s|ed|ing)? (?:whether|at|for|after)\b": "check, verify, inspect, search",
    r"\b(?:stands?|standing) (?:in|on|at|there|beside|behind|above|below|before|still)\b": "is, is in",
    r"\blies?\b(?! detector)": "is, is in",
    r"\banew\b": "again, or a verb with re-",
    r"\b(?:at most )?so (?:many|long)\b(?! as)": "maximum number of, for",
    r"\band (?:its|the) kin\b|\band the like\b": "and similar",
    r"\bow(?:es?|ed|ing)\b": "queued, waiting, due",
    r"\bhand(?:s|ed|ing)?[ -](?:it |them )?over\b": "deliver, pass, submit",
    r"\bends? with (?:exit )?(?:code )?\d": "exits with",
    r"\bwho(?:ever|soever)\b": "a client that, everybody who",
    r"\ball is well\b|\bnot well\b": "no problems, OK; problem",
    r"\blet(?:s|ting)? (?:\w+ ){1,3}go\b": "release, prune, remove",
    r"\bmade-up\b": "sample",
    r"\bway out\b": "outgoing mail",
    r"\bnothing of (?:the|it|its)\b": "no part of",
    r"\bthat (?:is|are) not ASCII\b": "non-ASCII",
    r"\blimits? (?:is|are) reached\b": "has been reached",
    r"\bauthenticates? nobody\b": "does not count as authentication",
    r"\bpermits everybody\b": "authorises every host",
    r"\btextfile collector of\b": "node_exporter textfile collector",
    r"\bby word and code\b": "with a word and code",
    r"(?<![?-])\bmail address(?:es)?\b": "email address",
    r"\buser is not allowed to\b": "permission denied",
    r"\bis missing: pip\b": "is not installed: pip",
}
# Records of decisions and of measurements keep the words of their day, the glossary explains words.
OTHERS = {"docs/changelog.md", "docs/glossary.md", "docs/performance.md"}
PAGES = [
    path
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
    )
    if str(path.relative_to(ROOT)) not in OTHERS and path.parent.name != "adr"
]
CODE = re.compile(
    r"""(?msx)
    ^\ *(`{3,}).*?^\ *\1\ *$ | <code>.*?</code> | <!--.*?--> | \]\([^)]*\) | 「[^」]*」
    | `[^`\n]+`(?::\ [A-Z]\d\d[^|\n]*)? # with the parameters of a test: `test_dialog`: C19-vrfy-tells-nothing
    """
)


def find_phrases(text: str) -> list[str]:
    """Each phrase that a rule refuses, with what to write instead."""
    plain = CODE.sub(" ", text)
    return [
        f"{found[0]!r} in {plain[max(0, found.start() - 30) : found.end() + 30]!r}: {better}"
        for rule, better in RULES.items()
        for found in re.finditer(rule, plain, re.IGNORECASE)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tell the DNS records.",
        "Look whether all is right.",
        "It stands in the log.",
        "Where they lie.",
        "Read anew.",
        "So many rows.",
        "Nagios and its kin.",
        "Letters owed.",
        "It ends with 78.",
        "See that\nall is well.",
        "Nothing of the mail is recorded.",
        "The limit is reached.",
    ],
)
def test_a_phrase_is_found(text: str) -> None:
    assert 1 <= len(find_phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "`gateway tell`",
        "```\nlook at it\n```\n",
        "They believe it.",
        "Bystanders understand.",
        "as long as",
        "A look ahead.",
    ],
)
def test_code_and_other_words_are_left_alone(text: str) -> None:
    assert [] == find_phrases(text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_has_none(path: Path) -> None:
    assert [] == find_phrases(path.read_text(encoding="utf-8"))


def texts() -> Iterator[tuple[str, str]]:
    """What a program prints, by its name."""
    yield from strings.list_help()
    yield from strings.list_reply_texts()
    trees = (ast.parse(inspect.getsource(module)) for module in observability.EVENT_MODULES)
    for function in (one for tree in trees for one in tree.body):
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            yield f"event {function.name}", ast.get_docstring(function) or ""
    yield "metrics", observability.list_metrics()
    yield "settings", (CONFIG / "gateway.toml").read_text(encoding="utf-8")


def test_no_string_of_the_code_has_one() -> None:
    messages = [(place, text) for place, text in strings.list_messages() if " " in text]
    found = {place: phrases for place, text in messages if (phrases := find_phrases(text))}
    assert {} == found


@pytest.mark.parametrize("said", [pytest.param(said, id=name) for name, said in texts()])
def test_what_a_program_prints_has_none(said: str) -> None:
    assert [] == find_phrases(said)


def test_a_draw_repeats_itself_and_has_as_many_of_each_kind() -> None:
    draw = runpy.run_path(str(ROOT / "tools" / "draw"))["draw"]
    drawn = draw(4711, 60)
    assert drawn == draw(4711, 60)
    assert drawn != draw(4712, 60)
    assert {"help": 15, "reply": 15, "code": 15, "page": 15} == Counter(kind for kind, *_ in drawn)
