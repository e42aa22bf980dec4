"""Templates compiled once a process: most tests build their own environment, of the same templates.

Jinja compiles to code that holds nothing of its environment but what is looked up when it runs.
"""

from __future__ import annotations

import functools
from types import CodeType
from typing import Any

from jinja2 import Environment

_STEPS = ("_parse", "_generate", "code_generator_class")


def keep_compiled() -> None:
    """Keep the code of each template, by all that it was compiled from."""
    real = Environment.compile
    made: dict[object, CodeType] = {}

    @functools.wraps(real)
    def kept(environment: Environment, source: Any, name: Any = None, *given: Any, **named: Any) -> Any:
        if not isinstance(source, str) or not _compiles_as_jinja(environment):
            return real(environment, source, name, *given, **named)
        key = (source, name, given, frozenset(named.items()), *_list_options(environment, name))
        if key not in made:
            made[key] = real(environment, source, name, *given, **named)
        return made[key]

    Environment.compile = kept  # type: ignore[method-assign, assignment]


def _compiles_as_jinja(environment: Environment) -> bool:
    """Whether compiling needs no more of the environment, as pages do, and leaves nothing in it."""
    kind = type(environment)
    return all(getattr(kind, step) is getattr(Environment, step) for step in _STEPS)


def _list_options(environment: Environment, name: str | None) -> tuple[object, ...]:
    """What a compiled template depends on besides its text."""
    escapes = environment.autoescape
    return (
        type(environment),
        escapes(name) if callable(escapes) else escapes,
        environment.finalize,
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        environment.optimized,
        environment.is_async,
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
        frozenset(environment.extensions),
    )
