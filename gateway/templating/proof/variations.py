"""Varies the facts of a letter so that a branch may have its other outcome.

Facts that its conditions use get the values named there, the values in other letters, and none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, Final

from jinja2 import nodes

from gateway.templating.proof.branches import Branch, Watched

Path = tuple[str, ...]
Facts = dict[str, object]
EACH = "*"
MISSING: Final = object()
MOST_VALUES = 8
MOST_TRIED = 400
_PLAIN: Sequence[object] = ("", MISSING, True, 0, 1, 100, [])


def vary(branch: Branch, watched: Watched, facts: Facts, pool: Mapping[str, list[object]]) -> Iterator[Facts]:
    """Yield up to 400 variations of the facts: of those in the branch, then of all above it too."""
    tests = watched.branches[branch]
    for reach in dict.fromkeys((1, 2, len(tests))):
        paths = list(dict.fromkeys(_find_paths(tests[:reach], branch.file, watched, tests)))
        named = [const.value for test in tests[:reach] for const in _find_constants(test)]
        choices = [_list_values(path, named, pool) for path in paths]
        for values in islice(product(*choices), MOST_TRIED):
            yield _change(facts, zip(paths, values, strict=True))


def build_pool(letters: Iterable[Mapping[str, object]]) -> dict[str, list[object]]:
    """Collect the values that letters have, by name of the fact."""
    pool: dict[str, list[object]] = {}
    for facts in letters:
        for key, value in _walk_facts(facts):
            known = pool.setdefault(key, [])
            if len(known) < MOST_VALUES and value not in known:
                known.append(value)
    return pool


def _walk_facts(facts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in facts.items():
        yield key, value
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Mapping):
                yield from _walk_facts(each)


def _list_values(path: Path, named: list[Any], pool: Mapping[str, list[object]]) -> list[object]:
    key = next((part for part in reversed(path) if part != EACH), "")
    found: list[object] = []
    for value in (*named, *pool.get(key, ()), *_PLAIN):
        if not any(value is one or (type(value) is type(one) and value == one) for one in found):
            found.append(value)
    return found


def _find_constants(test: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(test, nodes.Const):
        yield test
    yield from test.find_all(nodes.Const)


def _find_paths(
    near: Iterable[nodes.Node], file: str, watched: Watched, tests: Sequence[nodes.Node]
) -> Iterator[Path]:
    """Yield the facts that conditions use, only the longest path of each: `form.name` and not `form`."""
    for test in near:
        found = {path for node in _self_and_below(test) if (path := _find_path(node, file, watched, tests))}
        yield from sorted(path for path in found if not any(_is_longer(other, path) for other in found))


def _is_longer(other: Path, path: Path) -> bool:
    return len(other) > len(path) and other[: len(path)] == path


def _self_and_below(test: nodes.Node) -> Iterator[nodes.Node]:
    yield test
    yield from test.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))


def _find_path(node: nodes.Node, file: str, watched: Watched, tests: Sequence[nodes.Node]) -> Path:
    """Return the path of the fact that a name or attribute refers to; a loop variable is each element."""

    def find(other: nodes.Node) -> Path:
        return _find_path(other, file, watched, tests)

    if isinstance(node, nodes.Name):
        loops = watched.loops.get((file, node.name), [])
        iterated = next((loop for loop in loops if any(loop is test for test in tests)), None)
        above = find(iterated) if iterated is not None else ()
        return (*above, EACH) if above else (node.name,)
    if isinstance(node, nodes.Getattr):
        above = find(node.node)
        return (*above, node.attr) if above else ()
    if isinstance(node, nodes.Getitem):
        above = find(node.node)
        key = node.arg.value if isinstance(node.arg, nodes.Const) else EACH
        return (*above, str(key)) if above else ()
    return ()


def _change(facts: Facts, changes: Iterable[tuple[Path, object]]) -> Facts:
    changed: Any = dict(facts)
    for path, value in changes:
        changed = _put(changed, path, value)
    return dict(changed)


def _put(held: Any, path: Path, value: object) -> Any:
    """Return a copy with another value at the path; unchanged if there is no such place."""
    if not path:
        return value
    if path[0] == EACH:
        if isinstance(held, list | tuple):
            return [_put(one, path[1:], value) for one in held]
        return (
            {key: _put(one, path[1:], value) for key, one in held.items()} if isinstance(held, dict) else held
        )
    if not isinstance(held, Mapping):
        return held
    changed = dict(held)
    if value is MISSING and len(path) == 1:
        changed.pop(path[0], None)
    else:
        changed[path[0]] = _put(held.get(path[0], {} if len(path) > 1 else None), path[1:], value)
    return changed
