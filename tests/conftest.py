"""What the run says of itself at the end: how many cases of each suite and table were held against us."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from collections.abc import Generator

import hypothesis
import pytest

from gateway import memoize
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import (
    Answer,
    Submission,
    decode_answer,
    decode_submission,
    encode_answer,
    encode_submission,
)
from gateway.printing.fields import Strictness
from tests.support import measuring
from tests.support.compiled_templates import keep_compiled
from tests.support.preloaded.starts import fork_instead_of_loading

# Many tests start `gateway` as a process, and compiling it takes longer than all else at the start: keep what
# was compiled, also where the environment says not to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

keep_compiled()
fork_instead_of_loading()

# A value that nobody typed fails here; in service it is printed as text from outside.
Strictness.refuses = True

# Speed is measured in benchmarks; a busy machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None)
# In the gates the same commit tries the same examples; everywhere else each run tries others.
hypothesis.settings.register_profile("settled", deadline=None, derandomize=True)
hypothesis.settings.load_profile("untimed")

# Tests of which every one is a case of a suite or a row of a labelled table.
COUNTED = {
    "tests/auth/spf/test_spf_suite.py::test_the_official_suite": "SPF, RFC 7208 suite",
    "tests/auth/dkim/": "DKIM tables and samples",
    "tests/auth/dmarc/test_evaluate.py": "DMARC table",
    "tests/auth/arc/test_arc.py": "ARC table",
    "tests/oracle/": "oracles (dkimpy, mailauth)",
    "tests/admission/organisations/test_domains.py": "domain classes",
    "tests/admission/replies/test_decision.py": "staff replies",
    "tests/authority/": "authority of replies",
    "tests/corpus/test_corpus.py": "mails of the corpus",
    "tests/corpus/test_field": "files of the field",
    "tests/net/smtp/test_dialogs.py": "SMTP dialogs",
    "tests/hostile/": "hostile catalogue",
}


@pytest.fixture(autouse=True)
def _records_cross_a_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record and answer is encoded and decoded, as between a front and the writer."""
    submit = Receiver.submit

    async def through_the_codec(self: Receiver, submission: Submission) -> Answer:
        return decode_answer(
            encode_answer(await submit(self, decode_submission(encode_submission(submission))))
        )

    monkeypatch.setattr(Receiver, "submit", through_the_codec)


@pytest.fixture(autouse=True)
def _no_memories() -> None:
    """No test sees what another left in a cache, but for what is made once and takes long."""
    memoize.clear_all(made_once=False)


def pytest_configure(config: pytest.Config) -> None:
    """Leave it to one process to measure what the collection reaches."""
    measuring.pause_before_collection(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage meanwhile, nor later in what was collected: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Choose which rows of the tables are measured where coverage is."""
    measuring.choose(items)


def pytest_collection_finish() -> None:
    """Measure from here on what is chosen."""
    measuring.pause_after_collection()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test, measured or not."""
    with measuring.measured(item):
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a suite: passed of run."""
    passed: Counter[str] = Counter()
    run: Counter[str] = Counter()
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.getreports(outcome):
            name = _suite(report.nodeid)
            if name and outcome != "skipped":
                run[name] += 1
                passed[name] += outcome == "passed"
    if run:
        terminalreporter.section("cases held against the gateway")
        for name in dict.fromkeys(COUNTED.values()):
            if run[name]:
                terminalreporter.write_line(f"{name}: {passed[name]}/{run[name]}")
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for key, value in getattr(report, "user_properties", ()):
            if key == "figure":
                terminalreporter.write_line(str(value))


def _suite(nodeid: str) -> str:
    return next((name for prefix, name in COUNTED.items() if nodeid.startswith(prefix)), "")
