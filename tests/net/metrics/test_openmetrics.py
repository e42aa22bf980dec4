"""The figures as OpenMetrics: what a parser reads, what must not be in it, and the page that serves it."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as parse_text

from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.app.wiring.files.resources import resource_dir
from gateway.cli import main
from gateway.demo.sandbox import open_sandbox
from gateway.memoize import CacheFigures
from gateway.net.metrics.endpoint import MAX_HEADER, MetricsEndpoint
from gateway.net.metrics.families import FAMILIES
from gateway.net.metrics.openmetrics import CONTENT_TYPE, format_openmetrics, format_prometheus
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.store.protocol import LetterState
from gateway.store.queries.statistics import ABOVE_S, PendingLetters, Statistics, load_statistics
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import APPLICANT, NOW, case
from tests.support.paths import ROOT

HERE = Path(__file__).parent
FIGURES = Statistics(
    at=NOW,
    cases={"under_review": 2, "invited": 9},
    overdue=1,
    oldest=None,
    outbox={
        "queued": PendingLetters(1, -3.0),
        "deferred": PendingLetters(2, 7200.5),
        "held": PendingLetters(0, 0.0),
    },
    mails={"application": 11, 'odd"\\\nkind': 1},
    mails_day={},
    refusals={"unproven": 3},
    refusals_day={},
    unclear={"sentence": 5, "date": 1},
    unclear_day={},
    letters={"sent": 68},
    letters_day={},
    waits=((3600, 4), (86400, 3), (None, 2)),
    waited_s=1234,
    last_digest_at=NOW,
    last_backup_at=None,
    database_bytes=4096,
    last_probe_at=NOW,
)
SERVICE = ServiceFigures(3, 90, 7, {"550": 5, "451": 1}, 2, 1, 40, 4, {"ok": 9, "error": 1}, NOW)


def samples(figures: Statistics = FIGURES) -> dict[tuple[str, str], float]:
    """(name, labels) -> value as prometheus_client's parser reads it."""
    families = list(text_string_to_metric_families(format_openmetrics(figures)))
    return {
        (one.name, ",".join(one.labels.values())): one.value for family in families for one in family.samples
    }


def test_a_strict_parser_reads_what_was_agreed_upon() -> None:
    """Alert rules and dashboards of operators rest on families, names, labels and values as in the file."""
    agreed = list(text_string_to_metric_families((HERE / "exposition.txt").read_text(encoding="utf-8")))
    build, *rest = text_string_to_metric_families(format_openmetrics(FIGURES))
    assert agreed == rest
    assert ("gateway_build", "info") == (build.name, build.type)
    assert {"version", "python", "sqlite"} == set(build.samples[0].labels)
    assert [family.name for family in FAMILIES] == [family.name for family in (build, *rest)]


def test_it_ends_with_the_mark_of_the_format_and_escapes_labels() -> None:
    text = format_openmetrics(FIGURES)
    assert text.endswith("\n# EOF\n")
    assert 'gateway_mails_total{kind="odd\\"\\\\\\nkind"} 1.0\n' in text


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("gateway_cases", "under_review", 2),
        ("gateway_cases", "joined", 0),
        ("gateway_cases_overdue", "", 1),
        ("gateway_outbox_letters", "deferred", 2),
        ("gateway_outbox_letters", "queued", 1),
        ("gateway_outbox_oldest_seconds", "queued", 0),
        ("gateway_outbox_oldest_seconds", "deferred", 7200.5),
        ("gateway_mails_total", "application", 11),
        ("gateway_mails_total", 'odd"\\\nkind', 1),
        ("gateway_refusals_total", "unproven", 3),
        ("gateway_letters_total", "sent", 68),
        ("gateway_invitation_seconds_bucket", "3600.0", 4),
        ("gateway_invitation_seconds_bucket", "86400.0", 7),
        ("gateway_invitation_seconds_bucket", "+Inf", 9),
        ("gateway_invitation_seconds_count", "", 9),
        ("gateway_invitation_seconds_sum", "", 1234),
        ("gateway_last_digest_timestamp_seconds", "", NOW.timestamp()),
        ("gateway_database_bytes", "", 4096),
    ],
)
def test_a_sample_says_what_the_figures_say(name: str, labels: str, value: float) -> None:
    assert value == samples()[name, labels]


def test_the_alert_rules_of_0_1_see_a_late_letter_and_no_letter_is_counted_twice() -> None:
    late = replace(FIGURES, outbox={**FIGURES.outbox, "queued": PendingLetters(1, 7200.0)})
    assert 7200 == samples(late)["gateway_outbox_oldest_seconds", "owed"]
    assert ("gateway_outbox_letters", "owed") not in samples(late)


