"""Checks the operator's templates: syntax, placeholders, and rendering of every sample letter.

An error would prevent a letter; a warning is something that a reader would notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from traceback import extract_tb

from jinja2 import Environment, TemplateError, TemplateSyntaxError, meta, nodes

from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.outbound.protocols import RenderedLetter
from gateway.printing.outside import UnprintedError
from gateway.templating.lint import lint
from gateway.templating.overrides import OverrideState, Templates, TemplateSource
from gateway.templating.renderer import build_environment

Render = Callable[[OutgoingLetter], RenderedLetter]
FORM = "{{ value|inline }} in a line, {{ value|quoted }} on separate lines"
# Set by the renderer itself, not by the facts of a letter.
_ALWAYS_DEFINED = frozenset({"office", "register_name", "reply_code", "reply_to", "rules", "notices"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a file; `line` is 0 if unknown, `instead` is what to write."""

    file: str
    line: int
    text: str
    error: bool = True
    instead: str = ""


def check(templates: Templates, samples: list[tuple[str, OutgoingLetter]], render: Render) -> list[Problem]:
    """Return all problems of the operator's own templates; `render` renders as the service does."""
    own = build_environment([templates.own, templates.shipped], without=templates.without)
    shipped = build_environment([templates.shipped])
    found = list(_check_shipped(shipped, templates))
    set_names = _find_set_names(own, templates)
    for source in templates.list_overridden():
        found += _check_copy(source)
        broken = _check_syntax(own, source.name, source.own) or _find_missing_part(own, source, templates)
        found += [broken] if broken else _check_placeholders(own, shipped, source, samples, set_names)
    if not any(problem.error for problem in found):
        names = {source.name for source in templates.list_overridden()}
        found += _check_rendering(own, names, samples, render)
    return list(dict.fromkeys(found))


def _check_shipped(environment: Environment, templates: Templates) -> Iterator[Problem]:
    """Check the files of the package itself; they have problems only if somebody changed them in place."""
    for source in templates.all():
        if broken := _check_syntax(environment, source.name, source.shipped):
            text = f"{broken.text} (the installed file was changed: reinstall the package)"
            yield replace(broken, text=text)


def _check_copy(source: TemplateSource) -> Iterator[Problem]:
    says = {
        OverrideState.OUTDATED: f"the shipped one has since changed: gateway templates diff {source.name}",
        OverrideState.UNMARKED: (
            "the first line does not name the shipped version it was copied from: "
            "later changes cannot be detected"
        ),
        OverrideState.UNUSED: "no letter uses a template with this name",
    }
    if source.standing in says:
        yield Problem(source.name, 1, says[source.standing], error=False)


def _check_syntax(environment: Environment, name: str, text: str | None) -> Problem | None:
    try:
        environment.compile(text or "", name)
    except TemplateSyntaxError as error:
        return Problem(name, error.lineno, error.message or "syntax error")
    except TemplateError as error:
        return Problem(name, 0, str(error))
    return None


def _find_missing_part(
    environment: Environment, source: TemplateSource, templates: Templates
) -> Problem | None:
    files = {one.name for one in templates.all()}
    tree = environment.parse(source.own or "")
    parts = [(node.template, node.lineno) for node in tree.find_all(nodes.Extends)]
    parts += [(node.template, node.lineno) for node in tree.find_all(nodes.Include)]
    for part, line in parts:
        if isinstance(part, nodes.Const) and part.value not in files:
            return Problem(source.name, line, f"there is no template {part.value!r}")
    return None


