"""A process that is forked differs in nothing that a test can see from one that is started."""

import array
import asyncio
import fcntl
import os
import resource
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import PATIENCE_S
from tests.support.preloaded.forker import can_be_forked
from tests.support.preloaded.order import CODES
from tests.support.preloaded.starts import COMMAND

STARTED, FORKED = ("env", *COMMAND), COMMAND
# Reads its standard input to the end, and knows nothing of any settings.
WAITS = ("explain", "-", "--config", "/nonexistent")
PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
SHOWN = ("PPid", "Uid", "Gid", "Umask", "Threads", "SigBlk", "SigIgn", "SigCgt")


@contextmanager
def waiting(command: tuple[str, ...], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for its standard input, of which it has read one octet."""
    with subprocess.Popen([*command, *WAITS], **PIPES | options) as process:
        assert process.stdin is not None
        os.write(process.stdin.fileno(), b"T")
        unread = array.array("i", [1])
        began_s = time.monotonic()
        while unread[0] and time.monotonic() < began_s + PATIENCE_S:
            time.sleep(0.01)
            fcntl.ioctl(process.stdin, termios.FIONREAD, unread)
        try:
            yield process
        finally:
            process.kill()


def describe(process: subprocess.Popen[bytes]) -> dict[str, object]:
    """What the system shows of a process."""
    place = Path(f"/proc/{process.pid}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    own = {process.pid: "its own"}
    return {
        "words": (place / "cmdline").read_bytes().rstrip(b"\0"),
        **{name: status[name] for name in SHOWN},
        "folder": (place / "cwd").readlink(),
        "descriptors": sorted(int(each.name) for each in (place / "fd").iterdir()),
        "limits": (place / "limits").read_text(),
        "group": own.get(os.getpgid(process.pid), os.getpgid(process.pid)),
        "session": own.get(os.getsid(process.pid), os.getsid(process.pid)),
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"start_new_session": True},
        {"process_group": 0},
        {"cwd": "/usr"},
        {"stderr": subprocess.STDOUT},
        {"stderr": None},
    ],
    ids=str,
)
def test_the_system_shows_the_same_process(options: dict[str, Any]) -> None:
    with waiting(STARTED, **options) as started, waiting(FORKED, **options) as forked:
        assert describe(started) == describe(forked)


def test_it_inherits_the_numbers_of_descriptors() -> None:
    """Nothing else that is open here, whichever number it has."""
    handed, kept = os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_RDONLY)
    high = fcntl.fcntl(handed, fcntl.F_DUPFD, 700)
    os.set_inheritable(kept, True)
    try:
        with waiting(FORKED, pass_fds=(handed, high)) as forked:
            assert [0, 1, 2, handed, high] == describe(forked)["descriptors"]
    finally:
        for each in (handed, kept, high):
            os.close(each)


def test_it_inherits_umask_and_limits() -> None:
    mask, limits = os.umask(0o027), resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, limits[1]))
    try:
        with waiting(STARTED) as started, waiting(FORKED) as forked:
            assert describe(started) == describe(forked)
    finally:
        os.umask(mask)
        resource.setrlimit(resource.RLIMIT_CORE, limits)


def test_it_inherits_the_environment_of_the_moment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is set here is set there, and what is removed here is not."""
    monkeypatch.setenv("GATEWAY_CONFIG_DIR", str(tmp_path / "none"))
    with_it = run(FORKED, "config", "check")
    monkeypatch.delenv("GATEWAY_CONFIG_DIR")
    without_it = run(FORKED, "config", "check")
    assert (str(tmp_path) in with_it[2], str(tmp_path) in without_it[2]) == (True, False)
    assert run(STARTED, "config", "check") == without_it


def run(command: tuple[str, ...], *arguments: str, **options: Any) -> tuple[int, str, str]:
    """Run to the end: exit code, standard output and standard error."""
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("calendar",),
        ("nonsense", "\udce3 no UTF-8"),
        ("config", "check", "--config", "/nonexistent"),
        ("config", "check", "--config", "config"),
        ("explain", "-"),
        ("serve", "--log-level", "loud"),
    ],
)
def test_output_and_exit_code_are_the_same(words: tuple[str, ...]) -> None:
    begun = run(STARTED, *words, input="To: nobody\n\n本文")
    assert begun == run(FORKED, *words, input="To: nobody\n\n本文")


