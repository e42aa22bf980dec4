"""Whether the operator's templates may be used: checked and proved with the sample letters."""

from __future__ import annotations

from pathlib import Path

from gateway.app.wiring.resources import build_office, resource_dir, template_folders
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS, SAMPLE_CODE
from gateway.preview.sample_letters import build_letters
from gateway.settings import Settings
from gateway.templating.check import Problem, check
from gateway.templating.overrides import Templates
from gateway.templating.proof.branches import WatchedEnvironment
from gateway.templating.proof.prove import Desk, Prover
from gateway.templating.renderer import InvalidTemplateError, build_environment


def find_problems(config: Settings, folder: Path) -> list[Problem]:
    """What is wrong with the templates beside the settings; the shipped ones are proved by our own tests.

    Raises InvalidTemplateError.
    """
    templates = Templates(resource_dir("templates"), folder / "templates")
    press = SampleRenderer(config, folder)
    samples = [(f"{of.key} {name}", one) for of in APPLICANTS for name, one in build_letters(of)]
    found = check(templates, samples, press.rendered)
    own = [source for source in templates.list_overridden() if source.diff()]
    if not own or any(problem.error for problem in found):
        return found
    environment = build_environment(template_folders(folder), WatchedEnvironment)
    assert isinstance(environment, WatchedEnvironment)  # noqa: S101 - it is what was asked for
    desk = Desk(environment, build_office(config), SAMPLE_CODE, press.find_reply_to)
    return list(dict.fromkeys([*found, *Prover(desk, own, [one for _, one in samples]).prove()]))


def refuse_faulty(config: Settings, folder: Path | None) -> None:
    """Raise InvalidTemplateError for templates that must not be used; warnings let them pass."""
    if folder is None or not any((folder / "templates").glob("*.j2")):
        return
    errors = [problem for problem in find_problems(config, folder) if problem.error]
    if errors:
        place = f"{errors[0].file}, line {errors[0].line}" if errors[0].line else errors[0].file
        more = f" (and {len(errors) - 1} more)" if errors[1:] else ""
        raise InvalidTemplateError(
            f"{place}: {errors[0].text}{more}; `gateway templates check` shows all, "
            f"`gateway templates diff {errors[0].file}` what you changed"
        )