def _check_placeholders(
    own: Environment,
    shipped: Environment,
    source: TemplateSource,
    samples: list[tuple[str, OutgoingLetter]],
    set_names: set[str],
) -> Iterator[Problem]:
    """Yield placeholders that no letter has, and those of the shipped template that are missing here."""
    letters = (
        {outgoing.letter for _, outgoing in samples} if source.name.startswith("_") else _letters_for(source)
    )
    known = {
        key for _, outgoing in samples if outgoing.letter in letters for key in outgoing.facts
    } | _ALWAYS_DEFINED
    used = _find_names(own, source.own or "")
    if not letters:
        return
    outer = known | own.globals.keys() | set_names
    for name, line in sorted(used.items()):
        if name not in outer:
            close = get_close_matches(name, sorted(outer), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            yield Problem(source.name, line, f"unknown placeholder {name!r}{hint}")
    if source.shipped is not None:
        for name in sorted(
            _reachable_placeholders(shipped, source.name) - _reachable_placeholders(own, source.name)
        ):
            text = f"the shipped template uses {name!r}, this one does not"
            yield Problem(source.name, 0, text, error=False)


def _letters_for(source: TemplateSource) -> set[Letter]:
    return {letter for letter in Letter if letter.value == source.name.split(".")[0]}


def _find_names(environment: Environment, text: str) -> dict[str, int]:
    """Return the names that a template takes from its context, with the line of the first use."""
    tree = environment.parse(text)
    wanted = meta.find_undeclared_variables(tree)
    found: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in wanted:
            found.setdefault(name.name, name.lineno)
    return found


def _find_set_names(environment: Environment, templates: Templates) -> set[str]:
    """Return names that one template sets for another that it includes."""
    return {
        name.name
        for source in templates.all()
        for assign in _find_assignments(environment, source.own or source.shipped or "")
        for name in assign.find_all(nodes.Name)
        if name.ctx == "store"
    }


def _find_assignments(environment: Environment, text: str) -> list[nodes.Assign]:
    """Return the assignments of a template; none if its syntax is wrong, which is told elsewhere."""
    try:
        return list(environment.parse(text).find_all(nodes.Assign))
    except TemplateSyntaxError:
        return []


def _reachable_placeholders(environment: Environment, file: str) -> set[str]:
    """Return the placeholders of a template and all that it extends or includes, such as `form.name`."""
    return set().union(
        *(_find_placeholders(environment, one) for one in find_included_files(environment, file))
    )


def _find_placeholders(environment: Environment, file: str) -> set[str]:
    tree = environment.parse(_read_source(environment, file))
    outside = meta.find_undeclared_variables(tree)
    found = {
        f"{node.node.name}.{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in outside
    }
    return found | (outside - {name.partition(".")[0] for name in found} - environment.globals.keys())


def _read_source(environment: Environment, file: str) -> str:
    if environment.loader is None:
        return ""
    return environment.loader.get_source(environment, file)[0]


def _check_rendering(
    environment: Environment, names: set[str], samples: list[tuple[str, OutgoingLetter]], render: Render
) -> Iterator[Problem]:
    """Yield problems in the rendered letters that use these files."""
    files = {
        letter: find_included_files(environment, f"{letter.value}.txt.j2") | {f"{letter.value}.html.j2"}
        for letter in {outgoing.letter for _, outgoing in samples}
    }
    for name, outgoing in samples:
        file, touched = f"{outgoing.letter.value}.txt.j2", files[outgoing.letter]
        if not touched & names:
            continue
        own = file if file in names else min(touched & names)
        try:
            rendered = render(outgoing)
        except Exception as error:
            bare = isinstance(error, UnprintedError)
            yield Problem(
                *locate_error(error, own, names),
                f"{_explain(error)} (sample {name})",
                error=not bare,
                instead=FORM if bare else "",
            )
            continue
        for text in lint(outgoing, rendered):
            yield Problem(own, 0, f"{text} (sample {name})", error=False)


def _explain(error: Exception) -> str:
    if isinstance(error, UnprintedError):
        return f"{error}; write {FORM} (an error from 0.3 on)"
    return f"{type(error).__name__}: {error}"


def find_included_files(environment: Environment, file: str) -> set[str]:
    """Return the template and all files that it extends or includes, also in cycles."""
    found, open_ends = {file}, [file]
    while open_ends:
        tree = environment.parse(_read_source(environment, open_ends.pop()))
        others = {other for other in meta.find_referenced_templates(tree) if other is not None} - found
        found |= others
        open_ends += others
    return found


def locate_error(error: BaseException, otherwise: str, names: set[str]) -> tuple[str, int]:
    """Return the file and line of the operator's where rendering failed, from jinja2's traceback."""
    for frame in reversed(extract_tb(error.__traceback__)):
        name = frame.filename.rpartition("/")[2]
        if name in names:
            return name, frame.lineno or 0
    return otherwise, 0
