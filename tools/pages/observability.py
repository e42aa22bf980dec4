"""The metrics and the log events."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client.metrics_core import Metric

from gateway.log import events, listener_events
from gateway.memoize import CacheFigures
from gateway.net.metrics.families import FAMILIES
from gateway.net.metrics.openmetrics import CacheCollector
from gateway.net.metrics.service_figures import ServiceCollector, ServiceFigures
from tools.pages.markdown import format_table

# The modules with the event functions.
EVENT_MODULES = (events, listener_events)
# A service that reports every metric.
SERVICE = ServiceFigures(1, 1, 1, {"550": 1}, 1, 1, 1, 1, {"error": 1}, datetime(2026, 1, 1, tzinfo=UTC))


def list_metrics() -> str:
    """Return the metrics of the database, then those of the running service."""
    always = format_table(
        ("metric", "type", "meaning"), [(f"`{each.name}`", each.kind, each.help) for each in FAMILIES]
    )
    live = [*ServiceCollector(SERVICE).collect(), *CacheCollector([CacheFigures("x", 1, 1, 1, 1)]).collect()]
    rows = [(f"`{each.name}`", _labels(each), each.type, each.documentation) for each in live]
    serving = format_table(("metric", "labels", "type", "meaning"), rows)
    return f"## From the database\n\n{always}\n## From the running service\n\n{serving}"


def _labels(metric: Metric) -> str:
    return ", ".join(f"`{name}`" for name in sorted({key for one in metric.samples for key in one.labels}))


def list_events() -> str:
    """Return every event with its level and fields."""
    rows = [(f"`{name}`", level, fields, said) for name, level, fields, said in sorted(walk_events())]
    return format_table(("event", "level", "fields", "meaning"), rows)


def walk_events() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, level, fields and docstring of each event function."""
    functions = (one for module in EVENT_MODULES for one in ast.parse(inspect.getsource(module)).body)
    for function in functions:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        line = next((call for call in calls if getattr(call.func, "id", "") == "build"), None)
        if line is not None:
            said = (ast.get_docstring(function) or "").partition("\n\n")[0]
            yield _event_name(line), _level(calls), _fields(function, line), said


def _event_name(line: ast.Call) -> str:
    """Return the event name; `letter.{state}` stands for three events."""
    written = ast.unparse(line.args[0])
    return written.removeprefix("f").strip("'\"").replace("{", "").replace("}", "").replace("state", "STATE")


def _level(calls: list[ast.Call]) -> str:
    levels = [
        call.func.attr
        for call in calls
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "log"
    ]
    return " or ".join(dict.fromkeys(level for level in levels if level != "debug")) or "warning or error"


def _fields(function: ast.FunctionDef, line: ast.Call) -> str:
    """Return the keywords of the line, and the keys of the mapping expanded into it."""
    names = [word.arg for word in line.keywords if word.arg]
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            names += [key.value for key in node.keys if isinstance(key, ast.Constant)]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))
