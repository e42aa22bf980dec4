"""Every letter as static pages: phone, desktop and sanitised, with header, octets and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from gateway.admission import wording
from gateway.admission.case.model import Letter
from gateway.html.page import page
from gateway.preview.rendered import Sheet
from gateway.preview.sample_cases import APPLICANTS

_BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: the index, how many letters, and how many of them have findings."""

    index: Path
    letters: int
    flawed: int


def write(folder: Path, sheets: Iterable[Sheet]) -> Printed:
    """Write the pages into `folder`, over those of an earlier preview. Raises OSError."""
    done = list(sheets)
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in done:
        (folder / f"{sheet.key}.eml").write_bytes(sheet.raw)
        text = page(
            "letter",
            sheet=sheet,
            html=_embedded(sheet.rendered.html),
            title=wording.letter(sheet.owed.letter),
        )
        (folder / f"{sheet.key}.html").write_text(text, encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_index(done), encoding="utf-8")
    return Printed(index, len(done), sum(bool(sheet.findings) for sheet in done))


def _index(done: list[Sheet]) -> str:
    """A section for each letter, a line for each occasion, a column for each applicant."""
    rows: dict[Letter, dict[str, dict[str, list[Sheet]]]] = {letter: {} for letter in Letter}
    for sheet in done:
        rows[sheet.owed.letter].setdefault(sheet.name, {}).setdefault(sheet.of.key, []).append(sheet)
    flawed: dict[str, list[Sheet]] = {}
    for sheet in done:
        for text in sheet.findings:
            flawed.setdefault(text, []).append(sheet)
    return page(
        "index", rows=rows, applicants=APPLICANTS, flawed=flawed, count=len(done), called=wording.letter
    )


def _embedded(html: str | None) -> Markup | None:
    """The inside of a letter's HTML for a page: the renderer has escaped what people wrote."""
    found = _BODY.search(html or "")
    if found is None:
        return None
    inside = f"<div{found[1]}>{found[2]}</div>"
    # A shadow root keeps our style sheet out of the letter.
    return Markup(f'<div><template shadowrootmode="open">{inside}</template></div>')  # noqa: S704 - autoescaped by the letter's template
