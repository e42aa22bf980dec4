"""The operator's own templates and the shipped ones: which exist, and whether a copy is outdated.

The first line of a copy contains the hash of its original, so that later changes of the shipped one are
detected.
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
    """The state of a template.

    `outdated`: the shipped one has changed since the copy. `unmarked`: the operator's file does not name its
    original. `unused`: no letter has that name.
    """

    SHIPPED = "shipped"
    OVERRIDDEN = "overridden"
    OUTDATED = "outdated"
    UNMARKED = "unmarked"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template file by name, with the shipped text and the operator's own, if any."""

    name: str
    shipped: str | None
    own: str | None

    @property
    def standing(self) -> OverrideState:
        """How the operator's file relates to the shipped one."""
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
        """Whether the operator's file is an unchanged copy of what an earlier release shipped."""
        mark = _MARK.match(self.own or "")
        untouched = mark is not None and mark[2] == short_hash(_MARK.sub("", self.own or "", count=1))
        return untouched and self.standing is OverrideState.OUTDATED

    def copy(self) -> str:
        """Return the shipped text with the line that identifies it."""
        shipped = self.shipped or ""
        return f"{{# Copied from {self.name}, sha256 {short_hash(shipped)}. #}}\n{shipped}"

    def diff(self) -> str:
        """Return the operator's changes in the format of `diff -u`, without the mark."""
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
    """Both template folders. `own` need not exist; names in `without` do not count there.

    Reading raises InvalidTemplateError.
    """

    def __init__(self, shipped: Path, own: Path, without: frozenset[str] = frozenset()) -> None:
        self.shipped = shipped
        self.own = own
        self.without = without

    def all(self) -> list[TemplateSource]:
        """Return all templates, by name."""
        names = {path.name for folder in (self.shipped, self.own) for path in folder.glob(f"*{SUFFIX}")}
        return [self.one(name) for name in sorted(names)]

    def one(self, name: str) -> TemplateSource:
        """Return a template by its file name."""
        return TemplateSource(name, _read(self.shipped / name), _read(self.own / name))

    def find_old_copies(self) -> frozenset[str]:
        """Return the names of unchanged copies of what an earlier release shipped."""
        return frozenset(one.name for one in self.all() if one.is_old_copy)

    def list_overridden(self) -> list[TemplateSource]:
        """Return the templates for which the operator has a file."""
        named = (source for source in self.all() if source.name not in self.without)
        return [source for source in named if source.own is not None]

    def named(self, name: str) -> str | None:
        """Return the file for a name: `decline` is decline.txt.j2. None if there is none."""
        for candidate in (name, f"{name}{SUFFIX}", f"{name}.txt{SUFFIX}"):
            if "/" not in candidate and (self.shipped / candidate).is_file():
                return candidate
        return None

    def copy(self, name: str) -> Path:
        """Copy the shipped template into the own folder. Raises FileExistsError instead of overwriting."""
        path = self.own / name
        self.own.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(self.one(name).copy())
        return path


def short_hash(text: str) -> str:
    """Return the hash of the shipped text that a copy contains."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _read(path: Path) -> str | None:
    return renderer.read_template(path) if path.is_file() else None
