"""Mails that failed in the field, read from the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.admission.application.items.fields import Category, Consent, Form
from tests.corpus.test_applications import read

FOLDER = Path(__file__).parent / "field"
YOKO = Form(
    category=Category.LOCAL,
    organisation="見本町",
    code="990019",
    department="危機管理室",
    name="試作 葉子",
    consent=Consent.YES,
)


@pytest.mark.parametrize("name", ["31-one-line-with-commas", "32-pasted-from-a-sheet-two-rows"])
def test_a_form_of_the_field_is_read_whole(name: str) -> None:
    assert YOKO == read(FOLDER / f"{name}.eml").form
