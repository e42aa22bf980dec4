"""Decides whether the operator's templates may be used: checks and verifies them with the sample letters."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import msgspec

from gateway.app.wiring.files.resources import build_office, resource_dir, template_folders
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import APPLICANTS, SAMPLE_CODE
from gateway.preview.sample_letters import build_letters
from gateway.settings import Settings
from gateway.store import private_files
from gateway.templating.check import Problem, check
from gateway.templating.overrides import OverrideState, Templates
from gateway.templating.proof.branches import WatchedEnvironment
from gateway.templating.proof.prove import Desk, Prover
from gateway.templating.renderer import InvalidTemplateError, build_environment


def find_problems(config: Settings, folder: Path) -> list[Problem]:
    """Return the problems of the templates next to the settings; our own tests verify the shipped ones.

    A problem in a copy from an earlier release is a warning, because the shipped template is used instead.
    Raises InvalidTemplateError.
    """
    problems, without = _prove(config, folder)
    aside = [
        Problem(one.file, one.line, f"{one.text}; the shipped one is used instead", False, one.instead)
        if one.file in without
        else one
        for one in problems
    ]
    return list(dict.fromkeys(aside))


def choose_templates(config: Settings, folder: Path | None) -> frozenset[str]:
    """Return the operator's templates to replace by the shipped ones: faulty copies from an earlier release.

    Raises InvalidTemplateError if another template is unusable; warnings are ignored. The result is stored
    next to the database, because verifying thirty templates takes half a minute.
    """
    if folder is None or not any((folder / "templates").glob("*.j2")):
        return frozenset()
    known, key = Path(config.store.path).with_name("templates.proved"), _key(config, folder)
    with suppress(OSError, msgspec.MsgspecError):
        remembered = msgspec.json.decode(known.read_bytes(), type=_Proved)
        if remembered.key == key:
            return frozenset(remembered.without)
    without = _choose(config, folder)
    with suppress(OSError):
        private_files.write(known, msgspec.json.encode(_Proved(key, sorted(without))))
    return without


class _Proved(msgspec.Struct):
    key: str
    without: list[str]


def _key(config: Settings, folder: Path) -> str:
    """Return a key that differs whenever something changed that the result depends on."""
    digest = hashlib.sha256(version("intake-gateway").encode() + msgspec.json.encode(config.desk))
    for source in Templates(resource_dir("templates"), folder / "templates").all():
        digest.update(msgspec.json.encode((source.name, source.shipped, source.own)))
    return digest.hexdigest()


def _choose(config: Settings, folder: Path) -> frozenset[str]:
    problems, without = _prove(config, folder)
    errors = [one for one in problems if one.error and one.file not in without]
    if not errors:
        return without
    place = f"{errors[0].file}, line {errors[0].line}" if errors[0].line else errors[0].file
    more = f" (and {len(errors) - 1} more)" if errors[1:] else ""
    raise InvalidTemplateError(
        f"{place}: {errors[0].text}{more}; `gateway templates check` shows all problems, "
        f"`gateway templates diff {errors[0].file}` shows your changes"
    )


def _prove(config: Settings, folder: Path) -> tuple[list[Problem], frozenset[str]]:
    """Return all problems, and the faulty copies from an earlier release, which are left out."""
    everything = Templates(resource_dir("templates"), folder / "templates")
    without = everything.find_old_copies()
    found = [Problem(name, 1, "this copy of an earlier release is unchanged") for name in without]
    while True:
        templates = Templates(resource_dir("templates"), folder / "templates", without)
        problems = _find_problems(config, folder, templates)
        found += problems
        faulty = {one.file for one in problems if one.error}
        outdated = {
            one.name
            for one in templates.list_overridden()
            if one.name in faulty and one.standing is OverrideState.OUTDATED
        }
        if not outdated:
            return found, without
        without |= outdated


def _find_problems(config: Settings, folder: Path, templates: Templates) -> list[Problem]:
    press = SampleRenderer(config, folder, templates.without)
    samples = [(f"{of.key} {name}", one) for of in APPLICANTS for name, one in build_letters(of)]
    found = check(templates, samples, press.rendered)
    own = [source for source in templates.list_overridden() if source.diff()]
    if not own or any(problem.error for problem in found):
        return found
    environment = build_environment(template_folders(folder), WatchedEnvironment, templates.without)
    assert isinstance(environment, WatchedEnvironment)  # noqa: S101 - it is what was asked for
    desk = Desk(environment, build_office(config), SAMPLE_CODE, press.find_reply_to)
    return list(dict.fromkeys([*found, *Prover(desk, own, [one for _, one in samples]).prove()]))
