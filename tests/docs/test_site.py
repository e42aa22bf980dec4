"""The site has every page, its generated parts are what the code says, and the README leads to it."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.cli import COMMANDS
from tests.support.paths import ROOT
from tools import site_hooks
from tools.pages import regions
from tools.pages.copies import copy_page
from tools.pages.markdown import format_block, format_table
from tools.pages.replies import find_replies

DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
# What a region must have, whatever else: it could be empty and up to date.
HOLDS = {
    "commands": "## gateway case show",
    "durability": "| kills | ",
    "events": "| `mail.rejected` | info |",
    "letters": "Subject: ",
    "metrics": "| `gateway_sessions` |",
    "rfcs": "| RFC 6376 section 3.5 | verification fails if l= does not cover the whole body. |",
    "scale": "| one process | 10 |",
    "settings": "| `desk.domain` | text | required |",
    "smtp-replies": "### 550 5.7.26 ",
    "states": "  approved --> invited: invitation sent",
    "transitions": "| `invited` | `joined` | gateway case joined, 参加 |",
}


def test_every_generated_part_is_up_to_date() -> None:
    assert [] == [str(page.relative_to(ROOT)) for page in regions.find_stale()], "run tools/docs"


@pytest.mark.parametrize("name", HOLDS)
def test_a_generated_part_has_what_it_is_for(name: str) -> None:
    assert HOLDS[name] in regions.MAKERS[name]()


def test_every_reply_and_every_command_has_a_heading() -> None:
    replies = regions.MAKERS["smtp-replies"]()
    for reply in find_replies().values():
        assert f"\n### {escape(str(reply), quote=False)}\n" in replies
    commands = regions.MAKERS["commands"]()
    for name in COMMANDS:
        assert f"\n## gateway {name}" in commands


def test_a_mark_that_names_no_part_is_an_error() -> None:
    with pytest.raises(regions.UnknownRegionError, match="nothing"):
        regions.fill_page("<!-- generated: nothing -->\n<!-- /generated -->\n", "page.md")


def test_what_is_between_the_marks_is_replaced_and_nothing_else() -> None:
    page = "before\n<!-- generated: states -->\nold\n<!-- /generated -->\nafter\n"
    filled = regions.fill_page(page, "page.md")
    assert filled.startswith("before\n<!-- generated: states -->\n```mermaid\n")
    assert filled.endswith("```\n<!-- /generated -->\nafter\n")
    assert filled == regions.fill_page(filled, "page.md")


def test_a_copied_page_links_from_its_new_place(tmp_path: Path) -> None:
    page = tmp_path / "PAGE.md"
    page.write_text(
        "# Title\n[a](docs/flow.md#in) [b](CHANGELOG.md) [c](SECURITY.md) [d](https://x.example)\n"
    )
    wanted = "[a](../flow.md#in) [b](../changelog.md) `SECURITY.md` [d](https://x.example)\n"
    assert wanted == copy_page(page, DOCS / "contributing")


def test_cells_and_blocks_hold_what_would_end_them() -> None:
    assert "| a |\n| --- |\n| b \\| c d |\n" == format_table(["a"], [["b | c\nd"]])
    assert "````\n```x```\n````\n" == format_block("```x```")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("受け付けられなかった\n理由と", "受け付けられなかった理由と"),
        ("一\n二\n三。\n四", "一二三。四"),
        ("- 項目の\n  続き\n- 次の項目", "- 項目の続き\n- 次の項目"),
        ("ドメインで\nDKIM 署名", "ドメインで\nDKIM 署名"),
        ("英語は\n`550`", "英語は\n`550`"),
        ("段落\n\n次の段落", "段落\n\n次の段落"),
        ("# 見出し\n本文", "# 見出し\n本文"),
        ("| 列 |\n| 値 |", "| 列 |\n| 値 |"),
        ("前の\n```\n承認\n却下\n```\n後の\n文", "前の\n```\n承認\n却下\n```\n後の文"),
        (
            "1. 手順\n   ````\n   承認\n   ```\n   却下\n   ````\n",
            "1. 手順\n   ````\n   承認\n   ```\n   却下\n   ````\n",
        ),
        ("```text part=first\n承認\n却下\n```", "```text\n承認\n却下\n```"),
    ],
)
def test_only_broken_japanese_sentences_are_joined(written: str, shown: str) -> None:
    assert shown == site_hooks.on_page_markdown(written)


@pytest.mark.parametrize(("uri", "lang"), [("guide/staff.ja.md", ' lang="ja"'), ("guide/staff.md", "")])
def test_a_page_names_the_language_of_its_text(uri: str, lang: str) -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri=uri))
    assert f'<article{lang} class="x">' == site_hooks.on_post_page('<article class="x">', page=page)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"(?m)^ *- (?:[^:\n]+: )?([\w./-]+\.md)$", NAV)
    assert sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")) == sorted(listed)


def test_no_page_of_the_site_links_to_a_file_beside_the_site() -> None:
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)\s#:]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).resolve().is_relative_to(DOCS), f"{page.name}: {target}"


def test_the_readme_is_short_and_has_no_figures_of_runs() -> None:
    assert 150 >= len(README.splitlines())
    assert 1200 >= len(README.split())
    assert [] == re.findall(r"\b\d+,\d{3}\b|\b\d+(?:\.\d+)? (?:%|ms|messages|mails|kills)", README)


def test_the_script_reports_a_page_out_of_date(tmp_path: Path) -> None:
    """From a copy of the checkout, where one line of one page is changed."""
    for name in ("docs", "tools", "gateway", "config", "templates", "systemd"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, tmp_path)
    page = tmp_path / "docs/reference/metrics.md"
    page.write_text(page.read_text("utf-8").replace("gateway_sessions", "gateway_sesions"), "utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        command = (sys.executable, tmp_path / "tools/docs", *arguments)
        # The copy is not what is measured: nobody finds its sources afterwards.
        env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        return done.returncode, done.stderr

    assert (1, "docs/reference/metrics.md is out of date; run tools/docs\n") == run("--check")
    assert (0, "") == run()
    assert (0, "") == run("--check")


def test_the_manual_page_and_the_site_list_the_same_commands() -> None:
    pages = runpy.run_path(str(ROOT / "tools" / "manpages"))
    assert dict(pages["commands"]()).keys() == set(
        re.findall(r"(?m)^## (gateway .+)$", regions.MAKERS["commands"]())
    )
