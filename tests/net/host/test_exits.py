import pytest

from gateway.net.host.exits import describe_exit


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exited with status 0"),
        (1, "exited with status 1"),
        (-9, "killed by SIGKILL"),
        (-11, "killed by SIGSEGV"),
        (-40, "killed by signal 40"),
    ],
)
def test_an_exit_is_told_by_status_or_by_the_name_of_the_signal(code: int, words: str) -> None:
    assert words == describe_exit(code)
