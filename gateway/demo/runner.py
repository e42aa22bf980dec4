"""Playing the personas side by side and comparing each with what should have become of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway.demo.sandbox import DemoError, Sandbox
from gateway.demo.scenarios import SCENARIOS, Scenario
from gateway.demo.stories import ScenarioRun

MAX_CONCURRENT = 4


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What became of a persona; `trouble` is empty when all went as it should."""

    persona: Scenario
    answers: tuple[str, ...]
    number: str
    state: str
    trouble: str

    @property
    def is_ok(self) -> bool:
        """Whether the persona ended where it should."""
        return not self.trouble


async def run_scenarios(
    sandbox: Sandbox, told: Callable[[Scenario, ScenarioResult | None], None]
) -> list[ScenarioResult]:
    """All personas, a few at a time; `told` hears when one begins (None) and what came of it."""
    gate = asyncio.Semaphore(MAX_CONCURRENT)

    async def one(persona: Scenario) -> ScenarioResult:
        async with gate:
            told(persona, None)
            finding = await _run_scenario(sandbox, persona)
            told(persona, finding)
            return finding

    return await asyncio.gather(*(one(persona) for persona in SCENARIOS))


async def _run_scenario(sandbox: Sandbox, persona: Scenario) -> ScenarioResult:
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
