"""Each journey goes through one process, and through two fronts and a writer."""

import pytest

from gateway.demo import fixtures


@pytest.fixture(autouse=True, params=[0, 2], ids=["one-process", "two-fronts"])
def front_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many fronts there are."""
    number: int = request.param
    monkeypatch.setattr(fixtures, "FRONT_PROCESSES", number)
    return number
