"""Endings of offices, organisations and posts are the same for every reader of values without labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.evidence import shapes
from gateway.admission.application.unlabelled import introduction, prose
from gateway.admission.application.unlabelled.endings import UNITS

POSTS = [
    "主任",
    "主事",
    "主事補",
    "技師補",
    "書記官",
    "総括主幹",
    "課長補佐",
    "保健師",
    "専門職",
    "推進員",
    "次長",
]
BODIES = ["広島労働局", "西日本財務局", "総務省", "消費者庁", "見本広域連合", "見本事務組合", "見本企業団"]
SECTIONS = st.sampled_from(UNITS).map(lambda unit: f"第一総務{unit}")


@pytest.mark.parametrize("title", POSTS)
def test_a_post_is_known_to_each_reader(title: str) -> None:
    assert shapes.is_title(title)
    said = prose.read_sentence(f"見本町総務課で{title}をしております見本と申します。")
    assert said is not None
    assert title == said["title"]
    found = introduction.read_line(f"{title}　見本　花子")
    assert found is not None
    assert (title, "見本　花子") == (found.title, found.name)


@pytest.mark.parametrize("body", BODIES)
def test_an_organisation_is_known_to_each_reader(body: str) -> None:
    assert shapes.is_body(body)
    said = prose.read_sentence(f"{body}の総務課で主査をしております見本と申します。")
    assert said is not None
    assert body == said["body"]
    found = introduction.read_line(f"{body} 総務課")
    assert found is not None
    assert (body, "総務課") == (found.organisation, found.department)


@given(SECTIONS)
def test_a_section_is_known_to_each_reader(section: str) -> None:
    assert shapes.is_section(section)
    said = prose.read_sentence(f"見本町の{section}で主査をしております見本と申します。")
    assert said is not None
    assert section == said["unit"]
    found = introduction.read_line(f"見本町 {section}")
    assert found is not None
    assert ("見本町", section) == (found.organisation, found.department)
