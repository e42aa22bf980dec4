"""A reply that quotes a letter with the link to the console is read as one without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.admission.case.model import State
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import ScenarioRun, form, read_text
from gateway.demo.sandbox import open_sandbox

URL = "https://desk.example.go.jp"
SETTINGS = f'\n[console]\npublic_url = "{URL}"\nlink_in_letters = true\n'
DECIDER = Person("鈴木", "suzuki@kyoso.mihon.go.jp")
APPLICANT = Person("手書 一葉", "ichiyo@town.mihon.lg.jp")


@pytest.mark.parametrize("begin", ["> ", ""], ids=["marked", "below a line of Outlook"])
async def test_a_quoted_link_changes_nothing(tmp_path: Path, begin: str) -> None:
    async with open_sandbox(tmp_path, more_settings=SETTINGS) as sandbox:
        run = ScenarioRun(sandbox, APPLICANT)
        await run.apply(form("見本町", APPLICANT.name, code="477010"))
        number = await run.number()
        letter = await sandbox.letter(DECIDER.address, "審査依頼", number)
        text = read_text(letter)
        assert f"{URL}/cases/{number}" in text
        head = "" if begin else f"-----Original Message-----\nSubject: {letter['Subject']}\n\n"
        quoted = "\n".join(f"{begin}{line}" for line in text.splitlines())
        await run.staff_reply(DECIDER, f"承認します。\n\n{head}{quoted}\n")
        receipt = await sandbox.letter(DECIDER.address, "", number)
        assert receipt
        case = await sandbox.find_case(APPLICANT)
        assert case is not None
        assert case.state in {State.APPROVED, State.INVITED}
        assert str(case.decided_by) == DECIDER.address
        acknowledgment = await sandbox.letter(APPLICANT.address, "", number)
        assert URL not in str(acknowledgment)
