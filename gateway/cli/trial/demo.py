"""`gateway demo`: the whole desk on loopback, for viewing and manual trials."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from rich.console import Console

    from gateway.demo.client import Client
    from gateway.demo.runner import ScenarioResult

EPILOG = """\b
Examples:
  gateway demo
  gateway demo --serve --port 2525
  gateway demo --nodes 2
  gateway case list --config var/demo
"""
MAX_NODES = 2
DEMO_FILES = (
    "gateway.db*",  # the store's additional files have names that start with this one
    "gateway.toml",
    "organisations.tsv",
    "gateway.log",
    "apply.py",
    "approve.py",
)


@click.command(epilog=EPILOG)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Directory for the database, mail and settings; the files of an earlier demo are deleted.",
)
@click.option("--serve", is_flag=True, help="Keep the gateway running for manual testing.")
@click.option("--console", "with_console", is_flag=True, help="With --serve: also run the web console.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="SMTP port (default: any free port).")
@click.option(
    "--nodes",
    default=1,
    type=click.IntRange(1, MAX_NODES),
    help="Number of nodes. 2 runs on a private PostgreSQL server and kills the active node partway through.",
)
@options.json_option
@options.wide_option
def demo(*, folder: Path, serve: bool, with_console: bool, port: int, nodes: int, as_json: bool) -> None:
    """Run a self-contained demo with sample applicants.

    Runs on localhost with real SMTP, DNS and DKIM.

    Requires neither root nor a network. --nodes 2 requires PostgreSQL 15 or later on this machine. Exits with
    0 only if every applicant reaches the expected state.
    """
    if with_console and not serve:
        raise click.UsageError("--console requires --serve")
    if nodes > 1 and (serve or port):
        raise click.UsageError("--nodes cannot be combined with --serve, --console or --port")
    from gateway.store.protocol.opening import DatabaseInUseError

    try:
        with _claim(folder):
            _remove_demo_files(folder)
            _log_to(folder / "gateway.log")
            failed = _run(folder, port, nodes, serve=serve, with_console=with_console, as_json=as_json)
    except DatabaseInUseError as error:
        loading.fail(f"{error}, or use another --folder", loading.EXIT_TEMPORARY)
    except OSError as error:
        loading.fail(f"cannot run the demo: {error.strerror or error}", loading.EXIT_TEMPORARY)
    sys.exit(1 if failed else 0)


def _run(folder: Path, port: int, nodes: int, *, serve: bool, with_console: bool, as_json: bool) -> int:
    from gateway.cli.trial import demo_nodes
    from gateway.net.host.event_loop import run

    place = folder.absolute()
    if nodes == 1:
        return run(_run_demo(folder, place, port, serve=serve, with_console=with_console, as_json=as_json))
    failed = demo_nodes.run_on_nodes(place, nodes, as_json=as_json)
    output.echo(_format_locations(folder, "mx*/gateway.log"), err=as_json)
    return failed


def _claim(folder: Path) -> IO[bytes]:
    """Keep other demos out of the folder until the file is closed. Raises DatabaseInUseError or OSError."""
    from gateway.store.sqlite.store import lock

    folder.mkdir(parents=True, exist_ok=True)
    return lock(folder / "demo")


def _remove_demo_files(folder: Path) -> None:
    """Remove the files of an earlier demo, and nothing else."""
    for place in (place for name in DEMO_FILES for place in folder.glob(name)):
        if place.is_file() or place.is_symlink():
            place.unlink()
    for name in ("letters", *(f"mx{number}" for number in range(1, MAX_NODES + 1))):
        shutil.rmtree(folder / name, ignore_errors=True)


def _log_to(path: Path) -> None:
    from gateway.log import handlers

    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(handlers.OneLineFormatter(handlers.KEY_VALUE))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


async def _run_demo(
    folder: Path, place: Path, port: int, *, serve: bool, with_console: bool, as_json: bool
) -> int:
    from rich.console import Console

    from gateway.cli.trial import demo_console
    from gateway.demo import manual
    from gateway.demo.sandbox import open_sandbox

    console = Console(stderr=as_json)
    started = monotonic()
    pages = demo_console.open_socket() if with_console else None
    more_settings = demo_console.format_settings(pages) if pages else ""
    async with open_sandbox(place, port, more_settings=more_settings) as running:
        findings = await run_with_progress(running, console)
        failed = sum(not finding.is_ok for finding in findings)
        if as_json:
            output.print_json([describe(finding) for finding in findings])
        else:
            print_findings(findings, monotonic() - started)
        output.echo(_format_locations(folder), err=as_json)
        if serve:
            manual.write_scripts(place, running.request, running.port)
            output.echo(manual.format_instructions(folder, running.port), err=as_json)
            if pages is not None:
                await demo_console.serve(running, pages, _wait_for_signal())
            else:
                await _wait_for_signal()
    return failed


async def run_with_progress(
    running: Client, console: Console, count: Callable[[], None] = lambda: None
) -> list[ScenarioResult]:
    """Run all applicants; `count` is called after each one."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from gateway.demo.people.scenarios import SCENARIOS, Scenario
    from gateway.demo.runner import run_scenarios

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Playing", total=len(SCENARIOS))

        def told(persona: Scenario, finding: ScenarioResult | None) -> None:
            progress.update(task, description=persona.who, advance=0 if finding is None else 1)
            if finding is not None:
                count()

        return await run_scenarios(running, told)


def print_findings(findings: list[ScenarioResult], elapsed_s: float) -> None:
    """Print a row for each applicant."""
    output.print_table(
        f"{len(findings)} sample applicants in {elapsed_s:.1f} s",
        ("", "who", "case", "final state", "SMTP replies", "why"),
        (
            (
                "ok" if finding.is_ok else "FAILED",
                f"{finding.persona.who}\n{finding.persona.person.address}",
                finding.number,
                finding.state,
                "\n".join(finding.answers),
                finding.trouble or finding.persona.why,
            )
            for finding in findings
        ),
    )


def describe(finding: ScenarioResult) -> dict[str, object]:
    """Return the result of an applicant as JSON facts."""
    return {
        "right": finding.is_ok,
        "who": finding.persona.who,
        "address": finding.persona.person.address,
        "answers": finding.answers,
        "case": finding.number,
        "state": finding.state,
        "why": finding.trouble or finding.persona.why,
    }


def _format_locations(folder: Path, log: str = "gateway.log") -> str:
    return f"""
Letters:   {folder}/letters/ADDRESS/new (one file each)
Database:  {folder}/gateway.db
Log:       {folder}/{log}

Try next:
  gateway case list --config {folder}
  gateway case show NUMBER --config {folder}
  gateway outbox list --config {folder}
  gateway demo --serve --port 2525     (then send mail manually)"""


async def _wait_for_signal() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await stopping.wait()
