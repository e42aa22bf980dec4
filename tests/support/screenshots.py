"""A real browser, where one is installed: what a page looks like, and how wide it becomes."""

from __future__ import annotations

import html
import json
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt install chromium)")
PHONE = 375


def screenshot(page: Path, folder: Path, width: int = PHONE, height: int = 1200) -> set[bytes]:
    """The different rows of pixels of a page: a blank one has few."""
    picture = folder / f"{page.stem}.png"
    run(folder, f"--screenshot={picture}", f"--window-size={width},{height}", page.as_uri())
    return set(rows(picture.read_bytes()))


def overflows(pages: list[Path], folder: Path, width: int = PHONE) -> list[str]:
    """Names of pages that are wider than the window: all looked at in one run, each in a frame."""
    sources = {page.name: html.escape(page.read_text("utf-8")) for page in pages}
    size = f'width="{width}" height="600"'
    frames = "".join(
        f'<iframe name="{name}" {size} srcdoc="{text}"></iframe>' for name, text in sources.items()
    )
    script = """<script>addEventListener("load", () => {
      const wide = [...document.querySelectorAll("iframe")].filter(frame => {
        const root = frame.contentDocument.documentElement;
        return root.scrollWidth > root.clientWidth;
      }).map(frame => frame.name);
      document.body.innerHTML = "<pre>" + JSON.stringify(wide) + "</pre>";
    })</script>"""
    sheet = folder / "frames.html"
    sheet.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{frames}{script}", encoding="utf-8")
    said = run(folder, "--dump-dom", "--virtual-time-budget=20000", sheet.as_uri())
    found = re.search(r"<pre>(.*)</pre>", said)
    assert found, said[-500:]
    names: list[str] = json.loads(html.unescape(found[1]))
    return names


def run(folder: Path, *arguments: str) -> str:
    """What Chromium writes to standard output; it gets a profile of its own and no network services."""
    assert CHROMIUM
    fixed = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
        *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
        f"--user-data-dir={folder / 'profile'}",
    )
    done = subprocess.run([CHROMIUM, *fixed, *arguments], capture_output=True, timeout=120, check=True)
    return done.stdout.decode()


def rows(png: bytes) -> list[bytes]:
    """The rows of an 8-bit PNG as stored (filtered): enough to tell a picture from an empty sheet."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    place, data = 8, b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + size]
        place += 12 + size
    pixels = zlib.decompress(data)
    stride = 1 + width * {2: 3, 6: 4}[kind]
    return [pixels[row * stride : (row + 1) * stride] for row in range(height)]
