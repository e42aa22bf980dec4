"""Records which branches of a template are taken: every test, choice and loop is watched during rendering.

The syntax tree is changed before it is compiled: the value that a branch depends on goes through a function
that records the outcome. The rendered letter stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TEST, _LOOP = "watch_test", "watch_loop"


Turn = tuple["Branch", bool]
Kind = Literal["test", "loop", "loop or else"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in a template that can have two outcomes; `number` distinguishes those on one line."""

    file: str
    line: int
    number: int
    kind: Kind = "test"

    def list_turns(self) -> list[Turn]:
        """Return the required outcomes. A loop need not be empty, unless it has an else."""
        return [(self, True)] if self.kind == "loop" else [(self, True), (self, False)]

    def explain(self, outcome: bool) -> str:
        """Return the message for an outcome that never occurred."""
        if self.kind != "test":
            return "the loop was never entered" if outcome else "the loop was never empty"
        return "the condition was never true" if outcome else "the condition was never false"


@dataclass(slots=True)
class Watched:
    """The branches of the compiled templates with their enclosing conditions, their outcomes, and the loops.

    `loops` has the iterables by file and name of the loop variable.
    """

    branches: dict[Branch, tuple[nodes.Node, ...]] = field(default_factory=dict)
    seen: set[Turn] = field(default_factory=set)
    loops: dict[tuple[str, str], list[nodes.Node]] = field(default_factory=dict)

    @contextmanager
    def watch_apart(self) -> Iterator[set[Turn]]:
        """Collect the turns taken within the context; afterwards they count with all others."""
        before, self.seen = self.seen, set()
        try:
            yield self.seen
        finally:
            self.seen |= before

    def find_missing(self, file: str) -> list[Turn]:
        """Return the turns of a file that were never taken, by line."""
        turns = [turn for branch in self.branches if branch.file == file for turn in branch.list_turns()]
        return sorted((turn for turn in turns if turn not in self.seen), key=_by_place)


def _by_place(turn: Turn) -> tuple[int, int, bool]:
    return turn[0].line, turn[0].number, turn[1]


class WatchedEnvironment(ImmutableSandboxedEnvironment):
    """An environment whose templates report to `watched` which branches they take."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.watched = Watched()
        self._known: list[Branch] = []
        self.globals |= {_TEST: self._watch_test, _LOOP: self._watch_loop}

    def _watch_test(self, value: object, number: int) -> object:
        self.watched.seen.add((self._known[number], bool(value)))
        return value

    def _watch_loop(self, values: Any, number: int) -> list[Any]:
        found = list(values)
        self.watched.seen.add((self._known[number], bool(found)))
        return found

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Called by jinja2 for each template between parsing and compiling."""
        for above, node in list(_walk(source, ())):
            self._watch(node, above, name or "")
        return super()._generate(source, name, filename, defer_init)

    def _watch(self, node: nodes.Node, above: tuple[nodes.Node, ...], file: str) -> None:
        if isinstance(node, nodes.If | nodes.CondExpr):
            node.test = self._call(_TEST, node.test, file, (node.test, *above))
        elif isinstance(node, nodes.For):
            if node.test is not None:
                node.test = self._call(_TEST, node.test, file, (node.test, node.iter, *above))
            if isinstance(node.target, nodes.Name):
                self.watched.loops.setdefault((file, node.target.name), []).append(node.iter)
            kind: Kind = "loop or else" if node.else_ else "loop"
            node.iter = self._call(_LOOP, node.iter, file, (node.iter, *above), kind)

    def _call(
        self, name: str, value: nodes.Node, file: str, tests: tuple[nodes.Node, ...], kind: Kind = "test"
    ) -> nodes.Expr:
        """Wrap the value in a call of the function that records its outcome."""
        branch = Branch(file, value.lineno, len(self._known), kind)
        self._known.append(branch)
        self.watched.branches[branch] = tests
        number = nodes.Const(branch.number)
        call = nodes.Call(nodes.Name(name, "load"), [value, number], [], None, None)
        call.set_lineno(value.lineno)
        call.set_environment(self)
        return call


def _walk(
    node: nodes.Node, above: tuple[nodes.Node, ...]
) -> Iterator[tuple[tuple[nodes.Node, ...], nodes.Node]]:
    """Yield every node with its enclosing conditions, including those of earlier `elif`."""
    yield above, node
    if isinstance(node, nodes.If):
        yield from _walk(node.test, above)
        within = (node.test, *above)
        for child in node.body:
            yield from _walk(child, within)
        for each in node.elif_:
            yield from _walk(each, within)
            within = (each.test, *within)
        for child in node.else_:
            yield from _walk(child, within)
    elif isinstance(node, nodes.For):
        for child in node.iter_child_nodes():
            yield from _walk(child, (node.iter, *above))
    else:
        for child in node.iter_child_nodes():
            yield from _walk(child, above)
