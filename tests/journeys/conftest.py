"""Each journey goes through one process, and the first row of each through two fronts and a writer too."""

from pathlib import Path

import pytest

from gateway.demo import fixtures
from tests.support.measuring import FRONTS


@pytest.fixture(autouse=True, params=[0, 2], ids=["one-process", FRONTS])
def front_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many fronts there are."""
    number: int = request.param
    monkeypatch.setattr(fixtures, "FRONT_PROCESSES", number)
    return number


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the later rows of a table behind fronts: the writer decides what differs from row to row."""
    seen, left_out, kept = set[str](), list[pytest.Item](), list[pytest.Item]()
    for item in items:
        function, _, row = item.nodeid.partition("[")
        is_behind = row.startswith(FRONTS) and Path(__file__).parent in item.path.parents
        (left_out if is_behind and function in seen else kept).append(item)
        if is_behind:
            seen.add(function)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
