"""Applications as people write them, read as a careful reader fills in the form; counts are printed."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.admission.application.form import Consent, Form
from gateway.admission.intake.extract import extract_facts
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail import message
from gateway.mail.smtp.mailboxes import Purpose

FOLDER = Path(__file__).parent / "applications"
ROWS = [json.loads(line) for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
CATEGORIES = {"自治体": "local", "政府機関": "national", "national government": "national"}
WRITTEN = ("organisation", "code", "department", "title", "name", "email", "version")


def folded(text: str) -> str:
    """A text as it is compared: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read(path: Path) -> MailFacts:
    """What the mail says."""
    return extract_facts(message.parse(path.read_bytes()), None, Purpose.REQUEST, null_reverse_path=False)


def wrong_items(expected: dict[str, str], form: Form) -> list[tuple[str, str, str]]:
    """Item, value wanted and value found, where they differ."""
    wanted = {item: CATEGORIES.get(value, value) for item, value in expected.items()}
    if not wanted["category"]:
        wanted["category"] = form.category  # nobody wrote a word about it, and a reader may conclude it
    found = {item: str(getattr(form, item)) for item in wanted}
    return [(i, wanted[i], found[i]) for i in wanted if folded(wanted[i]) != folded(found[i])]


def invented(facts: MailFacts) -> list[str]:
    """Values that stand nowhere in the mail."""
    said = folded(facts.text) + folded(facts.html_text)
    values = [getattr(facts.form, item) for item in WRITTEN]
    return [value for value in values if folded(value) not in said]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_an_application_is_read_as_a_careful_reader_does(row: dict[str, dict[str, str]]) -> None:
    facts = read(FOLDER / str(row["file"]))
    assert [] == wrong_items(row["expected"], facts.form)
    assert [] == invented(facts)


def test_the_applications_are_counted(record_property: Callable[[str, object], None]) -> None:
    """Read whole, items right, invented, consents that nobody gave."""
    count: Counter[str] = Counter()
    for row in ROWS:
        facts = read(FOLDER / row["file"])
        wrong = wrong_items(row["expected"], facts.form)
        count["whole"] += not wrong
        count["right"] += len(row["expected"]) - len(wrong)
        count["items"] += len(row["expected"])
        count["invented"] += len(invented(facts))
        count["consents"] += facts.form.consent is Consent.YES and row["expected"]["consent"] != "yes"
    line = (
        f"applications read whole: {count['whole']}/{len(ROWS)}, "
        f"items right: {count['right']}/{count['items']}, "
        f"values invented: {count['invented']}, consents not given: {count['consents']}"
    )
    record_property("figure", line)
    assert (len(ROWS), 0, 0) == (count["whole"], count["invented"], count["consents"]), line
