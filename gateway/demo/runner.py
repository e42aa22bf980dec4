"""Playing the personas side by side and comparing each with what should have become of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gateway.demo.sandbox import DemoError, Stage
from gateway.demo.scenarios import PERSONAS, Persona, Run

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a persona; `trouble` is empty when all went as it should."""

    persona: Persona
    answers: tuple[str, ...]
    number: str
    state: str
    trouble: str

    @property
    def right(self) -> bool:
        """Whether the persona ended where it should."""
        return not self.trouble


async def play(stage: Stage, told: Callable[[Persona, Finding | None], None]) -> list[Finding]:
    """All personas, a few at a time; `told` hears when one begins (None) and what came of it."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(persona: Persona) -> Finding:
        async with gate:
            told(persona, None)
            finding = await _one(stage, persona)
            told(persona, finding)
            return finding

    return await asyncio.gather(*(one(persona) for persona in PERSONAS))


async def _one(stage: Stage, persona: Persona) -> Finding:
    run = Run(stage, persona.person)
    trouble = ""
    try:
        await persona.story(run)
    except (DemoError, OSError, TimeoutError) as error:
        trouble = str(error) or type(error).__name__
    case = await stage.case_of(persona.person)
    state = case.state.value if case else "-"
    codes = tuple(answer.code for answer in run.answers)
    if not trouble and codes != persona.codes:
        trouble = f"SMTP answered {codes}, expected {persona.codes}"
    if not trouble and state != persona.state:
        trouble = f"the case is {state}, expected {persona.state}"
    answers = tuple(f"{answer.code} {answer.text}" for answer in run.answers)
    return Finding(persona, answers, case.number if case else "-", state, trouble)
