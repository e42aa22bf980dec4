"""The operator's own templates beside the shipped ones: which there are, and how they stand to the original.

A copy remembers in its first line the hash of what it was copied from, so that a later change of the shipped
one is noticed.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gateway.templating import renderer

SUFFIX = ".j2"
_MARK = re.compile(r"\{# Copied from ([\w.]+), sha256 ([0-9a-f]{16})\. #\}\n")


class OverrideState(StrEnum):
    """How a template stands: `outdated` when the shipped one changed since the copy, `unmarked` when the
    operator's file does not tell what it was copied from, `unused` when no letter has that name."""

    SHIPPED = "shipped"
    OVERRIDDEN = "overridden"
    OUTDATED = "outdated"
    UNMARKED = "unmarked"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """One template file by name: the text that is shipped and the operator's own, if any."""

    name: str
    shipped: str | None
    own: str | None

    @property
    def standing(self) -> OverrideState:
        """How the two stand to each other."""
        if self.own is None:
            return OverrideState.SHIPPED
        if self.shipped is None:
            return OverrideState.UNUSED
        mark = _MARK.match(self.own)
        if mark is None:
            return OverrideState.UNMARKED
        return OverrideState.OVERRIDDEN if mark[2] == short_hash(self.shipped) else OverrideState.OUTDATED

    @property
    def is_old_copy(self) -> bool:
        """Whether the operator's file is what an earlier release shipped, with nothing of the operator's."""
        mark = _MARK.match(self.own or "")
        untouched = mark is not None and mark[2] == short_hash(_MARK.sub("", self.own or "", count=1))
        return untouched and self.standing is OverrideState.OUTDATED

    def copy(self) -> str:
        """The shipped text with the line that remembers it."""
        shipped = self.shipped or ""
        return f"{{# Copied from {self.name}, sha256 {short_hash(shipped)}. #}}\n{shipped}"

    def diff(self) -> str:
        """From the shipped text to the operator's, as `diff -u` writes it; the mark is left out."""
        own = _MARK.sub("", self.own or "", count=1)
        lines = difflib.unified_diff(
            (self.shipped or "").splitlines(),
            own.splitlines(),
            f"shipped/{self.name}",
            f"own/{self.name}",
            lineterm="",
        )
        return "\n".join(lines)


class Templates:
    """Both folders. `own` need not exist, `without` are names that do not count there. Reading raises
    InvalidTemplateError."""

    def __init__(self, shipped: Path, own: Path, without: frozenset[str] = frozenset()) -> None:
        self.shipped = shipped
        self.own = own
        self.without = without

    def all(self) -> list[TemplateSource]:
        """Every template, by name."""
        names = {path.name for folder in (self.shipped, self.own) for path in folder.glob(f"*{SUFFIX}")}
        return [self.one(name) for name in sorted(names)]

    def one(self, name: str) -> TemplateSource:
        """A template by its file name."""
        return TemplateSource(name, _read(self.shipped / name), _read(self.own / name))

    def list_overridden(self) -> list[TemplateSource]:
        """Those for which the operator has a file."""
        named = (source for source in self.all() if source.name not in self.without)
        return [source for source in named if source.own is not None]

    def named(self, name: str) -> str | None:
        """The file that a person means: `decline` is decline.txt.j2. None when there is none."""
        for candidate in (name, f"{name}{SUFFIX}", f"{name}.txt{SUFFIX}"):
            if "/" not in candidate and (self.shipped / candidate).is_file():
                return candidate
        return None

    def copy(self, name: str) -> Path:
        """Put a copy of the shipped template among the own. Raises FileExistsError rather than overwrite."""
        path = self.own / name
        self.own.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(self.one(name).copy())
        return path


def short_hash(text: str) -> str:
    """What a copy remembers of the shipped text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _read(path: Path) -> str | None:
    return renderer.read_template(path) if path.is_file() else None
