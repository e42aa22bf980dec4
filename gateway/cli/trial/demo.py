"""`gateway demo`: the whole desk on loopback, to look at and to try by hand."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from rich.console import Console

    from gateway.demo.runner import ScenarioResult
    from gateway.demo.sandbox import Sandbox

EPILOG = """\b
Examples:
  gateway demo
  gateway demo --serve --port 2525
  gateway case list --config var/demo
"""
DEMO_FILES = (
    "gateway.db",
    "gateway.db-wal",
    "gateway.db-shm",
    "gateway.db.lock",
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
    help="Directory for database, letters and settings; an earlier demo there is removed.",
)
@click.option("--serve", is_flag=True, help="Keep the gateway running for manual tests.")
@click.option(
    "--console", "with_console", is_flag=True, help="With --serve: the web pages for the staff as well."
)
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="SMTP port (default: any free one).")
@options.json_option
@options.wide_option
def demo(*, folder: Path, serve: bool, with_console: bool, port: int, as_json: bool) -> None:
    """Run a self-contained demo with sample applicants.

    On localhost, with real SMTP, DNS, DKIM and letters.

    Needs no root and no network. Exits with 0 only if every applicant reached the expected state.
    """
    from gateway.net.host.event_loop import run

    if with_console and not serve:
        raise click.UsageError("--console needs --serve")
    try:
        _remove_demo_files(folder)
        _log_to(folder / "gateway.log")
        failed = run(
            _run_demo(
                folder, folder.absolute(), port, serve=serve, with_console=with_console, as_json=as_json
            )
        )
    except OSError as error:
        loading.fail(f"cannot play the demo: {error.strerror or error}", loading.EXIT_TEMPORARY)
    sys.exit(1 if failed else 0)


def _remove_demo_files(folder: Path) -> None:
    """Take away what a demo made, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in DEMO_FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "letters", ignore_errors=True)


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
        findings = await _run_with_progress(running, console)
        failed = sum(not finding.is_ok for finding in findings)
        if as_json:
            output.print_json([_as_json(finding) for finding in findings])
        else:
            _print_findings(findings, monotonic() - started)
        output.echo(_format_locations(folder), err=as_json)
        if serve:
            manual.write_scripts(place, running.request, running.port)
            output.echo(manual.format_instructions(folder, running.port), err=as_json)
            if pages is not None:
                await demo_console.serve(running, pages, _wait_for_signal())
            else:
                await _wait_for_signal()
    return failed


async def _run_with_progress(running: Sandbox, console: Console) -> list[ScenarioResult]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from gateway.demo.runner import run_scenarios
    from gateway.demo.scenarios import SCENARIOS, Scenario

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Playing", total=len(SCENARIOS))

        def told(persona: Scenario, finding: ScenarioResult | None) -> None:
            progress.update(task, description=persona.who, advance=0 if finding is None else 1)

        return await run_scenarios(running, told)


def _print_findings(findings: list[ScenarioResult], elapsed_s: float) -> None:
    output.print_table(
        f"{len(findings)} personas in {elapsed_s:.1f} s",
        ("", "who", "case", "final state", "SMTP session answered", "why"),
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


def _as_json(finding: ScenarioResult) -> dict[str, object]:
    return {
        "right": finding.is_ok,
        "who": finding.persona.who,
        "address": finding.persona.person.address,
        "answers": finding.answers,
        "case": finding.number,
        "state": finding.state,
        "why": finding.trouble or finding.persona.why,
    }


def _format_locations(folder: Path) -> str:
    return f"""
Letters:   {folder}/letters/ADDRESS/new (one file each)
Database:  {folder}/gateway.db
Log:       {folder}/gateway.log

What to try next:
  gateway case list --config {folder}
  gateway case show NUMBER --config {folder}
  gateway outbox list --config {folder}
  gateway demo --serve --port 2525     (then send mails by hand)"""


async def _wait_for_signal() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await stopping.wait()
