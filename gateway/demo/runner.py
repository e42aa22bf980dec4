"""Runs the scenarios concurrently and compares each with its expected result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway.demo.client import Client, DemoError
from gateway.demo.people.scenarios import SCENARIOS, Scenario
from gateway.demo.people.stories import ScenarioRun

MAX_CONCURRENT = 4


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """Result of a scenario; `trouble` is empty if it is as expected."""

    persona: Scenario
    answers: tuple[str, ...]
    number: str
    state: str
    trouble: str

    @property
    def is_ok(self) -> bool:
        """Whether the scenario had the expected result."""
        return not self.trouble


async def run_scenarios(
    sandbox: Client, told: Callable[[Scenario, ScenarioResult | None], None]
) -> list[ScenarioResult]:
    """Run all scenarios, a few at a time; `told` is called when one begins (None) and with its result."""
    gate = asyncio.Semaphore(MAX_CONCURRENT)

    async def one(persona: Scenario) -> ScenarioResult:
        async with gate:
            told(persona, None)
            finding = await _run_scenario(sandbox, persona)
            told(persona, finding)
            return finding

    return await asyncio.gather(*(one(persona) for persona in SCENARIOS))


async def _run_scenario(sandbox: Client, persona: Scenario) -> ScenarioResult:
    run = ScenarioRun(sandbox, persona.person)
    trouble = ""
    try:
        await persona.story(run)
    except (DemoError, OSError, TimeoutError) as error:
        trouble = str(error) or type(error).__name__
    case = await sandbox.find_case(persona.person)
    state = case.state.value if case else "-"
    codes = tuple(answer.code for answer in run.answers)
    if not trouble and codes != persona.codes:
        trouble = f"SMTP answered {codes}, expected {persona.codes}"
    if not trouble and state != persona.state:
        trouble = f"the case is {state}, expected {persona.state}"
    answers = (*(f"{answer.code} {answer.text}" for answer in run.answers), *run.heard)
    return ScenarioResult(persona, answers, case.number if case else "-", state, trouble)
