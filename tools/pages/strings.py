"""The English that people read, by its kind: help, SMTP replies, the code's messages, and the pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.pages.commands import list_options, walk_commands
from tools.pages.replies import find_replies

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"(?ms)^ *(`{3,}).*?^ *\1 *$|<!-- generated: .*?<!-- /generated -->")
_NEW_LINE = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) ?)")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")
Found = Iterator[tuple[str, str]]


def list_help() -> Found:
    """Yield the help of every command and option, with its name."""
    for name, command in walk_commands():
        yield name, command.help or ""
        for option, said in list_options(command, command.make_context(name, [], resilient_parsing=True)):
            yield f"{name} {option}", said


def list_reply_texts() -> Found:
    """Yield text, cause and remedy of every SMTP reply, with its name."""
    for name, reply in find_replies().items():
        yield name, f"{reply.text}\n{reply.cause}\n{reply.remedy}"


def list_messages() -> Found:
    """Yield what the code prints or raises, with its place: its strings, without docstrings."""
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        if not {"printing", "admission", "migrations"} & set(path.parts):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            lone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in lone:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def list_sentences() -> Found:
    """Yield the sentences and rows of the English pages, without blocks and generated parts."""
    names = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
    for path in (*(ROOT / name for name in names), *sorted((ROOT / "docs").rglob("*.md"))):
        text = "" if path.name.endswith(".ja.md") else _BLOCK.sub("", path.read_text(encoding="utf-8"))
        for paragraph in _NEW_LINE.split(text):
            for sentence in _SENTENCE.split(" ".join(paragraph.split())):
                yield str(path.relative_to(ROOT)), sentence