def test_what_is_not_known_has_no_sample() -> None:
    assert ("gateway_last_backup_timestamp_seconds", "") not in samples()


async def test_no_address_and_no_number_of_a_case_is_told(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    opened = await store.transact(lambda tx: tx.save(case(State.UNDER_REVIEW)))
    await store.transact(
        lambda tx: tx.enqueue(opened, [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {})], NOW, None)
    )
    store.close()
    text = format_openmetrics(load_statistics(SqliteSource(store.path), NOW + timedelta(hours=2)))
    assert "@" not in text
    assert "K7QM" not in text
    assert 'gateway_outbox_oldest_seconds{state="queued"} 7200.0\n' in text


def test_the_service_tells_of_its_caches_and_a_command_does_not() -> None:
    caches = (CacheFigures("auth.dns.public_suffix.is_public_suffix", 7, 4096, 90, 10),)
    families = text_string_to_metric_families(format_openmetrics(FIGURES, caches))
    seen = {
        (one.name, *one.labels.values()): one.value
        for family in families
        for one in family.samples
        if one.name.startswith("gateway_cache")
    }
    name = "auth.dns.public_suffix.is_public_suffix"
    assert {
        ("gateway_cache_entries", name): 7,
        ("gateway_cache_requests_total", name, "hit"): 90,
        ("gateway_cache_requests_total", name, "miss"): 10,
    } == seen
    assert "gateway_cache" not in format_openmetrics(FIGURES)


def told() -> set[str]:
    """Names of all samples that there can be."""
    every = format_openmetrics(
        replace(FIGURES, last_backup_at=NOW, disk_free_bytes=1, standbys=1), (), SERVICE
    )
    return {one.name for family in text_string_to_metric_families(every) for one in family.samples}


def names(text: str) -> set[str]:
    return set(re.findall(r"\bgateway_[a-z_]+", text))


def test_the_alert_rules_use_names_that_exist_and_say_what_to_do() -> None:
    (group,) = yaml.safe_load((resource_dir("config") / "gateway.rules.yml").read_text(encoding="utf-8"))[
        "groups"
    ]
    assert 8 <= len(group["rules"])
    for rule in group["rules"]:
        assert names(rule["expr"]) <= told(), rule["alert"]
        assert {"summary", "remedy", "page"} == set(rule["annotations"])
        assert rule["labels"]["severity"] in {"warning", "critical"}


def test_each_alert_has_a_page_with_its_meaning_and_three_commands() -> None:
    (group,) = yaml.safe_load((resource_dir("config") / "gateway.rules.yml").read_text(encoding="utf-8"))[
        "groups"
    ]
    sections = dict(
        re.findall(
            r"(?ms)^## (\w+)\n\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
        )
    )
    assert [rule["alert"] for rule in group["rules"]] == list(sections)
    for rule in group["rules"]:
        assert f"docs/alerts.md#{rule['alert'].lower()}" == rule["annotations"]["page"]
        meaning, block, rest = sections[rule["alert"]].split("```")
        assert 40 < len(meaning.strip())
        assert 3 == len(block.strip().splitlines())
        assert not rest.strip()
        for line in block.strip().splitlines():
            words = line.split()
            if words[0] == "gateway":
                assert find_command(words[1:]), line


def find_command(words: list[str]) -> bool:
    """Whether there is such a command, with each option that is named."""
    command: click.Command | None = main
    for word in words:
        if isinstance(command, click.Group):
            command = command.get_command(click.Context(command), word)
        elif word.startswith("--") and not (command and any(word in each.opts for each in command.params)):
            return False
    return command is not None


def test_the_running_service_tells_refusals_connections_processes_and_dns() -> None:
    families = list(text_string_to_metric_families(format_openmetrics(FIGURES, (), SERVICE)))
    found = {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}
    assert 5 == found["gateway_smtp_refusals_total", "550"]
    assert (3, 90, 7) == (
        found["gateway_sessions",],
        found["gateway_connections_total",],
        found["gateway_turned_away_total",],
    )
    assert (1, 1) == (found["gateway_workers", "ready"], found["gateway_workers", "lost"])
    assert 4 == found["gateway_dns_failures_total",]
    assert 1 == found["gateway_doctor_findings", "error"]
    assert NOW.timestamp() == found["gateway_doctor_timestamp_seconds",]


def test_the_textfile_collector_reads_the_older_format() -> None:
    """node_exporter takes no OpenMetrics: no # EOF, no # UNIT, a counter is called _total."""
    text = format_prometheus(FIGURES, SERVICE)
    assert "# EOF" not in text
    assert "# UNIT" not in text
    assert "# TYPE gateway_mails_total counter" in text
    found = {one.name for family in parse_text(text) for one in family.samples}
    wanted = {
        one.name
        for family in text_string_to_metric_families(format_openmetrics(FIGURES, (), SERVICE))
        for one in family.samples
    }
    assert wanted <= found | {"gateway_build_info"}


