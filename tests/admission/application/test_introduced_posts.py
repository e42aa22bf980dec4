"""Sections and titles in sentences that introduce their writer, however they are joined."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form

POSTS = [
    ("米原市政策推進課 主事の醒井 梅です。", "政策推進課", "主事"),
    ("米原市政策推進課、主事の醒井 梅です。", "政策推進課", "主事"),
    ("米原市政策推進課主事の醒井 梅です。", "政策推進課", "主事"),
    ("米原市政策推進課の主事、醒井 梅です。", "政策推進課", "主事"),
    ("米原市政策推進課の醒井 梅（主事）です。", "政策推進課", "主事"),
    ("米原市の醒井 梅と申します。政策推進課の主事をしております。", "政策推進課", "主事"),
    ("米原市政策推進課で主事をしている醒井 梅と申します。", "政策推進課", "主事"),
    ("米原市政策推進課に勤務しております醒井 梅と申します。", "政策推進課", ""),
    ("米原市政策推進課の醒井 梅（さめがい うめ）です。", "政策推進課", ""),
    ("米原市の醒井 梅と申します。議会の傍聴をしております。", "", ""),
]


@pytest.mark.parametrize(("said", "department", "title"), POSTS)
def test_a_post_is_read_from_the_sentence_that_names_its_holder(
    said: str, department: str, title: str
) -> None:
    form = parse_form(f"{said}\n規約に同意します。\n")
    assert ("米原市", department, title, "醒井 梅") == (
        form.organisation,
        form.department,
        form.title,
        form.name,
    )
