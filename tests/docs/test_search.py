"""What an administrator pastes from a log into the site's search leads to the section of that reply.

The index is the one that the site ships; the engine is lunr, as in the browser, with the pipeline that the
index names. Needs the extra `site`.
"""

import json
import os
import re
import subprocess
import sys
from html import unescape
from typing import Any

import pytest

from tests.support.paths import ROOT
from tools.pages.replies import find_replies

pytest.importorskip("mkdocs", reason="needs the extra `site`")
lunr_builder = pytest.importorskip("lunr.builder", reason="needs the extra `site`")
REPLIES = find_replies()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The search index of the site, built strictly."""
    site = tmp_path_factory.mktemp("site")
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", site)
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    found: dict[str, Any] = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    return found


def test_no_page_shows_the_marks_of_a_block(index: dict[str, Any]) -> None:
    """A fence that Python-Markdown does not take is printed as it is, and swallows the headings below it."""
    assert [] == [page["location"] for page in index["docs"] if "```" in page["text"]]


def test_the_title_of_a_section_is_the_reply_as_it_is_sent(index: dict[str, Any]) -> None:
    titles = {unescape(re.sub(r"<[^>]+>", "", page["title"])) for page in index["docs"]}
    assert set() == {str(reply) for reply in REPLIES.values()} - titles


@pytest.fixture(scope="module")
def engine(index: dict[str, Any]) -> Any:
    from lunr.stop_word_filter import stop_word_filter

    config = index["config"]
    assert ["stopWordFilter"] == config["pipeline"]
    builder = lunr_builder.Builder()
    builder.pipeline.add(stop_word_filter)
    builder.ref("location")
    for name in ("title", "text"):
        builder.field(name, boost=int(config["fields"][name]["boost"]))
    for page in index["docs"]:
        builder.add({key: cut(page[key]) for key in ("title", "text")} | {"location": page["location"]})
    return builder.build()


def cut(text: str) -> list[str]:
    """The words of a text without its markup, as the index cuts them."""
    return [word for word in re.split(r"[\s\-]+", re.sub(r"<[^>]+>", " ", text).lower()) if word]


def escape(word: str) -> str:
    return re.sub(r"([:~^+\-*\\])", r"\\\1", word)


def find_first(engine: Any, words: list[str]) -> str:
    """The best section that has every word; a word that the index drops is no condition."""
    from lunr.stop_word_filter import WORDS

    found = engine.search(" ".join(f"+{escape(word)}" for word in words if word not in WORDS))
    return found[0]["ref"] if found else ""


@pytest.mark.parametrize("name", [name for name, reply in REPLIES.items() if reply.code >= 400])
def test_the_text_of_a_refusal_leads_to_its_section(name: str, engine: Any, index: dict[str, Any]) -> None:
    reply = REPLIES[name]
    place = find_first(engine, cut(str(reply)))
    titles = {page["location"]: page["title"] for page in index["docs"]}
    assert place.startswith("reference/smtp-replies.html#")
    assert str(reply) == re.sub(r"<[^>]+>", "", titles[place])


@pytest.mark.parametrize("name", ["SENDER_UNAUTHENTICATED", "CANNOT_RECEIVE"])
def test_the_codes_alone_lead_to_a_page_that_explains_them(name: str, engine: Any) -> None:
    reply = REPLIES[name]
    assert re.match(
        r"(guide/applicants-it|reference/smtp-replies)", find_first(engine, [str(reply.code), reply.status])
    )
