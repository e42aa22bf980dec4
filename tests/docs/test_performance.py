"""The figures of docs/performance.md are those of a run's data file, and the bench that writes it runs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import cpu, figures
from tests.bench.figures import Figures
from tests.bench.ways import WAYS
from tests.support.measuring import without_measuring

ROOT = Path(__file__).resolve().parents[2]


def test_a_ratio_is_the_lowest_of_the_middle_five_rounds() -> None:
    found = [Figures("gateway", 50, 100.0 * number, 1, 1, 0, round=number) for number in range(1, 8)]
    found += [Figures("postfix", 50, 100.0, 1, 1, 0, round=number) for number in range(1, 8)]
    assert 2.0 == figures.least_ratio(found, "gateway", "postfix", 50)
    assert figures.least_ratio(found, "gateway", "postfix", 10) is None


def test_the_time_of_children_counts_while_they_live_and_after_they_ended() -> None:
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    twice = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); input()"
    with subprocess.Popen([sys.executable, "-c", twice], stdin=subprocess.PIPE) as process:
        before = cpu.read_used_s([process.pid])
        deadline = 200
        while cpu.read_used_s([process.pid]) - before < 0.3 and (deadline := deadline - 1):
            subprocess.run(["sleep", "0.05"], check=True)
        used = cpu.read_used_s([process.pid]) - before
        process.communicate(b"\n")
    assert 0.3 <= used < 1.5


@pytest.mark.skipif(not all(map(shutil.which, ("cc", "unbound"))), reason="needs a C compiler and unbound")
def test_a_short_run_of_the_bench_writes_a_data_file() -> None:
    """In every way: connections kept, one mail each with STARTTLS, a slow disk, letters that leave."""
    arguments = ["--connections", "2", "--messages", "10", "--rounds", "1", "--fronts", "1", "--json"]
    command = [sys.executable, str(ROOT / "tests/bench/accept.py"), *arguments, "--ways", ",".join(WAYS)]
    surroundings = without_measuring()
    said = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=300, env=surroundings
    ).stdout
    data = json.loads(said)
    assert {"interpreter", "processors", "figures"} <= set(data)
    assert list(WAYS) == [one["way"] for one in data["figures"]]
    for one in data["figures"]:
        assert ("gateway, 1 fronts", 2, 0) == (one["system"], one["connections"], one["others"])
        assert one["cpu_us"] > 0
        assert f"| {one['way']} | 2 | gateway, 1 front-end process |" in figures.render_table(data)


def test_the_table_is_that_of_the_data_file() -> None:
    data = json.loads((ROOT / "docs/performance.json").read_text(encoding="utf-8"))
    assert figures.render_table(data) in (ROOT / "docs/performance.md").read_text(encoding="utf-8")
