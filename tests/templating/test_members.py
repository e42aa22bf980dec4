"""Colleagues stand in letters with the names of the settings; whoever is none, with the address."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.admission.case.model import STAFF_LETTERS
from gateway.demo.fixtures import STAFF, settings_text
from gateway.preview.rendered import render_samples
from gateway.printing.outside import Outside
from gateway.templating.members import list_names
from gateway.templating.renderer import build_environment

NAMES = {"sato@kyoso.mihon.go.jp": "佐藤", "suzuki@kyoso.mihon.go.jp": "鈴木"}
ENVIRONMENT = build_environment([Path("templates")])


def show(value: object, members: object = NAMES) -> str:
    template = ENVIRONMENT.from_string("{{ by|colleague|inline }}")
    return template.render(by=value, office={"members": members})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("sato@kyoso.mihon.go.jp", "佐藤"),
        ("Sato@Kyoso.Mihon.go.jp", "佐藤"),
        ("sato+2@kyoso.mihon.go.jp", ""),
        ("sato@kyoso.mihon.go.jp.nisemono.example", ""),
        ("operator:root", ""),
        ("", ""),
    ],
)
def test_only_the_address_of_a_member_gets_the_name(value: str, shown: str) -> None:
    assert show(Outside(value)) == ENVIRONMENT.from_string("{{ by|inline }}").render(
        by=Outside(shown or value)
    )


def test_two_members_of_one_name_stay_apart() -> None:
    both = [("a@mihon.go.jp", "佐藤"), ("b@mihon.go.jp", "佐藤"), ("c@mihon.go.jp", "鈴木")]
    assert {"c@mihon.go.jp": "鈴木"} == list_names(both)


@given(st.emails(), st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(min_size=1, max_size=9)))
def test_a_stranger_never_gets_a_name(stranger: str, members: dict[str, str]) -> None:
    assert stranger in NAMES or show(Outside(stranger), members) == show(Outside(stranger), {})


# What stands above the line with who acted.
LABELS = (
    "操作した人：",
    "担当者：",
    "判断した人：",
    "止めた人：",
    "訂正した人：",
    "審査に戻した人：",
    "送るメール：",
)


def test_no_letter_to_staff_shows_who_acted_by_the_address() -> None:
    config = settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo")
    acted = [
        (one.outgoing.letter.value, line)
        for one in render_samples(config, None)
        if one.outgoing.letter in STAFF_LETTERS
        for above, line in pairwise(one.rendered.text.splitlines())
        if above.strip().startswith(LABELS)
    ]
    members = {address for address, _ in STAFF}
    assert [] == [(letter, line) for letter, line in acted if line.strip("| ") in members]
    assert {name for _, name in STAFF} <= {line.strip("| ") for _, line in acted}
