"""Who may look into outside text: the store and the printing room.

import-linter sees modules and not methods, so the syntax trees are walked.
"""

from __future__ import annotations

import ast

from tests.support.paths import ROOT

# `reveal` as a method, as a function and as a name that is imported.
ALLOWED = ("printing/", "store/tables/rows.py")


def reveals(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "reveal")
        or (isinstance(node, ast.ImportFrom) and any(name.name == "reveal" for name in node.names))
        for node in ast.walk(tree)
    )


def test_outside_text_is_revealed_in_the_store_and_in_the_printing_room_alone() -> None:
    places = {
        str(path.relative_to(ROOT / "gateway"))
        for path in (ROOT / "gateway").rglob("*.py")
        if reveals(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert places
    assert set() == {place for place in places if not place.startswith(ALLOWED)}


def test_the_walk_sees_every_way_to_reveal() -> None:
    for code in ("x.reveal()", "y = x.reveal", "from gateway.printing.outside import reveal"):
        assert reveals(ast.parse(code))
