"""`gateway demo --nodes 2`: the scenarios on two nodes and a PostgreSQL server; the active node is killed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from gateway.cli.shared import loading, output

if TYPE_CHECKING:
    from gateway.demo.nodes.desk import NodesDesk
    from gateway.demo.nodes.loss import Balance, Loss
    from gateway.demo.runner import ScenarioResult


def run_on_nodes(folder: Path, count: int, *, as_json: bool) -> int:
    """Run the scenarios; return the number of failures. Exits if PostgreSQL or its driver is missing."""
    from gateway.net.host.event_loop import run

    try:
        import psycopg  # noqa: F401

        from gateway.demo.nodes.cluster import ClusterError, running_cluster
    except ImportError:
        said = "--nodes requires the PostgreSQL driver: pip install 'intake-gateway[postgres]'"
        loading.fail(said, loading.EXIT_CONFIG)
    try:
        with running_cluster() as cluster:
            from gateway.demo.nodes.desk import open_desk

            async def play() -> int:
                async with open_desk(folder, cluster, count) as desk:
                    failed = await _play(desk, as_json=as_json)
                _keep(desk, folder)
                return failed

            return run(play())
    except ClusterError as error:
        loading.fail(f"--nodes: {error}", loading.EXIT_CONFIG)


async def _play(desk: NodesDesk, *, as_json: bool) -> int:
    from rich.console import Console

    from gateway.cli.trial import demo
    from gateway.demo.client import DemoError
    from gateway.demo.nodes.loss import Loss, draw_balance
    from gateway.demo.people.scenarios import SCENARIOS

    console, started = Console(stderr=as_json), monotonic()
    loss = Loss(desk, after=len(SCENARIOS) // 2)
    findings = await demo.run_with_progress(desk, console, loss.count)
    try:
        await loss.wait()
    except DemoError as error:
        loading.fail(str(error), loading.EXIT_TEMPORARY)
    balance = draw_balance(desk)
    if as_json:
        output.print_json(_as_json(findings, loss, balance))
    else:
        demo.print_findings(findings, monotonic() - started)
        _print(loss, balance)
    return sum(not one.is_ok for one in findings) + (not balance.is_ok)


def _print(loss: Loss, balance: Balance) -> None:
    from gateway.printing.terminal import count

    output.echo(
        f"\nNode {loss.killed} was killed (SIGKILL) while active, after {loss.after} applicants. "
        f"Node {loss.successor} took over {loss.takeover_s:.1f} s later.\n"
        f"{count(loss.desk.retried, 'message')} had to be resent because no node was responding.\n"
        f"Of {count(balance.accepted, 'message')} acknowledged with 250, {balance.lost} were lost and "
        f"{balance.doubled} were recorded twice.\n"
        f"Of {count(balance.letters, 'letter')}, {balance.sent_again} were sent again with the same "
        "Message-ID."
    )
    for fault in balance.faults:
        output.echo(f"! {fault}")
    if not balance.faults:
        output.echo(f"gateway verify: sound, {count(balance.lines, 'line')} in the journal.")


def _as_json(findings: list[ScenarioResult], loss: Loss, balance: Balance) -> dict[str, object]:
    from dataclasses import asdict

    from gateway.cli.trial import demo

    return {
        "applicants": [demo.describe(one) for one in findings],
        "killed": loss.killed,
        "killed_after_applicants": loss.after,
        "successor": loss.successor,
        "takeover_s": round(loss.takeover_s, 1),
        "mails_retried": loss.desk.retried,
        **asdict(balance),
    }


def _keep(desk: NodesDesk, folder: Path) -> None:
    """Copy all rows to a file with settings, so that commands can be tried after the server has stopped."""
    from gateway import settings
    from gateway.demo.fixtures import format_register, settings_text
    from gateway.store.sqlite.copying import write_file

    first = desk.members[0]
    with closing(desk.source.open()) as connection:
        write_file(connection, folder / "gateway.db", lambda *_: None)
    text = settings_text(folder, first.port, desk.config.dns.port)
    (folder / settings.FILE_NAME).write_text(text, encoding="utf-8")
    (folder / "organisations.tsv").write_text(format_register(), encoding="utf-8")
