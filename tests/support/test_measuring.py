"""What is measured, and by whom: with a measurement that only notes when it runs."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import measuring

VARIABLE = "COVERAGE_PROCESS_START"


class Running:
    """A measurement in this process."""

    is_on = True

    def start(self) -> None:
        self.is_on = True

    def stop(self) -> None:
        self.is_on = False


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setenv(VARIABLE, "pyproject.toml")
    made = Running()
    measurement = measuring._Measurement(made)  # type: ignore[arg-type]
    monkeypatch.setattr(measuring, "_measurement", lambda: measurement)
    return made


def config(dist: str, **more: object) -> Any:
    return SimpleNamespace(getoption=lambda _: dist, **more)


@pytest.mark.parametrize(
    ("given", "is_on", "is_inherited"),
    [
        (config("worksteal"), False, True),
        (config("no", workerinput={"workerid": "gw0"}), True, True),
        (config("no", workerinput={"workerid": "gw1"}), False, False),
        (config("no"), True, True),
    ],
    ids=["hands-out", "first", "second", "alone"],
)
def test_one_process_measures_the_collection(
    running: Running, given: Any, is_on: bool, is_inherited: bool
) -> None:
    measuring.pause_before_collection(given)
    assert (is_on, is_inherited) == (running.is_on, VARIABLE in measuring.os.environ)


@pytest.mark.parametrize("is_chosen", [True, False])
def test_only_what_is_chosen_is_measured(running: Running, is_chosen: bool) -> None:
    item: Any = SimpleNamespace(stash={measuring._MEASURED: is_chosen})
    measuring.pause_after_collection()
    for _ in range(2):
        with measuring.measured(item):
            assert (is_chosen, is_chosen) == (running.is_on, VARIABLE in measuring.os.environ)
        assert (False, False) == (running.is_on, VARIABLE in measuring.os.environ)
