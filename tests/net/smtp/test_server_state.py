"""An error of our own in the log: one line that says enough, however deep it happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.net.smtp.server_state import MAX_STEPS, log_exception


def _recurse() -> None:
    _recurse()


def _raise(error: Exception) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (_recurse, "maximum recursion depth exceeded"),
        (_raise(MemoryError()), "MemoryError"),
        (_raise(ValueError("x\r\n250 injected")), r"x\r\n250 injected"),
        (_raise(ValueError("x" * 10_000)), "x" * 200),
    ],
    ids=["recursion", "no words", "lines", "length"],
)
def test_an_error_is_one_line_of_bounded_length(
    step: Callable[[], None], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        step()
    except Exception as error:
        log_exception("handler", "192.0.2.1", error)
    (line,) = caplog.messages
    assert told in line
    assert len(line.splitlines()) == 1
    assert line.count(" < ") < MAX_STEPS
    assert "test_server_state.py" in line