async def test_a_running_gateway_counts_what_it_refuses(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path) as desk:
        before = desk.app.read_figures()
        answer = await desk.send("a@town.mihon.lg.jp", "nobody@elsewhere.example", b"")
        after = await asyncio.to_thread(desk.app.read_figures)
    assert 550 == answer.code
    assert before.connections + 1 == after.connections
    assert before.replies.get("550", 0) + 1 == after.replies["550"]


def test_the_alert_rules_name_states_of_letters_that_exist() -> None:
    text = (resource_dir("config") / "gateway.rules.yml").read_text(encoding="utf-8")
    states = re.findall(r'gateway_outbox_\w+\{state=~?"([a-z_|]+)"', text)
    assert 3 == len(states)
    assert {one for each in states for one in each.split("|")} <= {each.value for each in LetterState}


def test_the_dashboard_shows_every_metric_under_a_name_that_exists() -> None:
    board = json.loads((resource_dir("config") / "gateway.dashboard.json").read_text(encoding="utf-8"))
    used = names(" ".join(target["expr"] for panel in board["panels"] for target in panel["targets"]))
    assert used <= told()
    assert {family.name for family in FAMILIES} == {
        family.name for family in FAMILIES if any(name.startswith(family.name) for name in used)
    }
    spots = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]}
    assert len(board["panels"]) == len(spots)


@pytest.mark.parametrize(
    "state",
    re.findall(
        r'state=~"([a-z_|]+)"',
        (resource_dir("config") / "gateway.dashboard.json").read_text().replace('\\"', '"'),
    ),
)
def test_the_dashboard_names_states_that_exist(state: str) -> None:
    assert set(state.split("|")) <= {each.value for each in State}


@pytest.fixture
async def page() -> AsyncIterator[MetricsEndpoint]:
    made = MetricsEndpoint(0, lambda: format_openmetrics(FIGURES))
    task = asyncio.create_task(made.run())
    for _ in range(1000):
        if made.port:
            break
        await asyncio.sleep(0.001)
    yield made
    made.stop()
    await task


async def ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_the_page_is_served_whole(page: MetricsEndpoint) -> None:
    answer = await ask(page.port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    header, _, body = answer.partition(b"\r\n\r\n")
    assert header.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Type: {CONTENT_TYPE}".encode() in header
    assert f"Content-Length: {len(body)}".encode() in header
    assert format_openmetrics(FIGURES).encode() == body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /metrics/../etc/passwd HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", b"405"),
        (b"HEAD /metrics HTTP/1.1\r\n\r\n", b"200"),
        (b"GET /metrics?x=1 HTTP/1.1\r\n\r\n", b"200"),
        (b"\x16\x03\x01\r\n\r\n", b"404"),
    ],
)
async def test_anything_else_gets_a_short_answer(
    page: MetricsEndpoint, request_bytes: bytes, status: bytes
) -> None:
    assert status == (await ask(page.port, request_bytes)).split()[1]


async def test_an_endless_request_is_cut_off(page: MetricsEndpoint) -> None:
    assert b"" == await ask(page.port, b"GET /" + b"x" * (2 * MAX_HEADER))
    assert b"200" in await ask(page.port, b"GET /metrics HTTP/1.1\r\n\r\n")


async def test_an_unreadable_database_is_503_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise OSError("disk")

    answer = await MetricsEndpoint(0, broken)._build_answer(b"GET /metrics HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"disk" not in answer
    assert "metrics" in caplog.text


async def test_a_taken_port_is_logged_and_stops_nothing(
    page: MetricsEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    await MetricsEndpoint(page.port, str).run()
    assert f"127.0.0.1:{page.port}" in caplog.text


async def test_a_running_gateway_serves_it_when_the_settings_say_so(
    tmp_path: Path, page: MetricsEndpoint
) -> None:
    port = page.port
    page.stop()
    async with open_sandbox(tmp_path) as desk:
        import msgspec

        watch = msgspec.structs.replace(desk.app.config.watch, metrics_port=port)
        config = msgspec.structs.replace(desk.app.config, watch=watch)
        await desk.app.reload(lambda: config)
        for _ in range(100):
            try:
                answer = await ask(port, b"GET /metrics HTTP/1.1\r\n\r\n")
                break
            except OSError:
                await asyncio.sleep(0.02)
        assert b'gateway_cases{state="invited"} 0' in answer


def test_the_last_bound_is_that_of_the_schema() -> None:
    assert 2**63 - 1 == ABOVE_S
