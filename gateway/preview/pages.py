"""Writes every letter as static pages: phone, desktop and sanitized, with header, octets and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from gateway.admission.case.model import Letter
from gateway.admission.terms import wording
from gateway.html.page import render_page
from gateway.preview.rendered import RenderedSample
from gateway.preview.sample_cases import APPLICANTS
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

_BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PreviewSummary:
    """What was written: the index, the number of letters, and how many have findings."""

    index: Path
    letters: int
    flawed: int


def write_pages(folder: Path, sheets: Iterable[RenderedSample]) -> PreviewSummary:
    """Write the pages into `folder`, replacing those of an earlier preview. Raises OSError."""
    done = list(sheets)
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in done:
        (folder / f"{sheet.key}.eml").write_bytes(sheet.raw)
        text = render_page(
            "letter",
            sheet=sheet,
            html=_extract_body(sheet.rendered.html),
            title=_title(sheet.outgoing.letter),
            subject=Outside(sheet.rendered.subject),
            text=Outside(sheet.rendered.text),
            sanitised=Outside(sheet.sanitised),
            header=Outside(sheet.header),
            findings=[Outside(finding) for finding in sheet.findings],
        )
        (folder / f"{sheet.key}.html").write_text(text, encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_render_index(done), encoding="utf-8")
    return PreviewSummary(index, len(done), sum(bool(sheet.findings) for sheet in done))


def _render_index(done: list[RenderedSample]) -> str:
    """Render a section for each letter, with a line for each occasion and a column for each applicant."""
    rows: dict[Letter, dict[Ours, dict[str, list[RenderedSample]]]] = {letter: {} for letter in Letter}
    for sheet in done:
        occasion = Ours(sheet.name.removesuffix(f"-{sheet.outgoing.letter}"))
        rows[sheet.outgoing.letter].setdefault(occasion, {}).setdefault(sheet.of.key, []).append(sheet)
    flawed: dict[Outside, list[RenderedSample]] = {}
    for sheet in done:
        for text in sheet.findings:
            flawed.setdefault(Outside(text), []).append(sheet)
    return render_page(
        "index", rows=rows, applicants=APPLICANTS, flawed=flawed, count=len(done), called=_title
    )


def _title(letter: Letter) -> Ours:
    return Ours(wording.letter_title(letter))


def _extract_body(html: str | None) -> Markup | None:
    """Return the body of a letter's HTML for a page; the renderer has escaped what people wrote."""
    found = _BODY.search(html or "")
    if found is None:
        return None
    inside = f"<div{found[1]}>{found[2]}</div>"
    # A shadow root isolates the letter from our style sheet.
    return Markup(f'<div><template shadowrootmode="open">{inside}</template></div>')  # noqa: S704 - autoescaped by the letter's template
