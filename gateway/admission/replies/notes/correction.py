"""A correction by a member: lines with the organisation or its kind, and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.mail.text import fold
from gateway.patterns import compile_later

MAX_REASON = 300
_NAME = compile_later(r"[^\W_](?:[^\W_]|[ 　・()（）ー-]){0,62}[^\W_)）]")
_KINDS: Mapping[str, str] = {
    "地方公共団体": "local",
    "自治体": "local",
    "政府機関": "national",
    "国の機関": "national",
}
_LINE = compile_later(r"\s*(?P<label>団体|団体名|区分|理由)\s*[:：]\s*(?P<value>\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected values of the form; empty if unchanged.

    `category` is `local` or `national`, `reason` is the member's own text.
    """

    organisation: str
    category: str
    reason: str


def is_labelled(line: str) -> bool:
    """Return whether a line belongs to a correction."""
    return _LINE.fullmatch(line) is not None


def read_correction(text: str) -> Correction | None:
    """Parse labelled lines as a correction.

    Return None if a label is repeated or a value invalid, if nothing is corrected, or without a reason.
    """
    found = [match for line in text.split("\n") if (match := _LINE.fullmatch(line))]
    said = {fold(match["label"]).removesuffix("名"): match["value"] for match in found}
    if len(said) != len(found) or not said.get("理由") or not said.keys() - {"理由"}:
        return None
    organisation, category = said.get("団体", ""), _KINDS.get(fold(said.get("区分", "")).strip(), "")
    if (organisation and not _NAME.fullmatch(organisation)) or bool(category) != ("区分" in said):
        return None
    return Correction(organisation, category, said["理由"][:MAX_REASON])