def test_a_full_disk_below_its_output_is_told_in_the_same_way() -> None:
    """It fails when the interpreter ends, after all that is ours."""

    def into_nothing(command: tuple[str, ...]) -> tuple[int, str]:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([*command, "--version"], stdout=full, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stderr.decode().splitlines()[-1]

    assert into_nothing(STARTED) == into_nothing(FORKED)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_a_signal_ends_it_in_the_same_way(number: signal.Signals) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("whoever started the tests has it ignored, as nohup does, and so do both")
    codes = []
    for command in (STARTED, FORKED):
        with waiting(command) as process:
            process.send_signal(number)
            codes.append(process.wait(PATIENCE_S))
    assert codes[0] == codes[1]


async def test_asyncio_waits_for_it_and_speaks_with_it() -> None:
    process = await asyncio.create_subprocess_exec(*FORKED, "--version", **PIPES)
    out, err = await process.communicate()
    assert (0, b"") == (process.returncode, err)
    assert out.startswith(b"gateway, version")


def test_many_at_once_are_all_our_children() -> None:
    begun = [subprocess.Popen([*FORKED, "--version"], stdout=subprocess.DEVNULL) for _ in range(8)]
    assert 8 == len({process.pid for process in begun})
    assert [0] * 8 == [process.wait(PATIENCE_S) for process in begun]


def asked_for(*args: str, **options: Any) -> dict[str, Any]:
    """What `subprocess` is asked for, as far as it decides who starts it."""
    return {"args": args, "env": None, "close_fds": True} | options


@pytest.mark.parametrize(
    ("words", "forked"),
    [
        (asked_for(*COMMAND, "serve"), True),
        (asked_for(*COMMAND, "serve", env=os.environ | {"GATEWAY_X": "1", "TZ": "Asia/Tokyo"}), True),
        (asked_for(COMMAND[0], *COMMAND[3:], "serve"), True),
        (asked_for(COMMAND[0], "-c", CODES[1], "5", "6", "7", "INFO"), True),
        (asked_for(*COMMAND, "serve", env=os.environ | {"LC_ALL": "ja_JP.SJIS"}), False),
        (asked_for(*COMMAND, "serve", env=os.environ | {"LD_PRELOAD": "disk.so"}), False),
        (asked_for(*COMMAND, "serve", env=os.environ | {"NO_COLOR": "1"}), False),
        (asked_for(*COMMAND, "serve", env=os.environ | {"PYTHONHASHSEED": "7"}), False),
        (asked_for(*COMMAND, "serve", uid=65534), False),
        (asked_for(*COMMAND, "serve", preexec_fn=os.getpid), False),
        (asked_for(*COMMAND, "serve", close_fds=False), False),
        (asked_for("systemd-socket-activate", *COMMAND, "serve"), False),
        (asked_for(*COMMAND[:-1], "import os"), False),
        (asked_for(COMMAND[0], "-I", *COMMAND[3:], "serve"), False),
        (asked_for(COMMAND[0], "-c"), False),
        (asked_for("python3", *COMMAND[1:], "serve"), False),
    ],
)
def test_what_a_fork_cannot_give_is_started(words: dict[str, Any], forked: bool) -> None:
    assert forked == can_be_forked(words, os.environ)


def test_it_costs_a_fraction_of_a_start() -> None:
    """Otherwise nothing of this is worth its lines."""

    def cost_s(command: tuple[str, ...]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert 0 == run(command, "config", "check", "--config", "config")[0]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    assert cost_s(FORKED) < cost_s(STARTED) / 2
