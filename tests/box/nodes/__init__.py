"""A desk on two machines and two database servers, as the page on several machines says."""

from __future__ import annotations

from tests.box.box import Box
from tests.box.nodes.losses import lose_node
from tests.box.nodes.moving import move_to_postgres
from tests.box.nodes.primary import lose_primary
from tests.box.nodes.steps import finish
from tests.box.nodes.town import add_desk
from tests.box.nodes.upgrading import upgrade


def run_nodes(box: Box) -> None:
    """The desk moves to PostgreSQL and two nodes; losses, an upgrade, a second desk. Raises BoxError."""
    for act in (move_to_postgres, lose_node, upgrade, add_desk, lose_primary):
        box.say(f"-- {act.__name__}")
        act(box)
    finish(box)
